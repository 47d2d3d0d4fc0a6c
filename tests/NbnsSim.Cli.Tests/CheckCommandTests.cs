using System.Text.Json;

namespace NbnsSim.Cli.Tests;

/// <summary><c>check</c>: the command's own part.</summary>
public sealed class CheckCommandTests
{
    private static readonly string Samples = Path.Combine(TestContext.CurrentContext.TestDirectory, "../../../../../samples/checks");

    private string _folder = null!;

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Q131739_IsFoundFromTwoPlainMachinesAndAGoal_AndDoesNotHappenOnNt351()
    {
        string file = Path.Combine(Samples, "two-machines-one-user.json");
        var found = ToolRun.Of("check", file);
        Assert.That(found.ExitCode, Is.EqualTo(1), found.Error);
        Assert.That(found.Output, Does.Contain("no-4320-without-duplicate does not hold: ALPHA logs 4320 about JSMITH<03>").And.Contain("No fault is needed for it."));
        Assert.That(found.Output, Does.Contain("which it never got"), "the account of the run is there");
        var holds = ToolRun.Of("check", file, "--dialect", "nt3.51");
        Assert.That((holds.ExitCode, holds.Error), Is.EqualTo((0, "")));
        Assert.That(holds.Output, Does.Contain("Holds for all "));
    }

    [Test]
    public void ACounterexampleIsWrittenAndRuns()
    {
        string folder = Path.Combine(_folder, "found");
        var run = ToolRun.Of("check", Path.Combine(Samples, "two-claims-of-a-name.json"), "--out", folder, "--json");
        Assert.That(run.ExitCode, Is.EqualTo(1), run.Error);
        var line = JsonElement.Parse(run.Output);
        Assert.That(line.GetProperty("counterexample").GetProperty("faults").GetArrayLength(), Is.EqualTo(3));
        var again = ToolRun.Of("check", Path.Combine(folder, "scenario.json"), "--json");
        Assert.That(again.ExitCode, Is.EqualTo(1), again.Error);
        Assert.That(JsonElement.Parse(again.Output).GetProperty("counterexample").GetProperty("text").GetString(), Is.EqualTo(line.GetProperty("counterexample").GetProperty("text").GetString()));
        Assert.That(ToolRun.Of("run", Path.Combine(folder, "scenario.json")).ExitCode, Is.Zero);
        Assert.That(ToolRun.Of("decode", Path.Combine(folder, "run.pcapng")).ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(Path.Combine(folder, "CounterexampleTests.cs")), Does.Contain("CheckProperties.Find(\"one-owner\")"));
    }

    [Test]
    public void ABoundIsSaid_AndWhatCannotBeRefused()
    {
        var bound = ToolRun.Of("check", "q131739", "--dialect", "nt4", "--faults", "2", "--loss", "--states", "50");
        Assert.That(bound.ExitCode, Is.EqualTo(4), bound.Error);
        Assert.That(bound.Output, Does.Contain("A bound was reached: nothing is broken in "));
        Assert.That(ToolRun.Of("check", "q131739", "--faults", "9").ExitCode, Is.EqualTo(2));
        Assert.That(ToolRun.Of("check", "q131739", "--property", "none").ExitCode, Is.EqualTo(2));
        Assert.That(ToolRun.Of("check", "none").ExitCode, Is.EqualTo(3));
        foreach (string option in new[] { "--states", "--time", "--parallel" })
        {
            var none = ToolRun.Of("check", "q131739", option, "0");
            Assert.That(none.ExitCode, Is.EqualTo(2), option);
            Assert.That(none.Error, Does.StartWith($"nbnssim: {option} is "));
        }

        foreach (string[] job in new string[][] { [], ["--job", Path.Combine(_folder, "orders")] })
        {
            var orders = ToolRun.Of(["check", "power-cut", "--any-order", .. job]);
            Assert.That((orders.ExitCode, orders.Error), Is.EqualTo((3, $"nbnssim: The commands of power-cut can go in more than 5,040 orders.{Environment.NewLine}")));
        }

        Assert.That(ToolRun.Of("check", "q131739", "--symmetry", "--job", Path.Combine(_folder, "alike")).ExitCode, Is.EqualTo(2));
    }

    [Test]
    public void WhatIsLeftOutIsSaid()
    {
        var alike = ToolRun.Of("check", Path.Combine(Samples, "two-owners-and-a-late-answer.json"), "--loss", "--symmetry", "--property", "bounded");
        Assert.That((alike.ExitCode, alike.Error), Is.EqualTo((0, "")));
        Assert.That(alike.Output, Does.Contain("ALPHA and BRAVO").Or.Contain("makes a difference"));
        var line = JsonElement.Parse(ToolRun.Of("check", "q131739", "--dialect", "nt4", "--faults", "1", "--reorder", "--symmetry", "--json").Output);
        Assert.That((line.GetProperty("partialOrder").GetBoolean(), line.GetProperty("alike").GetArrayLength()), Is.EqualTo((false, 0)));
        Assert.That(line.GetProperty("notReduced").GetString(), Does.Contain("order of arrival"));
    }

    [Test]
    public void ACheckAsAJobGoesOnWhereItWas()
    {
        string job = Path.Combine(_folder, "job"), file = Path.Combine(Samples, "two-claims-and-a-cut.json");
        var first = ToolRun.Of("check", file, "--job", job);
        Assert.That(first.ExitCode, Is.EqualTo(1), first.Error);
        Assert.That(first.Output, Does.Contain("one-owner does not hold"));
        Assert.That(ToolRun.Of("check", file, "--job", job).Output, Is.EqualTo(first.Output));
        Assert.That(File.Exists(Path.Combine(job, "results", "scenario.json")));
        Assert.That(ToolRun.Of("check", file, "--job", job, "--dialect", "w2k").ExitCode, Is.EqualTo(3), "the folder is another job's");
    }
}
