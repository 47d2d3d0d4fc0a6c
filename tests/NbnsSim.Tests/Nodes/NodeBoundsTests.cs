using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;
using static NbnsSim.Tests.Nodes.NodeBed;

namespace NbnsSim.Tests.Nodes;

/// <summary>What a node holds at most, what it says of itself, and when two nodes or two results are the same.</summary>
public sealed class NodeBoundsTests
{
    private static readonly Ipv4Address Server = Ip("10.0.0.250");

    [Test]
    public void ANodeHasOneToSixteenInterfaces()
    {
        Assert.That(new EndNode("ALPHA", Interfaces(16), EndNodeOptions.Default).InterfaceCount, Is.EqualTo(16));
        Assert.That(() => new EndNode("ALPHA", Interfaces(17), EndNodeOptions.Default), Throws.ArgumentException.With.Message.Contains("A node has 1 to 16 interfaces, not 17"));
        Assert.That(() => new EndNode("ALPHA", Interfaces(0), EndNodeOptions.Default), Throws.ArgumentException);
        Assert.That(() => new EndNode(null!, Interfaces(1), EndNodeOptions.Default), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("computerName"));
        Assert.That(() => new EndNode("ALPHA", Interfaces(1), null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("options"));

        var node = new EndNode("ALPHA", Interfaces(2), EndNodeOptions.Default);
        Assert.That(node.GetInterface(1).Address, Is.EqualTo(Ip("10.0.1.1")));
        Assert.That(() => node.GetInterface(2), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => node.GetInterface(-1), Throws.TypeOf<ArgumentOutOfRangeException>());

        static EndNodeInterface[] Interfaces(int count) => [.. Enumerable.Range(0, count).Select(i => EndNodeInterface.InSubnet(new Ipv4Address(0x0A00_0001u + ((uint)i << 8))))];
    }

    [Test]
    public void ANodeHasAtMostTwelveNameServers()
    {
        Assert.That(new EndNodeOptions { NameServers = [.. Enumerable.Repeat(Server, 12)] }.NameServers, Has.Length.EqualTo(12));
        Assert.That(() => new EndNodeOptions { NameServers = [.. Enumerable.Repeat(Server, 13)] }, Throws.ArgumentException.With.Message.Contains("at most 12 name servers"));
        Assert.That(new EndNodeOptions { NameServers = default }.NameServers, Is.Empty);
    }

    /// <summary>NetBIOS' 254 names.</summary>
    [Test]
    public void ANodeHoldsAtMost254Names()
    {
        var node = Node();
        for (int i = 0; i < 254; i++)
            Assert.That(node.AssumeName(default, Name($"N{i}<20>"), isGroup: i % 2 == 1), Is.True, $"name {i}");
        Assert.That(node.AssumeName(default, Name("ONEMORE<20>"), isGroup: false), Is.False);
        Assert.That(node.NameCount, Is.EqualTo(254));
        for (int i = 0; i < 254; i++)
            Assert.That((node.GetName(i).Name, node.GetName(i).IsGroup), Is.EqualTo((Name($"N{i}<20>"), i % 2 == 1)));
        Assert.That(() => node.GetName(254), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(node.AssumeName(default, Name("N7<20>"), isGroup: true), Is.False, "it has the name");

        var bed = new NodeBed();
        bed.Add(node);
        for (int i = 0; i < 254; i++)
        {
            bed.SendQuery("10.0.0.9", null, 0x0110, $"N{i}<20>");
            Assert.That((bed.Log[^1].Name, (int)bed.Log[^1].Flags), Is.EqualTo((Name($"N{i}<20>"), 0x8500)));
        }
    }

    /// <summary>RFC 1002 §4.2.18: what does not fit into 576 octets is cut, and TC says so.</summary>
    [TestCase("", 26, false)]
    [TestCase("", 27, true)]
    [TestCase("ABCDEFGHIJKLMNOPQRST", 25, false)]
    [TestCase("ABCDEFGHIJKLMNOPQRST", 26, true)]
    public void ANodeStatusListsAsManyNamesAsFit(string scope, int names, bool isTruncated)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", with: options => options with { Scope = NetBiosScope.Parse(scope) });
        for (int i = 0; i < names; i++)
            node.AssumeName(bed.Now, new NetBiosName($"N{i}", NameSuffix.Server), isGroup: false);
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0, scope.Length == 0 ? "N0<20>" : $"N0<20>.{scope}", NbnsType.NBStat);
        var answer = bed.From(node).Single();

        Assert.That(answer.Bytes, Has.Length.LessThanOrEqualTo(576));
        Assert.That(NbnsPacket.TryParse(answer.Bytes, out var packet), Is.True);
        Assert.That((packet.Record.NodeNameCount, packet.Flags.IsTruncated), Is.EqualTo((isTruncated ? names - 1 : names, isTruncated)));
    }

