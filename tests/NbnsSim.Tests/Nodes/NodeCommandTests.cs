using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>What becomes of commands that come in the way of each other, find no room, or concern several interfaces; and what a host that is played can do.</summary>
public sealed class NodeCommandTests
{
    private static readonly NetBiosName s_name = Name("NAME<20>");
    private static readonly NetBiosName s_other = Name("OTHER<20>");

    private static (NodeBed Bed, EndNode Node, ScriptedServer Server) WithServer(OwnerNodeType type = OwnerNodeType.P, NetBtDialect? dialect = null, params string[] moreAddresses)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        return (bed, bed.Add("ALPHA", "10.0.0.1", dialect ?? NetBtDialect.Rfc1002, options => options with { NodeType = type, NameServers = [server.Address] }, moreAddresses), server);
    }

    private static (NodeBed Bed, EndNode Node) Alone(int maxTransactions = 256)
    {
        var bed = new NodeBed();
        return (bed, bed.Add("ALPHA", "10.0.0.1", with: options => options with { MaxTransactions = maxTransactions }));
    }

    [Test]
    public void ABootPutsAnEndToTheOneBefore()
    {
        var (bed, node) = Alone();
        var first = bed.Do(node, node.Boot);
        var second = bed.Do(node, node.Boot);
        bed.RunSeconds(30);
        Assert.That((bed.Result(node, first).Outcome, bed.Result(node, second).Outcome), Is.EqualTo((OperationOutcome.Cancelled, OperationOutcome.Succeeded)));
        var third = bed.Do(node, node.Boot);
        bed.RunSeconds(30);
        Assert.That(bed.Result(node, third).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
    }

    [Test]
    public void AShutdownPutsAnEndToABoot_AndABootToAShutdown()
    {
        var (bed, node) = Alone();
        var boot = bed.Do(node, node.Boot);
        bed.RunSeconds(2);
        var shutdown = bed.Do(node, node.Shutdown);
        var again = bed.Do(node, node.Boot);
        bed.RunSeconds(30);
        Assert.That(
            (bed.Result(node, boot).Outcome, bed.Result(node, shutdown).Outcome, bed.Result(node, again).Outcome),
            Is.EqualTo((OperationOutcome.Cancelled, OperationOutcome.Cancelled, OperationOutcome.Succeeded)));
    }

    [Test]
    public void ABootPutsAnEndToTheReleasesOfTheShutdownBeforeIt()
    {
        var (bed, node) = Alone();
        node.AssumeName(bed.Now, s_name, isGroup: false);
        node.AssumeName(bed.Now, s_other, isGroup: false);
        var delete = bed.Do(node, now => node.DeleteName(now, s_name));
        bed.Do(node, node.Shutdown);
        bed.Do(node, node.Boot);
        Assert.That(bed.Result(node, delete).Outcome, Is.EqualTo(OperationOutcome.Cancelled));
        Assert.That((node.GetNameState(s_name), node.GetNameState(s_other)), Is.EqualTo(((LocalNameState?)null, (LocalNameState?)null)), "nobody has asked for them again");
    }

    [Test]
    public void ABootEndsWithItsLastName()
    {
        var (bed, node) = Alone();
        bed.Do(node, node.Boot);
        while (bed.Results["ALPHA"].All(result => result.Kind != OperationKind.Boot))
            bed.RunSeconds(0.1);
        Assert.That(Enumerable.Range(0, 5).Select(i => node.GetName(i).State), Has.All.EqualTo(LocalNameState.Registered));
    }

    [Test]
    public void AUserHasAName()
    {
        var (bed, node) = Alone();
        Assert.That(() => node.Logon(bed.Now, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("user"));
        Assert.That(() => node.Logoff(bed.Now, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("user"));
    }

    /// <summary>RFC 1001 §15.1.3.5: a name in conflict is offered to nobody any more, on the interface on which it is.</summary>
    [Test]
    public void AConflictEndsWhatIsOwedOnItsInterface()
    {
        var (bed, node, server) = WithServer(OwnerNodeType.H, null, "10.0.1.1");
        server.Then(NameRegistrationRequest, Respond(NbnsFlagWords.RegistrationResponse, 6000));
        for (int i = 0; i < 3; i++)
            server.Then(NameRegistrationRequest, Silence);
        bed.Do(node, now => node.AddName(now, s_name));
        bed.RunSeconds(20);
        Assert.That(node.GetName(0).RefreshAt, Is.LessThan(bed.Now + TimeSpan.FromSeconds(130)), "the second interface owes it");
        bed.SendResponse("10.0.1.9", "10.0.1.1", NbnsFlagWords.ConflictDemand, "NAME<20>", "0.0.0.0");
        Assert.That(node.GetName(0).RefreshAt, Is.GreaterThan(bed.Now + TimeSpan.FromSeconds(5000)));
        Assert.That(node.PollTimeout(), Is.EqualTo(node.GetName(0).RefreshAt));
    }

    [Test]
    public void AShutdownLeavesAQueryThatIsAnsweredAsItIs()
    {
        var (bed, node) = Alone();
        var answered = bed.Do(node, now => node.Query(now, s_name, 7));
        bed.SendResponse("10.0.0.77", "10.0.0.1", NbnsFlagWords.QueryResponse, "NAME<20>", "10.0.0.77", id: 7);
        var open = bed.Do(node, now => node.Query(now, s_other));
        bed.Do(node, node.Shutdown);
        Assert.That((bed.Result(node, answered).Outcome, bed.Result(node, open).Outcome), Is.EqualTo((OperationOutcome.Succeeded, OperationOutcome.Cancelled)));
    }

    /// <summary><c>nbtstat -R</c>: what was learnt goes, what was preloaded stays.</summary>
    [Test]
    public void APurgeForgetsWhatWasLearnt()
    {
        var (bed, node) = Alone();
        node.PreloadName(bed.Now, s_other, Ip("10.0.0.9"));
        bed.Do(node, now => node.Query(now, s_name, 7));
        bed.SendResponse("10.0.0.77", "10.0.0.1", NbnsFlagWords.QueryResponse, "NAME<20>", "10.0.0.77", id: 7);
        Assert.That(node.GetCacheRows(bed.Now), Has.Length.EqualTo(2));
        node.PurgeCache(bed.Now);
        Assert.That(node.GetCacheRows(bed.Now).Select(row => row.Name), Is.EqualTo(new[] { s_other }));
    }

    /// <summary>RFC 1001 §15.4: a claim that is broadcast is taken back without a word, what a name server may have heard of is released there.</summary>
    [TestCase(OwnerNodeType.B, false)]
    [TestCase(OwnerNodeType.P, true)]
    public void ANameThatIsDeletedWhileItIsClaimed(OwnerNodeType type, bool isReleased)
    {
        var (bed, node, server) = WithServer(type);
        server.Then(NameRegistrationRequest, Silence);
        var claim = bed.Do(node, now => node.AddName(now, s_name));
        Assert.That(node.GetNameState(s_name), Is.EqualTo(LocalNameState.Registering));
        bed.Log.Clear();
        var delete = bed.Do(node, now => node.DeleteName(now, s_name));
        bed.RunSeconds(10);
        Assert.That(bed.From(node).Select(sent => sent.Kind), Is.EqualTo(isReleased ? new[] { NameReleaseRequest } : []));
        Assert.That((bed.Result(node, claim).Outcome, bed.Result(node, delete).Outcome), Is.EqualTo((OperationOutcome.Cancelled, OperationOutcome.Succeeded)));
        Assert.That(node.NameCount, Is.Zero);
    }

    [Test]
    public void ACommandForWhichThereIsNoRoomSaysSo()
    {
        var (bed, node) = Alone(maxTransactions: 1);
        bed.Do(node, now => node.Query(now, s_name));
        OperationId[] more =
        [
            bed.Do(node, now => node.Query(now, s_other)), bed.Do(node, now => node.AddName(now, s_other)), bed.Do(node, now => node.NodeStatus(now, s_other)),
            bed.Do(node, now => node.NodeStatus(now, Ip("10.0.0.77"))),
        ];
        Assert.That(more.Select(id => bed.Result(node, id).Outcome), Has.All.EqualTo(OperationOutcome.OutOfResources));
        Assert.That(node.NameCount, Is.Zero);
    }

    [Test]
    public void ACorrectionForWhichThereIsNoRoomSaysSo()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed) { IsDown = true };
        var node = bed.Add("ALPHA", "10.0.0.1", with: options => options with { NodeType = OwnerNodeType.P, NameServers = [server.Address], MaxTransactions = 1 });
        bed.Do(node, now => node.Query(now, s_name));
        var id = bed.Do(node, now => node.CorrectNameServer(now, s_other, Ip("10.0.0.77")));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.OutOfResources));
    }

    /// <summary>RFC 1002 §4.2.1.1: a transaction id that is given is the first interface's; the others have ids of their own.</summary>
    [Test]
    public void EachInterfaceHasATransactionIdOfItsOwn()
    {
        var (bed, node, server) = WithServer(OwnerNodeType.P, null, "10.0.1.1");
        bed.Do(node, now => node.AddName(now, s_name, 0x4711));
        Assert.That(node.RefreshName(bed.Now, s_name, 0x4712), Is.True);
        bed.Settle();
        bed.Do(node, now => node.DeleteName(now, s_name, 0x4713));
        Assert.That(server.Received, Has.Count.EqualTo(6));
        for (int i = 0; i < 3; i++)
            Assert.That((server.Received[2 * i].TransactionId, server.Received[2 * i + 1].TransactionId == 0x4711 + i), Is.EqualTo((0x4711 + i, false)));
    }

    /// <summary>RFC 1002 §4.2.1.1: answers are told apart by the transaction id, so that of what runs already is not taken.</summary>
    [Test]
    public void AnIdThatIsTakenIsNotDrawn()
    {
        var (bed, node) = Alone();
        var fork = node.Fork();
        fork.Query(bed.Now, s_name);
        ushort drawn = fork.Transactions.Single().TransactionId;

        var twice = node.Fork();
        node.Query(bed.Now, s_other, drawn);
        node.Query(bed.Now, s_name);
        Assert.That(node.Transactions.Last().TransactionId, Is.Not.EqualTo(drawn));
        twice.Query(bed.Now, s_other, drawn);
        twice.Query(bed.Now, Name("THIRD<20>"), drawn);
        twice.Query(bed.Now, s_name);
        Assert.That(twice.Transactions.Last().TransactionId, Is.Not.EqualTo(drawn), "a command may give one id twice");
    }

    /// <summary>RFC 1002 §5.1.2.4: refused on one interface, the name stays, and nothing more is released on the others.</summary>
    [Test]
    public void AReleaseThatIsRefusedOnOneInterfaceEndsOnAll()
    {
        var (bed, node, server) = WithServer(OwnerNodeType.P, null, "10.0.1.1");
        bed.Do(node, now => node.AddName(now, s_name));
        server.Then(NameReleaseRequest, Respond(NbnsFlagWords.ReleaseResponse | (int)NbnsRcode.ActiveError));
        server.Then(NameReleaseRequest, Silence);
        server.Received.Clear();
        var id = bed.Do(node, now => node.DeleteName(now, s_name));
        bed.RunSeconds(60);
        Assert.That(server.Kinds, Is.EqualTo(new[] { NameReleaseRequest, NameReleaseRequest }));
        Assert.That((bed.Result(node, id).Outcome, node.GetNameState(s_name)), Is.EqualTo((OperationOutcome.Refused, LocalNameState.Registered)));
    }

    /// <summary>Whoever watches the table looks at the number alone: it changes whenever a name comes, goes or changes, and never comes back.</summary>
    [Test]
    public void TheVersionOfTheNameTableChangesWithIt()
    {
        var (bed, node) = Alone();
        var versions = new List<uint> { node.NameTableVersion };
        void Changed(Action step)
        {
            step();
            bed.Settle();
            versions.Add(node.NameTableVersion);
        }

        Changed(() => node.AddName(bed.Now, s_name));
        Changed(() => bed.RunSeconds(5));
        Assert.That(node.GetNameState(s_name), Is.EqualTo(LocalNameState.Registered));
        Changed(() => node.AssumeName(bed.Now, s_other, isGroup: true));
        Changed(() => node.AddName(bed.Now, Name("THIRD<20>")));
        Changed(() => node.DeleteName(bed.Now, Name("THIRD<20>")));
        Changed(() => bed.SendResponse("10.0.0.9", "10.0.0.1", NbnsFlagWords.ConflictDemand, "NAME<20>", "0.0.0.0"));
        Assert.That(node.GetNameState(s_name), Is.EqualTo(LocalNameState.Conflict));
        Changed(() => node.DeleteName(bed.Now, s_other));
        Changed(() => bed.RunSeconds(5));
        Assert.That(node.GetNameState(s_other), Is.Null);
        Changed(() => node.AddName(bed.Now, s_other));
        Assert.That(versions, Is.Ordered.Ascending.And.Unique);
        bed.SendQuery("10.0.0.9", null, 0x0110, "NAME<20>");
        Assert.That(node.NameTableVersion, Is.EqualTo(versions[^1]));
    }

    [Test]
    public void WhatRunsBesidesIsPartOfTheState()
    {
        var (bed, node, _) = WithServer();
        node.Query(bed.Now, s_name, 1);
        node.Query(bed.Now, s_other, 2);
        while (node.TryPollTransmit(new byte[576], out _))
        {
        }

        var done = node.Fork();
        var answer = new byte[576];
        int length = NbnsEncoder.WriteNegativeQueryResponse(answer, 2, 0x8583, s_other);
        done.HandleDatagram(bed.Now, new Datagram(answer.AsSpan(0, length), Ipv4Endpoint.NameService(Ip("10.0.0.200")), Ipv4Endpoint.NameService(node.Address), isBroadcast: false, 0));
        Assert.That(done.TryPollResult(out _), Is.True);
        Assert.That((done.Transactions.Count(), node.Transactions.Count()), Is.EqualTo((1, 2)));
        Assert.That((done.HasSameStateAs(node), node.HasSameStateAs(done)), Is.EqualTo((false, false)));
    }

    /// <summary>MS-NBTE §3.1.4.1 and RFC 1001 §15.2: an M, P or H node that knows no name server says so when it starts.</summary>
    [TestCase(OwnerNodeType.B, false)]
    [TestCase(OwnerNodeType.P, true)]
    public void WithoutANameServer_ABootSaysSo(OwnerNodeType type, bool says)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NodeType = type });
        bed.Do(node, node.Boot);
        Assert.That(bed.Events["ALPHA"].Count, Is.EqualTo(says ? 1 : 0));
        if (!says)
            return;
        var logged = bed.Events["ALPHA"][0];
        Assert.That(logged, Is.EqualTo(NetBtEvent.NoNameServer(bed.Now, backup: false) with { Reason = logged.Reason }));
        Assert.That(logged.Reason, Is.EqualTo(new NetBtEventReason(NodeRules.LogsNoNameServer, default, 0, ByBroadcast: false)));
    }

    /// <summary>Of several <c>#PRE</c> lines for one name the first counts; RFC 1001 has no word on it.</summary>
    [Test]
    public void OfTwoPreloadedLinesForOneNameTheFirstCounts()
    {
        var bed = new NodeBed();
        var file = LmHostsFile.Parse("10.0.0.5 OTHER #PRE\n10.0.0.6 OTHER #PRE\n10.0.0.7 THIRD #PRE\n");
        var node = bed.Add("ALPHA", "10.0.0.1", with: options => options with { LmHosts = file });
        Assert.That(
            node.GetCacheRows(bed.Now).Where(row => row.Name.Suffix == NameSuffix.Server).Select(row => row.Address),
            Is.EqualTo(new[] { Ip("10.0.0.5"), Ip("10.0.0.7") }));
    }

    /// <summary><c>nbtstat -r</c> lists the last eight.</summary>
    [Test]
    public void TheLastEightNamesThatBroadcastsFoundAreListed()
    {
        var (bed, node) = Alone();
        var beta = bed.Add("BETA", "10.0.0.2");
        Assert.That(node.GetNamesResolvedByBroadcast(), Is.Empty);
        for (int i = 0; i < 10; i++)
        {
            beta.AssumeName(bed.Now, Name($"N{i}<20>"), isGroup: false);
            bed.Do(node, now => node.Query(now, Name($"N{i}<20>")));
            int known = i + 1;
            Assert.That(
                node.GetNamesResolvedByBroadcast(), Is.EqualTo(Enumerable.Range(Math.Max(0, known - 8), Math.Min(known, 8)).Select(n => Name($"N{n}<20>"))));
        }

        bed.Do(node, now => node.Query(now, Name("N9<20>"), 0x4711));
        Assert.That(node.GetNamesResolvedByBroadcast(), Has.Length.EqualTo(8), "each of them once");
    }

    [Test]
    public void ANameCanBeRefreshedBeforeItsTime()
    {
        var (bed, node, server) = WithServer();
        bed.Do(node, now => node.AddName(now, s_name));
        bed.RunSeconds(10);
        server.Received.Clear();
        server.Then(NameRefreshRequest, Silence).Then(NameRefreshRequest, Respond(NbnsFlagWords.RegistrationResponse, 3000));
        Assert.That(node.RefreshName(bed.Now, s_name, 0x4711), Is.True);
        Assert.That(node.PollTimeout(), Is.EqualTo(bed.Now + TimeSpan.FromSeconds(5)), "nothing but the answer is waited for");
        Assert.That(node.RefreshName(bed.Now, s_name), Is.False, "it is busy with it");
        bed.RunSeconds(6);
        Assert.That(server.Received.Select(sent => (sent.Kind, sent.TransactionId)), Is.EqualTo(new[] { (NameRefreshRequest, (ushort)0x4711), (NameRefreshRequest, (ushort)0x4711) }));
        Assert.That(node.GetName(0).TimeToLive.Seconds, Is.EqualTo(3000));
        Assert.That(node.RefreshName(bed.Now, s_other), Is.False, "it has no such name");

        node.AssumeName(bed.Now, s_other, isGroup: false);
        server.Then(NameReleaseRequest, Silence);
        bed.Do(node, now => node.DeleteName(now, s_other));
        Assert.That(node.RefreshName(bed.Now, s_other), Is.False, "it is being released");
        var (alone, without) = Alone();
        without.AssumeName(alone.Now, s_name, isGroup: false);
        Assert.That(without.RefreshName(alone.Now, s_name), Is.False, "there is no name server");
    }

    [Test]
    public void AClaimCanGoOnUnderAnotherId()
    {
        var (bed, node, server) = WithServer();
        server.Then(NameRegistrationRequest, Silence);
        var id = bed.Do(node, now => node.AddName(now, s_name, 0x4711));
        Assert.That(node.RenumberTransaction(s_name, 0x4712), Is.True);
        Assert.That(node.RenumberTransaction(s_other, 0x4713), Is.False);
        Assert.That(node.RenumberTransaction(s_name, 0x4713, interfaceIndex: 1), Is.False);
        bed.SendResponse("10.0.0.200", "10.0.0.1", NbnsFlagWords.RegistrationResponse, "NAME<20>", "10.0.0.1", id: 0x4711);
        Assert.That(bed.Results["ALPHA"], Is.Empty);
        bed.RunSeconds(6);
        Assert.That(server.Received.Select(sent => (int)sent.TransactionId), Is.EqualTo(new[] { 0x4711, 0x4712 }));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
    }

    /// <summary>WinsDownTimeout: a proxy whose name server is taken for down asks nothing, and nothing runs.</summary>
    [Test]
    public void AProxyWhoseServerIsDownAsksNothing()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed) { IsDown = true };
        var proxy = bed.Add("PROXY", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NameServers = [server.Address], EnableProxy = true });
        bed.SendQuery("10.0.0.9", null, 0x0110, "FAR<20>");
        bed.RunSeconds(6);
        Assert.That(server.Received, Has.Count.EqualTo(3));
        bed.SendQuery("10.0.0.9", null, 0x0110, "FAR<20>");
        Assert.That((proxy.Transactions.Count(), proxy.PollTimeout(), server.Received.Count), Is.EqualTo((0, (Instant?)null, 3)));
    }

    /// <summary>RFC 1001 §17.2: <c>*</c> is everybody's, so there is nobody to ask a name server for.</summary>
    [TestCase("*")]
    [TestCase("*ODD<20>")]
    public void AProxyDoesNotAskForEverybody(string name)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var proxy = bed.Add("PROXY", "10.0.0.1", NetBtDialect.Rfc1002, options => options with { NameServers = [server.Address], EnableProxy = true });
        bed.SendQuery("10.0.0.9", null, 0x0110, name);
        Assert.That((server.Received.Count, proxy.Transactions.Count()), Is.EqualTo((0, 0)));
    }

    /// <summary>Q188598, MS-NBTE §3.1.7: what a name server has missed is claimed there, for a group as a group.</summary>
    [TestCase(false, 0x6000)]
    [TestCase(true, 0xE000)]
    public void WhatTheServerMissedIsClaimedThereAgain(bool isGroup, int nbFlags)
    {
        var (bed, node, server) = WithServer(OwnerNodeType.H);
        server.IsDown = true;
        bed.Do(node, now => isGroup ? node.AddGroupName(now, s_name) : node.AddName(now, s_name));
        bed.RunSeconds(20);
        Assert.That(node.GetNameState(s_name), Is.EqualTo(LocalNameState.Registered), "by broadcast");
        server.IsDown = false;
        server.Received.Clear();
        bed.RunSeconds(200);
        Assert.That(server.Received.Select(sent => (sent.Kind, (int)sent.Entry.Flags.Value)), Is.EqualTo(new[] { (NameRegistrationRequest, nbFlags) }));
        Assert.That(node.GetName(0).IsWithNameServer, Is.True);
    }

    /// <summary>Packets that nobody takes are bounded, and come out as they went in.</summary>
    [Test]
    public void TheQueueOfPacketsKeepsOrderAndBound()
    {
        var queue = default(PacketQueue);
        for (int i = 0; i < 3000; i++)
            queue.Enqueue(new OutgoingPacket { TimeToLive = (uint)i });
        Assert.That(queue.Count, Is.EqualTo(PacketQueue.Limit));
        Take(ref queue, 0, PacketQueue.Limit - 5);
        var copy = queue.Clone();
        for (int i = 0; i < 20; i++)
            queue.Enqueue(new OutgoingPacket { TimeToLive = (uint)(PacketQueue.Limit + i) });
        Assert.That((queue.Count, queue.Items.Length, copy.Count), Is.EqualTo((25, 25, 5)));
        Take(ref queue, PacketQueue.Limit - 5, 25);
        Take(ref copy, PacketQueue.Limit - 5, 5);
        Assert.That((queue.TryDequeue(out _), copy.TryDequeue(out _)), Is.EqualTo((false, false)));

        static void Take(ref PacketQueue queue, int first, int count)
        {
            for (int i = 0; i < count; i++)
            {
                Assert.That(queue.TryDequeue(out var packet), Is.True);
                Assert.That(packet.TimeToLive, Is.EqualTo(first + i));
            }
        }
    }
}
