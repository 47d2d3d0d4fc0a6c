using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>The mixed node, RFC 1002 §5.1.3.</summary>
public sealed class MRuleTests
{
    private static (NodeBed Bed, EndNode Node, ScriptedServer Server) Make(NetBtDialect? dialect = null)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", dialect, options => options with { NodeType = OwnerNodeType.M, NameServers = [server.Address] });
        return (bed, node, server);
    }

    private static (NodeBed Bed, EndNode Node, ScriptedServer Server) Holding()
    {
        var (bed, node, server) = Make();
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(1);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
        bed.Log.Clear();
        server.Received.Clear();
        return (bed, node, server);
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.1/1")]
    [Reaches("M1.then-at-server")]
    public void RuleM1_Registration_IsBroadcastFirst_ThenSentToTheServer()
    {
        var (bed, node, server) = Make();
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.From(node).Take(3).Select(sent => sent.Flags), Is.All.EqualTo(0x2910));
        Assert.That(server.Received.Single().Milliseconds, Is.EqualTo(750));
        Assert.That(server.Received.Single().Entry.Flags.OwnerNodeType, Is.EqualTo(OwnerNodeType.M));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.GetName(0).TimeToLive.Seconds, Is.EqualTo(6000));
    }

    [TestCase("rfc1002", new[] { 0x2910, 0x2910, 0x2910, 0x2900 })]
    [TestCase("nt4", new[] { 0x2910, 0x2910, 0x2910, 0x2810, 0x2900 })]
    [TestCase("w2k", new[] { 0x2910, 0x2910, 0x2910, 0x2810, 0x2900 })]
    public void RuleM1_Registration_DemandsTheNameByBroadcastOnlyInWindows(string dialect, int[] flags)
    {
        // RFC 1002 §5.1.3.1 has no demand; Q233517 shows four broadcasts of an NT 4.0 M node
        NetBtDialect.TryFind(dialect, out var found);
        var (bed, node, _) = Make(found);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.From(node).Select(sent => (int)sent.Flags), Is.EqualTo(flags));
    }

    [Test]
    public void RuleN1_AnObjectionWithinCONFLICT_TIMER_FailsAlsoWhileTheServerIsAsked()
    {
        var (bed, node, server) = Make();
        server.Then(NameRegistrationRequest, Wack(3));
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.RunSeconds(0.9);
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.9", id: 0x1111);
        Assert.That((bed.Result(node, id).Outcome, bed.Result(node, id).Responder), Is.EqualTo((OperationOutcome.Refused, Ip("10.0.0.9"))));
    }

    [Test]
    public void RuleM1_ASilentServer_FailsTheName()
    {
        var (bed, node, server) = Make();
        server.IsDown = true;
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(30);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NoAnswer));
        Assert.That(node.NameCount, Is.Zero);
    }

    [TestCase(false, LocalNameState.Registered)]
    [TestCase(true, null)]
    [Reaches("M4.member-leaves")]
    public void RuleM4_ABroadcastReleaseOfAGroup_IsAnotherMembers_OrByTheLetterEndsIt(bool letter, LocalNameState? left)
    {
        // stated deviation: RFC 1002 §5.1.3.5 against RFC 1001 §15.4.3
        var (bed, node, _) = Make(NetBtDialect.Rfc1002 with { TakesBroadcastGroupRelease = letter });
        bed.Do(node, now => node.AddGroupName(now, Name("LAB<00>")));
        bed.RunSeconds(5);
        bed.SendRequest("10.0.0.9", null, 0x3010, "LAB<00>", "10.0.0.9", group: true);
        Assert.That(node.GetNameState(Name("LAB<00>")), Is.EqualTo(left));
    }

    [Test]
    public void RuleM1_AnObjectionToTheBroadcast_Fails()
    {
        var (bed, node, server) = Make();
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.9", id: 0x1111);
        bed.RunSeconds(5);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(server.Received, Is.Empty);
    }

    [Test]
    public void RuleM1_AnObjectionOfTheServer_Fails()
    {
        var (bed, node, server) = Make();
        server.Then(NameRegistrationRequest, Respond(0xAD86));
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(node.NameCount, Is.Zero);
    }

    [Test]
    public void RuleM2_Query_IsBroadcastFirst_ThenSentToTheServer()
    {
        var (bed, node, server) = Make();
        server.Then(NameQueryRequest, Respond(0x8580, 0, "10.0.0.7"));
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.From(node).Select(sent => (sent.Milliseconds, sent.Flags)), Is.EqualTo(
            [(0, (ushort)0x0110), (250, (ushort)0x0110), (500, (ushort)0x0110), (750, (ushort)0x0100)]));
        Assert.That(bed.Result(node, id).Source, Is.EqualTo(AnswerSource.NameServer));
    }

    [Test]
    public void RuleM2_Query_AnsweredOnTheSegment_NeverReachesTheServer()
    {
        var (bed, node, server) = Make();
        var beta = bed.Add("BETA", "10.0.0.2");
        bed.Do(beta, now => beta.AddName(now, Name("OTHER<20>")));
        bed.RunSeconds(5);
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.Result(node, id).Source, Is.EqualTo(AnswerSource.Broadcast));
        Assert.That(server.Received, Is.Empty);
    }

    [Test]
    public void RuleM3_Release_AtTheServerFirst_AndBroadcastOnlyAfterItsPositiveResponse()
    {
        var (bed, node, server) = Holding();
        bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.From(node).Select(sent => sent.Flags), Is.EqualTo([0x3000, 0x3010, 0x3010, 0x3010]));
        Assert.That(server.Received, Has.Count.EqualTo(1));
        Assert.That(node.NameCount, Is.Zero);
    }

    [Test]
    public void RuleM3_Release_RefusedByTheServer_IsNotBroadcast_AndTheNameStays()
    {
        var (bed, node, server) = Holding();
        server.Then(NameReleaseRequest, Respond(0xB406));
        var id = bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.From(node).Any(sent => sent.IsBroadcast), Is.False);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [Test]
    public void RuleM4_Claims_AreDefended()
    {
        var (bed, node, _) = Holding();
        bed.SendRequest("10.0.0.9", null, 0x2910, "NAME<20>", "10.0.0.9");
        Assert.That(bed.From(node).Single().Flags, Is.EqualTo(0xAD86));
    }

    [TestCase(null, false)]
    [TestCase("10.0.0.1", true)]
    public void RuleM4_QueryMiss_IsAnsweredNegative_ButNotABroadcast(string? destination, bool answered)
    {
        var (bed, node, _) = Holding();
        bed.SendQuery("10.0.0.9", destination, (ushort)(destination is null ? 0x0110 : 0x0100), "OTHER<20>");
        Assert.That(bed.From(node).Select(sent => sent.Flags), Is.EqualTo(answered ? [0x8503] : Array.Empty<ushort>()));
    }

    [Test]
    public void RuleM4_Release_DeletesTheName_AndInformsTheUser()
    {
        var (bed, node, _) = Holding();
        bed.SendRequest("10.0.0.9", null, 0x3010, "NAME<20>", "10.0.0.9");
        Assert.That(node.NameCount, Is.Zero);
        Assert.That(bed.Events["ALPHA"].Single().Id, Is.EqualTo(4320));
    }

    [Test]
    public void RuleM5_ChallengedOwnersNegativeResponse_LeadsToTheUpdate()
    {
        var (bed, node, server) = Make();
        bed.Add("BETA", "10.0.0.2", NetBtDialect.WindowsNt4);
        server.Then(NameRegistrationRequest, Respond(0xAD00, address: "10.0.0.2"));
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(server.Kinds, Is.EqualTo([NameRegistrationRequest, NameOverwriteRequest]));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }
}
