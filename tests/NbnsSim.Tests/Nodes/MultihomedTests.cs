using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>A host with several addresses: MS-NBTE §2.2.2, §3.1.</summary>
public sealed class MultihomedTests
{
    private static (NodeBed Bed, EndNode Node, ScriptedServer Server) WithServer(NetBtDialect? dialect = null)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", dialect ?? NetBtDialect.WindowsNt4, options => options with { NameServers = [server.Address] }, "10.0.1.1");
        return (bed, node, server);
    }

    private static (NodeBed Bed, EndNode Node) OnTwoSegments(NetBtDialect? dialect = null, Func<EndNodeOptions, EndNodeOptions>? with = null)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", dialect ?? NetBtDialect.WindowsNt4, with, "10.0.1.1");
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(10);
        return (bed, node);
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.1/5")]
    public void UniqueName_IsClaimedWithOpcode15_OnceForEachAddress()
    {
        var (bed, node, server) = WithServer();
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1234));
        Assert.That(server.Received.Select(sent => (sent.Flags, sent.Entry.Address)), Is.EqualTo([((ushort)0x7900, Ip("10.0.0.1")), ((ushort)0x7900, Ip("10.0.1.1"))]));
        Assert.That(server.Received.Select(sent => sent.Source.Address), Is.EqualTo([Ip("10.0.0.1"), Ip("10.0.1.1")]));
        Assert.That(server.Received[0].TransactionId, Is.EqualTo(0x1234));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded), "one result for all of them");
    }

    [Test]
    public void NameHeldOnOneInterface_IsAnsweredFor_WhileAnotherStillClaimsIt()
    {
        // A name server that has the first address asks there before it takes the second (MS-NBTE §3.2.5).
        var (bed, node, server) = WithServer();
        server.Then(MultihomedNameRegistrationRequest, Respond(0xAD80, 9000)).Then(MultihomedNameRegistrationRequest, Wack(9));
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registering));
        bed.SendQuery("10.0.0.200", "10.0.0.1", 0x0000, "NAME<20>");
        Assert.That(bed.Log[^1].Kind, Is.EqualTo(PositiveNameQueryResponse));
        Assert.That(bed.Log[^1].Entries.Select(entry => entry.Address), Is.EqualTo([Ip("10.0.0.1"), Ip("10.0.1.1")]));
    }

    [Test]
    [Reaches("T2.add-group-name")]
    public void GroupName_IsClaimedWithTheOrdinaryOpcode()
    {
        var (bed, node, server) = WithServer();
        bed.Do(node, now => node.AddGroupName(now, Name("LAB<00>")));
        Assert.That(server.Received.Select(sent => sent.Flags), Is.EqualTo([0x2900, 0x2900]));
    }

    [Test]
    public void RfcNode_KnowsNoOpcode15()
    {
        var (bed, node, server) = WithServer(NetBtDialect.Rfc1002);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(server.Kinds, Is.EqualTo([NameRegistrationRequest, NameRegistrationRequest]));
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.1/9")]
    public void LowestGrantedTime_Wins()
    {
        // Q153713
        var (bed, node, server) = WithServer();
        server.Then(MultihomedNameRegistrationRequest, Respond(0xAD80, 9000)).Then(MultihomedNameRegistrationRequest, Respond(0xAD80, 4000));
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(node.GetName(0).RefreshAt, Is.EqualTo(bed.Now + TimeSpan.FromSeconds(2000)));
        server.Received.Clear();
        bed.RunSeconds(2000);
        Assert.That(server.Received.Select(sent => (sent.Kind, sent.Entry.Address)), Is.EqualTo([(NameRefreshRequest, Ip("10.0.0.1")), (NameRefreshRequest, Ip("10.0.1.1"))]));
    }

    [Test]
    public void BroadcastClaim_GoesOutOnEverySegment()
    {
        var (bed, node) = OnTwoSegments();
        Assert.That(bed.Log.Select(sent => sent.Destination.Address).Distinct(), Is.EquivalentTo([Ip("10.0.0.255"), Ip("10.0.1.255")]));
        Assert.That(bed.Log.All(sent => sent.Entry.Address == sent.Source.Address), Is.True);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [Test]
    public void Query_IsAnsweredWithAllAddresses_TheOneThatWasAskedFirst()
    {
        var (bed, _) = OnTwoSegments();
        bed.SendQuery("10.0.1.9", "10.0.1.1", 0x0100, "NAME<20>");
        Assert.That(bed.Log[^1].Entries.Select(entry => entry.Address), Is.EqualTo([Ip("10.0.1.1"), Ip("10.0.0.1")]));
    }

    [Test]
    public void SingleResponse_GivesOneAddress()
    {
        var (bed, _) = OnTwoSegments(with: options => options with { SingleResponse = true });
        bed.SendQuery("10.0.1.9", "10.0.1.1", 0x0100, "NAME<20>");
        Assert.That(bed.Log[^1].Entries.Select(entry => entry.Address), Is.EqualTo([Ip("10.0.1.1")]));
    }

    [Test]
    public void RandomAdapter_PutsEitherFirst()
    {
        var (bed, _) = OnTwoSegments(with: options => options with { RandomAdapter = true });
        var first = new HashSet<Ipv4Address>();
        for (int i = 0; i < 30; i++)
        {
            bed.SendQuery("10.0.1.9", "10.0.1.1", 0x0100, "NAME<20>");
            first.Add(bed.Log[^1].Entry.Address);
        }

        Assert.That(first, Has.Count.EqualTo(2));
    }

    [Test]
    [Clause("MS-NBTE §3.1.5.1/1")]
    public void RuleC3_ConflictIsMarkedForEachInterface()
    {
        var (bed, node) = OnTwoSegments();
        bed.SendResponse("10.0.1.9", "10.0.1.1", 0xAD87, "NAME<20>", "0.0.0.0");
        Assert.That(node.GetNameRows(0).Single().Status, Is.EqualTo(NbtStatStatus.Registered));
        Assert.That(node.GetNameRows(1).Single().Status, Is.EqualTo(NbtStatStatus.Conflict));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Conflict));

        bed.Log.Clear();
        bed.SendRequest("10.0.0.9", null, 0x2910, "NAME<20>", "10.0.0.9");
        Assert.That(bed.Log, Has.Count.EqualTo(1), "not defended anywhere: any flagged interface suffices");
        bed.SendQuery("10.0.0.9", null, 0x0110, "NAME<20>");
        Assert.That(bed.Log[^1].Kind, Is.EqualTo(PositiveNameQueryResponse), "the other interface still answers …");
        Assert.That(bed.Log[^1].Entries.Select(entry => entry.Address), Is.EqualTo([Ip("10.0.0.1")]), "… without the address that is in conflict");
        bed.SendQuery("10.0.1.9", "10.0.1.1", 0x0100, "NAME<20>");
        Assert.That(bed.Log[^1].Flags, Is.EqualTo(0x8503));
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.1/4")]
    [Clause("MS-NBTE §3.1.4.1/10")]
    [Reaches("C6.held-in-part")]
    public void RuleC3_RefusedOnOneInterface_IsMarkedThere_AndHeldOnTheOther()
    {
        // MS-NBTE §3.1.4.1
        var (bed, node, server) = WithServer();
        server.Then(MultihomedNameRegistrationRequest, Respond(0xAD80, 6000)).Then(MultihomedNameRegistrationRequest, Respond(0xAD86));
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(node.GetNameRows(0).Single().Status, Is.EqualTo(NbtStatStatus.Registered));
        Assert.That(node.GetNameRows(1).Single().Status, Is.EqualTo(NbtStatStatus.Conflict));
        int sent = bed.Log.Count;
        var again = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(bed.Result(node, again).Outcome, Is.EqualTo(OperationOutcome.NameConflict));
        Assert.That(bed.Log, Has.Count.EqualTo(sent), "at once, without traffic: a conflict on any interface suffices");
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.1/8")]
    [Clause("MS-NBTE §3.1.7/1")]
    public void RuleC3_AddressChange_RegisteredAgain_ClearsTheConflict()
    {
        // MS-NBTE §3.1.7
        var (bed, node) = OnTwoSegments();
        bed.SendResponse("10.0.1.9", "10.0.1.1", 0xAD87, "NAME<20>", "0.0.0.0");
        bed.Log.Clear();
        node.ChangeAddress(bed.Now, EndNodeInterface.InSubnet(Ip("10.0.2.1")), 1);
        bed.RunSeconds(10);
        Assert.That(bed.Log.Select(sent => (sent.Destination.Address, sent.Entry.Address)).Distinct(), Is.EqualTo([(Ip("10.0.2.255"), Ip("10.0.2.1"))]));
        Assert.That(node.GetNameRows(1).Single().Status, Is.EqualTo(NbtStatStatus.Registered));
    }

    [Test]
    [Clause("MS-NBTE §3.1.7/2")]
    public void RuleC3_AddressChange_ReleasesTheOldAddressFirst()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(10);
        bed.Log.Clear();
        node.ChangeAddress(bed.Now, EndNodeInterface.InSubnet(Ip("10.0.0.2")));
        bed.RunSeconds(10);
        Assert.That(bed.Log.Select(sent => (sent.Flags, sent.Entry.Address)).Distinct(), Is.EqualTo(
            [((ushort)0x3010, Ip("10.0.0.1")), ((ushort)0x2910, Ip("10.0.0.2")), ((ushort)0x2810, Ip("10.0.0.2"))]));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
        Assert.That(node.Address, Is.EqualTo(Ip("10.0.0.2")));
    }

    [Test]
    [Clause("MS-NBTE §3.1.7/1")]
    public void RuleC3_AddressChange_RefusedForTheNewAddress_IsAConflict()
    {
        var (bed, node, server) = WithServer();
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        server.Then(MultihomedNameRegistrationRequest, Respond(0xAD86));
        node.ChangeAddress(bed.Now, EndNodeInterface.InSubnet(Ip("10.0.2.1")), 1);
        bed.RunSeconds(1);
        Assert.That(node.GetNameRows(0).Single().Status, Is.EqualTo(NbtStatStatus.Registered));
        Assert.That(node.GetNameRows(1).Single().Status, Is.EqualTo(NbtStatStatus.Conflict));
    }

    [TestCase("nt4", true)]
    [TestCase("w2k", false)]
    [TestCase("rfc1002", false)]
    [Reaches("D1.own-echo", "N27.first-adapter")]
    public void TwoAdaptersOnOneSegment_TheSecondIsRefusedByTheFirst(string dialect, bool refused)
    {
        // Q102795, Q103470
        Assert.That(NetBtDialect.TryFind(dialect, out var found), Is.True);
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", found, null, "10.0.0.2");
        var boot = bed.Do(node, node.Boot);
        bed.RunSeconds(60);
        Assert.That(bed.Result(node, boot).Outcome, Is.EqualTo(refused ? OperationOutcome.Refused : OperationOutcome.Succeeded));
        Assert.That(node.GetNameRows(0)[0].Status, Is.EqualTo(NbtStatStatus.Registered));
        Assert.That(node.GetNameRows(1)[0].Status, Is.EqualTo(refused ? NbtStatStatus.Conflict : NbtStatStatus.Registered));
    }

    [Test]
    [Reaches("B4.done")]
    public void Release_GoesOutForEachAddress()
    {
        var (bed, node, server) = WithServer();
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        server.Received.Clear();
        var id = bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        Assert.That(server.Received.Select(sent => (sent.Flags, sent.Entry.Address)), Is.EqualTo([((ushort)0x3000, Ip("10.0.0.1")), ((ushort)0x3000, Ip("10.0.1.1"))]));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.NameCount, Is.Zero);
    }

    [Test]
    public void Nt35_AUserNameThatOneInterfaceHolds_IsNotReleased()
    {
        var (bed, node, server) = WithServer(NetBtDialect.WindowsNt35);
        server.Then(MultihomedNameRegistrationRequest, Respond(0xAD80, 6000)).Then(MultihomedNameRegistrationRequest, Respond(0xAD86));
        var id = bed.Do(node, now => node.Logon(now, "JSMITH"));
        bed.RunSeconds(10);
        Assert.That(server.Kinds, Has.None.EqualTo(NameReleaseRequest).And.None.EqualTo(NameReleaseDemand));
        Assert.That((bed.Result(node, id).Outcome, bed.Result(node, id).Rcode), Is.EqualTo((OperationOutcome.Refused, NbnsRcode.ActiveError)));
    }

    [Test]
    public void TheRefusalIsReported_AlsoWhereAnotherInterfaceIsGrantedTheNameLater()
    {
        var (bed, node, server) = WithServer();
        server.Then(MultihomedNameRegistrationRequest, Respond(0xAD86)).Then(MultihomedNameRegistrationRequest, Respond(0xAD80, 6000));
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        var result = bed.Result(node, id);
        Assert.That((result.Outcome, result.Responder, result.Rcode), Is.EqualTo((OperationOutcome.Refused, server.Address, NbnsRcode.ActiveError)));
    }

    [Test]
    public void DeletedWhileOneInterfaceStillClaims_ItIsReleasedWhereItIsHeld()
    {
        var (bed, node, server) = WithServer();
        server.Then(MultihomedNameRegistrationRequest, Respond(0xAD80, 6000));
        for (int i = 0; i < 3; i++)
            server.Then(MultihomedNameRegistrationRequest, Silence);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5); // the second interface is at its broadcasts
        bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        bed.RunSeconds(30);
        Assert.That(bed.Log.Where(sent => sent.Kind == NameReleaseDemand).Select(sent => sent.Entry.Address), Does.Contain(Ip("10.0.0.1")), "by broadcast, for the server is taken for down");
    }

    [Test]
    public void WhatTheServerMissed_IsRegisteredThere_NotRefreshed()
    {
        // RFC 1002 §5.1.4.2: a refresh by whom the server does not know is refused, and that would be a conflict
        var (bed, node, server) = WithServer();
        server.Then(MultihomedNameRegistrationRequest, Respond(0xAD80, 6000));
        for (int i = 0; i < 3; i++)
            server.Then(MultihomedNameRegistrationRequest, Silence);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(10);
        server.Then(MultihomedNameRegistrationRequest, Respond(0xAD80, 6000)).Then(MultihomedNameRegistrationRequest, Silence);
        server.Then(MultihomedNameRegistrationRequest, Silence).Then(MultihomedNameRegistrationRequest, Silence);
        bed.RunSeconds(400);
        Assert.That(server.Kinds, Has.None.EqualTo(NameRefreshRequest));
        Assert.That(server.Received[^1].Kind, Is.EqualTo(MultihomedNameRegistrationRequest));
    }
}
