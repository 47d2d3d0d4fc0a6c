using System.Collections.Concurrent;
using System.Globalization;
using NbnsSim.Files;

namespace NbnsSim.Jobs.Tests.Engine;

/// <summary>The engine of one process.</summary>
public sealed class LocalEngineTests
{
    private TestFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TestFolder();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task AJobIsDoneInRounds()
    {
        var result = await _folder.RunAsync(new PiecesSpec(3), parallel: 1);
        Assert.That(await File.ReadAllTextAsync(Path.Combine(result.Folder, "all.txt")), Is.EqualTo(
            "a000 1 {\"k\":0, \"square\":0} 0 of a000\n\n" + "a001 2 {\"k\":1, \"square\":1} 1 of a001\nx\n" + "a002 3 {\"k\":2, \"square\":4} 4 of a002\nxx\n"
            + "ba000 1 {\"k\":0, \"square\":0} 0 of ba000\n\n" + "ba002 3 {\"k\":2, \"square\":4} 4 of ba002\nxx\n"));
        Assert.That(result.Summary, Is.EqualTo("""{"done":10,"failed":0}"""));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(result.Folder, "summary.json")), Is.EqualTo(result.Summary));
    }

    [Test]
    public async Task TheResultIsTheSameOnAnyNumberOfThreads()
    {
        var expected = await _folder.RunAsync(new PiecesSpec(40), parallel: 1);
        using var other = new TestFolder();
        var result = await other.RunAsync(new PiecesSpec(40), parallel: 8);
        Assert.That(TestFolder.Contents(result.Folder), Is.EqualTo(TestFolder.Contents(expected.Folder)));
    }

    [Test]
    public async Task SoManyShardsAreDoneAtATimeAsItIsAllowed()
    {
        using var barrier = new Barrier(3);
        await _folder.RunAsync(new PiecesSpec(3) { Hook = id => { if (id[0] == 'a') Assert.That(barrier.SignalAndWait(60_000), Is.True); } }, parallel: 3);
    }

    [Test]
    public async Task AShardThatThrowsIsTriedThreeTimesAndThenNotAnalysed()
    {
        var ran = new ConcurrentQueue<string>();
        var result = await _folder.RunAsync(new PiecesSpec(4, Poison: 2) { Hook = ran.Enqueue }, parallel: 1);
        Assert.That(result.Failed, Is.EqualTo(new[] { new FailedShard("a002", @"the poison\u001b acts", 3, 3) }));
        Assert.That(ran, Is.EqualTo(new[] { "a000", "a001", "a002", "a003", "a002", "a002", "ba000" }), "again after the others");
        Assert.That(await File.ReadAllTextAsync(Path.Combine(result.Folder, "all.txt")), Does.Contain("a002 3 failed after 3: the poison").And.Not.Contain("ba002"));
        Assert.That(result.Summary, Is.EqualTo("""{"done":8,"failed":3}"""));
    }

    [Test]
    public async Task AShardThatThrowsTwiceIsAsGoodAsAnother()
    {
        int thrown = 0;
        var result = await _folder.RunAsync(new PiecesSpec(3) { Hook = id => { if (id == "a001" && Interlocked.Increment(ref thrown) < 3) throw new InvalidOperationException(); } });
        Assert.That((result.Failed.Length, thrown), Is.EqualTo((0, 3)));
    }

    [Test]
    public async Task AFinishedJobIsNotDoneAgain()
    {
        var first = await _folder.RunAsync(new PiecesSpec(4));
        var ran = new ConcurrentBag<string>();
        var again = await _folder.RunAsync(new PiecesSpec(4) { Hook = ran.Add });
        Assert.That(ran, Is.Empty);
        Assert.That((again.Folder, again.Summary), Is.EqualTo((first.Folder, first.Summary)));
    }

    [Test]
    public async Task WhatWasNotAnalysedIsTriedAgainWhenTheJobIsAskedForAgain()
    {
        bool isBroken = true;
        var ran = new ConcurrentBag<string>();
        void Hook(string id)
        {
            ran.Add(id);
            if (isBroken && id == "a001")
                throw new IOException("the share is gone");
        }

        var spec = new PiecesSpec(4) { Hook = Hook };
        Assert.That((await _folder.RunAsync(spec)).Failed, Is.EqualTo(new[] { new FailedShard("a001", "the share is gone", 3, 2) }));
        isBroken = false;
        ran.Clear();
        var result = await _folder.RunAsync(spec);
        Assert.That(result.Failed, Is.Empty);
        Assert.That(ran, Is.EqualTo(new[] { "a001" }));
        using var other = new TestFolder();
        Assert.That(TestFolder.Contents(result.Folder), Is.EqualTo(TestFolder.Contents((await other.RunAsync(new PiecesSpec(4))).Folder)));
    }

    [Test]
    [Platform("Linux", Reason = "/dev/full")]
    public async Task ADiskThatAShardFindsFullStopsTheJob()
    {
        bool isFull = true;
        var spec = new PiecesSpec(5) { Hook = id => { if (isFull && id == "a003") File.WriteAllText("/dev/full", "x"); } };
        Assert.That(() => _folder.RunAsync(spec, parallel: 1), Throws.TypeOf<OutputFailedException>().With.Message.Contains("is full. What is done is kept"));
        Assert.That(Directory.Exists(Path.Combine(_folder.Job, "tmp")), Is.False, "what was begun gives its room back");
        isFull = false;
        Assert.That((await _folder.RunAsync(spec)).Failed, Is.Empty);
    }

    [Test]
    public async Task AJobThatIsStoppedGoesOnLater()
    {
        var ran = new ConcurrentQueue<string>();
        using var isReached = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        var engine = new LocalEngine(_folder.Job, 1);
        string id = await engine.SubmitAsync(new PiecesSpec(6)
        {
            Hook = shard =>
            {
                ran.Enqueue(shard);
                if (shard == "a003")
                {
                    isReached.Release();
                    Assert.That(stop.Token.WaitHandle.WaitOne(60_000), Is.True);
                }
            },
        });
        await isReached.WaitAsync();
        var result = engine.ResultAsync(id);
        var disposing = engine.DisposeAsync();
        await stop.CancelAsync();
        await disposing;
        Assert.That(() => result, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(ran.Last(), Is.EqualTo("a003"));
        ran.Clear();
        await _folder.RunAsync(new PiecesSpec(6) { Hook = ran.Enqueue }, parallel: 1);
        Assert.That(ran, Has.None.EqualTo("a002").And.Some.EqualTo("a004"));
    }

    [Test]
    public async Task ItsProgressEndsWithAll()
    {
        await using var engine = new LocalEngine(_folder.Job, 2);
        string id = await engine.SubmitAsync(new PiecesSpec(4, Poison: 1));
        var all = new List<JobProgress>();
        await foreach (var progress in engine.WatchAsync(id))
            all.Add(progress);
        var last = all[^1];
        Assert.That((last.WeightDone, last.WeightTotal, last.ShardsDone, last.ShardsTotal, last.ShardsFailed, last.Remaining), Is.EqualTo((14L, 14L, 5, 6, 1, TimeSpan.Zero)));
        Assert.That(all.Select(one => one.WeightDone), Is.Ordered);
        Assert.That(all, Has.All.Matches<JobProgress>(one => one.WeightDone <= one.WeightTotal && one.ShardsDone + one.ShardsFailed <= one.ShardsTotal));
    }

    [Test]
    public async Task AnotherJobIsRefused()
    {
        await _folder.RunAsync(new PiecesSpec(2));
        Assert.That(() => _folder.RunAsync(new PiecesSpec(3)), Throws.TypeOf<JobException>().With.Message.EqualTo(
            $"'{_folder.Job}' holds another job: count is 2 there and 3 here. Ask for that one, or name another folder."));
    }

    [TestCase("""{"version":2,"sp":7}""", "was made by a newer version of NbnsSim: go on with that one, or name another folder.")]
    [TestCase("""{"version":1,"program":"0.0.9","spec":{"kind":"pieces","count":2,"poison":-1}}""", "was begun by version 0.0.9 of NbnsSim, and this is")]
    [TestCase("""{"version":1,"pro""", "is damaged:")]
    [TestCase("""[]""", "is damaged:")]
    public void AFolderThatIsNotOursIsRefused(string json, string message)
    {
        Directory.CreateDirectory(_folder.Job);
        File.WriteAllText(Path.Combine(_folder.Job, "job.json"), json);
        Assert.That(() => _folder.RunAsync(new PiecesSpec(2)), Throws.TypeOf<JobException>().With.Message.Contains(message));
    }

    [Test]
    public void AFolderWithOtherThingsIsRefused()
    {
        Directory.CreateDirectory(_folder.Job);
        File.WriteAllText(Path.Combine(_folder.Job, "thesis.doc"), "");
        Assert.That(() => _folder.RunAsync(new PiecesSpec(2)), Throws.TypeOf<JobException>().With.Message.Contains("has other things in it and is no job's folder"));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Job).Count(), Is.EqualTo(1));
    }

    [Test]
    public void AFileIsRefused()
    {
        File.WriteAllText(_folder.Job, "");
        Assert.That(() => _folder.RunAsync(new PiecesSpec(2)), Throws.TypeOf<JobException>().With.Message.Contains("is a file: expected a folder"));
    }

    [Test]
    public async Task ASecondEngineIsRefusedAsLongAsTheFirstOneWorks()
    {
        using var isReached = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        await using var engine = new LocalEngine(_folder.Job, 1);
        string id = await engine.SubmitAsync(new PiecesSpec(1) { Hook = _ => { isReached.Release(); Assert.That(goOn.Wait(60_000), Is.True); } });
        await isReached.WaitAsync();
        Assert.That(() => _folder.RunAsync(new PiecesSpec(1)), Throws.TypeOf<JobException>().With.Message.EqualTo(string.Create(
            CultureInfo.InvariantCulture, $"'{_folder.Job}' is in use by process {Environment.ProcessId} on {Environment.MachineName}: one process at a time does a job.")));
        goOn.Set();
        await engine.ResultAsync(id);
        Assert.That((await _folder.RunAsync(new PiecesSpec(1))).Failed, Is.Empty);
    }

    [Test]
    public async Task ADamagedShardIsNamed()
    {
        await _folder.RunAsync(new PiecesSpec(2));
        string shard = Path.Combine(_folder.Job, "shards", "a001");
        await File.WriteAllTextAsync(Path.Combine(shard, "facts.json"), """{"weight":""");
        Assert.That(() => _folder.RunAsync(new PiecesSpec(2)), Throws.TypeOf<JobException>().With.Message.Contains($"Delete '{shard}' and give the command again."));
    }

    [Test]
    public async Task AJobThatNobodyAskedForIsUnknown()
    {
        await using var engine = new LocalEngine(_folder.Job);
        Assert.That(() => engine.ResultAsync("x\u001b"), Throws.TypeOf<JobException>().With.Message.EqualTo(@"There is no job 'x\u001b' here."));
    }

    [Test]
    public async Task AnEngineMayBeDisposedOfTwice()
    {
        var engine = new LocalEngine(_folder.Job, 1);
        await engine.ResultAsync(await engine.SubmitAsync(new PiecesSpec(1)));
        await engine.DisposeAsync();
        Assert.That(async () => await engine.DisposeAsync(), Throws.Nothing);
    }

    [Test]
    public void ANumberOfThreadsIsChecked() => Assert.That(() => new LocalEngine(_folder.Job, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
}
