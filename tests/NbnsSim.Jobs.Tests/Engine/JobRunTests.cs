using NbnsSim.Files;
using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Reports;

namespace NbnsSim.Jobs.Tests.Engine;

/// <summary>A job from its beginning to its end, and what is said of it.</summary>
public sealed class JobRunTests
{
    private TestFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TestFolder();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task WhatWasNotAnalysedIsSaidAndMakesTheVerdict()
    {
        var spec = new PiecesSpec(4, Poison: 1);
        await using var engine = new LocalEngine(_folder.Job, 2);
        var outcome = await JobRun.RunAsync(engine, spec);
        Assert.That(outcome.Verdict, Is.EqualTo(JobVerdict.Incomplete));
        using var text = new StringWriter { NewLine = "\n" };
        JobText.Write(spec, outcome.Result, new ReportWriter(text, 80));
        Assert.That(text.ToString(), Is.EqualTo(
            $$"""
            {"done":12,"failed":2}

            ── Not analysed ────────────────────────────────────────────────────────────────
            a001  2 shards, tried 3 times: the poison\u001b acts
            Give the same command again to try them again.

            Results: {{_folder.Job}}/results

            """));
    }

    [Test]
    public async Task AnEngineThatStoppedAtAFullDiskGoesOnWhenAskedAgain()
    {
        bool isFull = true;
        var spec = new PiecesSpec(3) { Hook = id => { if (isFull && id == "a002") throw new IOException("No space left on device", 28); } };
        await using var engine = new LocalEngine(_folder.Job, 1);
        Assert.That(() => JobRun.RunAsync(engine, spec), Throws.TypeOf<OutputFailedException>());
        isFull = false;
        Assert.That((await JobRun.RunAsync(engine, spec)).Verdict, Is.EqualTo(JobVerdict.Done));
    }

    [Test]
    public async Task ItsProgressIsToldAtMostSoOftenAndAtTheEnd()
    {
        await using var engine = new LocalEngine(_folder.Job, 1);
        var told = new List<JobProgress>();
        await JobRun.RunAsync(engine, new PiecesSpec(20), told.Add, TimeSpan.FromDays(1));
        Assert.That(told, Has.Count.LessThanOrEqualTo(2).And.Count.GreaterThan(0));
        Assert.That((told[^1].WeightDone, told[^1].ShardsDone), Is.EqualTo((310L, 30)));
    }

    [Test]
    public async Task WhoeverStopsWaitingGetsNoResult()
    {
        using var stop = new CancellationTokenSource();
        await using var engine = new LocalEngine(_folder.Job, 1);
        using var goOn = new ManualResetEventSlim();
        var spec = new PiecesSpec(2) { Hook = _ => { stop.Cancel(); Assert.That(goOn.Wait(60_000), Is.True); } };
        Assert.That(() => JobRun.RunAsync(engine, spec, _ => { }, stop: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        goOn.Set();
    }

    [Test]
    public void ALineOfProgressHasAmountRateTimeAndFailures()
    {
        var runs = new CampaignSpec([new("q131739")]);
        var archive = new ArchiveSpec(["a.pcap"]);
        Assert.That(JobText.Line(runs, new JobProgress(12_000, 100_001, 3, 25, 1, 350.7, TimeSpan.FromSeconds(251))), Is.EqualTo(
            "campaign: 12,000 of 100,001 runs (11 %), 350 a second, 4 min 11 s left, 1 shard failed"));
        Assert.That(JobText.Line(runs, new JobProgress(0, 10, 0, 2, 0, 0, null)), Is.EqualTo("campaign: 0 of 10 runs (0 %)"));
        Assert.That(JobText.Line(runs, new JobProgress(10, 10, 2, 2, 0, 5, TimeSpan.Zero, IsCombining: true)), Is.EqualTo("campaign: 10 of 10 runs (100 %), 5 a second, putting the results together"));
        Assert.That(JobText.Line(archive, new JobProgress(3L << 29, 3L << 40, 2, 9, 2, 1 << 20, TimeSpan.FromHours(27.5))), Is.EqualTo(
            "archive: 1.5 GiB of 3072.0 GiB (0 %), 1.0 MiB a second, 1 d 3 h left, 2 shards failed"));
        Assert.That(JobText.Line(archive, new JobProgress(1_536, 2_048, 1, 2, 0, 1, TimeSpan.FromSeconds(512))), Does.StartWith("archive: 1.5 KiB of 2.0 KiB (75 %)"));
    }
}
