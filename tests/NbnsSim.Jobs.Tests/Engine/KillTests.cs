using System.Collections.Concurrent;
using NbnsSim.Jobs.Storage;

namespace NbnsSim.Jobs.Tests.Engine;

/// <summary>A process or a machine that ends in the middle of a job, at any operation on its folder: the job goes on, and its result is that of an undisturbed one, octet for octet.</summary>
public sealed class KillTests
{
    private const int Pieces = 8;
    private const int Poison = 3;

    private string _expected = "";

    [OneTimeSetUp]
    public async Task RunUndisturbed()
    {
        using var folder = new TestFolder();
        var result = await folder.RunAsync(new PiecesSpec(Pieces, Poison));
        _expected = TestFolder.Contents(result.Folder);
        Assert.That(result.Failed, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task AProcessCanEndAtEachOperation([Values] bool withPower)
    {
        int count = int.MaxValue;
        for (int fatal = 1; fatal <= count; fatal++)
        {
            using var folder = new TestFolder();
            var storage = await RunAsync(folder, fatal, new RandomStream((ulong)fatal), parallel: 1, withPower);
            if (!storage.IsDead)
                count = storage.Count; // it did not come so far: there are no more
            await ExpectAsync(folder, new RandomStream(0), $"operation {fatal}");
        }

        Assert.That(count, Is.GreaterThan(100).And.LessThan(int.MaxValue));
    }

    [Test, Category("Slow")] // some 600 runs of the job
    public async Task AProcessCanEndAgainAndAgain()
    {
        for (ulong seed = 1; seed <= 150; seed++)
        {
            using var folder = new TestFolder();
            var random = new RandomStream(seed);
            for (int kill = 1 + (int)random.Next(5); kill > 0; kill--)
            {
                int fatal = 1 + (int)random.Next(60);
                int parallel = 1 + (int)random.Next(3);
                bool withPower = random.Next(2) == 0;
                await RunAsync(folder, fatal, new RandomStream(random.NextUInt64()), parallel, withPower);
            }

            await ExpectAsync(folder, random, $"seed {seed}");
        }
    }

    [Test]
    public async Task AFullDiskStopsTheJobAndIsNoFaultOfTheShards()
    {
        for (int full = 1; full < 95; full += 7)
        {
            using var folder = new TestFolder();
            using var storage = new FaultyStorage(folder.Job, full, new RandomStream(1), full: true);
            await using (var engine = new LocalEngine(folder.Job, 2, storage, TimeProvider.System))
            {
                Assert.That(async () => await engine.ResultAsync(await engine.SubmitAsync(new PiecesSpec(Pieces, Poison))), Throws.TypeOf<Files.OutputFailedException>()
                    .With.Message.EqualTo($"The disk of '{folder.Job}' is full. What is done is kept: make room and give the same command again."), $"operation {full}");
            }

            await ExpectAsync(folder, new RandomStream(0), $"operation {full}");
        }
    }

    /// <summary>Does the job until the process ends; then what is committed is not done again.</summary>
    private static async Task<FaultyStorage> RunAsync(TestFolder folder, int fatal, RandomStream random, int parallel, bool withPower)
    {
        var storage = new FaultyStorage(folder.Job, fatal, random);
        var done = Committed(folder);
        await using (var engine = new LocalEngine(folder.Job, parallel, storage, TimeProvider.System))
        {
            try
            {
                await engine.ResultAsync(await engine.SubmitAsync(new PiecesSpec(Pieces, Poison)
                {
                    Hook = id =>
                    {
                        Assert.That(done, Does.Not.Contain(id));
                        storage.Pass();
                    },
                }));
            }
            catch (ProcessEndedException)
            {
            }
        }

        storage.Dispose();
        if (storage.IsDead && withPower)
            storage.CutPower();
        return storage;
    }

    private async Task ExpectAsync(TestFolder folder, RandomStream random, string what)
    {
        var ran = new ConcurrentBag<string>();
        var done = Committed(folder);
        using var storage = new FaultyStorage(folder.Job, 0, random);
        await using var engine = new LocalEngine(folder.Job, 1 + (int)random.Next(3), storage, TimeProvider.System);
        var spec = new PiecesSpec(Pieces, Poison) { Hook = ran.Add };
        var result = await engine.ResultAsync(await engine.SubmitAsync(spec));
        if (result.Failed.Length > 1) // three ends in a row hit the same shard, which was taken for their cause: asked for again, the job does it
        {
            Assert.That(result.Failed.Where(one => one.Attempts == JobFolder.MostDeaths).Select(one => one.Reason), Has.Some.EqualTo(LocalJob.WhyDeadly));
            await engine.DisposeAsync();
            result = await folder.RunAsync(spec);
        }

        Assert.That(TestFolder.Contents(result.Folder), Is.EqualTo(_expected), what);
        Assert.That(ran.Intersect(done, StringComparer.Ordinal), Is.Empty, what);
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Job).Select(Path.GetFileName), Is.EquivalentTo(new[] { "job.json", "shards", "failed.json", "results", "lock", "owner" }), what);
    }

    private static List<string> Committed(TestFolder folder) =>
        Directory.Exists(Path.Combine(folder.Job, "shards")) ? [.. Directory.EnumerateDirectories(Path.Combine(folder.Job, "shards")).Select(path => Path.GetFileName(path))] : [];
}
