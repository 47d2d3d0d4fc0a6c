using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>The point-to-point node, RFC 1002 §5.1.2.</summary>
public sealed class PRuleTests
{
    private static (NodeBed Bed, EndNode Node, ScriptedServer Server) Make(NetBtDialect? dialect = null)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", dialect, options => options with { NodeType = OwnerNodeType.P, NameServers = [server.Address] });
        return (bed, node, server);
    }

    private static (NodeBed Bed, EndNode Node, ScriptedServer Server) Holding(string name = "NAME<20>")
    {
        var (bed, node, server) = Make();
        bed.Do(node, now => node.AddName(now, Name(name)));
        Assert.That(node.GetNameState(Name(name)), Is.EqualTo(LocalNameState.Registered));
        bed.Log.Clear();
        server.Received.Clear();
        return (bed, node, server);
    }

    [Test]
    public void RuleP1_WhatComesByBroadcast_IsDiscarded()
    {
        var (bed, node, _) = Holding();
        bed.SendQuery("10.0.0.9", null, 0x0110, "NAME<20>");
        bed.SendRequest("10.0.0.9", null, 0x2910, "NAME<20>", "10.0.0.9");
        bed.SendRequest("10.0.0.9", null, 0x3010, "NAME<20>", "10.0.0.1");
        bed.SendQuery("10.0.0.9", null, 0x0010, "*", NbnsType.NBStat);
        Assert.That(bed.From(node), Is.Empty);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [Test]
    public void RuleP1_NothingIsBroadcast()
    {
        var (bed, node, _) = Make();
        bed.Do(node, node.Boot);
        bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(30);
        bed.Do(node, node.Shutdown);
        bed.RunSeconds(30);
        Assert.That(bed.Log, Is.Not.Empty);
        Assert.That(bed.Log.Any(sent => sent.IsBroadcast), Is.False);
    }

    [Test]
    public void RuleP2_Registration_PositiveResponse_OwnsForTheGrantedTime()
    {
        var (bed, node, server) = Make();
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1234));
        var request = server.Received.Single();
        Assert.That(request.Flags, Is.EqualTo(0x2900));
        Assert.That(request.TransactionId, Is.EqualTo(0x1234));
        Assert.That(request.Entry, Is.EqualTo(new NbEntry(new NbFlags(false, OwnerNodeType.P), node.Address)));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.GetName(0).TimeToLive, Is.EqualTo(6000));
        Assert.That(node.GetName(0).IsWithNameServer, Is.True);
    }

    [Test]
    public void RuleP2_Registration_SilentServer_IsAskedThreeTimes_ThenFails()
    {
        var (bed, node, server) = Make();
        server.IsDown = true;
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(20);
        Assert.That(server.Received.Select(sent => sent.Milliseconds), Is.EqualTo([0, 5000, 10_000]));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NoAnswer));
        Assert.That(bed.Result(node, id).CompletedAt, Is.EqualTo(Instant.FromMilliseconds(15_000)));
        Assert.That(node.NameCount, Is.Zero);
    }

    [Test]
    public void RuleP2_Registration_Wack_ReplacesTheWaitByItsTtl()
    {
        var (bed, node, server) = Make();
        server.Then(NameRegistrationRequest, Wack(60));
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(59.9);
        Assert.That(server.Received, Has.Count.EqualTo(1), "no repeat while it waits");
        bed.RunSeconds(0.1);
        Assert.That(server.Received, Has.Count.EqualTo(2));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [Test]
    public void RuleP2_Registration_WackWithoutEstimate_KeepsTheWait()
    {
        var (bed, node, server) = Make();
        server.Then(NameRegistrationRequest, Wack(0));
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(server.Received.Select(sent => sent.Milliseconds), Is.EqualTo([0, 5000]));
    }

    [Test]
    public void RuleP2_Registration_EndlessWack_IsBounded()
    {
        var (bed, node, server) = Make();
        server.Then(NameRegistrationRequest, Wack(uint.MaxValue));
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(node.PollTimeout(), Is.EqualTo(bed.Now + TimeSpan.FromMinutes(5)));
    }

    [Test]
    public void RuleP2_Registration_NegativeResponse_Fails()
    {
        var (bed, node, server) = Make();
        server.Then(NameRegistrationRequest, Respond(0xAD86));
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(node.NameCount, Is.Zero);
    }

    [Test]
    public void RuleP2_Registration_AnswerFromAnotherThanTheServer_IsIgnored()
    {
        var (bed, node, server) = Make();
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.SendResponse("10.0.0.66", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.66", id: 0x1111);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registering));
    }

    [Test]
    public void RuleP3_Challenge_OwnerAnswersPositive_FailsTheRegistration()
    {
        var (bed, node, server) = Make();
        server.Then(NameRegistrationRequest, Respond(0xAD00, address: "10.0.0.2"));
        var owner = bed.Add("BETA", "10.0.0.2");
        bed.Do(owner, now => owner.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        bed.Log.Clear();
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        var challenge = bed.Log.Single(sent => sent.Destination.Address == owner.Address);
        Assert.That(challenge.Flags, Is.EqualTo(0x0000), "RD clear as well as B");
        Assert.That(challenge.Kind, Is.EqualTo(NameQueryRequest));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(bed.Result(node, id).Responder, Is.EqualTo(owner.Address));
        Assert.That(server.Kinds, Is.EqualTo([NameRegistrationRequest]));
    }

    [Test]
    public void RuleP3_Challenge_SilentOwner_IsAskedThreeTimes_ThenUpdated()
    {
        var (bed, node, server) = Make();
        server.Then(NameRegistrationRequest, Respond(0xAD00, address: "10.0.0.2"));
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(20);
        Assert.That(bed.Log.Where(sent => sent.Destination.Address == Ip("10.0.0.2")).Select(sent => sent.Milliseconds), Is.EqualTo([0, 5000, 10_000]));
        Assert.That(server.Received.Select(sent => (sent.Milliseconds, sent.Flags)), Is.EqualTo([(0, (ushort)0x2900), (15_000, (ushort)0x2800)]));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [Test]
    public void RuleP3_Challenge_OwnerAnswersNegative_IsUpdatedAtOnce_AndTheServerObeyed()
    {
        var (bed, node, server) = Make();
        server.Then(NameRegistrationRequest, Respond(0xAD00, address: "10.0.0.2")).Then(NameOverwriteRequest, Respond(0xAD84));
        bed.Add("BETA", "10.0.0.2", with: options => options with { NodeType = OwnerNodeType.M }); // says NEGATIVE for what it does not have
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(server.Kinds, Is.EqualTo([NameRegistrationRequest, NameOverwriteRequest]));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(bed.Result(node, id).Rcode, Is.EqualTo(NbnsRcode.NotImplemented));
    }

    [Test]
    public void RuleP4_Query_PositiveResponse_IsTheAnswer()
    {
        var (bed, node, server) = Make();
        server.Then(NameQueryRequest, Respond(0x8580, 1000, "10.0.0.7"));
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        Assert.That(server.Received.Single().Flags, Is.EqualTo(0x0100));
        Assert.That(bed.Result(node, id).Entries.Single().Address, Is.EqualTo(Ip("10.0.0.7")));
        Assert.That(bed.Result(node, id).Source, Is.EqualTo(AnswerSource.NameServer));
        Assert.That(node.GetStatistics().ResolvedByNameServer, Is.EqualTo(1));
        Assert.That(node.PollTimeout(), Is.Null, "no conflict timer: the name server's word is enough");
    }

    [Test]
    public void RuleP4_Query_NegativeResponse_Fails()
    {
        var (bed, node, _) = Make();
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NotFound));
        Assert.That(bed.Result(node, id).Rcode, Is.EqualTo(NbnsRcode.NameError));
    }

    [Test]
    public void RuleP4_Query_Redirect_IsFollowed()
    {
        var (bed, node, server) = Make();
        var other = new ScriptedServer(bed, "10.0.0.201");
        server.Then(NameQueryRequest, Redirect("10.0.0.201"));
        other.Then(NameQueryRequest, Respond(0x8580, 0, "10.0.0.7"));
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        Assert.That(bed.Result(node, id).Responder, Is.EqualTo(other.Address));
    }

    [Test]
    public void RuleP4_Query_RedirectsInACircle_End()
    {
        var (bed, node, server) = Make();
        for (int i = 0; i < 100; i++)
            server.Then(NameQueryRequest, Redirect("10.0.0.200"));
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NoAnswer));
        Assert.That(server.Received, Has.Count.EqualTo(5));
    }

    [Test]
    public void RuleP4_Query_Wack_Waits()
    {
        var (bed, node, server) = Make();
        server.Then(NameQueryRequest, Wack(20)).Then(NameQueryRequest, Respond(0x8580, 0, "10.0.0.7"));
        bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(19.9);
        Assert.That(server.Received, Has.Count.EqualTo(1));
        bed.RunSeconds(0.1);
        Assert.That(node.GetStatistics().ResolvedByNameServer, Is.EqualTo(1));
    }

    [Test]
    public void RuleP5_Release_PositiveResponse_DeletesTheName()
    {
        var (bed, node, server) = Holding();
        var id = bed.Do(node, now => node.DeleteName(now, Name("NAME<20>"), 0x1235));
        Assert.That(server.Received.Single().Flags, Is.EqualTo(0x3000));
        Assert.That(server.Received.Single().TransactionId, Is.EqualTo(0x1235));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.NameCount, Is.Zero);
        Assert.That(node.PollTimeout(), Is.Null, "and its refresh with it");
    }

    [Test]
    public void RuleP5_Release_NegativeResponse_TheNameStays()
    {
        var (bed, node, server) = Holding();
        server.Then(NameReleaseRequest, Respond(0xB405));
        var id = bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
        Assert.That(node.GetName(0).RefreshAt, Is.Not.Null);
    }

    [Test]
    public void RuleP5_Release_SilentServer_IsAskedThreeTimes()
    {
        var (bed, node, server) = Holding();
        server.IsDown = true;
        var id = bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        bed.RunSeconds(20);
        Assert.That(server.Received.Select(sent => sent.Milliseconds), Is.EqualTo([0, 5000, 10_000]));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NoAnswer));
    }

    [Test]
    public void RuleP6_ConflictDemand_MarksTheName()
    {
        var (bed, node, _) = Holding();
        bed.SendResponse("10.0.0.200", "10.0.0.1", 0xAD87, "NAME<20>", "0.0.0.0");
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Conflict));
        Assert.That(bed.Events["ALPHA"].Single().Id, Is.EqualTo(4319));
        Assert.That(node.PollTimeout(), Is.Null, "no refresh any more");
    }

    [TestCase("NAME<20>", 0x8500)]
    [TestCase("OTHER<20>", 0x8503)]
    public void RuleP6_Query_IsAnsweredPositiveOrNegative(string name, int flags)
    {
        var (bed, node, _) = Holding();
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0100, name, sourcePort: 4000);
        var answer = bed.From(node).Single();
        Assert.That(answer.Flags, Is.EqualTo(flags));
        Assert.That(answer.Destination.Port, Is.EqualTo(4000));
        Assert.That(answer.Kind, Is.EqualTo(flags == 0x8500 ? PositiveNameQueryResponse : NegativeNameQueryResponse));
    }

    [TestCase("*")]
    [TestCase("NAME<20>")]
    public void RuleP6_NodeStatus_IsAnswered(string name)
    {
        var (bed, node, _) = Holding();
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0000, name, NbnsType.NBStat);
        Assert.That(bed.From(node).Single().Kind, Is.EqualTo(NodeStatusResponse));
    }

    [Test]
    public void RuleP6_Release_DeletesTheName_AndInformsTheUser()
    {
        var (bed, node, _) = Holding();
        bed.SendRequest("10.0.0.200", "10.0.0.1", 0x3000, "NAME<20>", "10.0.0.1");
        Assert.That(node.NameCount, Is.Zero);
        Assert.That(bed.Events["ALPHA"].Single().Id, Is.EqualTo(4320));
        Assert.That(bed.Events["ALPHA"].Single().Reason!.Rule, Is.SameAs(EndNodeRules.ReleaseDemandDeletes));
        Assert.That(node.PollTimeout(), Is.Null);
    }

    [Test]
    public void RuleP6_Claim_IsNotDefended()
    {
        var (bed, node, _) = Holding();
        bed.SendRequest("10.0.0.9", "10.0.0.1", 0x2900, "NAME<20>", "10.0.0.9");
        Assert.That(bed.From(node), Is.Empty);
    }

    [Test]
    public void RuleP7_Refresh_HalfTheGrantedTimeLater_Positive_RestartsTheTimer()
    {
        var (bed, node, server) = Holding();
        bed.RunSeconds(2999.9);
        Assert.That(server.Received, Is.Empty);
        bed.RunSeconds(0.1);
        Assert.That(server.Received.Single().Flags, Is.EqualTo(0x4000));
        Assert.That(node.GetName(0).RefreshAt, Is.EqualTo(bed.Now + TimeSpan.FromSeconds(3000)));
        bed.RunSeconds(3000);
        Assert.That(server.Received, Has.Count.EqualTo(2));
    }

    [Test]
    public void RuleP7_Refresh_Negative_MarksTheNameInConflict()
    {
        var (bed, node, server) = Holding();
        server.Then(NameRefreshRequest, Respond(0xAD86));
        bed.RunSeconds(3000);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Conflict));
        Assert.That(bed.Events["ALPHA"].Select(logged => (logged.Id, logged.Address)), Is.EqualTo([(4319, server.Address)]));
        Assert.That(bed.Events["ALPHA"].Single().Reason!.Rule, Is.SameAs(EndNodeRules.RefreshRefused));
        Assert.That(node.PollTimeout(), Is.Null);
    }

    [Test]
    public void RuleP7_Refresh_Silence_KeepsTheName_AndRetriesLater()
    {
        var (bed, node, server) = Holding();
        server.IsDown = true;
        bed.RunSeconds(3015);
        Assert.That(server.Received, Has.Count.EqualTo(3));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
        server.IsDown = false;
        bed.RunSeconds(120); // an eighth of InitialRefreshT.O.
        Assert.That(server.Received, Has.Count.EqualTo(4));
        Assert.That(node.GetName(0).RefreshAt, Is.EqualTo(bed.Now + TimeSpan.FromSeconds(3000)));
    }

    [Test]
    public void RuleP7_Refresh_IsNeverSoonerThanFiveMinutes()
    {
        var (bed, node, server) = Make();
        server.Grants = 10;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(node.PollTimeout(), Is.EqualTo(bed.Now + TimeSpan.FromMinutes(5))); // MS-NBTE §3.1.4.1
    }

    [Test]
    public void RuleP7_Refresh_InfiniteTimeToLive_NeedsNone()
    {
        var (bed, node, server) = Make();
        server.Grants = 0;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(node.PollTimeout(), Is.Null);
    }

    [Test]
    public void RuleP7_Refresh_Opcode9_WhereTheRegistrySaysSo()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", null, options => options with
        {
            NodeType = OwnerNodeType.P,
            NameServers = [server.Address],
            RefreshOpcode = NbnsOpcode.RefreshAlternate,
        });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(3000);
        Assert.That(server.Received.Last().Flags, Is.EqualTo(0x4800));
    }
}
