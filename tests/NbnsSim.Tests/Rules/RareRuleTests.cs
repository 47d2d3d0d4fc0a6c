using NbnsSim.Messages;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Tests.NameServers;
using NbnsSim.Tests.Nodes;
using NbnsSim.Wire;
using Sent = NbnsSim.Tests.Nodes.Sent;

namespace NbnsSim.Tests.Rules;

/// <summary>Decisions that come about seldom: repeated commands, odd packets, time that runs out in the midst of something else.</summary>
public sealed class RareRuleTests
{
    private NodeBed _bed = null!;

    [SetUp]
    public void Begin() => _bed = new NodeBed();

    [Test]
    [Reaches("B1.already-here")]
    public void RuleB1_ANameThatIsInTheTable_IsNotClaimedAgain()
    {
        var alpha = _bed.Add("ALPHA", "10.0.0.1");
        _bed.Do(alpha, now => alpha.AddName(now, NodeBed.Name("SHARE<20>")));
        _bed.RunSeconds(5);
        int sent = _bed.Log.Count;
        var again = _bed.Do(alpha, now => alpha.AddName(now, NodeBed.Name("SHARE<20>")));
        _bed.RunSeconds(5);
        Assert.That(_bed.Result(alpha, again).Outcome, Is.EqualTo(OperationOutcome.AlreadyHere));
        Assert.That(_bed.Log, Has.Count.EqualTo(sent));
    }

    [Test]
    [Reaches("B4.not-here")]
    public void RuleB4_WhatIsNotInTheTable_CannotBeGivenUp()
    {
        var alpha = _bed.Add("ALPHA", "10.0.0.1");
        var gone = _bed.Do(alpha, now => alpha.DeleteName(now, NodeBed.Name("SHARE<20>")));
        _bed.RunSeconds(5);
        Assert.That(_bed.Result(alpha, gone).Outcome, Is.EqualTo(OperationOutcome.NotHere));
        Assert.That(_bed.Log, Is.Empty);
    }

    [Test]
    [Reaches("D1.no-such-interface")]
    public void RuleD1_WhatComesInOnAnInterfaceThatIsNotThere_IsNotHeard()
    {
        var alpha = _bed.Add("ALPHA", "10.0.0.1");
        _bed.Do(alpha, alpha.Boot);
        _bed.RunSeconds(10);
        var buffer = new byte[576];
        int length = NbnsEncoder.WriteQuery(buffer, 1, NbnsFlagWords.QueryRequest, NodeBed.Name("ALPHA<20>"));
        alpha.HandleDatagram(_bed.Now, new Datagram(buffer.AsSpan(0, length), Ipv4Endpoint.NameService(NodeBed.Ip("10.0.0.9")), Ipv4Endpoint.NameService(alpha.Address), isBroadcast: false, interfaceIndex: 1));
        Assert.That(alpha.TryPollTransmit(buffer, out _), Is.False);
    }

    [Test]
    [Reaches("D1.unreadable")]
    public void RuleD1_WhatCannotBeRead_IsNotLookedAt()
    {
        var alpha = _bed.Add("ALPHA", "10.0.0.1");
        _bed.Do(alpha, alpha.Boot);
        _bed.RunSeconds(10);
        byte[] query = new byte[576];
        int length = NbnsEncoder.WriteQuery(query, 1, NbnsFlagWords.QueryRequest, NodeBed.Name("ALPHA<20>"));
        int sent = _bed.Log.Count;
        _bed.Send("10.0.0.9", "10.0.0.1", query.AsSpan(0, length - 1));
        Assert.That(_bed.Log, Has.Count.EqualTo(sent + 1), "the query alone");
        _bed.Send("10.0.0.9", "10.0.0.1", query.AsSpan(0, length));
        Assert.That(_bed.Log, Has.Count.EqualTo(sent + 3), "whole, it is answered");
    }

    [Test]
    [Reaches("D1.unknown-kind")]
    public void RuleD1_ARequestOfNoKnownKind_IsNotActedOn()
    {
        var alpha = _bed.Add("ALPHA", "10.0.0.1");
        _bed.Do(alpha, alpha.Boot);
        _bed.RunSeconds(10);
        int sent = _bed.Log.Count;
        _bed.SendRequest("10.0.0.9", "10.0.0.1", 0x1000, "ALPHA<20>", "10.0.0.9"); // opcode 2
        Assert.That(_bed.Log, Has.Count.EqualTo(sent + 1));
    }

