using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;
using NbnsSim.Wire;
using static NbnsSim.Tests.Nodes.NodeBed;

namespace NbnsSim.Tests.Nodes;

public sealed class EndNodeOptionsTests
{
    [TestCase("rfc1002")]
    [TestCase("nt3.5")]
    [TestCase("NT3.51")]
    [TestCase("nt4")]
    [TestCase("w2k")]
    public void TryFind_FindsEveryPreset(string name)
    {
        Assert.That(NetBtDialect.TryFind(name, out var dialect), Is.True);
        Assert.That(dialect!.Name, Is.EqualTo(name.ToLowerInvariant()));
    }

    [TestCase("nt5")]
    [TestCase("")]
    [TestCase(null)]
    public void TryFind_RefusesTheRest(string? name) => Assert.That(NetBtDialect.TryFind(name, out _), Is.False);

    [Test]
    public void Nt351_DiffersFromNt35_InOneInference_AndWhatArticlesSay()
    {
        Assert.That(
            NetBtDialect.WindowsNt351 with
            {
                Name = "nt3.5",
                Title = "Windows NT 3.5",
                ReleaseDemand = ReleaseDemandRule.ConflictOnName,
                AsksNextServerAfterNegative = false, // Q137780
                SkipsReleasesAtShutdown = false, // Q140419
                ReleasesServerNameOnFirstAdapterOnly = false, // Q184832
                Timing = NetBtDialect.WindowsNt35.Timing, // Q164308
            },
            Is.EqualTo(NetBtDialect.WindowsNt35));
    }

