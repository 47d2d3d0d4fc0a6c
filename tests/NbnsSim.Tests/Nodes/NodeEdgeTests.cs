using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>Names that a name server has missed, hosts with several interfaces, and what happens where there is no room for a step.</summary>
public sealed class NodeEdgeTests
{
    private static readonly NetBiosName s_name = Name("NAME<20>");
    private static readonly NetBiosName s_other = Name("OTHER<20>");

    private static (NodeBed Bed, EndNode Node, ScriptedServer Server) Make(
        OwnerNodeType type = OwnerNodeType.H, NetBtDialect? dialect = null, int maxTransactions = 256, params string[] moreAddresses)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add(
            "ALPHA", "10.0.0.1", dialect ?? NetBtDialect.WindowsNt4, options => options with { NodeType = type, NameServers = [server.Address], MaxTransactions = maxTransactions },
            moreAddresses);
        return (bed, node, server);
    }

    /// <summary>A host with two addresses, the second of which the name server has not answered for.</summary>
    private static (NodeBed Bed, EndNode Node, ScriptedServer Server) Owing(Func<NetBtDialect, NetBtDialect>? change = null)
    {
        var (bed, node, server) = Make(OwnerNodeType.H, change?.Invoke(NetBtDialect.WindowsNt4) ?? NetBtDialect.WindowsNt4, 256, "10.0.1.1");
        server.Then(MultihomedNameRegistrationRequest, Respond(NbnsFlagWords.RegistrationResponse, 6000));
        for (int i = 0; i < 3; i++)
            server.Then(MultihomedNameRegistrationRequest, Silence);
        bed.Do(node, now => node.AddName(now, s_name));
        bed.RunSeconds(10);
        Assert.That(node.GetName(0).RefreshAt, Is.LessThan(bed.Now + TimeSpan.FromSeconds(130)), "the second interface owes a claim");
        server.Received.Clear();
        return (bed, node, server);
    }

    [Test]
    public void OfSeveralTimersThatAreDueTheEarliestIsFirst()
    {
        var (bed, node, _) = Make(OwnerNodeType.B);
        node.Query(bed.Now, s_name);
        bed.RunSeconds(0.1);
        node.Query(bed.Now, s_other);
        bed.Settle();
        bed.Log.Clear();
        node.HandleTimeout(bed.Now + TimeSpan.FromSeconds(2));
        bed.Settle();
        Assert.That(bed.Log.Select(sent => sent.Name), Is.EqualTo(new[] { s_name, s_other }));
    }

    /// <summary>Q188598: what the name server has never had is claimed there, not released.</summary>
    [Test]
    public void RegisteringAnewClaimsWhatIsOwed_AndThenNothingIs()
    {
        var (bed, node, server) = Owing();
        bed.RunSeconds(10);
        bed.Do(node, node.Refresh);
        Assert.That(
            server.Received.OrderBy(sent => sent.Source.Address.Value).Select(sent => (sent.Source.Address, sent.Kind)),
            Is.EqualTo(new[] { (Ip("10.0.0.1"), NameReleaseRequest), (Ip("10.0.0.1"), MultihomedNameRegistrationRequest), (Ip("10.0.1.1"), MultihomedNameRegistrationRequest) }));
        Assert.That(node.GetName(0).RefreshAt, Is.GreaterThan(bed.Now + TimeSpan.FromSeconds(1000)));
        Assert.That(node.PollTimeout(), Is.EqualTo(node.GetName(0).RefreshAt));
    }

    /// <summary>RFC 1001 §15.1.3.5: a name in conflict is offered to nobody.</summary>
    [Test]
    public void AClaimThatIsRefusedForANewAddressOwesNothing()
    {
        var (bed, node, server) = Owing();
        bed.RunSeconds(10);
        server.Then(MultihomedNameRegistrationRequest, Respond(NbnsFlagWords.RegistrationResponse | (int)NbnsRcode.ActiveError));
        node.ChangeAddress(bed.Now, EndNodeInterface.InSubnet(Ip("10.0.2.1")), 1);
        bed.RunSeconds(5);
        Assert.That(node.GetNameRows(1).Single().Status, Is.EqualTo(NbtStatStatus.Conflict));
        Assert.That(node.GetName(0).RefreshAt, Is.GreaterThan(bed.Now + TimeSpan.FromSeconds(1000)));
    }

    /// <summary>Each interface has its own luck, also where a claim for a new address is not answered.</summary>
    [Test]
    public void AnUnansweredReclaimIsAConflictOnItsInterfaceAlone()
    {
        var (bed, node, server) = Make(OwnerNodeType.P, NetBtDialect.WindowsNt4 with { UnansweredReclaimIsConflict = true }, 256, "10.0.1.1");
        bed.Do(node, now => node.AddName(now, s_name));
        server.IsDown = true;
        node.ChangeAddress(bed.Now, EndNodeInterface.InSubnet(Ip("10.0.2.1")), 1);
        bed.RunSeconds(60);
        Assert.That(
            (node.GetNameRows(0).Single().Status, node.GetNameRows(1).Single().Status), Is.EqualTo((NbtStatStatus.Registered, NbtStatStatus.Conflict)));
    }

    [Test]
    public void ANameThatNoInterfaceCouldRegisterIsTriedAgainOnAll()
    {
        var (bed, node, server) = Make(OwnerNodeType.P, null, 256, "10.0.1.1");
        server.IsDown = true;
        var id = bed.Do(node, now => node.AddName(now, s_name));
        bed.RunSeconds(10);
        Assert.That((bed.Result(node, id).Outcome, node.GetNameState(s_name)), Is.EqualTo((OperationOutcome.NoAnswer, LocalNameState.Registering)));
        server.IsDown = false;
        server.Received.Clear();
        bed.RunSeconds(130);
        Assert.That(server.Received.Select(sent => sent.Source.Address), Is.EqualTo(new[] { Ip("10.0.0.1"), Ip("10.0.1.1") }));
        Assert.That(node.GetNameState(s_name), Is.EqualTo(LocalNameState.Registered));
    }

    /// <summary>MS-NBTE §3.1.4.1: a name is in conflict if it is on one interface, however many others get it afterwards.</summary>
    [Test]
    public void OfThreeInterfacesTheRefusalOfTheFirstIsReported()
    {
        var (bed, node, server) = Make(OwnerNodeType.P, null, 256, "10.0.1.1", "10.0.2.1");
        server.Then(MultihomedNameRegistrationRequest, Respond(NbnsFlagWords.RegistrationResponse | (int)NbnsRcode.ActiveError));
        var id = bed.Do(node, now => node.AddName(now, s_name));
        var result = bed.Result(node, id);
        Assert.That((result.Outcome, result.Responder, result.Rcode), Is.EqualTo((OperationOutcome.Refused, server.Address, NbnsRcode.ActiveError)));
    }

    /// <summary>Where a refused name is kept, marked, it is not the node's to release.</summary>
    [Test]
    public void ARefusedNameThatIsKeptIsDeletedWithoutAWord()
    {
        var (bed, node, server) = Make(OwnerNodeType.P, NetBtDialect.Rfc1002 with { KeepsRefusedNameInConflict = true });
        server.Then(NameRegistrationRequest, Respond(NbnsFlagWords.RegistrationResponse | (int)NbnsRcode.ActiveError));
        bed.Do(node, now => node.AddName(now, s_name));
        Assert.That(node.GetNameState(s_name), Is.EqualTo(LocalNameState.Conflict));
        server.Received.Clear();
        bed.Do(node, now => node.DeleteName(now, s_name));
        bed.RunSeconds(20);
        Assert.That((server.Received.Count, node.NameCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public void RegistrationsAreCountedByTheirKind()
    {
        var (bed, node, server) = Make();
        bed.Do(node, now => node.AddName(now, s_name));
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, s_other));
        bed.RunSeconds(10);
        Assert.That((node.GetStatistics().RegisteredByNameServer, node.GetStatistics().RegisteredByBroadcast), Is.EqualTo((1L, 1L)));
        Assert.That(node.GetNamesResolvedByBroadcast(), Is.Empty);
    }

    /// <summary>MS-NBTE §3.1.7: a name that the segment has, and the name server has yet to hear of, is moved like any other.</summary>
    [Test]
    public void ANameThatOwesItsServerMovesToTheNewAddress()
    {
        var (bed, node, server) = Make();
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, s_name));
        bed.RunSeconds(10);
        Assert.That(node.GetNameState(s_name), Is.EqualTo(LocalNameState.Registered));
        bed.Log.Clear();
        node.ChangeAddress(bed.Now, EndNodeInterface.InSubnet(Ip("10.0.0.2")));
        bed.RunSeconds(20);
        Assert.That(bed.Log.Where(sent => sent.IsBroadcast).Select(sent => sent.Entry.Address).Distinct(), Is.EqualTo(new[] { Ip("10.0.0.1"), Ip("10.0.0.2") }));
    }

    [Test]
    public void ANameThatWaitsForItsServerStillWaits_WhereThereIsNoRoomToTry()
    {
        var (bed, node, server) = Make(OwnerNodeType.P, null, maxTransactions: 1);
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, s_name));
        bed.RunSeconds(124);
        bed.Do(node, now => node.Query(now, s_other));
        bed.RunSeconds(6);
        Assert.That(node.GetNameState(s_name), Is.EqualTo(LocalNameState.Registering));
        server.IsDown = false;
        bed.RunSeconds(130);
        Assert.That(node.GetNameState(s_name), Is.EqualTo(LocalNameState.Registered));
    }

    [Test]
    public void AnAddressThatChangesWhereThereIsNoRoom_IsRefreshedLater()
    {
        var (bed, node, server) = Make(OwnerNodeType.P, null, 1, "10.0.1.1");
        node.AssumeName(bed.Now, s_name, isGroup: false);
        server.IsDown = true;
        bed.Do(node, now => node.Query(now, s_other));
        node.ChangeAddress(bed.Now, EndNodeInterface.InSubnet(Ip("10.0.2.1")), 1);
        bed.RunSeconds(30);
        server.IsDown = false;
        server.Received.Clear();
        bed.RunSeconds(130);
        Assert.That(server.Received.Select(sent => (sent.Kind, sent.Entry.Address)), Is.EqualTo(new[] { (NameRefreshRequest, Ip("10.0.2.1")) }));
    }

    /// <summary>A B node has no name server to try again.</summary>
    [Test]
    public void ABNodeThatHasNoRoomToClaimANameAnewForgetsIt()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { MaxTransactions = 1 });
        node.AssumeName(bed.Now, s_name, isGroup: false);
        node.AssumeName(bed.Now, s_other, isGroup: false);
        bed.Do(node, node.Refresh);
        bed.RunSeconds(10);
        Assert.That((node.PollTimeout(), node.GetName(1).RefreshAt), Is.EqualTo(((Instant?)null, (Instant?)null)));
    }

    /// <summary>Q247559 and Q153713: a refresh whose time comes while the primary is tried with the same name waits, and is not lost.</summary>
    [Test]
    public void ARefreshThatIsDueWhileThePrimaryIsTriedComesLater()
    {
        var bed = new NodeBed();
        var (primary, secondary) = (new ScriptedServer(bed) { IsDown = true }, new ScriptedServer(bed, "10.0.0.201") { Grants = 1204 });
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NodeType = OwnerNodeType.P, NameServers = [primary.Address, secondary.Address] });
        bed.Do(node, now => node.AddName(now, s_name));
        bed.RunSeconds(607);
        Assert.That(node.GetName(0).RefreshAt, Is.EqualTo(Instant.FromMilliseconds(726_500)), "it was due at 606.5 s");
        secondary.Received.Clear();
        bed.RunSeconds(130);
        Assert.That(secondary.Received.Select(sent => sent.Kind), Is.EqualTo(new[] { NameRefreshRequest }));
    }

    /// <summary>RFC 1001 §13.1.1: the same information is no second owner, however often it is said.</summary>
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void AnAnswerThatSaysTheSameSeveralTimesIsTheSame(int times)
    {
        var (bed, node, _) = Make(OwnerNodeType.B);
        bed.Do(node, now => node.Query(now, s_name, 7));
        bed.SendResponse("10.0.0.77", "10.0.0.1", NbnsFlagWords.QueryResponse, "NAME<20>", "10.0.0.77", id: 7);
        bed.Log.Clear();
        var buffer = new byte[576];
        var entries = Enumerable.Repeat(new NbEntry(default, Ip("10.0.0.77")), times).ToArray();
        int length = NbnsEncoder.WriteResponse(buffer, 7, NbnsFlagWords.QueryResponse, s_name, 0, entries);
        bed.Send("10.0.0.78", "10.0.0.1", buffer.AsSpan(0, length));
        Assert.That(bed.From(node), Is.Empty);
    }

    /// <summary>RFC 1001 §17.2: only <c>*</c> and nothing behind it is everybody's.</summary>
    [TestCase(0UL, true)]
    [TestCase(1UL, false)]
    public void ANameThatBeginsLikeTheWildcardIsNotIt(ulong low, bool isAnswered)
    {
        var (bed, node, _) = Make(OwnerNodeType.B);
        var buffer = new byte[576];
        int length = NbnsEncoder.WriteQuery(buffer, 7, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, new NetBiosName(0x2A00_0000_0000_0000, low, NetBiosScope.Empty));
        bed.Send("10.0.0.9", null, buffer.AsSpan(0, length));
        Assert.That(bed.From(node).Select(sent => sent.TimeToLive), Is.EqualTo(isAnswered ? new[] { 300_000u } : []), "with the time that the dialect gives");
    }

    /// <summary>Names that go leave the others where they are found.</summary>
    [Test]
    public void WhenANameGoesTheOthersAreStillAnsweredFor()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        for (int i = 0; i < 100; i++)
            node.AssumeName(bed.Now, Name($"N{i}<20>"), isGroup: false);
        bed.Do(node, now => node.DeleteName(now, Name("N50<20>")));
        bed.RunSeconds(5);
        for (int i = 0; i < 100; i++)
        {
            bed.Log.Clear();
            bed.SendQuery("10.0.0.9", null, 0x0110, $"N{i}<20>");
            Assert.That(bed.From(node).Count(), Is.EqualTo(i == 50 ? 0 : 1), $"N{i}");
        }
    }

    /// <summary>WinsDownTimeout: a correction that cannot be sent has its result at once.</summary>
    [Test]
    public void ACorrectionWhileTheServerIsTakenForDownIsNotAnswered()
    {
        var (bed, node, server) = Make(OwnerNodeType.P);
        server.IsDown = true;
        bed.Do(node, now => node.Query(now, s_other));
        bed.RunSeconds(5);
        var id = bed.Do(node, now => node.CorrectNameServer(now, s_name, Ip("10.0.0.77")));
        Assert.That((bed.Result(node, id).Outcome, node.Transactions.Count()), Is.EqualTo((OperationOutcome.NoAnswer, 0)));
    }

    /// <summary>RFC 1001 §15.1.7(8): it is the name server's entry that is wrong, not the node's own.</summary>
    [Test]
    public void ACorrectionOfANameThatTheNodeHoldsLeavesItThere()
    {
        var (bed, node, _) = Make(OwnerNodeType.P);
        node.AssumeName(bed.Now, s_name, isGroup: false);
        var id = bed.Do(node, now => node.CorrectNameServer(now, s_name, Ip("10.0.0.77")));
        Assert.That((bed.Result(node, id).Outcome, node.GetNameState(s_name)), Is.EqualTo((OperationOutcome.Succeeded, LocalNameState.Registered)));
    }

    [Test]
    public void WhoeverListensLosesNothing_AndEachPacketNamesItsDecision()
    {
        var (bed, node, _) = Make(OwnerNodeType.P, NetBtDialect.Rfc1002);
        node.AssumeName(bed.Now, s_name, isGroup: false);
        node.DeleteName(bed.Now, s_other);
        var said = new DecisionCounter();
        node.Decisions = said;
        Assert.That(node.TryPollResult(out _), Is.True, "of the command before");

        var request = new byte[576];
        int length = NbnsEncoder.WriteQuery(request, 7, NbnsFlagWords.QueryRequest, s_name);
        foreach (Action step in (Action[])
            [
                () => node.Query(bed.Now, s_other), () => node.AddName(bed.Now, s_other), () => node.NodeStatus(bed.Now, Ip("10.0.0.77")),
                () => node.HandleDatagram(bed.Now, new Datagram(request.AsSpan(0, length), Ipv4Endpoint.NameService(Ip("10.0.0.9")), Ipv4Endpoint.NameService(node.Address), isBroadcast: false, 0)),
            ])
        {
            step();
            Assert.That(node.TryPollTransmit(new byte[576], out var transmit), Is.True);
            Assert.That(transmit.Decision, Is.EqualTo(said.Count));
        }
    }

    [Test]
    public void NodesThatDifferInOneTransactionAreNotInTheSameState()
    {
        var (bed, node, server) = Make(OwnerNodeType.P);
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, s_name, 7));
        var fork = node.Fork();
        Assert.That(fork.RenumberTransaction(s_name, 8), Is.True);
        Assert.That((fork.HasSameStateAs(node), node.Fork().HasSameStateAs(node)), Is.EqualTo((false, true)));

        var one = new NodeTransaction { Name = s_name, Deadline = new Instant(1), TransactionId = 7 };
        NodeTransaction[] others =
        [
            new() { Name = s_other, Deadline = one.Deadline, TransactionId = 7 }, new() { Name = s_name, Deadline = new Instant(2), TransactionId = 7 },
            new() { Name = s_name, Deadline = one.Deadline, TransactionId = 8 }, new() { Name = s_name, Deadline = one.Deadline, TransactionId = 7, Step = 1 },
        ];
        Assert.That(others.Select(other => one.HasSameStateAs(other)), Has.All.False);
        Assert.That(one.HasSameStateAs(one.Clone()), Is.True);

        var reports = new NodeReports();
        reports.Add(NetBtEvent.NoNameServer(default, backup: false));
        var results = new NodeReports();
        results.Add(new OperationResult { Id = new OperationId(1) });
        Assert.That((reports.HasSameStateAs(NodeReports.Empty), results.HasSameStateAs(NodeReports.Empty), NodeReports.Empty.HasSameStateAs(new NodeReports())), Is.EqualTo((false, false, true)));
    }

    [TestCase(0)]
    [TestCase(65_537)]
    public void ACapacityHasBounds(int value) =>
        Assert.That(() => new EndNodeOptions { MaxTransactions = value }, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("1 to 65536"));

    /// <summary>Where an interface did not get an answer to its refresh, and then did, nothing is owed.</summary>
    [Test]
    public void AMissedRefreshIsMadeUpFor()
    {
        var (bed, node, server) = Make(OwnerNodeType.P, null, 256, "10.0.1.1");
        bed.Do(node, now => node.AddName(now, s_name));
        bed.RunSeconds(2990);
        server.Then(NameRefreshRequest, Respond(NbnsFlagWords.RegistrationResponse, 6000));
        for (int i = 0; i < 3; i++)
            server.Then(NameRefreshRequest, Silence);
        server.Received.Clear();
        bed.RunSeconds(200);
        Assert.That(server.Received.Select(sent => sent.Source.Address), Is.EqualTo(new[] { Ip("10.0.0.1"), Ip("10.0.1.1"), Ip("10.0.1.1"), Ip("10.0.1.1"), Ip("10.0.1.1") }));
        Assert.That(server.Received.Select(sent => sent.Kind), Has.All.EqualTo(NameRefreshRequest));
        Assert.That(node.PollTimeout(), Is.GreaterThan(bed.Now + TimeSpan.FromSeconds(2000)));
    }

    /// <summary>A refresh that is owed on one interface ends where the name is in conflict there.</summary>
    [Test]
    public void AConflictEndsARefreshThatIsOwed()
    {
        var (bed, node, server) = Make(OwnerNodeType.P, null, 256, "10.0.1.1");
        bed.Do(node, now => node.AddName(now, s_name));
        bed.RunSeconds(2990);
        server.Then(NameRefreshRequest, Respond(NbnsFlagWords.RegistrationResponse, 6000));
        for (int i = 0; i < 3; i++)
            server.Then(NameRefreshRequest, Silence);
        bed.RunSeconds(20);
        Assert.That(node.GetName(0).RefreshAt, Is.LessThan(bed.Now + TimeSpan.FromSeconds(130)));
        bed.SendResponse("10.0.0.200", "10.0.1.1", NbnsFlagWords.ConflictDemand, "NAME<20>", "0.0.0.0");
        Assert.That(node.GetName(0).RefreshAt, Is.GreaterThan(bed.Now + TimeSpan.FromSeconds(2000)));
    }
}
