using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Tests.House;
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
    [Reaches("P1.broadcast")]
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
    [Clause("MS-NBTE §3.1.4.1/1")]
    [Clause("MS-NBTE §3.1.4.1/6")]
    [Reaches("P2.granted")]
    public void RuleP2_Registration_PositiveResponse_OwnsForTheGrantedTime()
    {
        var (bed, node, server) = Make();
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1234));
        var request = server.Received.Single();
        Assert.That(request.Flags, Is.EqualTo(0x2900));
        Assert.That(request.TransactionId, Is.EqualTo(0x1234));
        Assert.That(request.Entry, Is.EqualTo(new NbEntry(new NbFlags(false, OwnerNodeType.P), node.Address)));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.GetName(0).TimeToLive.Seconds, Is.EqualTo(6000));
        Assert.That((node.NameCount, node.GetName(0).Name, node.GetName(0).State, node.GetName(0).IsWithNameServer), Is.EqualTo((1, Name("NAME<20>"), LocalNameState.Registered, true)));
        Assert.That(node.GetNameRows().Single().Status, Is.EqualTo(NbtStatStatus.Registered), "not in conflict");
    }

    [Test]
    [Reaches("P2.silent")]
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
    [Reaches("P2.wack-without-time")]
    public void RuleP2_Registration_WackWithoutEstimate_KeepsTheWait()
    {
        var (bed, node, server) = Make();
        server.Then(NameRegistrationRequest, Wack(0));
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(server.Received.Select(sent => sent.Milliseconds), Is.EqualTo([0, 5000]));
    }

    [Test]
    [Reaches("P2.wack")]
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
    [Reaches("P2.claim")]
    public void RuleP2_Registration_AnswerFromAnotherThanTheServer_IsIgnored()
    {
        var (bed, node, server) = Make();
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.SendResponse("10.0.0.66", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.66", id: 0x1111);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registering));
    }

    [Test]
    [Reaches("P3.owner-holds")]
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
    [Reaches("P3.ask-owner", "P3.owner-gone")]
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
    [Reaches("P4.answer")]
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
    [Reaches("T4.query", "P4.query", "P4.negative")]
    public void RuleP4_Query_NegativeResponse_Fails()
    {
        var (bed, node, _) = Make();
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NotFound));
        Assert.That(bed.Result(node, id).Rcode, Is.EqualTo(NbnsRcode.NameError));
    }

    [Test]
    [Reaches("P4.query-one")]
    public void RuleP4_QueryOfOneMachine_AsksThatOneAlone()
    {
        var (bed, node, server) = Make();
        var other = new ScriptedServer(bed, "10.0.0.201");
        other.Then(NameQueryRequest, Respond(0x8580, 0, "10.0.0.7"));
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>"), Ip("10.0.0.201"), recursionDesired: false, transactionId: 4660));
        Assert.That(bed.Result(node, id).Entries.Single().Address, Is.EqualTo(Ip("10.0.0.7")));
        Assert.That((other.Received.Single().Flags, server.Received.Count), Is.EqualTo((0, 0)));
        var nowhere = bed.Do(node, now => node.Query(now, Name("OTHER<20>"), Ip("10.0.0.202")));
        bed.RunSeconds(30);
        Assert.That(bed.Result(node, nowhere).Outcome, Is.EqualTo(OperationOutcome.NoAnswer));
    }

    [Test]
    [Reaches("P4.redirect")]
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
    [Reaches("P4.redirect-circle")]
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
    [Reaches("P5.release", "P5.refused")]
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
    public void RuleP5_Release_NegativeResponse_ANameThatWasOnlyClaimedGoesAllTheSame()
    {
        var (bed, node, server) = Holding();
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, Name("OTHER<20>")));
        server.IsDown = false;
        server.Then(NameReleaseRequest, Respond(0xB405));
        bed.Do(node, now => node.DeleteName(now, Name("OTHER<20>")));
        Assert.That(server.Received[^1].Kind, Is.EqualTo(NameReleaseRequest), "it may have heard the claim, and its grant may be on its way");
        Assert.That(node.GetNameState(Name("OTHER<20>")), Is.Null, "it belongs to another, as the name server says, and was never granted");
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
    [Reaches("P6.negative")]
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
    [Reaches("P6.release-deletes")]
    public void RuleP6_Release_DeletesTheName_AndInformsTheUser()
    {
        var (bed, node, _) = Holding();
        bed.SendRequest("10.0.0.200", "10.0.0.1", 0x3000, "NAME<20>", "10.0.0.1");
        Assert.That(node.NameCount, Is.Zero);
        Assert.That(bed.Events["ALPHA"].Single().Id, Is.EqualTo(4320));
        Assert.That(bed.Events["ALPHA"].Single().Reason!.Rule, Is.SameAs(NodeRules.ReleaseDeletes));
        Assert.That(bed.From(node).Single().Flags, Is.EqualTo(0xB400)); // RFC 1001 §15.5.3
        Assert.That(node.PollTimeout(), Is.Null);
    }

    [Test]
    [Reaches("P6.server-defends")]
    public void RuleP6_Claim_IsNotDefended()
    {
        var (bed, node, _) = Holding();
        bed.SendRequest("10.0.0.9", "10.0.0.1", 0x2900, "NAME<20>", "10.0.0.9");
        Assert.That(bed.From(node), Is.Empty);
    }

    [Test]
    public void RuleP7_Refresh_WhenTheGrantedTimeIsOver_Positive_RestartsTheTimer()
    {
        // RFC 1002 §5.1.2.6, RFC 1001 §15.5.1
        var (bed, node, server) = Holding();
        bed.RunSeconds(5999.9);
        Assert.That(server.Received, Is.Empty);
        bed.RunSeconds(0.1);
        Assert.That(server.Received.Single().Flags, Is.EqualTo(0x4000));
        Assert.That(node.GetName(0).RefreshAt, Is.EqualTo(bed.Now + TimeSpan.FromSeconds(6000)));
        bed.RunSeconds(6000);
        Assert.That(server.Received, Has.Count.EqualTo(2));
    }

    [Test]
    [Reaches("P7.refused", "E1.4319-refresh")]
    public void RuleP7_Refresh_Negative_MarksTheNameInConflict()
    {
        var (bed, node, server) = Holding();
        server.Then(NameRefreshRequest, Respond(0xAD86));
        bed.RunSeconds(6000);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Conflict));
        Assert.That(bed.Events["ALPHA"].Select(logged => (logged.Id, logged.Address)), Is.EqualTo([(4319, server.Address)]));
        Assert.That(bed.Events["ALPHA"].Single().Reason!.Rule, Is.SameAs(NodeRules.LogsRefusedRefresh));
        Assert.That(node.PollTimeout(), Is.Null);
    }

    [Test]
    [Reaches("P7.silent")]
    public void RuleP7_Refresh_Silence_KeepsTheName_AndRetriesLater()
    {
        var (bed, node, server) = Holding();
        server.IsDown = true;
        bed.RunSeconds(6015);
        Assert.That(server.Received, Has.Count.EqualTo(3));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
        server.IsDown = false;
        bed.RunSeconds(120); // an eighth of InitialRefreshT.O.
        Assert.That(server.Received, Has.Count.EqualTo(4));
        Assert.That(node.GetName(0).RefreshAt, Is.EqualTo(bed.Now + TimeSpan.FromSeconds(6000)));
    }

    [TestCase("rfc1002", 120u, 120)]
    [TestCase("rfc1002", 10u, 10)]
    [TestCase("rfc1002", 60u, 60)]
    [TestCase("nt3.5", 345_600u, 43_200)]
    [TestCase("nt3.51", 345_600u, 43_200)]
    [TestCase("nt4", 518_400u, 259_200)]
    [TestCase("w2k", 518_400u, 259_200)]
    [TestCase("w2k", 120u, 300)]
    [TestCase("nt4", 10u, 300)]
    [Clause("MS-NBTE §3.1.4.1/7")]
    public void RuleN3_TheFirstRefresh_ByTheGrantedTime(string dialect, uint granted, int seconds)
    {
        // RFC 1001 §15.5.1: the granted time, no floor; Q153713: an eighth first; Q164308: half; MS-NBTE §3.1.4.1: not within five minutes
        NetBtDialect.TryFind(dialect, out var found);
        var (bed, node, server) = Make(found);
        server.Grants = granted;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(node.GetName(0).RefreshAt, Is.EqualTo(bed.Now + TimeSpan.FromSeconds(seconds)));
        bed.RunSeconds(seconds);
        Assert.That(server.Kinds, Is.EqualTo([NameRegistrationRequest, NameRefreshRequest]));
    }

    [Test]
    public void RuleN4_AfterTheFirstRefresh_NtTakesHalfOfTheGrantedTime()
    {
        // Q153713
        var (bed, node, server) = Make(NetBtDialect.WindowsNt35);
        server.Grants = 345_600;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(43_200);
        Assert.That(node.GetName(0).RefreshAt, Is.EqualTo(bed.Now + TimeSpan.FromSeconds(172_800)));
    }

    [Test]
    public void RuleN3_ANameGrantedForAMinute_IsTriedAgainWithinAMinute_WhereARefreshIsLost()
    {
        var (bed, node, server) = Make();
        server.Grants = 60;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        for (int i = 0; i < 3; i++)
            server.Then(NameRefreshRequest, Silence);
        bed.RunSeconds(60 + 15 + 60);
        Assert.That(server.Received.Select(sent => sent.Milliseconds / 1000), Is.EqualTo([0, 60, 65, 70, 135]));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [TestCase("rfc1002", 15)]
    [TestCase("w2k", 4.5)]
    public void RuleN11_AMachineWhoseNameServerIsSilentAtBoot_TriesAgainEveryTwoMinutes(string dialect, double silence)
    {
        NetBtDialect.TryFind(dialect, out var found);
        var (bed, node, server) = Make(found! with { BootNames = [new BootName(BootNamePart.Computer, NbnsSim.Names.NameSuffix.Workstation, IsGroup: false, Wave: 0)] });
        server.IsDown = true;
        var boot = bed.Do(node, node.Boot);
        bed.RunSeconds(100);
        Assert.That(server.Received, Has.Count.EqualTo(3));
        Assert.That(bed.Result(node, boot).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(bed.Results["ALPHA"].Single(result => result.Kind == OperationKind.Registration).Outcome, Is.EqualTo(OperationOutcome.NoAnswer));
        Assert.That(node.GetNameState(Name("ALPHA<00>")), Is.EqualTo(LocalNameState.Registering), "not held: it is neither answered for …");
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0, "ALPHA<00>");
        Assert.That(bed.Log[^1].Kind, Is.EqualTo(NegativeNameQueryResponse));
        bed.RunSeconds(200);
        Assert.That(server.Received.Select(sent => sent.Milliseconds).Where((_, i) => i % 3 == 0), Is.EqualTo([0, (int)((120 + silence) * 1000), (int)((240 + (2 * silence)) * 1000)]));
        server.IsDown = false;
        bed.RunSeconds(200);
        Assert.That(node.GetNameState(Name("ALPHA<00>")), Is.EqualTo(LocalNameState.Registered));
        Assert.That((node.GetName(0).IsWithNameServer, node.GetName(0).TimeToLive.Seconds), Is.EqualTo((true, 6000u)));
        server.Received.Clear();
        bed.RunSeconds(6000);
        Assert.That(server.Kinds.Distinct(), Is.EqualTo([NameRefreshRequest]), "and is refreshed like any other from now on");
    }

    [Test]
    [Reaches("N11.keeps-trying")]
    public void RuleN11_ANameTriedAgain_ThatTheServerRefuses_IsGone()
    {
        var (bed, node, server) = Make(NetBtDialect.Windows2000);
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(10);
        server.IsDown = false;
        server.Then(NameRegistrationRequest, Respond(0xAD86));
        bed.RunSeconds(120);
        Assert.That(node.NameCount, Is.Zero);
        Assert.That(bed.Events["ALPHA"].Select(logged => logged.Id), Is.EqualTo([4321]));
        Assert.That(node.PollTimeout(), Is.Null);
    }

    [Test]
    [Reaches("T2.delete-name", "B4.removed")]
    public void RuleN11_ANameThatWaits_CanBeAddedAgainAndDeleted()
    {
        var (bed, node, server) = Make(NetBtDialect.Windows2000);
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(30);
        server.IsDown = false;
        var again = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(bed.Result(node, again).Outcome, Is.EqualTo(OperationOutcome.Succeeded));

        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, Name("OTHER<20>")));
        bed.RunSeconds(30);
        server.Received.Clear();
        var delete = bed.Do(node, now => node.DeleteName(now, Name("OTHER<20>")));
        bed.RunSeconds(200);
        Assert.That(bed.Result(node, delete).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(server.Received, Is.Empty);
        Assert.That(node.NameCount, Is.EqualTo(1));
    }

    [TestCase("rfc1002", false)]
    [TestCase("w2k", true)]
    [Reaches("P1.broadcast-bit")]
    public void RuleP1_APacketSentToThisNodeAloneWithTheBBitSet_ByBothReadings(string dialect, bool answered)
    {
        // RFC 1002 §5.1.2.5 "sent as a broadcast": what the packet says of itself (§4.2.1.1), or what the link did
        NetBtDialect.TryFind(dialect, out var found);
        var (bed, node, _) = Make(found);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.Log.Clear();
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0110, "NAME<20>");
        Assert.That(bed.From(node).Any(), Is.EqualTo(answered));
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
    [Reaches("P7.refresh", "P7.refreshed")]
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
        bed.RunSeconds(6000);
        Assert.That(server.Received.Last().Flags, Is.EqualTo(0x4800));
    }
}
