using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Transport.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[TestFixture(NbnsSocketPath.Managed)]
[TestFixture(NbnsSocketPath.Batched)]
public sealed class NbnsUdpHostTests(NbnsSocketPath path)
{
    private readonly AnsweringEndpoint _endpoint = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(1995, 6, 1, 0, 0, 0, TimeSpan.Zero));

    [SetUp]
    public void NeedsTheSystem()
    {
        if (path == NbnsSocketPath.Batched && !OperatingSystem.IsLinux())
            Assert.Ignore("recvmmsg and sendmmsg are Linux'.");
    }

    [Test]
    public void AnswersGoToTheAddressAndPortTheRequestCameFrom()
    {
        using var host = Start();
        using var one = new Peer("127.0.0.2");
        using var other = new Peer("127.0.0.3");
        one.SendQuery(host.LocalEndpoints[0], 1);
        other.SendQuery(host.LocalEndpoints[0], 2, "BOB<20>");

        var answer = one.Receive(out var from);
        Assert.That(from, Is.EqualTo(host.LocalEndpoints[0]));
        Assert.That(answer.TransactionId, Is.EqualTo(1));
        Assert.That(answer.Record.FirstEntry.Address, Is.EqualTo(AnsweringEndpoint.Owner));
        answer = other.Receive(out from);
        Assert.That(from, Is.EqualTo(host.LocalEndpoints[0]));
        Assert.That((answer.TransactionId, answer.Rcode), Is.EqualTo(((ushort)2, NbnsRcode.NameError)));
        Assert.That(host.SocketPath, Is.EqualTo(path));
    }

    [Test]
    public void ListensOnLoopbackUnlessToldAnAddress()
    {
        Assert.That(new NbnsUdpHostOptions().Interfaces, Is.EqualTo(new[] { new NbnsHostInterface(Ipv4Address.Loopback, 137) }));
        Assert.That(() => new NbnsHostInterface(Ipv4Address.Any), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new NbnsUdpHostOptions { Interfaces = [] }, Throws.ArgumentException);
    }

    [Test]
    public void TheEndpointIsToldWhatTheLinkSaw()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs a loopback interface that delivers broadcasts.");
        ushort port = FreePort();
        using var host = Start(new NbnsUdpHostOptions
        {
            SocketPath = path,
            Interfaces = [new NbnsHostInterface(Ipv4Address.Parse("127.1.0.1"), port, 16), new NbnsHostInterface(Ipv4Address.Parse("127.2.0.1"), port, 16)],
        });
        using var peer = new Peer("127.2.0.9");
        foreach (string destination in new[] { "127.1.0.1", "127.2.0.1", "127.255.255.255" })
            peer.SendQuery(new Ipv4Endpoint(Ipv4Address.Parse(destination), port), 5);
        peer.Receive();
        peer.Receive();

        var seen = host.InvokeAsync(_ => _endpoint.Seen.ToImmutableArray()).Result;
        Assert.That(seen.Select(datagram => (datagram.Destination.Address.ToString(), datagram.IsBroadcast, datagram.Interface)), Is.EquivalentTo(new[]
        {
            ("127.1.0.1", false, 0),
            ("127.2.0.1", false, 1),
        }));
    }

    [Test]
    public void BroadcastsAreHeardAndSent()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs a loopback interface that delivers broadcasts.");
        ushort port = FreePort();
        var options = new NbnsUdpHostOptions { SocketPath = path, Interfaces = [new NbnsHostInterface(Ipv4Address.Loopback, port, 8)] };
        using var host = Start(options);
        var otherEndpoint = new AnsweringEndpoint();
        using var other = new NbnsUdpHost(otherEndpoint, options with { Interfaces = [new NbnsHostInterface(Ipv4Address.Parse("127.0.0.2"), port, 8)] });
        other.Start();
        using var peer = new Peer("127.0.0.9");

        // One broadcast, and two hosts of one machine hear it.
        peer.SendQuery(new Ipv4Endpoint(Ipv4Address.Parse("127.255.255.255"), port), 6);
        peer.Receive(out var first);
        peer.Receive(out var second);
        Assert.That(new[] { first.Address.ToString(), second.Address.ToString() }, Is.EquivalentTo(new[] { "127.0.0.1", "127.0.0.2" }));
        var seen = host.InvokeAsync(_ => _endpoint.Seen[^1]).Result;
        Assert.That((seen.IsBroadcast, seen.Interface, seen.Destination.Address.ToString()), Is.EqualTo((true, 0, "127.255.255.255")));

        // And one that a host sends: some time after the command, from its own thread.
        other.InvokeAsync(_ => otherEndpoint.Ask(new Ipv4Endpoint(Ipv4Address.Parse("127.255.255.255"), port), broadcast: true)).Wait();
        Assert.That(SpinWait.SpinUntil(() => host.InvokeAsync(_ => _endpoint.Seen.Exists(datagram => datagram.Source == other.LocalEndpoints[0] && datagram.IsBroadcast)).Result,
            TimeSpan.FromSeconds(20)), Is.True);
    }

    [TestCase("127.255.255.255")]
    [TestCase("255.255.255.255")]
    [TestCase("224.0.0.1")]
    public void OnlyABroadcastGoesToMany(string destination)
    {
        using var host = Start(Options() with { Interfaces = [new NbnsHostInterface(Ipv4Address.Loopback, 0, 8)] });
        host.InvokeAsync(_ => _endpoint.Ask(new Ipv4Endpoint(Ipv4Address.Parse(destination), 137))).Wait();
        Assert.That(SpinWait.SpinUntil(() => host.Statistics.DropsFor(NbnsDropReason.ManyDestinations) == 1, TimeSpan.FromSeconds(20)), Is.True);
        Assert.That(host.Statistics.RequestsSent, Is.Zero);
    }

    [Test]
    public void TimersRunByTheGivenClock()
    {
        using var host = Start();
        var due = host.InvokeAsync(now => _endpoint.Deadline = now + TimeSpan.FromMilliseconds(250)).Result;
        _clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.That(host.InvokeAsync(_ => _endpoint.Timeouts.Count).Result, Is.Zero);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        // The timer wakes the host: no datagram and no command does.
        Assert.That(SpinWait.SpinUntil(() => host.InvokeAsync(_ => _endpoint.Timeouts.Count).Result == 1, TimeSpan.FromSeconds(20)), Is.True);
        Assert.That(_endpoint.Timeouts, Is.EqualTo(new[] { due }));
    }

    [Test]
    public void TimeIsUnixTimeAndNeverGoesBack()
    {
        var clock = new AdjustableClock { UtcNow = new DateTimeOffset(1995, 6, 1, 0, 0, 0, TimeSpan.Zero) };
        using var host = new NbnsUdpHost(_endpoint, Options(), clock);
        Assert.That(host.Now, Is.EqualTo(Instant.FromUnixTime(clock.UtcNow.ToUnixTimeSeconds())));
        clock.UtcNow -= TimeSpan.FromDays(1); // somebody sets the clock
        clock.Timestamp += clock.TimestampFrequency;
        Assert.That(host.Now, Is.EqualTo(Instant.FromUnixTime(new DateTimeOffset(1995, 6, 1, 0, 0, 1, TimeSpan.Zero).ToUnixTimeSeconds())));
    }

    [Test]
    public async Task CommandsRunOnTheHostsThreadAndWhatTheyWriteIsSent()
    {
        using var host = Start();
        using var peer = new Peer();
        int thread = await host.InvokeAsync(_ => Environment.CurrentManagedThreadId);
        Assert.That(await host.InvokeAsync(_ => Environment.CurrentManagedThreadId), Is.EqualTo(thread));
        Assert.That(thread, Is.Not.EqualTo(Environment.CurrentManagedThreadId));
        await host.InvokeAsync(_ => _endpoint.Ask(peer.Endpoint));
        Assert.That(peer.Receive().TransactionId, Is.EqualTo(7));
        Assert.That(async () => await host.InvokeAsync(_ => throw new FormatException("mine")), Throws.TypeOf<FormatException>());

        await host.StopAsync();
        Assert.That(async () => await host.InvokeAsync(_ => 1), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(host.Completion.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public async Task StopsInGoodOrder()
    {
        var host = Start();
        using var peer = new Peer();
        var command = host.InvokeAsync(_ => _endpoint.Ask(peer.Endpoint));
        await host.StopAsync();
        Assert.That(command.IsCompletedSuccessfully, Is.True);
        Assert.That(peer.Receive().TransactionId, Is.EqualTo(7));

        // The port is free again.
        using var next = Start(new NbnsUdpHostOptions { SocketPath = path, Interfaces = [new NbnsHostInterface(Ipv4Address.Loopback, host.LocalEndpoints[0].Port)] });
        Assert.That(host.Start, Throws.InvalidOperationException);
        await host.DisposeAsync();
    }

    [Test]
    public async Task RunsUntilCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        using var host = new NbnsUdpHost(_endpoint, Options());
        var running = host.RunAsync(cancellation.Token);
        using var peer = new Peer();
        peer.SendQuery(host.LocalEndpoints[0], 9);
        peer.Receive();
        await cancellation.CancelAsync();
        await running;
    }

    [Test]
    public void WaitingCommandsAreBounded()
    {
        using var host = new NbnsUdpHost(_endpoint, Options() with { CommandCapacity = 2 });
        var waiting = new[] { host.InvokeAsync(_ => 1), host.InvokeAsync(_ => 2) };
        Assert.That(() => host.InvokeAsync(_ => 3), Throws.InvalidOperationException);
        host.Start();
        Assert.That(Task.WhenAll(waiting).Result, Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void StateIsSavedBeforeItsAcknowledgementLeavesOnceForABatch()
    {
        using var entered = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        int saves = 0;
        using var host = Start(Options() with
        {
            BeforeSend = _ =>
            {
                saves++;
                entered.Release();
                Assert.That(release.Wait(TimeSpan.FromSeconds(20)), Is.True);
            },
        });
        using var peer = new Peer();
        peer.SendQuery(host.LocalEndpoints[0], 1);
        Assert.That(entered.Wait(TimeSpan.FromSeconds(20)), Is.True);
        Assert.That(peer.HasNothing, Is.True, "answered before it was saved");
        for (ushort id = 2; id <= 11; id++)
            peer.SendQuery(host.LocalEndpoints[0], id); // come while it is saved: one batch
        release.Release(2);
        for (int id = 1; id <= 11; id++)
            Assert.That(peer.Receive().TransactionId, Is.EqualTo(id));
        Assert.That(saves, Is.EqualTo(2));
    }

    [Test]
    public void EventsAndResultsAreHandedOn()
    {
        var logged = new List<int>();
        int steps = 0;
        using var host = Start(Options() with { EventLogged = entry => logged.Add(entry.Id), Stepped = _ => steps++ });
        host.InvokeAsync(now => _endpoint.Log(NetBtEvent.NameRelease(now, AnsweringEndpoint.Owner, NetBiosName.Parse("JSMITH<03>")))).Wait();
        Assert.That(host.InvokeAsync(_ => logged.Count).Result, Is.EqualTo(1));
        Assert.That(logged, Is.EqualTo(new[] { 4320 }));
        Assert.That(steps, Is.GreaterThanOrEqualTo(2));
    }

    [Test]
    public void AllocatesNothingForARequest()
    {
        _endpoint.Remembers = false;
        using var host = Start(Options() with { Stepped = null });
        using var peer = new Peer();
        Exchange(1000);
        long before = host.InvokeAsync(_ => GC.GetAllocatedBytesForCurrentThread()).Result;
        Exchange(5000);
        long after = host.InvokeAsync(_ => GC.GetAllocatedBytesForCurrentThread()).Result;
        Assert.That(after - before, Is.LessThan(1000), "octets on the host's thread for 5000 requests; the command that asks has some of its own");

        void Exchange(int count)
        {
            for (int i = 0; i < count; i++)
            {
                peer.SendQuery(host.LocalEndpoints[0], (ushort)i);
                peer.Receive();
            }
        }
    }

    private NbnsUdpHostOptions Options() => new() { SocketPath = path, Interfaces = [new NbnsHostInterface(Ipv4Address.Loopback, 0)] };

    private NbnsUdpHost Start(NbnsUdpHostOptions? options = null)
    {
        var host = new NbnsUdpHost(_endpoint, options ?? Options(), _clock);
        host.Start();
        return host;
    }

    private static ushort FreePort()
    {
        using var peer = new Peer("0.0.0.0");
        return peer.Endpoint.Port;
    }

    private sealed class AdjustableClock : TimeProvider
    {
        public DateTimeOffset UtcNow { get; set; }

        public long Timestamp { get; set; }

        public override DateTimeOffset GetUtcNow() => UtcNow;

        public override long GetTimestamp() => Timestamp;
    }
}
