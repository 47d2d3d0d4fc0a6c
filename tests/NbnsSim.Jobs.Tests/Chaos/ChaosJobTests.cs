using System.Text.Json;
using NbnsSim.Checking;
using NbnsSim.Jobs.Chaos;
using NbnsSim.Jobs.Tables;
using NbnsSim.Jobs.Tests.Engine;
using NbnsSim.Jobs.Tests.Tables;
using NbnsSim.Names;
using NbnsSim.Scenarios;
using NbnsSim.Testing.Chaos;

namespace NbnsSim.Jobs.Tests.Chaos;

/// <summary>Campaigns of chaos: the same result however they are split, and failures as small scenario files.</summary>
public sealed class ChaosJobTests
{
    private TestFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TestFolder();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task TheResultIsTheSameForEachBlockSizeAndNumberOfThreads()
    {
        string? expected = null;
        foreach (var (size, parallel) in new[] { (1_000, 1), (1, 2), (7, 3) })
        {
            using var folder = new TestFolder();
            var result = await folder.RunAsync(new ChaosSpec(5, 44, new ChaosOptions { MaxHosts = 5 }, size), parallel);
            string contents = TestFolder.Contents(result.Folder);
            Assert.That(contents, Is.EqualTo(expected ??= contents), $"{size} seeds a shard");
        }
    }

