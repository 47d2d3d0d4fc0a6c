using System.Security.Cryptography;

namespace NbnsSim.Cli.Tests;

/// <summary><c>extract</c>, <c>merge</c> and <c>analyze --runs</c>: the commands' own part.</summary>
public sealed class ExtractCommandTests
{
    private string _folder = null!;
    private string _captures = null!;
    private string _archive = null!; // the results of analyze

    [OneTimeSetUp]
    public void MakeArchive()
    {
        _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;
        _captures = Directory.CreateDirectory(In("captures")).FullName;
        foreach (string scenario in (string[])["q131739", "split-brain"])
            Assert.That(ToolRun.Of("run", scenario, "--capture", Path.Combine(_captures, $"{scenario}.pcapng")).Error, Is.Empty);
        Assert.That(ToolRun.Of("analyze", _captures, "--out", In("job")).ExitCode, Is.Zero);
        _archive = ResultsOf("job");
    }

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void CapturesOneByOne()
    {
        string[] files = Directory.GetFiles(_captures);
        foreach (string file in files)
            Assert.That(ToolRun.Of("extract", file, "--out", In("runs")), Is.EqualTo(new ToolRun(0, "1 run made, 0 there already, 0 captures not extracted.\n", "")));
        File.WriteAllText(In("list"), string.Join('\0', files) + '\0');
        Assert.That(ToolRun.Of("extract", "--list", In("list"), "--out", In("runs")).Output, Is.EqualTo("0 runs made, 2 there already, 0 captures not extracted.\n"));
        var merged = ToolRun.Of("merge", In("runs"), "--list", In("list"), "--out", In("merged"));
        Assert.That(merged.ExitCode, Is.Zero, merged.Error);
        Assert.That(merged.Output, Does.EndWith($"Results: {In("merged/results")}\n"));
        Assert.That(ResultsOf("merged"), Is.EqualTo(_archive));
        Assert.That(ToolRun.Of("merge", In("runs"), "--list", In("list"), "--out", In("merged"), "--json").ExitCode, Is.Zero, "its line is held against the schema");
    }

    [Test]
    public void Ranges_AndWhatIsWantingIsSaid()
    {
        string[] files = [.. Directory.GetFiles(_captures).Order(StringComparer.Ordinal)];
        Assert.That(ToolRun.Of("extract", files[0], "--out", In("ranges"), "--shard-octets", "1000").ExitCode, Is.Zero);
        Assert.That(ToolRun.Of("extract", files[1], "--range", "0..2000", "--out", In("ranges")).ExitCode, Is.Zero);
        var part = ToolRun.Of("merge", In("ranges"), "--out", In("part"));
        Assert.That(part.ExitCode, Is.EqualTo(3));
        string begin = string.Join(' ', part.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Split(" begins at octet ")[1].Split(' ')[0];
        Assert.That(ToolRun.Of("extract", files[1], "--range", $"{begin}..", "--out", In("ranges")).ExitCode, Is.Zero);
        Assert.That(ToolRun.Of("merge", In("ranges"), "--out", In("part")).ExitCode, Is.Zero);
        Assert.That(ResultsOf("part"), Is.EqualTo(_archive));
    }

    [Test]
    public void RunsBeyondAJob()
    {
        for (int i = 0; i < 2; i++)
        {
            Assert.That(ToolRun.Of("analyze", _captures, "--runs", In("shared"), "--out", In($"job-{i}")).ExitCode, Is.Zero);
            Assert.That(ResultsOf($"job-{i}"), Is.EqualTo(_archive));
        }

        Assert.That(Directory.GetFiles(In("shared"), "run.json", SearchOption.AllDirectories), Has.Length.EqualTo(2));
    }

    [Test]
    public void WhatCannotBe()
    {
        Assert.That(ToolRun.Of("extract", In("none"), "--out", In("x")), Is.EqualTo(new ToolRun(3, "0 runs made, 0 there already, 1 capture not extracted.\n", $"nbnssim: {In("none")}: There is no file '{In("none")}'.\n")));
        var nowhere = ToolRun.Of("merge", In("nowhere"), "--out", In("y"));
        Assert.That(nowhere.ExitCode, Is.EqualTo(3));
        Assert.That(nowhere.Error, Does.EndWith($"nbnssim: There is no folder '{In("nowhere")}' of runs.\n"));
        Assert.That(ToolRun.Of("extract", "--out", In("x")).Error, Does.StartWith("nbnssim: No captures are named.\n"));
        Assert.That(ToolRun.Of("analyze", "--out", In("x")).ExitCode, Is.EqualTo(2));
        foreach (string range in (string[])["5", "a..b", "0..255", "9..1", "..", "..5", "-1..5", "0..99999999999999999999"])
            Assert.That(ToolRun.Of("extract", _captures, $"--range={range}", "--out", In("x")).ExitCode, Is.EqualTo(2), range);
        Assert.That(ToolRun.Of("extract", _captures, "--range", "0..", "--shard-octets", "999", "--out", In("x")).ExitCode, Is.EqualTo(2));
        Assert.That(ToolRun.Of("extract", _captures, "--range", "0..", "--out", In("x")), Is.EqualTo(new ToolRun(3, "", "nbnssim: A range is of one capture, and these are 2.\n")));
        File.WriteAllBytes(In("empty"), "\n\r\n"u8.ToArray());
        Assert.That(ToolRun.Of("extract", "--list", In("empty"), "--out", In("x")), Is.EqualTo(new ToolRun(3, "", $"nbnssim: '{In("empty")}' names no captures.\n")));
        File.WriteAllBytes(In("binary"), [0xFF, 0xFE, 0]);
        Assert.That(ToolRun.Of("extract", "--list", In("binary"), "--out", In("x")).Error, Does.Contain("it is no text in UTF-8"));
    }

    [Test]
    public void AUrlWithASecretIsRefused_AndTheSecretNotPrinted()
    {
        foreach (string command in (string[])["analyze", "extract"])
        {
            var run = ToolRun.Of(command, "https://user:s3cret@captures.example/a.pcap?sig=s3cret", "--out", In("url"));
            Assert.That(run.ExitCode, Is.EqualTo(3));
            Assert.That(run.Error, Does.StartWith("nbnssim: 'https://***@captures.example/a.pcap?sig=***' has a secret in it").And.Not.Contain("s3cret"));
            Assert.That(Directory.Exists(In("url")), Is.False);
        }
    }

    private string In(string name) => Path.Combine(_folder, name);

    private string ResultsOf(string job) => string.Join('\n', Directory.GetFiles(Path.Combine(_folder, job, "results")).Order(StringComparer.Ordinal)
        .Select(file => $"{Path.GetFileName(file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}"));
}
