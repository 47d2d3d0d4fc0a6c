using System.Collections.Concurrent;
using System.Globalization;

namespace NbnsSim.Cluster.Tests;

/// <summary>
/// Silos die and the storage fails in the midst of a job, at points that follow from a seed: the result is that of one thread alone, octet for octet, and each shard is counted
/// once. The threads of a silo that dies in this process go on, as those of a machine that is only cut off: their commits come too late, or first.
/// </summary>
[CancelAfter(900_000)]
public sealed class KillTests
{
    private string _folder = "";

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("nbnssim-cluster-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    // NBNSSIM_SCHEDULES asks for more: tests/cluster/run.sh does
    [Test, Category("Slow")]
    public async Task EachShardCountsOnceWhateverDies()
    {
        int schedules = int.Parse(Environment.GetEnvironmentVariable("NBNSSIM_SCHEDULES") ?? "20", CultureInfo.InvariantCulture);
        await using var cluster = await TestCluster.StartAsync(3);
        for (int seed = 0; seed < schedules; seed++)
            await ScheduleAsync(cluster, seed);
    }

    private async Task ScheduleAsync(TestCluster cluster, int seed)
    {
        var random = new Random(seed);
        var spec = new SumSpec($"kill-{seed}-{Guid.NewGuid():N}", 12 + random.Next(12), seed);
        var (all, summary) = spec.Alone(Sub($"alone-{seed}"));
        int dies = 1 + random.Next(2 * spec.Shards); // at this step of the job
        int silo = random.Next(3);
        int fails = cluster.Storage.Writes + 1 + random.Next(spec.Shards); // this write of the ledger
        var fault = (Fault)random.Next(3);
        cluster.Storage.FaultAt = write => write == fails ? fault : Fault.None;

        int steps = 0;
        var killed = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = new ConcurrentQueue<string>();
        SumSpec.Listeners[spec.Name] = (step, _) =>
        {
            if (step.StartsWith("ran ", StringComparison.Ordinal))
                runs.Enqueue(step);
            int now = Interlocked.Increment(ref steps);
            if (now == dies)
                killed.SetResult(Task.Run(() => cluster.KillAsync(silo), CancellationToken.None));
            if (now >= dies)
                killed.Task.Unwrap().Wait(CancellationToken.None); // nothing more happens in the job until the silo is dead
        };
        var result = await cluster.DoAsync(spec, Sub($"job-{seed}"));
        string what = $"seed {seed}: silo {silo} dies at step {dies}, write {fails} fails ({fault})";
        Assert.That(result.Summary, Is.EqualTo(summary), what);
        Assert.That(result.Failed, Is.Empty, what);
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(result.Folder, "all")), Is.EqualTo(all), what);
        Assert.That(runs.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(Directory.GetDirectories(Path.Combine(_folder, $"job-{seed}", "shards")).Length), what);

        // the next schedule begins with three silos again
        if (killed.Task.IsCompleted)
        {
            await killed.Task.Unwrap();
            await cluster.AddAsync();
        }

        TestContext.Out.WriteLine($"{what}: {runs.Count - runs.Distinct(StringComparer.Ordinal).Count()} shards were done twice");
        SumSpec.Listeners.TryRemove(spec.Name, out _);
    }

    private string Sub(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
}