    /// <summary>RFC 1002 §4.2.18: DRG while the name is being released; §4.2.9: a release says whether the name is a group.</summary>
    [TestCase(false, 0x3400, 0x2000)]
    [TestCase(true, 0xB400, 0xA000)]
    public void ANameThatIsBeingReleasedSaysSo(bool isGroup, int nameFlags, int nbFlags)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", with: options => options with { NodeType = OwnerNodeType.P, NameServers = [Server] });
        node.AssumeName(bed.Now, Name("FRED<20>"), isGroup);
        bed.Do(node, now => node.DeleteName(now, Name("FRED<20>")));
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0, "FRED<20>", NbnsType.NBStat);

        Assert.That((int)bed.From(node).First().Entry.Flags.Value, Is.EqualTo(nbFlags));
        Assert.That(NbnsPacket.TryParse(bed.From(node).Last().Bytes, out var packet), Is.True);
        Assert.That((int)packet.Record.GetNodeName(0).Flags.Value, Is.EqualTo(nameFlags));
    }

    /// <summary>RFC 1002 §5.1.2.5, §5.1.3.5: node status for <c>*</c>; §5.1.1.5 has a B node answer for names that it holds.</summary>
    [TestCase(OwnerNodeType.B, false)]
    [TestCase(OwnerNodeType.P, true)]
    [TestCase(OwnerNodeType.M, true)]
    [TestCase(OwnerNodeType.H, true)]
    public void NodeStatusOfAnyNodeIsAnsweredByAllButBNodes(OwnerNodeType nodeType, bool answers)
    {
        var bed = new NodeBed();
        var node = bed.Add(
            "ALPHA", "10.0.0.1", NetBtDialect.Rfc1002 with { AnswersStatusWildcard = false }, options => options with { NodeType = nodeType, NameServers = [Server] });
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0, "*", NbnsType.NBStat);
        Assert.That(bed.From(node).Count(), Is.EqualTo(answers ? 1 : 0));
    }

    /// <summary>RFC 1002 §5.1.2.5, §5.1.3.5: a query sent to the node alone for a name that it does not have; §5.1.1.5: a B node is silent.</summary>
    [TestCase(OwnerNodeType.B, false)]
    [TestCase(OwnerNodeType.P, true)]
    [TestCase(OwnerNodeType.M, true)]
    [TestCase(OwnerNodeType.H, true)]
    public void AQueryForANameThatItDoesNotHaveIsAnsweredByAllButBNodes(OwnerNodeType nodeType, bool answers)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", with: options => options with { NodeType = nodeType, NameServers = [Server] });
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0, "NOSUCH<20>");
        Assert.That(bed.From(node).Select(sent => (int)sent.Flags), Is.EqualTo(answers ? new[] { 0x8503 } : []));
    }

    [Test]
    public void NodesAreInTheSameStateWhereNothingDiffers()
    {
        Assert.That(Node().HasSameStateAs(Node()), Is.True);
        Assert.That(Node().HasSameStateAs(Node(with: options => options with { Workgroup = "OTHER" })), Is.False, "options");
        Assert.That(Node().HasSameStateAs(Node(address: "10.0.0.2")), Is.False, "interface");
        Assert.That(Node().HasSameStateAs(Node(name: "BETA")), Is.False, "name");
        Assert.That(Node().HasSameStateAs(Node(seed: 2)), Is.False, "random numbers");
        Assert.That(() => Node().HasSameStateAs(null!), Throws.ArgumentNullException);
        var named = Node();
        named.AssumeName(default, Name("FRED<20>"), isGroup: false);
        Assert.That(Node().HasSameStateAs(named), Is.False, "names");
        var preloaded = Node();
        preloaded.PreloadName(default, Name("FRED<20>"), Server);
        Assert.That(Node().HasSameStateAs(preloaded), Is.False, "cache");
        var asking = Node();
        asking.Query(default, Name("FRED<20>"));
        Assert.That(Node().HasSameStateAs(asking), Is.False, "transactions");
        var other = Node();
        other.Query(default, Name("GEORGE<20>"));
        Assert.That(other.HasSameStateAs(asking), Is.False, "what is asked");
        var same = Node();
        same.Query(default, Name("FRED<20>"));
        Assert.That(same.HasSameStateAs(asking), Is.True);
        same.TryPollTransmit(new byte[576], out _);
        Assert.That(same.HasSameStateAs(asking), Is.False, "what is to be sent");
    }

    /// <summary>Nobody may take them: the oldest give way.</summary>
    [Test]
    public void ReportsThatNobodyTakesAreBounded()
    {
        var reports = new NodeReports();
        for (int i = 0; i < 5000; i++)
        {
            reports.Add(new OperationResult { Id = new OperationId(i) });
            reports.Add(NetBtEvent.NoNameServer(new Instant(i), backup: false));
        }

        var fork = reports.Fork();
        Assert.That((reports.TryTake(out OperationResult? result), result?.Id.Value, reports.TryTake(out NetBtEvent? logged), logged?.Time), Is.EqualTo((true, 904, true, new Instant(904))));
        for (int i = 1; i < 4096; i++)
            Assert.That(reports.TryTake(out result) && reports.TryTake(out logged), Is.True, $"{i}");
        Assert.That((reports.TryTake(out result), reports.TryTake(out logged), reports.HasSameStateAs(NodeReports.Empty), fork.HasSameStateAs(reports)), Is.EqualTo((false, false, true, false)));
    }

    [Test]
    public void ResultsDifferInEachOfTheirParts()
    {
        var result = Result();
        OperationResult[] others =
        [
            result with { Id = new OperationId(2) }, result with { Kind = OperationKind.Release }, result with { Name = Name("GEORGE<20>") },
            result with { Outcome = OperationOutcome.Cancelled }, result with { CompletedAt = new Instant(6) }, result with { Responder = default },
            result with { Rcode = NbnsRcode.Refused }, result with { Source = (AnswerSource)99 }, result with { UnitId = new MacAddress(3) },
            result with { Entries = [default] }, result with { Names = [default] },
        ];
        Assert.That(result.Equals(Result()), Is.True);
        Assert.That(result.GetHashCode(), Is.EqualTo(Result().GetHashCode()));
        foreach (var other in others)
            Assert.That(result.Equals(other) || other.Equals(result), Is.False, other.ToString());
        Assert.That(result.ToString(), Is.EqualTo("Query FRED<20>: Succeeded by 10.0.0.250"));
        Assert.That((result with { Responder = default }).ToString(), Is.EqualTo("Query FRED<20>: Succeeded"));

        static OperationResult Result() => new()
        {
            Id = new OperationId(1),
            Kind = OperationKind.Query,
            Name = Name("FRED<20>"),
            Outcome = OperationOutcome.Succeeded,
            CompletedAt = new Instant(5),
            Responder = Server,
        };
    }

    private static EndNode Node(string name = "ALPHA", string address = "10.0.0.1", ulong seed = 1, Func<EndNodeOptions, EndNodeOptions>? with = null) =>
        new(name, EndNodeInterface.InSubnet(Ip(address)), with?.Invoke(EndNodeOptions.Default) ?? EndNodeOptions.Default, seed);
}
