using System.Text.Json;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Jobs.Tables;
using NbnsSim.Jobs.Tests.Engine;
using NbnsSim.Jobs.Tests.Tables;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Jobs.Tests.Campaigns;

/// <summary>Runs of many seeds, counted.</summary>
public sealed class CampaignJobTests
{
    private const string Faults = "loss:probability=20%,duplicate:probability=5%";

    private TestFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TestFolder();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task TheResultIsTheSameForEachBlockSizeAndNumberOfThreads()
    {
        string? expected = null;
        foreach (var (size, parallel) in new[] { (1_000, 1), (1, 2), (7, 3), (40, 1) })
        {
            using var folder = new TestFolder();
            var spec = new CampaignSpec(
                [new("q131739"), new("q131739-wins"), new("siblings-1c")], ["nt3.5", "w2k"], 5, 44, CampaignFault.ParseAll(Faults), size);
            var result = await folder.RunAsync(spec, parallel);
            string contents = TestFolder.Contents(result.Folder);
            Assert.That(contents, Is.EqualTo(expected ??= contents), $"{size} seeds a shard");
        }
    }

    [Test]
    public void ALargeNetworkHasFewerSeedsAShard()
    {
        var spec = new CampaignSpec([new("q131739"), new("power-cut")], lastSeed: 999, seedsPerShard: 1_000); // 2 hosts and 1,001
        var shards = spec.CreateWork().Next(new Dictionary<string, CommittedShard>(StringComparer.Ordinal), []);
        Assert.That(shards.Select(shard => shard.Weight), Is.EqualTo(new[] { 1_000L }.Concat(Enumerable.Repeat(7L, 142)).Append(6)));
    }