    [Test]
    public void Timing_RefusesNonsense()
    {
        Assert.That(() => new NetBtTiming { BroadcastRetryCount = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new NetBtTiming { BroadcastRetryTimeout = TimeSpan.Zero }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new NetBtTiming { CacheTimeout = TimeSpan.FromDays(366) }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(new NetBtTiming { NameServerRetryCount = 0 }.NameServerRetryCount, Is.Zero, "NameSrvQueryCount may be 0");
    }

    [Test]
    [Clause("MS-NBTE §3.1.2/1")]
    public void Timing_OfTheRfcAndOfWindows()
    {
        var rfc = NetBtTiming.Rfc1002;
        Assert.That((rfc.BroadcastRetryCount, rfc.BroadcastRetryTimeout.TotalMilliseconds, rfc.NameServerRetryCount, rfc.NameServerRetryTimeout.TotalSeconds, rfc.ConflictTimeout.TotalSeconds),
            Is.EqualTo((3, 250d, 3, 5d, 1d)));
        var windows = NetBtTiming.Windows;
        Assert.That((windows.BroadcastRetryCount, windows.BroadcastRetryTimeout.TotalMilliseconds, windows.NameServerRetryCount, windows.NameServerRetryTimeout.TotalMilliseconds),
            Is.EqualTo((3, 750d, 3, 1500d)));
        Assert.That((windows.CacheTimeout.TotalMilliseconds, windows.InitialRefreshTimeout.TotalMilliseconds, windows.NameServerDownTimeout.TotalMilliseconds),
            Is.EqualTo((600_000d, 960_000d, 15_000d)));
    }

    [Test]
    public void Options_RefuseNonsense()
    {
        Assert.That(() => new EndNodeOptions { NodeType = (OwnerNodeType)4 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new EndNodeOptions { RefreshOpcode = NbnsOpcode.Query }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new EndNodeOptions { Workgroup = "SIXTEENCHARACTERS" }, Throws.ArgumentException);
        Assert.That(() => new EndNodeOptions { NameServers = [.. Enumerable.Range(1, 13).Select(i => new Ipv4Address((uint)i))] }, Throws.ArgumentException);
        Assert.That(() => new EndNodeOptions { CacheCapacity = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new EndNode("SIXTEENCHARACTERS", EndNodeInterface.InSubnet(Ip("10.0.0.1")), EndNodeOptions.Default), Throws.ArgumentException);
        Assert.That(() => new EndNode("ALPHA", [], EndNodeOptions.Default), Throws.ArgumentException);
    }

    [Test]
    public void Scope_NodesOfDifferentScopes_DoNotSeeEachOther()
    {
        // RFC 1002 §5.1
        var bed = new NodeBed();
        var alpha = bed.Add("ALPHA", "10.0.0.1", null, options => options with { Scope = NetBiosScope.Parse("SALES") });
        var beta = bed.Add("BETA", "10.0.0.2", null, options => options with { Scope = NetBiosScope.Parse("sales") });
        bed.Do(alpha, now => alpha.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        var claim = bed.Do(beta, now => beta.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.Result(beta, claim).Outcome, Is.EqualTo(OperationOutcome.Succeeded), "scopes are case-sensitive (Q163112)");
        Assert.That(alpha.GetName(0).Name.Scope.ToString(), Is.EqualTo("SALES"));

        bed.Do(alpha, now => alpha.AddName(now, Name("OTHER<20>.SIDE")));
        bed.RunSeconds(5);
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0, "NAME<20>.SALES", NbnsType.NBStat);
        Assert.That(NbnsPacket.TryParse(bed.From(alpha).Last().Bytes, out var packet), Is.True);
        Assert.That(packet.Record.NodeNameCount, Is.EqualTo(1), "node status lists names of the request's scope only");
    }

    [Test]
    [Reaches("T9.out-of-resources")]
    public void Names_AreBounded()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", null, options => options with { MaxTransactions = 1000 });
        for (int i = 0; i < 256; i++)
            bed.Do(node, now => node.AddName(now, Name($"NAME{i}<20>")));
        Assert.That(node.NameCount, Is.EqualTo(EndNodeOptions.MaxNames));
        Assert.That(bed.Results["ALPHA"].Count(result => result.Outcome == OperationOutcome.OutOfResources), Is.EqualTo(2));
    }

    [Test]
    public void Cache_IsBounded_TheEntryThatWouldGoFirstMakesRoom()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", null, options => options with { CacheCapacity = 2 });
        foreach (int i in (int[])[1, 2, 3])
        {
            bed.Do(node, now => node.Query(now, Name($"NAME{i}<20>"), 0x100));
            bed.SendResponse("10.0.0.7", "10.0.0.1", 0x8500, $"NAME{i}<20>", "10.0.0.7", id: 0x100);
            bed.RunSeconds(2);
        }

        Assert.That(node.GetCacheRows(bed.Now).Select(row => row.Name.ToString()), Is.EquivalentTo(["NAME2<20>", "NAME3<20>"]));
        Assert.That(node.GetCacheRows(bed.Now).Select(row => row.LifeSeconds), Is.EquivalentTo([596, 598]));
    }

    [Test]
    [Reaches("T5.preload")]
    public void PreloadedNames_StayInTheCache()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        node.PreloadName(bed.Now, Name("SERVER<20>"), Ip("10.9.0.1"));
        node.PurgeCache(Instant.Epoch);
        bed.SendRequest("10.9.0.1", null, 0x3010, "SERVER<20>", "10.9.0.1");
        Assert.That(node.GetCacheRows(bed.Now).Single().LifeSeconds, Is.EqualTo(NbtStatCacheRow.Preloaded));
        var id = bed.Do(node, now => node.Query(now, Name("SERVER<20>")));
        Assert.That(bed.Result(node, id).Source, Is.EqualTo(AnswerSource.Cache));
    }

    [Test]
    public void Statistics_CountWhatNbtstatShows()
    {
        var bed = new NodeBed();
        var alpha = bed.Add("ALPHA", "10.0.0.1");
        var beta = bed.Add("BETA", "10.0.0.2");
        bed.Do(alpha, now => alpha.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        bed.Do(beta, now => beta.Query(now, Name("NAME<20>")));
        Assert.That(alpha.GetStatistics(), Is.EqualTo(new NbtStatStatistics(0, 0, 1, 0)));
        Assert.That(beta.GetStatistics(), Is.EqualTo(new NbtStatStatistics(1, 0, 0, 0)));
        Assert.That(beta.GetNamesResolvedByBroadcast(), Is.EqualTo([Name("NAME<20>")]));
    }

    [Test]
    public void WithoutResults_NothingIsKept()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", null, options => options with { ReportsResults = false });
        bed.Do(node, node.Boot);
        bed.RunSeconds(30);
        Assert.That(bed.Results["ALPHA"], Is.Empty);
        Assert.That(node.NameCount, Is.EqualTo(5));
    }

    [Test]
    [Reaches("T9.not-running")]
    public void CommandsToANodeThatIsOff_EndAtOnce()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        bed.Do(node, node.Shutdown);
        Assert.That(node.IsShutDown, Is.True);
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NotRunning));
    }
}
