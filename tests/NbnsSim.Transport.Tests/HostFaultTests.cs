using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Transport.Sockets;

namespace NbnsSim.Transport.Tests;

/// <summary>What a host says, and how it ends, where something goes wrong.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[TestFixture(NbnsSocketPath.Managed)]
[TestFixture(NbnsSocketPath.Batched)]
public sealed class HostFaultTests(NbnsSocketPath path)
{
    private readonly AnsweringEndpoint _endpoint = new();

    [SetUp]
    public void NeedsTheSystem()
    {
        if (path == NbnsSocketPath.Batched && !OperatingSystem.IsLinux())
            Assert.Ignore("recvmmsg and sendmmsg are Linux'.");
    }

    [Test]
    public void WhatCannotBeSavedIsNotAcknowledged()
    {
        var host = Start(Options() with { BeforeSend = _ => throw new IOException("the disk is full") });
        using var peer = new Peer();
        peer.SendQuery(host.LocalEndpoints[0], 1);
        Assert.That(async () => await host.Completion, Throws.TypeOf<IOException>());
        Assert.That(peer.HasNothing, Is.True);
        Assert.That(host.Dispose, Throws.Nothing);
    }

    [Test]
    public void AFaultIsHeardOfThoughItCannotBeLogged()
    {
        using var host = new NbnsUdpHost(_endpoint, Options() with { BeforeSend = _ => throw new IOException("the disk is full") }, logger: new FullLog());
        host.Start();
        using var peer = new Peer();
        peer.SendQuery(host.LocalEndpoints[0], 1);
        Assert.That(async () => await host.Completion.WaitAsync(TimeSpan.FromSeconds(20)), Throws.TypeOf<IOException>().With.Message.EqualTo("the disk is full"));
    }

    [Test]
    public void WhatCannotBeSentIsLoggedInTheSystemsWords()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs a system that sends nothing elsewhere from a loopback address.");
        var log = new KeepingLog();
        using var host = new NbnsUdpHost(_endpoint, Options(), logger: log);
        host.Start();
        host.InvokeAsync(_ => _endpoint.Ask(new Ipv4Endpoint(Ipv4Address.Parse("192.0.2.1"), 137))).Wait();
        Assert.That(SpinWait.SpinUntil(() => log.Lines.Any(line => line.StartsWith("Could not send", StringComparison.Ordinal)), TimeSpan.FromSeconds(20)), Is.True);
        Assert.That(log.Lines, Has.Some.EqualTo("Could not send to 192.0.2.1:137: Invalid argument").Or.Some.EqualTo("Could not send to 192.0.2.1:137: Network is unreachable"));
    }

    [Test]
    public void AnEventIsLoggedWithItsNameAndSender()
    {
        var log = new KeepingLog();
        using var host = new NbnsUdpHost(_endpoint, Options(), logger: log);
        host.Start();
        host.InvokeAsync(now => _endpoint.Log(NetBtEvent.NameRelease(now, AnsweringEndpoint.Owner, NetBiosName.Parse("JSMITH<03>")))).Wait();
        Assert.That(SpinWait.SpinUntil(() => log.Lines.Any(line => line.StartsWith("NetBT event 4320: JSMITH<03>, by 10.0.0.2: ", StringComparison.Ordinal)), TimeSpan.FromSeconds(20)), Is.True);
    }

    [Test]
    public void CommandsOfAHostThatNeverStartedAreCancelled()
    {
        var host = new NbnsUdpHost(_endpoint, Options());
        var command = host.InvokeAsync(_ => 1);
        host.Dispose();
        Assert.That(command.IsCanceled, Is.True);
    }

    [Test]
    public void CanBeDisposedOnItsOwnThread()
    {
        var host = Start(Options());
        Assert.That(host.InvokeAsync(_ => host.Dispose()).Wait(TimeSpan.FromSeconds(20)), Is.True);
        Assert.That(host.Completion.Wait(TimeSpan.FromSeconds(20)), Is.True);
    }

    [Test]
    public void AWaitEndsThoughNobodyWakesIt()
    {
        var batch = new DatagramBatch(1, 64);
        var socket = BoundSocket.Open(new Ipv4Endpoint(Ipv4Address.Loopback, 0), 0, isBroadcast: false, 4096);
        using DatagramIo io = path == NbnsSocketPath.Batched ? new LinuxDatagramIo([socket], batch, batch) : new ManagedDatagramIo([socket]);
        Assert.That(Task.Run(io.Wait).Wait(TimeSpan.FromSeconds(20)), Is.True);
        Assert.That(io.IsReadable(0), Is.False);
    }

    private NbnsUdpHostOptions Options() => new() { SocketPath = path, Interfaces = [new NbnsHostInterface(Ipv4Address.Loopback, 0)] };

    private NbnsUdpHost Start(NbnsUdpHostOptions options)
    {
        var host = new NbnsUdpHost(_endpoint, options);
        host.Start();
        return host;
    }

    private sealed class KeepingLog : ILogger<NbnsUdpHost>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }

    /// <summary>A log that cannot be written when it matters.</summary>
    private sealed class FullLog : ILogger<NbnsUdpHost>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Critical;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("no room for the log either");
    }
}
