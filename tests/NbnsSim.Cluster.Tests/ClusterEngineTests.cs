using System.Collections.Concurrent;
using NbnsSim.Files;
using NbnsSim.Jobs;

namespace NbnsSim.Cluster.Tests;

/// <summary>The engine on silos in this process: the same octets as one thread alone, and each way in which a job can end.</summary>
[CancelAfter(120_000)]
public sealed class ClusterEngineTests
{
    private string _folder = "";

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("nbnssim-cluster-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [TestCase((short)1)]
    [TestCase((short)3)]
    public async Task TheResultIsThatOfOneThreadOctetForOctet(short silos)
    {
        var spec = new SumSpec($"same-{silos}", 40, 7);
        var (all, summary) = spec.Alone(Sub("alone"));
        await using var cluster = await TestCluster.StartAsync(silos);
        var result = await cluster.DoAsync(spec, Sub("job"));
        Assert.That(result.Summary, Is.EqualTo(summary));
        Assert.That(result.Failed, Is.Empty);
        Assert.That(File.ReadAllBytes(Path.Combine(result.Folder, "all")), Is.EqualTo(all));
        Assert.That(Path.Combine(_folder, "job", "cluster", "tmp"), Does.Not.Exist);
    }

    [Test]
    public async Task AShardThatThrowsIsTriedThreeTimesAndThenSaidToBeNotAnalysed()
    {
        var spec = new SumSpec("poison", 5, 1);
        int tried = 0;
        SumSpec.Listeners[spec.Name] = (step, _) =>
        {
            if (step == "run a002" && Interlocked.Increment(ref tried) > 0)
                throw new InvalidDataException("Not a capture.");
        };
        await using var cluster = await TestCluster.StartAsync(1);
        var result = await cluster.DoAsync(spec, Sub("job"));
        Assert.That(tried, Is.EqualTo(3));
        Assert.That(result.Failed.Select(f => (f.Id, f.Reason, f.Attempts)), Is.EqualTo(new[] { ("a002", "Not a capture.", 3) }));
        Assert.That(result.Summary, Does.Contain("a002 (Not a capture.)"));
    }

    [Test]
    public async Task WhatCouldNotBeDoneIsTriedAgainWhenTheJobIsAskedForAgain()
    {
        var spec = new SumSpec("mended", 5, 1);
        var (all, summary) = spec.Alone(Sub("alone"));
        bool isBad = true;
        var ran = new ConcurrentQueue<string>();
        SumSpec.Listeners[spec.Name] = (step, _) =>
        {
            ran.Enqueue(step);
            if (isBad && step == "run a002")
                throw new InvalidDataException("Not a capture.");
        };
        await using var cluster = await TestCluster.StartAsync(1);
        await cluster.DoAsync(spec, Sub("job"));
        isBad = false;
        ran.Clear();
        var result = await cluster.DoAsync(spec, Sub("job"));
        Assert.That(result.Summary, Is.EqualTo(summary));
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(result.Folder, "all")), Is.EqualTo(all));
        Assert.That(ran.Where(step => step.StartsWith("run a", StringComparison.Ordinal)), Is.EqualTo(new[] { "run a002" }), "what was done is not done again");

