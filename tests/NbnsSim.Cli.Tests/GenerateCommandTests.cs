using System.Diagnostics;
using System.Globalization;

namespace NbnsSim.Cli.Tests;

public sealed class GenerateCommandTests
{
    private const string What = "Say which classes and where to, --class CLASS --out FOLDER; or --list, with or without --class and --json.";

    private string _folder = null!;

    /// <summary>The lines of labels that the command writes for a class.</summary>
    internal static string[] Labels(string folder, string of)
    {
        string target = Path.Combine(folder, $"generated {of}");
        Assert.That(ToolRun.Of("generate", "--class", of, "--background", "4", "--out", target).ExitCode, Is.Zero);
        return File.ReadAllLines(Path.Combine(target, $"{of}-1.ndjson"));
    }

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    /// <summary>Every class: captures that the tool reads, labels that fit the schema.</summary>
    [Test]
    public void EveryClassIsWritten()
    {
        string target = Path.Combine(_folder, "all", "of", "them");
        var run = ToolRun.Of("generate", "--class", "all", "--background", "3", "--out", target);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        string[] captures = Directory.GetFiles(target, "*.pcapng");
        Assert.That(run.Output, Is.EqualTo($"Captures with their labels: {captures.Length}, in '{target}'; INDEX.tsv there lists them.\n"));
        Assert.That(File.ReadAllLines(Path.Combine(target, "INDEX.tsv")), Has.Length.EqualTo(captures.Length + 1));
        foreach (string capture in captures)
            Assert.That(NdjsonSchema.AssertFits(File.ReadLines(Path.ChangeExtension(capture, ".ndjson"))), Is.EquivalentTo(new[] { "traffic", "trafficFrame" }), capture);
        Assert.That(ToolRun.Of("decode", Path.Combine(target, "sweep-1.pcapng")).Output, Does.Contain("role=evidence by=attacker"));
    }

    [Test]
    public void TheListSaysWhatEachIs()
    {
        var lines = ToolRun.Of("generate", "--list").Lines.ToArray();
        Assert.That(lines.Where(line => line.StartsWith('─')).Select(line => line.Split(' ')[1]), Is.EqualTo(new[] { "Attacks:", "Faults:", "Near" }));
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(100));
        string text = string.Join(' ', lines.Select(line => line.Trim()));
        Assert.That(text, Does.Match("forged-release-broadcast +a machine [^─]* a broadcast release with the holder's address diagnose tells forged-demand "));
        Assert.That(text, Does.Match("spoofed-wack +WACKs in the name server's name hold up whoever registers diagnose tells nothing: the WACKs bear the name server's address, as its own do "));
        Assert.That(text, Does.Match("not-enough +[^─]* diagnose tells not-enough or duplicate-computer or stale-record "));
        Assert.That(text, Does.Match("normal-server +[^─]* diagnose tells nothing that does harm "));
        Assert.That(ToolRun.Of("generate", "--list", "--json").Lines.Count(), Is.GreaterThan(70));
        Assert.That(ToolRun.Of("generate", "--list", "--json", "--class", "sweep,forged-demand").Lines.Count(), Is.EqualTo(6));
    }

    [TestCase(new[] { "generate" }, What)]
    [TestCase(new[] { "generate", "--class", "all" }, What)]
    [TestCase(new[] { "generate", "--class", "all", "--out", "" }, What)]
    [TestCase(new[] { "generate", "--out", "x" }, What)]
    [TestCase(new[] { "generate", "--list", "--out", "x" }, What)]
    [TestCase(new[] { "generate", "--class", "sweep", "--out", "x", "--json" }, What)]
    [TestCase(new[] { "generate", "--class", "swep", "--out", "x" }, "There is no class 'swep'. Did you mean 'sweep'? --list has them all.")]
    [TestCase(new[] { "generate", "--class", "sweep", "--out", "x", "--seeds", "9..1" }, "'9..1' are no seeds: the last is before the first.")]
    [TestCase(new[] { "generate", "--class", "sweep", "--out", "x", "--seeds", "\u001b[31m" }, @"'\u001b[31m' are no seeds: expected how many, such as 5, or the first and the last, such as 10..19.")]
    [TestCase(new[] { "generate", "--class", "sweep", "--out", "x", "--background", "151" }, "'151' is not a number from 0 to 150.")]
    public void AMistake_IsOneOfTheCommandLine(string[] arguments, string mistake)
    {
        var run = ToolRun.Of(arguments);
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith("nbnssim: ").And.Contain(mistake));
    }

    /// <summary>A signal ends it behind the capture that is being written; it says how far it came, and the index has as much.</summary>
    [Test]
    public void Interrupted_ItSaysWhatIsWhole()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs mkfifo(1) and kill(1).");
        string target = Path.Combine(_folder, "interrupted");
        string pipe = Path.Combine(target, "sweep-1.ndjson");
        Directory.CreateDirectory(target);
        Run("mkfifo", pipe).WaitForExit();
        using var generate = Run("dotnet", typeof(Tool).Assembly.Location, "generate", "--class", "sweep", "--seeds", "100000", "--background", "0", "--out", target);
        using var reader = Run("cat", pipe);
        Assert.That(reader.StandardOutput.Read(), Is.EqualTo('{'), "it has begun");
        Run("kill", "-TERM", generate.Id.ToString(CultureInfo.InvariantCulture)).WaitForExit();
        reader.StandardOutput.ReadToEnd();
        string said = generate.StandardOutput.ReadToEnd();
        generate.WaitForExit();
        Assert.That(generate.ExitCode, Is.EqualTo(130));
        int whole = File.ReadAllLines(Path.Combine(target, "INDEX.tsv")).Length - 1;
        Assert.That(said, Is.EqualTo($"Captures with their labels: {whole} of 100000, interrupted, in '{target}'; INDEX.tsv there lists them.\n"));
        Assert.That(Directory.GetFiles(target, "*.pcapng"), Has.Length.EqualTo(whole));
    }

    [Test]
    public void AFolderThatCannotBe_IsAnOutputThatFailed()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var run = ToolRun.Of("generate", "--class", "sweep", "--out", file);
        Assert.That(run.ExitCode, Is.EqualTo(5));
        Assert.That(run.Error, Does.StartWith($"nbnssim: '{Path.Combine(file, "INDEX.tsv")}' cannot be written: "));
    }

    private static Process Run(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
}