    [Test]
    public async Task ItSaysWhatWasSeen()
    {
        var spec = ChaosSpec.Of((1, 200), hosts: 6);
        var result = await _folder.RunAsync(spec);
        using var summary = JsonDocument.Parse(result.Summary);
        var root = summary.RootElement;
        Assert.That(spec.IsAsHoped(root));
        Assert.That((root.GetProperty("runs").GetInt64(), root.GetProperty("met").GetInt64(), root.GetProperty("shrunk").GetArrayLength()), Is.EqualTo((200L, 200L, 0)));
        Assert.That(root.GetProperty("held").GetProperty("claims-end").GetInt64(), Is.EqualTo(200));
        Assert.That(root.GetProperty("rules").GetArrayLength(), Is.GreaterThan(50));
        Assert.That(root.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("rule").GetString()).Intersect(root.GetProperty("rulesNeverReached").EnumerateArray().Select(rule => rule.GetString()), StringComparer.Ordinal), Is.Empty);
        var rows = Duck.Rows("SELECT count(*), sum(packets), sum(events), count(settled_ms) FROM {file}", Path.Combine(result.Folder, JobTables.Runs.FileName)).Single();
        Assert.That(rows[0], Is.EqualTo(200L));
        Assert.That(rows[1]!.ToString(), Is.EqualTo(root.GetProperty("packets").GetProperty("sum").GetRawText()));
        Assert.That(rows[3], Is.EqualTo(root.GetProperty("settledMs").GetProperty("count").GetInt64()));
        string page = await File.ReadAllTextAsync(Path.Combine(result.Folder, "chaos.html"));
        Assert.That(page, Does.Contain("200 networks, and in each all held").And.Not.Contain("<script").And.Not.Contain("http://").And.Not.Contain("https://"));
    }

    [Test]
    public void AFailureIsMadeSmallAndWrittenAsAFileThatFailsTheSameWay()
    {
        var spec = new ChaosSpec(1, 60, new ChaosOptions { MaxHosts = 6, Faults = ChaosFaults.Loss }, seedsPerShard: 20);
        var job = new ChaosJob(spec, seed => WithTaker(ChaosScenario.Generate(seed, spec.Options)));
        string results = Do(job, out string summary);
        using var json = JsonDocument.Parse(summary);
        string property = CheckProperties.NobodyRefused.Name;
        var failure = json.RootElement.GetProperty("failures").EnumerateArray().Single(one => one.GetProperty("failure").GetString() == property);
        Assert.That(failure.GetProperty("repeat").GetString(), Does.StartWith($"nbnssim campaign chaos --seeds {failure.GetProperty("seeds")[0].GetRawText()}..").And.Contain(" --hosts 6 --faults loss --out "));
        var small = json.RootElement.GetProperty("shrunk").EnumerateArray().Where(one => one.GetProperty("property").GetString() == property).ToList();
        Assert.That(small.Select(one => one.GetProperty("seed").GetUInt64()), Is.EqualTo(failure.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetUInt64()).Take(3)));
        foreach (var one in small)
        {
            var scenario = Scenario.Load(Path.Combine(results, one.GetProperty("file").GetString()!));
            Assert.That(scenario.Hosts, Has.Length.InRange(2, 3), "who takes the name, whose it is, and their name server");
            Assert.That(scenario.Rules, Is.Empty);
            Assert.That(scenario.Check!.Properties, Is.EqualTo([property]));
            var result = new Checker(scenario, [CheckProperties.Find(property)!], new CheckOptions { MaxFaults = 0 }).Run();
            Assert.That((result.Verdict, result.Counterexample?.Text), Is.EqualTo((CheckVerdict.Broken, one.GetProperty("text").GetString())));
        }
    }

    [Test]
    public void AFewSeedsAreAsManyShardsAsKeepAllCoresBusy()
    {
        Assert.That(Shards(1, 1_000), Is.EqualTo(17), "of 62 each");
        Assert.That(Shards(1, 100_000), Is.EqualTo(391), "of 256 each");
        Assert.That(Shards(1, 3), Is.EqualTo(3));

        static int Shards(ulong first, ulong last) => new ChaosSpec(first, last).CreateWork().Next(new Dictionary<string, CommittedShard>(StringComparer.Ordinal), []).Count;
    }

    [TestCase("0", null, "--hosts")]
    [TestCase(null, "fire", "'fire' is no fault of chaos: expected loss, duplicate, reorder, delay, partition, corrupt, hold, crash, pause, forge, 'all' or 'none'.")]
    public void WhatIsNotPossibleIsSaid(string? hosts, string? faults, string expected)
    {
        var e = Assert.Throws<JobException>(() => CampaignLine.Read(["chaos"], (1, 2), null, faults, hosts is null ? null : 0));
        Assert.That(e!.Message, hosts is null ? Is.EqualTo(expected) : Does.StartWith("A network of chaos has 2 to 1,000 hosts."));
    }

    [Test]
    public void ChaosStandsAlone()
    {
        Assert.That(() => CampaignLine.Read(["chaos", "q131739"], (1, 2), null, null, null), Throws.InstanceOf<JobException>());
        Assert.That(() => CampaignLine.Read(["q131739"], (1, 2), null, null, 7), Throws.InstanceOf<JobException>());
        Assert.That(CampaignLine.Read(["q131739"], (1, 2), null, null, null).Kind, Is.EqualTo("campaign"));
        var spec = CampaignLine.Read(["chaos"], (1, 2), "nt4,w2k", "loss,crash", 20);
        Assert.That(JobSpec.Parse(spec.ToJson()), Is.EqualTo(spec));
    }

    /// <summary>A machine that has taken another one's name before that boots.</summary>
    private static Scenario WithTaker(Scenario scenario)
    {
        var before = TimeSpan.FromMinutes(1);
        var victim = scenario.Hosts.First(host => host.Roles == HostRoles.Node);
        var place = victim.Interfaces[0];
        var taker = victim with { Name = "TAKER", Group = "TAKER", Interfaces = [new ScenarioInterface(place.Segment, new Ipv4Address(place.Address.Value | 0xFF00))] };
        ScenarioStep[] steps =
        [
            new NodeStep(Instant.Epoch, NodeCommand.Boot) { Hosts = [taker.Name] },
            new NodeStep(Instant.Epoch, NodeCommand.AddName) { Hosts = [taker.Name], Name = new NetBiosName(victim.Name, NameSuffix.Workstation) },
        ];
        return scenario with
        {
            Hosts = [.. scenario.Hosts, taker],
            Steps = [.. steps, .. scenario.Steps.Select(step => step with { At = step.At + before })],
            Rules = [.. scenario.Rules.Select(rule => rule with { Rule = rule.Rule with { Start = rule.Rule.Start + before, End = rule.Rule.End + before } })],
            End = scenario.End + before,
        };
    }

    private string Do(ChaosJob job, out string summary)
    {
        var committed = new Dictionary<string, CommittedShard>(StringComparer.Ordinal);
        string FolderOf(string id) => Directory.CreateDirectory(Path.Combine(_folder.Job, id)).FullName;
        while (job.Next(committed, []) is { Count: > 0 } shards)
        {
            foreach (var shard in shards)
                committed.Add(shard.Id, new CommittedShard(shard.Id, job.Run(shard, FolderOf(shard.Id), CancellationToken.None), shard.Weight));
        }

        string results = FolderOf("results");
        summary = job.Combine(committed, [], FolderOf, results, CancellationToken.None);
        return results;
    }
}
