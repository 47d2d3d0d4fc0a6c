using NbnsSim.Cluster.Contract;
using NbnsSim.Cluster.Workers;
using NbnsSim.Jobs;

namespace NbnsSim.Cluster.Tests;

/// <summary>What a folder tells a cluster that knows nothing else: whose results it has, who died over what, and who works in it.</summary>
[CancelAfter(120_000)]
public sealed class FolderTests
{
    private string _folder = "";

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("nbnssim-cluster-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task WhereRedisHasForgottenTheJobOldResultsAreNotServed([Values] bool wasSingleProcess)
    {
        var spec = new SumSpec($"forgotten-{wasSingleProcess}", 5, 1);
        var (all, summary) = spec.Alone(Sub("alone"));
        bool isBad = true;
        SumSpec.Listeners[spec.Name] = (step, _) =>
        {
            if (isBad && step == "run a002")
                throw new InvalidDataException("Not a capture.");
        };
        await using (var cluster = await TestCluster.StartAsync(1))
        await using (var local = new LocalEngine(Sub("job"), 1))
        {
            var before = wasSingleProcess ? await local.ResultAsync(await local.SubmitAsync(spec)) : await cluster.DoAsync(spec, Sub("job"));
            Assert.That(before.Failed, Has.Length.EqualTo(1));
        }

        isBad = false;
        await using var other = await TestCluster.StartAsync(1);
        var result = await other.DoAsync(spec, Sub("job"));
        Assert.That(result.Summary, Is.EqualTo(summary));
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(result.Folder, "all")), Is.EqualTo(all));
        Assert.That(Path.Combine(_folder, "job", "failed.json"), Does.Not.Exist);
    }

    [Test]
    public async Task AShardThatWorkersWereLostOverIsNotAnalysedWhoeverComesAfterThem()
    {
        var spec = new SumSpec("deadly", 5, 1);
        var (_, summary) = spec.Alone(Sub("alone"));
        Die(spec, "a002", 3);
        await using var cluster = await TestCluster.StartAsync(1);
        var result = await cluster.DoAsync(spec, Sub("job"));
        Assert.That(result.Failed, Is.EqualTo(new[] { new FailedShard("a002", "3 workers were lost over it, the last with nothing else in hand.", 3, 3) }));
        Assert.That((await cluster.DoAsync(spec, Sub("job"))).Summary, Is.EqualTo(summary), "asked for again, it is tried again");
    }

    [Test]
    public async Task AShardThatTwoWorkersWereLostOverIsDoneWithNothingElseInHand()
    {
        var spec = new SumSpec("suspect", 12, 1);
        var (_, summary) = spec.Alone(Sub("alone"));
        Die(spec, "a002", 2);
        Die(spec, "a003", 2);
        int inHand = 0;
        var beside = new List<int>();
        SumSpec.Listeners[spec.Name] = (step, _) =>
        {
            int now = step.StartsWith("run ", StringComparison.Ordinal) ? Interlocked.Increment(ref inHand) : step.StartsWith("ran ", StringComparison.Ordinal) ? Interlocked.Decrement(ref inHand) : 0;
            if (step is "run a002" or "run a003")
                beside.Add(now - 1);
        };
        await using var cluster = await TestCluster.StartAsync(1);
        var result = await cluster.DoAsync(spec, Sub("job"));
        Assert.That((result.Summary, result.Failed.Length), Is.EqualTo((summary, 0)));
        Assert.That(beside, Is.EqualTo(new[] { 0, 0 }));
    }

    [Test]
    public async Task ResultsThatWorkersAreLostOverStopTheJobAndAreTriedWhenItIsAskedForAgain()
    {
        var spec = new SumSpec("deadly-results", 3, 1);
        Die(spec, "results", 3);
        await using var cluster = await TestCluster.StartAsync(1);
        Assert.That(() => cluster.DoAsync(spec, Sub("job")), Throws.InstanceOf<JobException>().With.Message.EqualTo(
            "The results cannot be put together: 3 workers were lost over it, the last with nothing else in hand."));
        Assert.That((await cluster.DoAsync(spec, Sub("job"))).Failed, Is.Empty);
    }

    [Test]
    public async Task ASingleProcessIsKeptOffAsLongAsWorkersAreAtIt()
    {
        var spec = new SumSpec("both-cluster", 6, 1);
        using var isReached = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        SumSpec.Listeners[spec.Name] = (step, stop) =>
        {
            if (step != "run a004")
                return;
            isReached.Release();
            Assert.That(goOn.Wait(60_000, stop), Is.True);
        };
        await using var cluster = await TestCluster.StartAsync(1);
        var doing = cluster.DoAsync(spec, Sub("job"));
        await isReached.WaitAsync();
        await using (var local = new LocalEngine(Sub("job"), 1))
        {
            Assert.That(() => local.SubmitAsync(spec), Throws.TypeOf<JobException>().With.Message.EqualTo(
                $"'{Sub("job")}' is in use by the workers of a cluster: one process at a time does a job."));
        }

        goOn.Set();
        Assert.That((await doing).Failed, Is.Empty);
    }

    [Test]
    public async Task WorkersAreKeptOffAsLongAsASingleProcessIsAtIt()
    {
        var spec = new SumSpec("both-single", 4, 1);
        string id = new SharedFolder(Sub("job")).Open(spec);
        await using var cluster = await TestCluster.StartAsync(1);
        using (File.Open(Path.Combine(_folder, "job", "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None)) // as a LocalEngine has it
        {
            Assert.That(() => cluster.DoAsync(spec, Sub("job")), Throws.InstanceOf<JobException>().With.Message.Contains("is in use by"), "whoever asks is told");

            // and a job that goes on by itself, because a worker came back, waits
            var job = cluster.Client.GetGrain<IJobGrain>($"{spec.Id}-{id}");
            Assert.That((await job.SubmitAsync(new Submission(WorkerOptions.PackageVersion, Sub("job"), spec.ToJson()))).Refusal, Is.Null);
            JobState state;
            long known = -1;
            do
                known = (state = await job.WaitAsync(WorkerOptions.PackageVersion, known)).Change;
            while (state.Stopped is null);
            Assert.That(state.Stopped, Does.Contain("is in use by"));
            Assert.That((state.ShardsDone, state.ShardsFailed), Is.EqualTo((0, 0)));
        }

        Assert.That((await cluster.DoAsync(spec, Sub("job"))).Failed, Is.Empty);
    }

    /// <summary>What workers leave that end in the midst of a unit.</summary>
    private void Die(SumSpec spec, string unit, int times)
    {
        new SharedFolder(Sub("job")).Open(spec);
        for (int i = 0; i < times; i++)
            Directory.CreateDirectory(Path.Combine(_folder, "job", "cluster", "tmp", $"{unit}.{i}"));
    }

    private string Sub(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
}
