using NbnsSim.Jobs;
using NbnsSim.Jobs.Archives;
using NbnsSim.Tests.House;

namespace NbnsSim.Cluster.Tests;

/// <summary>Captures of all forms as one archive: every file of the results is octet for octet that of a single process, on one silo and on three, in whole files and in ranges, and when a silo dies.</summary>
[CancelAfter(300_000)]
public sealed class ArchiveTests
{
    private string _folder = "";
    private string _captures = "";
    private int _singles;

    [SetUp]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("nbnssim-cluster-").FullName;
        _captures = Directory.CreateDirectory(Path.Combine(_folder, "captures")).FullName;
        string tests = Path.Combine(Repository.Root, "tests");
        foreach (string file in Directory.EnumerateFiles(Path.Combine(tests, "NbnsSim.Transport.Tests", "Recordings"), "*.pcap").Append(Path.Combine(tests, "vectors", "nbns.pcap"))
            .Concat(Directory.EnumerateFiles(Path.Combine(tests, "fuzz", "corpus", "capture"), "*.pcap*")))
        {
            File.Copy(file, Path.Combine(_captures, Path.GetFileName(file)));
        }
    }

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task TheResultsAreThoseOfASingleProcessOctetForOctet([Values((short)1, (short)3)] short silos, [Values(0, 4_096)] int shardOctets)
    {
        var spec = new ArchiveSpec([_captures]) { ShardOctets = shardOctets == 0 ? null : shardOctets, Audit = shardOctets > 0, Subnets = [Ipv4Subnet.Parse("10.1.0.0/24")] };
        await using var cluster = await TestCluster.StartAsync(silos);
        await CheckAsync(await cluster.DoAsync(spec, Path.Combine(_folder, "job")), spec);
    }

    [Test]
    public async Task SoTheyAreWhenASiloDies([Values(1, 2, 3)] int seed)
    {
        var spec = new ArchiveSpec([_captures]) { ShardOctets = 4_096 };
        await using var cluster = await TestCluster.StartAsync(3);
        int dies = new Random(seed).Next(5, 60); // at this write of the ledger
        var killed = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Storage.FaultAt = write =>
        {
            if (write == dies)
                killed.SetResult(Task.Run(() => cluster.KillAsync(seed)));
            return Fault.None;
        };
        await CheckAsync(await cluster.DoAsync(spec, Path.Combine(_folder, "job")), spec);
        await killed.Task.Unwrap();
    }

    [Test]
    public async Task WhatAJobExtractedIsTakenByTheNextOfAnyEngine()
    {
        var spec = new ArchiveSpec([_captures]) { ShardOctets = 4_096 };
        string runs = Path.Combine(_folder, "runs");
        await using var cluster = await TestCluster.StartAsync(3);
        await CheckAsync(await cluster.DoAsync(spec with { Runs = runs }, Path.Combine(_folder, "job")), spec);
        string[] made = Made();
        Assert.That(made, Is.Not.Empty);
        // a folder of its own is another job: what it extracts is there
        await CheckAsync(await cluster.DoAsync(spec with { Runs = runs }, Path.Combine(_folder, "again")), spec);
        await CheckAsync(await cluster.DoAsync(spec, Path.Combine(_folder, "without")), spec with { Runs = runs });
        Assert.That(Made(), Is.EqualTo(made), "no run was made or made again");
        Assert.That(Directory.EnumerateFiles(Path.Combine(_folder, "again", "shards"), "records", SearchOption.AllDirectories), Is.Empty, "a job has no copy of a run");

        string[] Made() => [.. Directory.EnumerateFiles(runs, "run.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(run => $"{run} {File.GetLastWriteTimeUtc(run).Ticks}")];
    }

    private Task CheckAsync(JobResult result, ArchiveSpec spec) => SingleProcess.CheckAsync(result, spec, Path.Combine(_folder, $"local{++_singles}"));
}