    [Test]
    [Reaches("D1.own-claim")]
    public void RuleD1_AClaimFromAnEarlierAdapter_IsTheNodesOwn()
    {
        var alpha = _bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, null, "10.0.0.2");
        _bed.Do(alpha, now => alpha.AddGroupName(now, NodeBed.Name("SHARE<20>")));
        _bed.RunSeconds(10);
        int sent = _bed.Log.Count;
        _bed.SendRequest("10.0.0.1", null, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, "SHARE<20>", "10.0.0.1");
        Assert.That(_bed.Log, Has.Count.EqualTo(sent + 1), "the second adapter does not refuse it");
    }

    [Test]
    [Reaches("T8.played", "P7.refresh")]
    public void RuleT8_ANodeInThePlaceOfACapturedHost_RefreshesWhenThatDid()
    {
        var server = new ScriptedServer(_bed);
        var alpha = _bed.Add("ALPHA", "10.0.0.1", with: options => options with { NodeType = OwnerNodeType.P, NameServers = [server.Address] });
        Assert.That(alpha.RefreshName(_bed.Now, NodeBed.Name("SHARE<20>")), Is.False, "it does not hold the name");
        Assert.That(alpha.AssumeName(_bed.Now, NodeBed.Name("SHARE<20>"), isGroup: false), Is.True);
        Assert.That(alpha.RefreshName(_bed.Now, NodeBed.Name("SHARE<20>"), 0x1234), Is.True);
        _bed.Settle();
        Assert.That(server.Received.Select(request => (request.Kind, request.TransactionId)), Is.EqualTo(new[] { (NbnsMessageKind.NameRefreshRequest, (ushort)0x1234) }));
    }

    [Test]
    [Reaches("P7.postponed")]
    public void RuleP7_ARefreshThatIsDueWhileThereIsNoRoomForIt_Waits()
    {
        var server = new ScriptedServer(_bed);
        var alpha = _bed.Add("ALPHA", "10.0.0.1", with: options => options with { NodeType = OwnerNodeType.P, NameServers = [server.Address], MaxTransactions = 1 });
        _bed.Do(alpha, now => alpha.AddName(now, NodeBed.Name("SHARE<20>")));
        _bed.RunSeconds(5995);
        server.IsDown = true;
        server.Received.Clear();
        _bed.Do(alpha, now => alpha.Query(now, NodeBed.Name("OTHER<20>")));
        _bed.RunSeconds(20);
        Assert.That(server.Kinds.Distinct(), Is.EqualTo(new[] { NbnsMessageKind.NameQueryRequest }), "at 6000 s the refresh was due");
        server.IsDown = false;
        _bed.RunSeconds(1000);
        Assert.That(server.Kinds.Last(), Is.EqualTo(NbnsMessageKind.NameRefreshRequest));
    }

    [Test]
    [Reaches("P7.nothing")]
    public void RuleP7_WhereTheNameIsInConflictOnOneAdapter_AndTheOtherHasATimeOfItsOwn_NothingIsRefreshed()
    {
        // The name server grants the first adapter the name, and is silent to the second, which tries again by itself (Q164308).
        var refreshes = new List<Sent>();
        _bed.AddStation("10.0.0.200", (request, reply) =>
        {
            if (request.IsBroadcast)
                return;
            if (request.Kind == NbnsMessageKind.NameRefreshRequest)
                refreshes.Add(request);
            if (request.Source.Address == NodeBed.Ip("10.0.0.1"))
                reply(ScriptedServer.Respond(NbnsFlagWords.RegistrationResponse, 6000)(request)!);
        });
        var alpha = _bed.Add(
            "ALPHA", "10.0.0.1", NetBtDialect.Windows2000, options => options with { NodeType = OwnerNodeType.P, NameServers = [NodeBed.Ip("10.0.0.200")] }, "10.0.0.2");
        _bed.Do(alpha, now => alpha.AddName(now, NodeBed.Name("SHARE<20>")));
        _bed.RunSeconds(60);
        _bed.SendResponse("10.0.0.9", "10.0.0.1", NbnsFlagWords.ConflictDemand, "SHARE<20>", "0.0.0.0");
        _bed.RunSeconds(6000);
        Assert.That(refreshes, Is.Empty);
    }

    [Test]
    [Reaches("E1.4321-error")]
    public void RuleE1_AClaimThatEndsInAnError_IsLoggedAsARefusal()
    {
        var server = new ScriptedServer(_bed).Then(NbnsMessageKind.NameRegistrationRequest, ScriptedServer.Respond(NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.Refused));
        var alpha = _bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000, options => options with { NodeType = OwnerNodeType.P, NameServers = [server.Address] });
        _bed.Do(alpha, now => alpha.AddName(now, NodeBed.Name("SHARE<20>")));
        _bed.RunSeconds(30);
        Assert.That(_bed.Events["ALPHA"].Select(logged => logged.Id), Is.EqualTo(new[] { 4321 }));
    }

    [Test]
    [Reaches("D3.nodes-business")]
    public void RuleD3_ANodeStatusRequest_IsNotForANameServer()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        var buffer = new byte[576];
        int length = NbnsEncoder.WriteQuery(buffer, 1, NbnsFlagWords.NodeStatusRequest, NodeBed.Name("*"), NbnsType.NBStat);
        Assert.That(bench.Deliver(buffer.AsSpan(0, length), "10.0.0.1"), Is.Empty);
    }

    [Test]
    [Reaches("S12.postponed", "S12.asked")]
    public void RuleS12_AnOwnerThatIsBeingAskedAsMuchAsItMayBe_IsAskedLater()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002Secured, options => options with { ChallengesPerOwner = 1 });
        bench.Register("ONE<20>", "10.0.0.1", ttl: 100);
        bench.Register("TWO<20>", "10.0.0.1", ttl: 100);
        bench.Pass(TimeSpan.FromSeconds(199));
        Assert.That(bench.Pass(TimeSpan.FromSeconds(2)).Challenge().Entries, Is.Empty, "one of the two");
        Assert.That(bench.Server.GetRecords(), Has.Length.EqualTo(2));
    }
}
