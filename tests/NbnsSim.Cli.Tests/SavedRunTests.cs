using NbnsSim.Captures;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Tests;

/// <summary><c>run --save-at</c> and <c>run --from</c>.</summary>
public sealed class SavedRunTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nbnssim").FullName;

    [OneTimeTearDown]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    /// <summary>As lines, and with what is expected: what comes after the time is the end of what the whole run says, to the letter.</summary>
    [TestCase("q131739", "44.9995", "--dialect", "nt3.51")]
    [TestCase("q131739-wins", "60.0004", "--seed", "9")]
    [TestCase("split-brain", "20.0004")]
    [TestCase("wins-partition", "500.25")]
    [TestCase("q97491-lost-reply", "3", "--faults", "loss:probability=20%")]
    public void WhatComesAfterTheTime_IsTheEndOfTheWholeRun(string scenario, string time, params string[] more)
    {
        string file = PathOf($"{scenario}.state");
        var whole = ToolRun.Of(["run", scenario, "--save-at", time, file, "--json", .. more]);
        var plain = ToolRun.Of(["run", scenario, "--json", .. more]);
        Assert.That(whole.Error, Is.EqualTo(plain.Error));
        Assert.That(whole == plain, Is.True, "saving changes nothing");
        var rest = ToolRun.Of("run", "--from", file, "--json");
        Assert.That(rest.ExitCode, Is.EqualTo(whole.ExitCode));
        string[] all = [.. whole.Lines], end = [.. rest.Lines];
        Assert.That(end, Has.Length.GreaterThan(10).And.Length.LessThan(all.Length));
        Assert.That(end[0], Is.EqualTo(all[0]), "what the run is");
        Assert.That(end[1..], Is.EqualTo(all[^(end.Length - 1)..]));
    }

    [Test]
    public void TheCaptureAndTheLadderOfTheRest_HaveTheSameTimes()
    {
        string file = PathOf("day.state"), all = PathOf("all.pcapng"), end = PathOf("end.pcapng"), trace = PathOf("all.txt"), rest = PathOf("end.txt");
        ToolRun.Of("run", "q131739", "--save-at", "44.9", file, "--capture", all, "--trace", trace);
        var told = ToolRun.Of("run", "--from", file, "--capture", end, "--trace", rest);
        Assert.That(told.ExitCode, Is.Zero);
        Assert.That(told.Output, Does.Contain("  45.002        ★           ║           │  event 4320").And.Contain("JSMITH logs on at BRAVO").And.Not.Contain("ALPHA boots"));
        var (frames, others) = (Frames(all), Frames(end));
        Assert.That(others, Is.Not.Empty.And.EqualTo(frames[^others.Count..]));
        Assert.That(File.ReadAllText(trace), Does.EndWith(File.ReadAllText(rest)));
    }

    [Test]
    public void AScenarioOfOnesOwn_GoesWithItsRun()
    {
        string scenario = PathOf("mine.json"), file = PathOf("mine.state");
        File.WriteAllText(scenario, BuiltInScenarios.FindText("q131739"));
        var whole = ToolRun.Of("run", scenario, "--save-at", "40", file);
        File.Delete(scenario);
        Assert.That(ToolRun.Of("run", "--from", file).Output, Does.Contain("1 of 1 met").Or.Contain(" met").And.Contain("event 4320"));
        Assert.That(whole.ExitCode, Is.Zero);
    }

    [Test]
    public void WhatIsNoSavedRun_IsRefused()
    {
        string file = PathOf("none.state");
        File.WriteAllText(file, "{}");
        Assert.That(ToolRun.Of("run", "--from", file), Is.EqualTo(new ToolRun(3, "", $"nbnssim: '{file}': This is no saved state: it does not begin with NBNSTATE.\n")));
        Assert.That(ToolRun.Of("run", "q131739", "--save-at", "1e9", file).ExitCode, Is.EqualTo(2));
        var late = ToolRun.Of("run", "q131739", "--save-at", "100000", file);
        Assert.That((late.ExitCode, late.Output), Is.EqualTo((3, "")));
        Assert.That(late.Error, Does.StartWith("nbnssim: --save-at 100000: the scenario ends at "));
        Assert.That(ToolRun.Of("run", "q131739", "--save-at", "soon", file).Error, Does.Contain("'soon' is no time of a run: expected seconds from 0, and a file."));
        Assert.That(ToolRun.Of("run").Error, Does.Contain("Expected SCENARIO, or --from with the file of a saved run."));
        Assert.That(ToolRun.Of("run", "q131739", "--from", file).Error, Does.Contain("--from goes on with the scenario that was saved: leave SCENARIO out."));
        Assert.That(ToolRun.Of("run", "--from", file, "--seed", "2").Error, Does.Contain("--from goes on as it was saved: leave --dialect, --seed, --faults and --save-at out."));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static List<string> Frames(string path)
    {
        using var reader = CaptureReader.Open(path);
        var frames = new List<string>();
        while (reader.TryRead(out var packet))
            frames.Add($"{packet.Time} {Convert.ToHexString(packet.Data)}");
        return frames;
    }
}
