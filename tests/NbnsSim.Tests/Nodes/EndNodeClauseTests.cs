using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>Single clauses of RFC 1001 §13, §15 and §17 and RFC 1002 §4.2 and §5.1, and articles on hosts with several adapters or name servers.</summary>
public sealed class EndNodeClauseTests
{
    private static (NodeBed Bed, EndNode Node, ScriptedServer Server) Make(OwnerNodeType type, NetBtDialect? dialect = null, Func<EndNodeOptions, EndNodeOptions>? with = null)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", dialect, options => (with?.Invoke(options) ?? options) with { NodeType = type, NameServers = [server.Address] });
        return (bed, node, server);
    }

    private static void SendAddresses(NodeBed bed, string source, ushort flags, string name, ushort id, params string[] addresses)
    {
        var buffer = new byte[576];
        NbEntry[] entries = [.. addresses.Select(address => new NbEntry(default, Ip(address)))];
        bed.Send(source, "10.0.0.1", buffer.AsSpan(0, NbnsEncoder.WriteResponse(buffer, id, flags, Name(name), 0, entries)));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Reaches("D1.other-responder")]
    public void RuleN16_AChallengedOwnerThatAnswersFromAnotherOfItsAddresses_KeepsItsName(bool takes)
    {
        var (bed, node, server) = Make(OwnerNodeType.P, NetBtDialect.Rfc1002 with { TakesChallengeAnswersFromOtherAddresses = takes });
        server.Then(NameRegistrationRequest, Respond(0xAD00, address: "10.0.0.2"));
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        SendAddresses(bed, "10.0.1.2", 0x8500, "NAME<20>", 0x1111, "10.0.1.2", "10.0.0.2");
        bed.RunSeconds(20);
        var result = bed.Result(node, id);
        Assert.That((result.Outcome, result.Responder), Is.EqualTo(takes ? (OperationOutcome.Refused, Ip("10.0.1.2")) : (OperationOutcome.Succeeded, server.Address)));
        Assert.That(server.Kinds, Is.EqualTo(takes ? [NameRegistrationRequest] : new[] { NameRegistrationRequest, NameOverwriteRequest }));
    }

    [Test]
    public void RuleN16_AStrangersAnswerOrDenial_IsNotTheOwners()
    {
        var (bed, node, server) = Make(OwnerNodeType.P);
        server.Then(NameRegistrationRequest, Respond(0xAD00, address: "10.0.0.2"));
        bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        SendAddresses(bed, "10.0.0.66", 0x8500, "NAME<20>", 0x1111, "10.0.0.66");
        SendAddresses(bed, "10.0.0.66", 0x8503, "NAME<20>", 0x1111, "10.0.0.2");
        SendAddresses(bed, "10.0.0.66", 0x8500, "NAME<20>", 0x2222, "10.0.0.2");
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registering));
        Assert.That(server.Kinds, Is.EqualTo([NameRegistrationRequest]));
    }

    [TestCase(true, 0.9, new[] { 0x2900, 0x3000 })]
    [TestCase(false, 0.9, new[] { 0x2900 })]
    [TestCase(true, 1.01, new[] { 0x2900 })]
    public void RuleN17_GrantedByTheServer_TheNameStillFallsToAnObjectionWithinCONFLICT_TIMER(bool releases, double after, int[] sent)
    {
        // RFC 1001 §15.2.3: "only if both name claims were successful does the M node acquire the name"
        var (bed, node, server) = Make(OwnerNodeType.M, NetBtDialect.Rfc1002 with { ReleasesClaimTheSegmentRefused = releases });
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.RunSeconds(0.8);
        Assert.That(server.Kinds, Is.EqualTo([NameRegistrationRequest]));
        Assert.That(bed.Results["ALPHA"], Is.Empty, "granted, but not the node's yet");
        bed.RunSeconds(after - 0.8);
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.9", id: 0x1111);
        bed.RunSeconds(20);
        var result = bed.Result(node, id);
        Assert.That(
            (result.Outcome, result.Responder), Is.EqualTo(after < 1 ? (OperationOutcome.Refused, Ip("10.0.0.9")) : (OperationOutcome.Succeeded, server.Address)));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(after < 1 ? null : LocalNameState.Registered));
        Assert.That(server.Received.Select(request => (int)request.Flags), Is.EqualTo(sent));
        Assert.That(server.Received.Select(request => request.Entry.Address), Is.All.EqualTo(node.Address));
        Assert.That(server.Received.Skip(1).Select(request => request.TransactionId), Has.None.EqualTo(0x1111), "another transaction, another id (RFC 1001 §13.2.1)");
        Assert.That(bed.From(node).Select(request => request.Flags), Has.None.EqualTo(0x3010), "on the segment the name is another's");
        Assert.That(node.PollTimeout() is null, Is.EqualTo(after < 1));
    }

    [TestCase(0xAD80, true)]
    [TestCase(0xAD86, false)]
    [TestCase(0xAD00, false)]
    [Reaches("M1.withdrawn")]
    public void RuleN17_RefusedWhileTheServerIsAsked_TheNameIsReleasedThereOnceItIsGranted(int answer, bool released)
    {
        // not before: until then the entry is the other's, and a non-secured name server would drop it
        var (bed, node, server) = Make(OwnerNodeType.M);
        server.Then(NameRegistrationRequest, Wack(3));
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.RunSeconds(0.9);
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.9", id: 0x1111);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused), "at once");
        Assert.That(server.Received, Has.Count.EqualTo(1));
        bed.RunSeconds(1);
        bed.SendResponse("10.0.0.200", "10.0.0.1", (ushort)answer, "NAME<20>", "10.0.0.9", id: 0x1111, ttl: 600);
        bed.RunSeconds(30);
        Assert.That(server.Kinds, Is.EqualTo(released ? [NameRegistrationRequest, NameReleaseRequest] : new[] { NameRegistrationRequest }));
        Assert.That(bed.From(node).Where(sent => !sent.IsBroadcast).Select(sent => sent.Destination.Address), Is.All.EqualTo(server.Address));
        Assert.That((node.NameCount, node.PollTimeout()), Is.EqualTo((0, (Instant?)null)));
    }

    [Test]
    [Reaches("M1.nothing-to-withdraw")]
    public void RuleN17_AServerThatNeverAnswers_IsNotAskedAgain()
    {
        var (bed, node, server) = Make(OwnerNodeType.M);
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.RunSeconds(0.9);
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.9", id: 0x1111);
        bed.RunSeconds(30);
        Assert.That(server.Received, Has.Count.EqualTo(1));
        Assert.That(node.PollTimeout(), Is.Null);
        server.IsDown = false;
        var again = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(2);
        Assert.That(bed.Result(node, again).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
    }

    [Test]
    public void RuleN17_AnObjectionWhileTheOwnerIsChallenged_Counts()
    {
        var (bed, node, server) = Make(OwnerNodeType.M);
        server.Then(NameRegistrationRequest, Respond(0xAD00, address: "10.0.0.9"));
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.RunSeconds(0.9);
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.9", id: 0x1111);
        Assert.That((bed.Result(node, id).Outcome, bed.Result(node, id).Responder), Is.EqualTo((OperationOutcome.Refused, Ip("10.0.0.9"))));
        bed.RunSeconds(30);
        Assert.That(server.Kinds, Is.EqualTo([NameRegistrationRequest]), "it never granted the name: nothing to release");
    }

    [Test]
    public void RuleN17_ANameDeletedBeforeCONFLICT_TIMERHasRun_IsReleasedAtTheServer()
    {
        var (bed, node, server) = Make(OwnerNodeType.M);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(0.8);
        bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(server.Kinds, Is.EqualTo([NameRegistrationRequest, NameReleaseRequest]));
        Assert.That(node.NameCount, Is.Zero);
    }

    private static (NodeBed Bed, EndNode Node, List<Sent> Received) WithADeafAdapter(NetBtDialect dialect, OwnerNodeType type, uint granted = 43_200)
    {
        var bed = new NodeBed();
        var received = new List<Sent>();
        bed.AddStation("10.0.0.200", (request, reply) =>
        {
            if (request.IsBroadcast)
                return;
            received.Add(request);
            if (request.Source.Address != Ip("10.0.1.1"))
                reply(Respond(0xAD80, granted)(request)!);
        });
        var node = bed.Add("ALPHA", "10.0.0.1", dialect, options => options with { NodeType = type, NameServers = [Ip("10.0.0.200")] }, "10.0.1.1");
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(60);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
        received.Clear();
        return (bed, node, received);
    }

    [TestCase(OwnerNodeType.P)]
    [TestCase(OwnerNodeType.H)]
    public void RuleN18_OnlyTheAdapterThatFailed_TriesAgain_TheOtherRefreshesAtHalfOfItsTime(OwnerNodeType type)
    {
        // Q164308, the corrected driver
        var (bed, node, received) = WithADeafAdapter(NetBtDialect.WindowsNt4, type);
        bed.RunSeconds(21_500 - 60);
        Assert.That(received.Select(sent => sent.Source.Address), Is.All.EqualTo(Ip("10.0.1.1")));
        Assert.That(received.Select(sent => sent.Kind), Is.All.EqualTo(MultihomedNameRegistrationRequest), "never agreed to there, so it is claimed");
        Assert.That(received.Count / 3, Is.InRange(165, 180), "every two minutes, and the 4.5 s that each try takes");
        bed.RunSeconds(150);
        var refresh = received.Where(sent => sent.Source.Address == node.Address).ToList();
        Assert.That(refresh.Select(sent => sent.Kind), Is.EqualTo([NameRefreshRequest]));
        Assert.That(refresh[0].Milliseconds / 1000, Is.EqualTo(21_600));
    }

    [TestCase(OwnerNodeType.P)]
    [TestCase(OwnerNodeType.H)]
    public void RuleN18_Nt351_RefreshesOnAllAdaptersEveryTenMinutes(OwnerNodeType type)
    {
        // Q164308: "if any of them were not successfully registered, the name is refreshed on ALL adapters"
        var (bed, node, received) = WithADeafAdapter(NetBtDialect.WindowsNt351, type);
        bed.RunSeconds(4000);
        var healthy = received.Where(sent => sent.Source.Address == node.Address).ToList();
        Assert.That(healthy.Select(sent => sent.Kind), Is.All.EqualTo(NameRefreshRequest));
        Assert.That(healthy, Has.Count.EqualTo(6));
        Assert.That(healthy.Zip(healthy.Skip(1), (one, next) => (next.Time - one.Time).TotalSeconds), Is.All.InRange(600, 606));
        Assert.That(received.Count(sent => sent.Source.Address == Ip("10.0.1.1")), Is.EqualTo(18));
    }

    [Test]
    public void RuleN18_WhereTheServerAnswersAgain_NothingIsOwedAnyMore()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed) { Grants = 43_200 };
        server.Then(MultihomedNameRegistrationRequest, Respond(0xAD80, 43_200));
        for (int i = 0; i < 3; i++)
            server.Then(MultihomedNameRegistrationRequest, Silence);
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NodeType = OwnerNodeType.P, NameServers = [server.Address] }, "10.0.1.1");
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(200);
        Assert.That(server.Received.Select(sent => sent.Source.Address), Is.EqualTo(new[] { "10.0.0.1", "10.0.1.1", "10.0.1.1", "10.0.1.1", "10.0.1.1" }.Select(Ip)));
        Assert.That(node.GetName(0).RefreshAt, Is.EqualTo(Instant.FromMilliseconds(21_600_000)), "the time of the first stands");
        var copy = node.Fork();
        Assert.That(copy.HasSameStateAs(node), Is.True);
        bed.RunSeconds(21_500);
        Assert.That(server.Received.Skip(5).Select(sent => (sent.Kind, sent.Source.Address)), Is.EqualTo([(NameRefreshRequest, Ip("10.0.0.1")), (NameRefreshRequest, Ip("10.0.1.1"))]));
    }

    [Test]
    public void RuleN18_ARefreshThatOneAdapterMisses_IsRepeatedThereAlone_AndDeletingTheNameEndsIt()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed) { Grants = 43_200 };
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NodeType = OwnerNodeType.P, NameServers = [server.Address] }, "10.0.1.1");
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        server.Then(NameRefreshRequest, Respond(0xAD80, 43_200));
        for (int i = 0; i < 6; i++)
            server.Then(NameRefreshRequest, Silence);
        bed.RunSeconds(21_599);
        server.Received.Clear();
        bed.RunSeconds(10);
        Assert.That(server.Received.Select(sent => sent.Source.Address.ToString()), Is.EqualTo(["10.0.0.1", "10.0.1.1", "10.0.1.1", "10.0.1.1"]));
        bed.RunSeconds(120);
        Assert.That(server.Received.Skip(4).Select(sent => (sent.Kind, sent.Source.Address.ToString())), Is.EqualTo(Enumerable.Repeat((NameRefreshRequest, "10.0.1.1"), 3)));
        Assert.That(node.GetName(0).RefreshAt, Is.LessThanOrEqualTo(bed.Now + TimeSpan.FromSeconds(120)));
        bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        bed.RunSeconds(20);
        Assert.That((node.NameCount, node.PollTimeout()), Is.EqualTo((0, (Instant?)null)));
    }

    [TestCase(9000u, 4000u)]
    [TestCase(4000u, 9000u)]
    [TestCase(0u, 4000u)]
    [TestCase(4000u, 0u)]
    [Clause("MS-NBTE §3.1.4.1/9")]
    public void AFurtherGrant_NeverMakesTheRefreshTimeoutLonger(uint first, uint second)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        server.Then(MultihomedNameRegistrationRequest, Respond(0xAD80, first)).Then(MultihomedNameRegistrationRequest, Respond(0xAD80, second));
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000, options => options with { NameServers = [server.Address] }, "10.0.1.1");
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That((node.GetName(0).TimeToLive.Seconds, node.GetName(0).RefreshAt), Is.EqualTo((4000u, (Instant?)Instant.FromMilliseconds(2_000_000))));
    }

    [Test]
    public void RuleN19_ANameThatWasDemanded_IsDefendedAndAnsweredFor_BeforeCONFLICT_TIMERHasRun()
    {
        var bed = new NodeBed();
        var alpha = bed.Add("ALPHA", "10.0.0.1");
        var beta = bed.Add("BETA", "10.0.0.2");
        bed.Do(alpha, now => alpha.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(0.3);
        var second = bed.Do(beta, now => beta.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(0.44);
        bed.SendQuery("10.0.0.9", null, 0x0110, "NAME<20>");
        Assert.That(bed.From(alpha).Select(sent => sent.Kind), Has.None.EqualTo(PositiveNameQueryResponse), "not demanded yet");
        bed.RunSeconds(0.03);
        bed.SendQuery("10.0.0.9", null, 0x0110, "NAME<20>");
        Assert.That(bed.From(alpha).Last().Kind, Is.EqualTo(PositiveNameQueryResponse));
        bed.RunSeconds(5);
        Assert.That(bed.Result(beta, second).Outcome, Is.EqualTo(OperationOutcome.Refused), "its third broadcast comes while the first node's timer still runs");
        Assert.That(alpha.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [TestCase(OwnerNodeType.B, 0.74, OperationOutcome.Succeeded, 0)]
    [TestCase(OwnerNodeType.B, 0.8, OperationOutcome.Refused, 0)]
    [TestCase(OwnerNodeType.M, 0.8, OperationOutcome.Refused, 1)]
    public void RuleN19_AConflictDemandForANameThatIsAnsweredForAlready_EndsItsClaim(OwnerNodeType type, double after, OperationOutcome outcome, int releases)
    {
        // its sender has had two answers to its query; its transaction id is the query's
        var (bed, node, server) = Make(type);
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.RunSeconds(after);
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD87, "NAME<20>", "0.0.0.0", id: 0x2222);
        bed.RunSeconds(20);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(outcome));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(outcome == OperationOutcome.Succeeded ? LocalNameState.Registered : null));
        Assert.That(server.Kinds.Count(kind => kind == NameReleaseRequest), Is.EqualTo(releases));
    }

    [Test]
    [Reaches("C1.conflict-demand")]
    public void RuleC1_AConflictDemandOnAnInterfaceThatHasTheNameAlready_MarksItThere_WhileAnotherStillClaims()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        server.Then(MultihomedNameRegistrationRequest, Respond(0xAD80, 9000)).Then(MultihomedNameRegistrationRequest, Wack(9));
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000, options => options with { NodeType = OwnerNodeType.P, NameServers = [server.Address] }, "10.0.1.1");
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.SendResponse("10.0.0.9", "10.0.1.1", 0xAD87, "NAME<20>", "0.0.0.0", id: 0x2222);
        Assert.That(node.GetNameRows(1).Single().Status, Is.EqualTo(NbtStatStatus.Registering), "not held there yet");
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD87, "NAME<20>", "0.0.0.0", id: 0x2222);
        Assert.That(node.GetNameRows(0).Single().Status, Is.EqualTo(NbtStatStatus.Conflict));
        bed.RunSeconds(20);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused), "in conflict on one of them");
        Assert.That((node.GetNameRows(0).Single().Status, node.GetNameRows(1).Single().Status), Is.EqualTo((NbtStatStatus.Conflict, NbtStatStatus.Registered)));
    }

    [TestCase("rfc1002", OperationOutcome.IllegalName)]
    [TestCase("nt3.5", OperationOutcome.Succeeded)]
    [TestCase("w2k", OperationOutcome.Succeeded)]
    [Reaches("N20.added", "N20.refused")]
    public void RuleN20_NoNameBeginsWithAnAsterisk_SaveInWindows(string dialect, OperationOutcome outcome)
    {
        NetBtDialect.TryFind(dialect, out var found);
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", found);
        var unique = bed.Do(node, now => node.AddName(now, Name("*NAME<20>")));
        var group = bed.Do(node, now => node.AddGroupName(now, Name("*<00>")));
        bed.RunSeconds(5);
        Assert.That((bed.Result(node, unique).Outcome, bed.Result(node, group).Outcome), Is.EqualTo((outcome, outcome)));
        Assert.That(node.NameCount, Is.EqualTo(outcome == OperationOutcome.Succeeded ? 2 : 0));
        Assert.That(bed.Log, Is.Empty);
    }

    [Test]
    [Reaches("N21.switch-back")]
    public void RuleN21_AfterAnHourOnTheSecondary_ThePrimaryIsTriedWithEachRefresh()
    {
        var bed = new NodeBed();
        var primary = new ScriptedServer(bed) { IsDown = true };
        var secondary = new ScriptedServer(bed, "10.0.0.201") { Grants = 20_000 };
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NameServers = [primary.Address, secondary.Address] });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(9000);
        Assert.That(primary.Received, Has.Count.EqualTo(3 + (6 * 3)), "for sixty minutes");
        secondary.Received.Clear();
        bed.RunSeconds(1100);
        Assert.That(primary.Received.Skip(21).Select(sent => sent.Kind), Is.EqualTo(Enumerable.Repeat(NameRefreshRequest, 3)), "at half of the granted time");
        Assert.That(secondary.Kinds, Is.EqualTo([NameRefreshRequest]), "which takes it where the primary is silent");
        primary.IsDown = false;
        bed.RunSeconds(10_100);
        Assert.That(primary.Received.Skip(24).Select(sent => sent.Kind), Is.EqualTo([NameRefreshRequest]));
        bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        Assert.That(primary.Kinds.Last(), Is.EqualTo(NameQueryRequest), "and all go back to it");
    }

    [Test]
    public void RuleN21_NbtstatRR_BeginsWithThePrimary()
    {
        var bed = new NodeBed();
        var primary = new ScriptedServer(bed) { IsDown = true };
        var secondary = new ScriptedServer(bed, "10.0.0.201");
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NameServers = [primary.Address, secondary.Address] });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(100);
        primary.IsDown = false;
        primary.Received.Clear();
        secondary.Received.Clear();
        bed.Do(node, node.Refresh);
        bed.RunSeconds(10);
        Assert.That(primary.Kinds, Is.EqualTo([NameReleaseRequest, NameRegistrationRequest]));
        Assert.That(secondary.Kinds, Is.EqualTo([NameReleaseRequest]));
    }

    [TestCase(0x8580, false)]
    [TestCase(0x8780, true)]
    public void RuleN22_AnAnswerThatIsCut_SaysSo(int flags, bool cut)
    {
        var (bed, node, server) = Make(OwnerNodeType.P);
        server.Then(NameQueryRequest, Respond((ushort)flags, 0, "10.0.0.7"));
        var id = bed.Do(node, now => node.Query(now, Name("LAB<1C>")));
        Assert.That(bed.Result(node, id).IsTruncated, Is.EqualTo(cut));
        Assert.That(bed.Result(node, id).Entries, Has.Length.EqualTo(1), "what came is returned");
    }

    [TestCase(26, false)]
    [TestCase(27, true)]
    [Reaches("N12.status-answer")]
    public void RuleN22_AStatusThatIsCut_SaysSo(int names, bool cut)
    {
        // RFC 1001 §15.6 e
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        for (int i = 0; i < names; i++)
            node.AssumeName(bed.Now, Name($"NAME{i}<20>"), isGroup: false);
        var asker = bed.Add("BETA", "10.0.0.2");
        var id = bed.Do(asker, now => asker.NodeStatus(now, node.Address));
        Assert.That((bed.Result(asker, id).IsTruncated, bed.Result(asker, id).Names.Length), Is.EqualTo((cut, 26)));
    }

    [TestCase("nt3.51", "<20>", 1)]
    [TestCase("nt3.51", "<03>", 2)]
    [TestCase("nt3.5", "<20>", 2)]
    [TestCase("nt4", "<20>", 2)]
    public void RuleN23_Nt351_ReleasesTheServersNameForItsFirstAdapterOnly(string dialect, string suffix, int releases)
    {
        NetBtDialect.TryFind(dialect, out var found);
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", found, options => options with { NameServers = [server.Address] }, "10.0.1.1");
        bed.Do(node, now => node.AddName(now, Name("ALPHA" + suffix)));
        server.Received.Clear();
        var id = bed.Do(node, now => node.DeleteName(now, Name("ALPHA" + suffix)));
        bed.RunSeconds(5);
        Assert.That(server.Received.Select(sent => (sent.Kind, sent.Entry.Address)), Is.EqualTo(new[] { "10.0.0.1", "10.0.1.1" }.Take(releases).Select(address => (NameReleaseRequest, Ip(address)))));
        Assert.That((bed.Result(node, id).Outcome, node.NameCount), Is.EqualTo((OperationOutcome.Succeeded, 0)));
    }

    [TestCase(OwnerNodeType.P, 0xB400, OperationOutcome.Succeeded)]
    [TestCase(OwnerNodeType.M, 0xB406, OperationOutcome.Refused)]
    [TestCase(OwnerNodeType.H, 0, OperationOutcome.NoAnswer)]
    public void RuleN24_WrongInformation_IsReportedToTheServerByARelease(OwnerNodeType type, int answer, OperationOutcome outcome)
    {
        var (bed, node, server) = Make(type);
        for (int i = 0; i < 3; i++)
            server.Then(NameReleaseRequest, answer == 0 ? Silence : Respond((ushort)answer));
        server.Then(NameQueryRequest, Respond(0x8580, 0, "10.0.9.9"));
        bed.Do(node, now => node.Query(now, Name("GONE<20>")));
        bed.RunSeconds(10);
        Assert.That(node.GetCacheRows(bed.Now), Has.Length.EqualTo(1));
        server.Received.Clear();
        bed.Log.Clear();
        var id = bed.Do(node, now => node.CorrectNameServer(now, Name("GONE<20>"), Ip("10.0.9.9"), transactionId: 0x1235));
        bed.RunSeconds(30);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(outcome));
        Assert.That(node.GetCacheRows(bed.Now), Is.Empty);
        Assert.That(server.Received.Select(sent => (sent.Flags, sent.TransactionId, sent.Entry.Address)).Distinct(), Is.EqualTo([((ushort)0x3000, (ushort)0x1235, Ip("10.0.9.9"))]));
        Assert.That(bed.From(node).Any(sent => sent.IsBroadcast), Is.False);
        Assert.That(node.PollTimeout(), Is.Null);
    }

    [Test]
    [Reaches("T4.correct-name-server")]
    public void RuleN24_AReport_EndsWhereTheNodeClaimsTheNameItself()
    {
        var (bed, node, server) = Make(OwnerNodeType.P);
        server.Then(NameReleaseRequest, Silence);
        var report = bed.Do(node, now => node.CorrectNameServer(now, Name("GONE<20>"), Ip("10.0.9.9")));
        var claim = bed.Do(node, now => node.AddName(now, Name("GONE<20>")));
        Assert.That((bed.Result(node, report).Outcome, bed.Result(node, claim).Outcome), Is.EqualTo((OperationOutcome.Cancelled, OperationOutcome.Succeeded)));
    }

    [Test]
    public void RuleN24_WhileTheNodeClaimsTheNameItself_NothingIsReported([Values] bool releases)
    {
        var (bed, node, server) = Make(OwnerNodeType.P);
        server.Then(NameRegistrationRequest, Wack(2)).Then(NameReleaseRequest, Silence);
        var own = bed.Do(node, now => node.AddName(now, Name("GONE<20>")));
        if (releases)
        {
            bed.RunSeconds(5);
            own = bed.Do(node, now => node.DeleteName(now, Name("GONE<20>")));
        }

        var report = bed.Do(node, now => node.CorrectNameServer(now, Name("GONE<20>"), Ip("10.0.9.9")));
        Assert.That(bed.Result(node, report).Outcome, Is.EqualTo(OperationOutcome.Cancelled));
        Assert.That(node.Transactions.Count(), Is.EqualTo(1), "one transaction has a name in hand");
        bed.RunSeconds(20);
        Assert.That(bed.Result(node, own).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(server.Received.Select(sent => sent.Entry.Address).Distinct(), Is.EqualTo(new[] { Ip("10.0.0.1") }));
    }

    [Test]
    [Reaches("T4.no-name-server")]
    public void RuleN24_ABNode_HasNobodyToReportItTo()
    {
        var (bed, node, server) = Make(OwnerNodeType.B);
        var id = bed.Do(node, now => node.CorrectNameServer(now, Name("GONE<20>"), Ip("10.0.9.9")));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NotAvailable));
        Assert.That(bed.Log, Is.Empty);
    }

    [Test]
    [Reaches("T4.node-status", "N12.status-query")]
    public void RuleN25_ANodeThatAsksForTime_GetsItForItsStatusToo()
    {
        var bed = new NodeBed();
        var asked = new ScriptedServer(bed, "10.0.0.9").Then(NodeStatusRequest, Wack(20));
        var node = bed.Add("ALPHA", "10.0.0.1");
        bed.Do(node, now => node.NodeStatus(now, asked.Address));
        bed.RunSeconds(19.9);
        Assert.That(asked.Received, Has.Count.EqualTo(1));
        bed.RunSeconds(0.1);
        Assert.That(asked.Received, Has.Count.EqualTo(2));
    }

    [TestCase(OwnerNodeType.B)]
    [TestCase(OwnerNodeType.P)]
    [TestCase(OwnerNodeType.M)]
    public void RuleN26_NodeStatusByName_FindsTheNodeFirst(OwnerNodeType type)
    {
        var (bed, node, server) = Make(type);
        var other = bed.Add("BETA", "10.0.0.2", null, options => options with { NodeType = type, NameServers = [server.Address] });
        bed.Do(other, now => other.AddName(now, Name("BETA<20>")));
        bed.RunSeconds(5);
        server.Then(NameQueryRequest, Respond(0x8580, 600, "10.0.0.2"));
        bed.Log.Clear();
        var first = bed.Do(node, now => node.NodeStatus(now, Name("BETA<20>")));
        var result = bed.Result(node, first);
        Assert.That((result.Kind, result.Outcome, result.Responder), Is.EqualTo((OperationKind.NodeStatus, OperationOutcome.Succeeded, other.Address)));
        Assert.That(result.Names.Select(name => name.Name), Is.EqualTo([Name("BETA<20>")]));
        Assert.That(bed.From(node).Select(sent => sent.Kind), Is.EqualTo([NameQueryRequest, NodeStatusRequest]));
        bed.RunSeconds(5);
        Assert.That(bed.Results["ALPHA"].Count(one => one.Id == first), Is.EqualTo(1), "the conflict timer's end says nothing");

        bed.Log.Clear();
        bed.Do(node, now => node.NodeStatus(now, Name("BETA<20>")));
        Assert.That(bed.From(node).Select(sent => sent.Kind), Is.EqualTo([NodeStatusRequest]), "what is cached will do (RFC 1001 §15.1.4)");
    }

    [Test]
    [Reaches("T4.node-status-by-name")]
    public void RuleN26_NodeStatusByName_OfNobody_AndOfOneself()
    {
        var (bed, node, _) = Make(OwnerNodeType.P);
        bed.Do(node, now => node.AddName(now, Name("ALPHA<00>")));
        var nobody = bed.Do(node, now => node.NodeStatus(now, Name("NOBODY<20>")));
        Assert.That((bed.Result(node, nobody).Kind, bed.Result(node, nobody).Outcome), Is.EqualTo((OperationKind.NodeStatus, OperationOutcome.NotFound)));
        bed.Log.Clear();
        var own = bed.Do(node, now => node.NodeStatus(now, Name("ALPHA<00>")));
        Assert.That(bed.Result(node, own).Names.Select(name => (name.Name, name.Flags.Value)), Is.EqualTo([(Name("ALPHA<00>"), (ushort)0x2600)]));
        Assert.That(bed.Log, Is.Empty);
        bed.SendResponse("10.0.0.200", "10.0.0.1", 0xAD87, "ALPHA<00>", "0.0.0.0");
        var marked = bed.Do(node, now => node.NodeStatus(now, Name("ALPHA<00>")));
        Assert.That(bed.Result(node, marked).Outcome, Is.EqualTo(OperationOutcome.NameConflict), "any other function returns NAME CONFLICT (RFC 1001 §15.1.3.5)");
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.2/2")]
    public void ANameThatBeginsWithAnAsterisk_IsFoundAtWhoeverHasIt()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000);
        var asker = bed.Add("BETA", "10.0.0.2", NetBtDialect.Windows2000);
        bed.Do(node, now => node.AddName(now, Name("*NAME<20>")));
        var id = bed.Do(asker, now => asker.Query(now, Name("*NAME<20>")));
        Assert.That(bed.Result(asker, id).Entries.Select(entry => entry.Address), Is.EqualTo([node.Address]));
    }

    [TestCase(false, LocalNameState.Registered)]
    [TestCase(true, LocalNameState.Conflict)]
    [Clause("MS-NBTE §3.1.7/1")]
    [Reaches("N30.unanswered", "N11.claim-again")]
    public void RuleC3_AddressChange_UnansweredByTheServer_IsMadeAgain_OrByTheLetterAConflict(bool letter, LocalNameState state)
    {
        var (bed, node, server) = Make(OwnerNodeType.P, NetBtDialect.Windows2000 with { UnansweredReclaimIsConflict = letter });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        server.Received.Clear();
        server.Then(NameReleaseRequest, Respond(0xB400));
        for (int i = 0; i < 3; i++)
            server.Then(NameRegistrationRequest, Silence);
        node.ChangeAddress(bed.Now, EndNodeInterface.InSubnet(Ip("10.0.0.51")));
        bed.RunSeconds(30);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(state));
        bed.RunSeconds(120);
        Assert.That(server.Kinds, Is.EqualTo(new[] { NameReleaseRequest }.Concat(Enumerable.Repeat(NameRegistrationRequest, letter ? 3 : 4))));
        Assert.That((node.GetNameState(Name("NAME<20>")), node.PollTimeout() is null), Is.EqualTo((state, letter)));
    }

    [Test]
    public void RuleN3_ByQ154409_TheFirstRefreshComesAfterTwoMinutes_TheNextAfterAnEighthOfTheGrantedTime()
    {
        var dialect = NetBtDialect.WindowsNt35 with { Timing = NetBtTiming.Windows with { FirstRefreshInterval = TimeSpan.FromMinutes(2), RefreshDivisor = 8 } };
        var (bed, node, server) = Make(OwnerNodeType.P, dialect);
        server.Grants = 345_600;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(120 + 43_200);
        Assert.That(server.Received.Select(sent => (sent.Milliseconds / 1000, sent.Kind)), Is.EqualTo([(0, NameRegistrationRequest), (120, NameRefreshRequest), (43_320, NameRefreshRequest)]));
    }

    [Test]
    public void RuleP6_AReleaseDemandThatCrossesWithTheNodesOwnRelease_IsAnswered()
    {
        // RFC 1001 §15.5.3
        var (bed, node, server) = Make(OwnerNodeType.P);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        server.IsDown = true;
        var id = bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        bed.Log.Clear();
        bed.SendRequest("10.0.0.200", "10.0.0.1", 0x3000, "NAME<20>", "10.0.0.1", id: 0x1235);
        Assert.That(bed.From(node).Select(sent => (sent.Flags, sent.TransactionId)), Is.EqualTo([((ushort)0xB400, (ushort)0x1235)]));
        bed.SendRequest("10.0.0.66", "10.0.0.1", 0x3000, "NAME<20>", "10.0.0.1");
        Assert.That(bed.From(node).Count(), Is.EqualTo(1), "a stranger's is not");
        server.IsDown = false;
        bed.RunSeconds(10);
        Assert.That((bed.Result(node, id).Outcome, node.NameCount), Is.EqualTo((OperationOutcome.Succeeded, 0)));
        Assert.That(bed.Events["ALPHA"], Is.Empty, "the user asked for it");
    }

    [TestCase("*<00>.OTHER", 0)]
    [TestCase("*", 1)]
    public void RuleP6_NodeStatusForTheWildcard_ListsTheNamesOfTheRequestsScopeOnly(string asked, int names)
    {
        // RFC 1002 §5.1.2.5: '*' is answered, with "only those names that are in the same scope"
        var (bed, node, _) = Make(OwnerNodeType.P);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0000, asked, NbnsType.NBStat);
        Assert.That(NbnsPacket.TryParse(bed.From(node).Last().Bytes, out var packet), Is.True);
        Assert.That((packet.RecordType, packet.Record.NodeNameCount), Is.EqualTo((NbnsType.NBStat, names)));
    }

    [TestCase(120u, 300)]
    [TestCase(299u, 300)]
    [TestCase(6000u, 6000)]
    [Clause("MS-NBTE §3.1.4.1/7")]
    public void TheRefreshTimeout_IsTheGrantedTimeOrFiveMinutes_WhereNothingSaysHalfOfIt(uint granted, int seconds)
    {
        // the letter; Windows takes half of it (Q153713, Q164308)
        var dialect = NetBtDialect.Windows2000 with { Timing = NetBtTiming.Windows with { FirstRefreshDivisor = 1, RefreshDivisor = 1 } };
        var (bed, node, server) = Make(OwnerNodeType.P, dialect);
        server.Grants = granted;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(node.GetName(0).RefreshAt, Is.EqualTo(bed.Now + TimeSpan.FromSeconds(seconds)));
        bed.RunSeconds(seconds);
        Assert.That(server.Kinds, Is.EqualTo([NameRegistrationRequest, NameRefreshRequest]));
    }

    [TestCase(false, null)]
    [TestCase(true, LocalNameState.Registered)]
    public void RuleP5_Release_ThatTheServerNeverAnswers_TheNameGoes_OrStaysByTheSwitch(bool keeps, LocalNameState? left)
    {
        var (bed, node, server) = Make(OwnerNodeType.P, NetBtDialect.Rfc1002 with { KeepsNameWhoseReleaseIsUnanswered = keeps });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        server.IsDown = true;
        var id = bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        bed.RunSeconds(20);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NoAnswer));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(left));
        Assert.That(node.PollTimeout() is not null, Is.EqualTo(keeps), "refreshed as before");
    }

    [TestCase(false)]
    [TestCase(true)]
    [Reaches("M5.no-update")]
    public void RuleM5_ByTheLetterOfTheMNode_ADenialGivesTheNameWithoutAnUpdate(bool skips)
    {
        // RFC 1002 §5.1.3.1 against §5.1.2.1 and RFC 1001 §15.2.2.3
        var (bed, node, server) = Make(OwnerNodeType.M, NetBtDialect.Rfc1002 with { SkipsUpdateAfterDenial = skips });
        server.Then(NameRegistrationRequest, Respond(0xAD00, address: "10.0.0.2"));
        bed.Add("BETA", "10.0.0.2", with: options => options with { NodeType = OwnerNodeType.P });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(server.Kinds, Is.EqualTo(skips ? [NameRegistrationRequest] : new[] { NameRegistrationRequest, NameOverwriteRequest }));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [TestCase("rfc1002", false)]
    [TestCase("w2k", true)]
    public void RuleM4_AQueryMissSentToThisNodeAloneWithTheBBitSet_ByBothReadings(string dialect, bool answered)
    {
        // RFC 1002 §5.1.3.5 "IF request NOT broadcast": as RuleP1
        NetBtDialect.TryFind(dialect, out var found);
        var (bed, node, _) = Make(OwnerNodeType.M, found);
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0110, "OTHER<20>");
        Assert.That(bed.From(node).Any(), Is.EqualTo(answered));
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0100, "OTHER<20>");
        Assert.That(bed.From(node).Last().Kind, Is.EqualTo(NegativeNameQueryResponse));
    }

    [TestCase(OwnerNodeType.B, 0x0000)]
    [TestCase(OwnerNodeType.M, 0x4000)]
    public void RuleB3_TheConflictDemand_HasTheOwnersNodeType(OwnerNodeType owner, int flags)
    {
        // RFC 1002 §4.2.8, §4.2.1.3: "for responses this is the actual owner's type"
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        bed.Do(node, now => node.Query(now, Name("NAME<20>"), 0x4321));
        bed.SendResponse("10.0.0.7", "10.0.0.1", 0x8500, "NAME<20>", "10.0.0.7", id: 0x4321);
        var buffer = new byte[576];
        bed.Send("10.0.0.8", "10.0.0.1", buffer.AsSpan(0, NbnsEncoder.WriteResponse(buffer, 0x4321, 0x8500, Name("NAME<20>"), 0, new NbEntry(new NbFlags(true, owner), Ip("10.0.0.8")))));
        var demand = bed.From(node).Last();
        Assert.That((demand.Flags, demand.TimeToLive, demand.Entry.Flags.Value, demand.Entry.Address), Is.EqualTo((0xAD87, 0u, flags, Ipv4Address.Any)));
    }
}