    [Test]
    public async Task ItFindsWhatARunOfEachSeedFinds()
    {
        var spec = CampaignSpec.Of(["q131739", "lost-challenge"], (0, 60), "nt3.5,nt4", Faults);
        var result = await _folder.RunAsync(spec);
        var found = Duck.Rows("SELECT scenario, dialect, seed, held, broken, packets, events, repeat FROM {file}", Path.Combine(result.Folder, JobTables.Runs.FileName));
        int row = 0;
        foreach (string name in new[] { "q131739", "lost-challenge" })
        {
            foreach (string dialect in new[] { "nt3.5", "nt4" })
            {
                for (ulong seed = 0; seed <= 60; seed++, row++)
                {
                    var run = new ScenarioRun(CampaignFault.Overlay(BuiltInScenarios.Find(name)!, CampaignFault.ParseAll(Faults)), NetBtDialect.All.Single(one => one.Name == dialect), seed);
                    var broken = run.Run().Where(one => one.Outcome == ExpectationOutcome.NotMet).Select(one => one.ToString()).ToList();
                    Assert.That(found[row], Is.EqualTo(new object?[]
                    {
                        name, dialect, seed, broken.Count == 0, broken, run.Simulator.SentCount, (long)run.Simulator.Log.Count,
                        $"nbnssim run {name} --dialect {dialect} --seed {seed} --faults {Faults}",
                    }));
                }
            }
        }

        Assert.That(found, Has.Count.EqualTo(row));
        using var summary = JsonDocument.Parse(result.Summary);
        Assert.That(summary.RootElement.GetProperty("failed").GetInt64(), Is.EqualTo(found.Count(one => one[3] is false)).And.GreaterThan(0));
        Assert.That(spec.IsAsHoped(summary.RootElement), Is.False);
        foreach (var cell in summary.RootElement.GetProperty("cells").EnumerateArray())
        {
            var rows = found.Where(one => one[0]!.Equals(cell.GetProperty("scenario").GetString()) && one[1]!.Equals(cell.GetProperty("dialect").GetString())).ToList();
            Assert.That(cell.GetProperty("met").GetInt64(), Is.EqualTo(rows.Count(one => one[3] is true)));
            Assert.That(cell.GetProperty("packets").GetProperty("sum").GetInt64(), Is.EqualTo(rows.Sum(one => (long)one[5]!)));
            Assert.That(cell.GetProperty("events").GetProperty("sum").GetInt64(), Is.EqualTo(rows.Sum(one => (long)one[6]!)).And.EqualTo(
                cell.GetProperty("eventIds").EnumerateArray().Sum(one => one.GetProperty("times").GetInt64())));
            Assert.That(cell.GetProperty("failures").EnumerateArray().Sum(one => one.GetProperty("runs").GetInt64()), Is.EqualTo(rows.Count(one => one[3] is false)));
            foreach (var failure in cell.GetProperty("failures").EnumerateArray())
            {
                ulong first = failure.GetProperty("seeds")[0].GetUInt64();
                Assert.That(failure.GetProperty("repeat").GetString(), Does.Contain($"--seed {first} "));
                Assert.That(failure.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetUInt64()), Is.Ordered.And.SubsetOf(rows.Where(one => one[3] is false).Select(one => (ulong)one[2]!)));
            }
        }
    }

    [Test]
    public async Task AsExpectedIsDone()
    {
        await using var engine = new LocalEngine(_folder.Job, 2);
        var told = new List<JobProgress>();
        var outcome = await JobRun.RunAsync(engine, CampaignSpec.Of(["q131739"], (0, 9)), told.Add, TimeSpan.Zero);
        Assert.That(outcome.Verdict, Is.EqualTo(JobVerdict.Done));
        Assert.That((told[^1].WeightDone, told[^1].WeightTotal), Is.EqualTo((10L, 10L)));
        var rows = Duck.Rows("SELECT dialect, faults, settled_ms, repeat FROM {file} WHERE seed = 9", Path.Combine(outcome.Result.Folder, JobTables.Runs.FileName));
        Assert.That(rows.Single(), Is.EqualTo(new object?[] { null, null, 1_500L, "nbnssim run q131739 --seed 9" }), "three queries, 750 ms apart (Windows), and then nothing");
    }

    [Test]
    public void ANetworkThatNeverRestsIsNotSaidToSettle()
    {
        // its last step is a query, repeated for 1.5 s: six seconds of silence end 7.5 s after it
        var scenario = BuiltInScenarios.Find("q131739")!;
        Assert.That(CampaignRun.Of(scenario with { End = scenario.Steps[^1].At + TimeSpan.FromSeconds(7) }, null, 1).Settled, Is.EqualTo(-1));
        Assert.That(CampaignRun.Of(scenario with { End = scenario.Steps[^1].At + TimeSpan.FromSeconds(8) }, null, 1).Settled, Is.EqualTo(1_500));
    }

    [Test]
    public void ASimulationThatFailsIsFoundByTheCampaign()
    {
        var scenario = CampaignFault.Overlay(BuiltInScenarios.Find("q131739")!, [CampaignFault.Parse("corrupt"), CampaignFault.Parse("corrupt")]); // no network takes a rule of the same name twice
        var run = CampaignRun.Of(scenario, null, 1);
        Assert.That((run.Outcome, run.Failure), Is.EqualTo((CampaignOutcome.Threw, run.Broken[0]["the simulation failed by ".Length..])));
        Assert.That(run.Failure, Does.StartWith("ArgumentException: "));
    }

    [Test]
    public async Task ItsTextSaysWhatFailedAndHowToRepeatIt()
    {
        var spec = CampaignSpec.Of(["q131739"], (0, 60), null, "loss:probability=20%");
        var result = await _folder.RunAsync(spec);
        using var text = new StringWriter { NewLine = "\n" };
        JobText.Write(spec, result, new ReportWriter(text));
        var failed = Duck.Rows("SELECT seed, broken FROM {file} WHERE NOT held ORDER BY seed", Path.Combine(result.Folder, JobTables.Runs.FileName));
        Assert.That(text.ToString(), Does.StartWith($"61 runs of 61 asked for, with loss:probability=20% on every link: {61 - failed.Count} as expected, {failed.Count} not as expected, 0 against an invariant, 0 failed in the simulator; 0 not run.\n")
            .And.Contain("q131739   nt3.5      61").And.Contain("What failed").And.Contain($"\n  nbnssim run q131739 --seed {failed[0][0]} --faults loss:probability=20%\n").And.EndWith($"\nResults: {result.Folder}\n"));
    }
}
