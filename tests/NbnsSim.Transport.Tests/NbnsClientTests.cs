using Microsoft.Extensions.Time.Testing;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Transport.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NbnsClientTests : IDisposable
{
    private static readonly NetBiosName Alice = NetBiosName.Parse("ALICE");
    private static readonly NbEntry Entry = new(new NbFlags(false, OwnerNodeType.P), Ipv4Address.Parse("10.0.0.2"));
    private readonly FakeTimeProvider _clock = new();
    private readonly Peer _server = new();

    public void Dispose() => _server.Dispose();

    [Test]
    public async Task FindsAComputerInFiveLines()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs a loopback interface that delivers broadcasts.");
        using var host = new NbnsUdpHost(new AnsweringEndpoint(), new NbnsUdpHostOptions { Interfaces = [new NbnsHostInterface(Ipv4Address.Parse("127.0.0.5"), 0, 8)] });
        host.Start();
        using var client = new NbnsClient(new NbnsClientOptions { BroadcastAddresses = [Ipv4Address.Parse("127.255.255.255")], Port = host.LocalEndpoints[0].Port });
        Assert.That(await client.FindComputerAsync("alice"), Is.EqualTo(AnsweringEndpoint.Owner));
        var status = await client.GetNodeStatusAsync(Ipv4Address.Parse("127.0.0.5"));
        Assert.That(status?.Responder, Is.EqualTo(host.LocalEndpoints[0]));
    }

    [Test]
    public async Task ReadsWhatANodeSaysOfItself()
    {
        using var client = Client();
        var asked = client.GetNodeStatusAsync(_server.Endpoint, null);
        var request = _server.Receive(out var from);
        Assert.That(NbnsClassification.Classify(request), Is.EqualTo(NbnsMessageKind.NodeStatusRequest));
        Assert.That((request.Flags.Value, request.Name.ToString()), Is.EqualTo(((ushort)0, "*")));
        var mac = new MacAddress(0x00_0C_29_12_34_56);
        _server.Send(new NodeStatusResponse(request.TransactionId, NetBiosName.Wildcard,
        [
            new(NetBiosName.Parse("LABGRP<00>"), new NameFlags(NameFlags.GroupBit | NameFlags.ActiveBit)),
            new(NetBiosName.Parse("ALICE<00>"), new NameFlags(NameFlags.ActiveBit)),
            new(NetBiosName.Parse("ALICE<20>"), new NameFlags(NameFlags.ActiveBit)),
        ], new NodeStatistics(mac)).ToArray(), from);
        var status = (await asked)!;
        Assert.That((status.ComputerName, status.Workgroup, status.UnitId, status.Names.Length), Is.EqualTo(("ALICE", "LABGRP", mac, 3)));
    }

    [Test]
    public async Task AnAnswerMustComeFromWhoWasAskedWithTheRequestsIdAndName()
    {
        using var client = Client();
        using var stranger = new Peer("127.0.0.66");
        var asked = client.QueryAsync(Alice);
        var request = _server.Receive(out var from);
        ushort id = request.TransactionId;
        Assert.That(request.Flags.Value, Is.EqualTo(NbnsFlagWords.QueryRequest));
        var forged = new NbEntry(default, Ipv4Address.Parse("6.6.6.6"));
        stranger.Send(new PositiveNameQueryResponse(id, Alice, [forged]).ToArray(), from);
        _server.Send(new PositiveNameQueryResponse((ushort)(id + 1), Alice, [forged]).ToArray(), from);
        _server.Send(new PositiveNameQueryResponse(id, NetBiosName.Parse("BOB"), [forged]).ToArray(), from);
        _server.Send(new PositiveNameRegistrationResponse(id, Alice, forged).ToArray(), from);
        _server.Send([1, 2, 3], from);
        _server.Send(new PositiveNameQueryResponse(id, Alice, [Entry], 300).ToArray(), from);
        var reply = await asked;
        Assert.That((reply.Outcome, reply.Address, reply.TimeToLive.Seconds, reply.Responder), Is.EqualTo((NbnsReplyOutcome.Succeeded, Entry.Address, 300u, _server.Endpoint)));
    }

    [Test]
    public async Task EverybodysAnswerToABroadcastIsWaitedFor_OneANode()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs a loopback interface that delivers broadcasts.");
        using var all = new Peer("127.255.255.255");
        using var one = new Peer("127.0.0.5");
        using var other = new Peer("127.0.0.6");
        var others = new NbEntry(default, Ipv4Address.Parse("127.0.0.6"));
        using var client = new NbnsClient(new NbnsClientOptions { BroadcastAddresses = [all.Endpoint.Address], Port = all.Endpoint.Port }, _clock);
        var asked = client.QueryAllAsync(Alice);
        for (int i = 0; i < 3; i++)
        {
            await AdvanceUntil(() => !all.HasNothing);
            var request = all.Receive(out var from);
            Assert.That(request.Flags.Value, Is.EqualTo(NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit));
            ushort id = request.TransactionId;
            one.Send(new PositiveNameQueryResponse(id, Alice, [Entry]).ToArray(), from); // one answers each time,
            if (i == 2)
                other.Send(new PositiveNameQueryResponse(id, Alice, [others]).ToArray(), from); // another missed two
            other.Send(new NegativeNameQueryResponse(id, Alice).ToArray(), from);

            // Time goes on once all this is read: an answer that came behind it shows that it is.
            var later = client.QueryAsync(NetBiosName.Parse("LATER"), one.Endpoint);
            var query = one.Receive();
            one.Send(new NegativeNameQueryResponse(query.TransactionId, NetBiosName.Parse("LATER")).ToArray(), from);
            await later;
        }

        await AdvanceUntil(() => asked.IsCompleted);
        Assert.That((await asked).Select(reply => (reply.Responder, reply.Address, reply.IsSuccess)), Is.EqualTo(new[]
        {
            (one.Endpoint, (Ipv4Address?)Entry.Address, true), (other.Endpoint, others.Address, true),
        }));
    }

    [Test]
    public async Task ABroadcastGoesToTheNetworksThatCanBeReached()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs a system that sends nothing elsewhere from a loopback address.");
        using var reached = new Peer("127.0.0.5");
        var options = new NbnsClientOptions { Local = new Ipv4Endpoint(Ipv4Address.Loopback, 0), Port = reached.Endpoint.Port };
        var unreachable = Ipv4Address.Parse("192.0.2.255");
        using var client = new NbnsClient(options with { BroadcastAddresses = [unreachable, reached.Endpoint.Address] }, _clock);
        var asked = client.QueryAsync(Alice);
        var request = reached.Receive(out var from);
        reached.Send(new PositiveNameQueryResponse(request.TransactionId, Alice, [Entry]).ToArray(), from);
        Assert.That((await asked).IsSuccess, Is.True);

        using var stranded = new NbnsClient(options with { BroadcastAddresses = [unreachable] }, _clock);
        Assert.That(async () => await stranded.QueryAsync(Alice), Throws.InstanceOf<System.Net.Sockets.SocketException>());
    }

    [Test]
    public async Task NobodysAnswerToABroadcastIsAnEmptyList()
    {
        using var all = new Peer();
        using var client = new NbnsClient(new NbnsClientOptions { BroadcastAddresses = [all.Endpoint.Address], Port = all.Endpoint.Port, Attempts = 1 }, _clock);
        var asked = client.QueryAllAsync(Alice);
        all.Receive();
        await AdvanceUntil(() => asked.IsCompleted);
        Assert.That(await asked, Is.Empty);
    }

    [Test]
    public async Task TransactionIdsAreNotInOrder()
    {
        using var client = Client();
        var ids = new List<ushort>();
        for (int i = 0; i < 8; i++)
        {
            var asked = client.QueryAsync(Alice);
            var request = _server.Receive(out var from);
            ids.Add(request.TransactionId);
            _server.Send(new NegativeNameQueryResponse(request.TransactionId, Alice).ToArray(), from);
            var reply = await asked;
            Assert.That((reply.Outcome, reply.Rcode, reply.Address), Is.EqualTo((NbnsReplyOutcome.Refused, NbnsRcode.NameError, (Ipv4Address?)null)));
        }

        Assert.That(ids.Zip(ids.Skip(1), (one, next) => (ushort)(next - one)).Distinct().Count(), Is.GreaterThan(3));
    }

    [Test]
    public async Task AsksThreeTimesThenGivesUp()
    {
        using var client = Client();
        var asked = client.QueryAsync(Alice);
        int id = -1;
        for (int i = 0; i < 3; i++)
        {
            await AdvanceUntil(() => !_server.HasNothing);
            ushort next = _server.Receive().TransactionId;
            Assert.That(id, Is.AnyOf(-1, (int)next), "a repetition has the same id");
            id = next;
        }

        await AdvanceUntil(() => asked.IsCompleted);
        Assert.That((await asked).Outcome, Is.EqualTo(NbnsReplyOutcome.NoAnswer));
        Assert.That(_server.HasNothing, Is.True);
    }

    [Test]
    public async Task ALateAnswerToARepetitionCounts()
    {
        using var client = Client();
        var asked = client.QueryAsync(Alice);
        _server.Receive();
        await AdvanceUntil(() => !_server.HasNothing);
        var request = _server.Receive(out var from);
        _server.Send(new PositiveNameQueryResponse(request.TransactionId, Alice, [Entry]).ToArray(), from);
        Assert.That((await asked).IsSuccess, Is.True);
    }

    [Test]
    public async Task WaitsAsLongAsTheServerSays()
    {
        using var client = Client();
        var asked = client.RegisterAsync(Alice, Entry.Address);
        var request = _server.Receive(out var from);
        Assert.That((request.Flags.Value, request.Record.TimeToLive.Seconds, request.Record.FirstEntry), Is.EqualTo((NbnsFlagWords.RegistrationRequest, 300_000u, Entry)));
        ushort id = request.TransactionId;
        _server.Send(new WaitForAcknowledgementResponse(id, Alice, 9, request.Flags).ToArray(), from);

        // The WACK has to be read before time goes on; nobody can see when it was. Answers to a request that came later show it.
        using var other = new Peer("127.0.0.7");
        var later = client.QueryAsync(Alice, other.Endpoint);
        var query = other.Receive(out var _);
        other.Send(new NegativeNameQueryResponse(query.TransactionId, Alice).ToArray(), from);
        await later;
        _clock.Advance(TimeSpan.FromSeconds(8));
        Assert.That(_server.HasNothing, Is.True, "a request that waits is not repeated");
        _server.Send(new PositiveNameRegistrationResponse(id, Alice, Entry, 518_400).ToArray(), from);
        var reply = await asked;
        Assert.That((reply.Outcome, reply.TimeToLive.Seconds), Is.EqualTo((NbnsReplyOutcome.Succeeded, 518_400u)));
    }

    [Test]
    public async Task WaitsNoLongerThanItsOptionsHoweverOftenTheServerSays()
    {
        using var client = new NbnsClient(new NbnsClientOptions { NameServer = _server.Endpoint, MaximumWait = TimeSpan.FromSeconds(20) }, _clock);
        var asked = client.RegisterAsync(Alice, Entry.Address);
        var request = _server.Receive(out var from);
        var wack = new WaitForAcknowledgementResponse(request.TransactionId, Alice, 15, request.Flags).ToArray();
        Assert.That(SpinWait.SpinUntil(
            () =>
            {
                _server.Send(wack, from);
                _clock.Advance(TimeSpan.FromMilliseconds(10)); // so little that each wait is renewed long before it ends
                return asked.IsCompleted;
            },
            TimeSpan.FromSeconds(20)), Is.True);
        Assert.That((await asked).Outcome, Is.EqualTo(NbnsReplyOutcome.NoAnswer));
    }

    [Test]
    public async Task ChallengesTheOwnerWhereTheServerLeavesItToUs()
    {
        using var owner = new Peer("127.0.0.8", _server.Endpoint.Port);
        using var client = new NbnsClient(new NbnsClientOptions { NameServer = _server.Endpoint, Port = owner.Endpoint.Port }, _clock);
        var held = new NbEntry(default, owner.Endpoint.Address);
        foreach (bool ownerWantsIt in new[] { true, false })
        {
            var asked = client.RegisterAsync(Alice, Entry.Address);
            var request = _server.Receive(out var from);
            _server.Send(new EndNodeChallengeNameRegistrationResponse(request.TransactionId, Alice, held).ToArray(), from);
            var query = owner.Receive();
            Assert.That((NbnsClassification.Classify(query), query.Flags.RecursionDesired), Is.EqualTo((NbnsMessageKind.NameQueryRequest, false)));
            owner.Send(ownerWantsIt
                ? new PositiveNameQueryResponse(query.TransactionId, Alice, [held]).ToArray()
                : new NegativeNameQueryResponse(query.TransactionId, Alice).ToArray(), from);
            if (!ownerWantsIt)
            {
                var update = _server.Receive();
                Assert.That(NbnsClassification.Classify(update), Is.EqualTo(NbnsMessageKind.NameOverwriteRequest));
                _server.Send(new PositiveNameRegistrationResponse(update.TransactionId, Alice, Entry, 300).ToArray(), from);
            }

            var reply = await asked;
            Assert.That((reply.IsSuccess, reply.Rcode), Is.EqualTo(ownerWantsIt ? (false, NbnsRcode.ActiveError) : (true, NbnsRcode.Success)));
        }
    }

    [Test]
    public async Task FollowsARedirectAndReleases()
    {
        using var other = new Peer("127.0.0.8", _server.Endpoint.Port);
        using var client = Client();
        var asked = client.QueryAsync(Alice);
        var request = _server.Receive(out var from);
        _server.Send(new RedirectNameQueryResponse(request.TransactionId, Alice, NetBiosName.Parse("OTHER"), other.Endpoint.Address).ToArray(), from);
        request = other.Receive();
        other.Send(new PositiveNameQueryResponse(request.TransactionId, Alice, [Entry]).ToArray(), from);
        Assert.That((await asked).Responder, Is.EqualTo(other.Endpoint));

        var released = client.ReleaseAsync(Alice, Entry.Address);
        request = _server.Receive();
        Assert.That(NbnsClassification.Classify(request), Is.EqualTo(NbnsMessageKind.NameReleaseRequest));
        _server.Send(new NegativeNameReleaseResponse(request.TransactionId, Alice, NbnsRcode.ActiveError, Entry).ToArray(), from);
        Assert.That((await released).Rcode, Is.EqualTo(NbnsRcode.ActiveError));
    }

    [Test]
    public void CanBeCancelledAndDisposedWhileItWaits()
    {
        var client = Client();
        using var cancellation = new CancellationTokenSource();
        var cancelled = client.QueryAsync(Alice, cancellation: cancellation.Token);
        var waiting = client.GetNodeStatusAsync(_server.Endpoint, null);
        _server.Receive();
        _server.Receive();
        cancellation.Cancel();
        Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());
        client.Dispose();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await client.QueryAsync(Alice), Throws.TypeOf<ObjectDisposedException>());
    }

    private NbnsClient Client() => new(new NbnsClientOptions { NameServer = _server.Endpoint }, _clock);

    /// <summary>Lets time pass until something has happened: whether the client has set its timer yet cannot be seen from outside.</summary>
    private async Task AdvanceUntil(Func<bool> happened)
    {
        for (int i = 0; i < 200_000 && !happened(); i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        Assert.That(happened(), Is.True);
    }
}