        ran.Clear();
        Assert.That((await cluster.DoAsync(spec, Sub("job"))).Summary, Is.EqualTo(summary));
        Assert.That(ran, Is.Empty, "a job that is done is done");
        Assert.That(Path.Combine(_folder, "job", "cluster", "tmp"), Does.Not.Exist);
        Directory.Delete(Path.Combine(_folder, "job"), recursive: true);
        Assert.That((await cluster.DoAsync(spec, Sub("job"))).Summary, Is.EqualTo(summary), "a folder made anew is another job");
        Assert.That(ran.Count(step => step.StartsWith("run a", StringComparison.Ordinal)), Is.EqualTo(5));
    }

    [Test]
    public async Task AFullDiskStopsTheJobAndIsNoShardsFault()
    {
        var spec = new SumSpec("full", 8, 3);
        var (_, summary) = spec.Alone(Sub("alone"));
        bool isFull = true;
        SumSpec.Listeners[spec.Name] = (step, _) =>
        {
            if (isFull && step == "ran a004")
                throw new IOException("No space left on device", 28);
        };
        await using var cluster = await TestCluster.StartAsync(1);
        Assert.That(async () => await cluster.DoAsync(spec, Sub("job")), Throws.InstanceOf<OutputFailedException>().With.Message.Contains("No space left on device"), "as a single process says it");
        isFull = false;
        var result = await cluster.DoAsync(spec, Sub("job"));
        Assert.That(result.Summary, Is.EqualTo(summary));
        Assert.That(result.Failed, Is.Empty);
    }

    [Test]
    public async Task WhatCannotBeFoundOutOrPutTogetherIsSaid()
    {
        var spec = new SumSpec("nothing", 2, 3);
        string at = "next";
        SumSpec.Listeners[spec.Name] = (step, _) =>
        {
            if (step == at)
                throw new InvalidOperationException($"No {at}.");
        };
        await using var cluster = await TestCluster.StartAsync(1);
        Assert.That(async () => await cluster.DoAsync(spec, Sub("job")), Throws.InstanceOf<JobException>().With.Message.Contains("No next."));
        at = "combine";
        Assert.That(async () => await cluster.DoAsync(spec, Sub("job")), Throws.InstanceOf<JobException>().With.Message.Contains("No combine."));
        at = "";
        Assert.That((await cluster.DoAsync(spec, Sub("job"))).Failed, Is.Empty);
    }

    [Test]
    public async Task AWorkerOfAnotherVersionIsGivenNothing()
    {
        var spec = new SumSpec("versions", 12, 3);
        var (_, summary) = spec.Alone(Sub("alone"));
        // the job's grain is on either of two silos of the client's version, or on the one that refuses the client
        await using var cluster = await TestCluster.StartAsync(3, (number, o) => o.Version = number == 0 ? "0.0.1" : o.Version);
        Exception? refused = null;
        int done = 0;
        for (int i = 0; refused == null || done < 5; i++)
        {
            try
            {
                var result = await cluster.DoAsync(spec, Sub($"job-{i}"));
                Assert.That(result.Summary, Is.EqualTo(summary));
                done++;
            }
            catch (JobException e)
            {
                refused = e;
            }
        }

        Assert.That(refused?.Message, Does.StartWith("The client has NbnsSim ").And.Contain(" has 0.0.1: a job is done by one version, install the same everywhere."));
    }

    [Test]
    public async Task WhereAllWorkersAreOfAnotherVersionTheJobIsRefused()
    {
        await using var cluster = await TestCluster.StartAsync(1, (_, o) => o.Version = "0.0.1");
        Assert.That(async () => await cluster.DoAsync(new SumSpec("other", 2, 3), Sub("job")), Throws.InstanceOf<JobException>().With.Message.Contains("this worker"));
    }

    [Test]
    public async Task WatchingShowsEachStepAndEndsWithTheJob()
    {
        var spec = new SumSpec("watched", 6, 3);
        await using var cluster = await TestCluster.StartAsync(1);
        var engine = cluster.Engine(Sub("job"));
        var seen = new List<JobProgress>();
        await foreach (var progress in engine.WatchAsync(await engine.SubmitAsync(spec)))
            seen.Add(progress);
        Assert.That(seen[^1].ShardsDone, Is.EqualTo(seen[^1].ShardsTotal).And.GreaterThanOrEqualTo(6));
        Assert.That(seen[^1].WeightDone, Is.EqualTo(seen[^1].WeightTotal));
        Assert.That(seen.Select(p => p.WeightDone), Is.Ordered);
        Assert.That(async () => await engine.ResultAsync("0123"), Throws.InstanceOf<JobException>().With.Message.Contains("holds another job"));
        Assert.That(async () => await cluster.Engine(Sub("new")).ResultAsync(spec.Id), Throws.InstanceOf<JobException>().With.Message.EqualTo("There is no such job."));
    }

    [Test]
    public async Task AJobGoesOnWithoutItsClientAndASecondClientWatchesTheSame()
    {
        var spec = new SumSpec("twice", 10, 3);
        var (_, summary) = spec.Alone(Sub("alone"));
        await using var cluster = await TestCluster.StartAsync(3);
        string folder = Sub("job");
        await cluster.Engine(folder).SubmitAsync(spec);
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.DoAsync(spec, folder)));
        Assert.That(results.Select(r => r.Summary), Is.All.EqualTo(summary));
    }

    [Test]
    public async Task ClusterAndSingleProcessGoOnWithWhatTheOtherBegan()
    {
        var spec = new SumSpec("both", 9, 3);
        var (all, summary) = spec.Alone(Sub("alone"));
        bool isFull = true;
        var ran = new ConcurrentQueue<string>();
        SumSpec.Listeners[spec.Name] = (step, _) =>
        {
            ran.Enqueue(step);
            if (isFull && step == "ran a004")
                throw new IOException("No space left on device", 28);
        };
        await using (var local = new LocalEngine(Sub("job"), 1))
            Assert.That(async () => await local.ResultAsync(await local.SubmitAsync(spec)), Throws.Exception);
        isFull = false;
        ran.Clear();
        await using var cluster = await TestCluster.StartAsync(1);
        var result = await cluster.DoAsync(spec, Sub("job"));
        Assert.That(result.Summary, Is.EqualTo(summary));
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(result.Folder, "all")), Is.EqualTo(all));
        Assert.That(ran, Does.Not.Contain("run a000"), "it was committed by the first");
        await using (var local = new LocalEngine(Sub("job"), 1))
            Assert.That((await local.ResultAsync(await local.SubmitAsync(spec))).Summary, Is.EqualTo(summary));
    }

    private string Sub(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
}
