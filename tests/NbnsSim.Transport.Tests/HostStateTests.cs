using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Transport.Tests;

/// <summary>Acknowledgements leave only when what they promise is safe; queries never wait; what cannot be saved is refused.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HostStateTests : IDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);
    private static readonly NetBiosName Known = NetBiosName.Parse("KNOWN<20>");

    private readonly NameServer _server = new(new NameServerOptions { Address = Ipv4Address.Loopback, JournalsChanges = true });
    private readonly SemaphoreSlim _mayCommit = new(0);
    private readonly SemaphoreSlim _commitBegan = new(0);
    private readonly Peer _peer = new();
    private readonly ManualTime _time = new();
    private readonly KeptLog _log = new();
    private NbnsUdpHost? _host;
    private volatile bool _isFull;
    private int _commits;

    public void Dispose()
    {
        _mayCommit.Release(1000);
        _host?.Dispose();
        _peer.Dispose();
    }

    [Test]
    public void AnAcknowledgementWaitsForItsCommit_AQueryDoesNot()
    {
        Start();
        Register(1, "FRED<20>");
        _commitBegan.Wait(LongEnough);
        _peer.SendQuery(_host!.LocalEndpoints[0], 2, Known.ToString());
        Assert.That(Answer(), Is.EqualTo(((ushort)2, NbnsOpcode.Query, NbnsRcode.Success)), "though the disk is busy");
        Assert.That(_peer.HasNothing, Is.True);
        _mayCommit.Release();
        Assert.That(Answer(), Is.EqualTo(((ushort)1, NbnsOpcode.Registration, NbnsRcode.Success)));
    }

    [Test]
    public void AClaimThatChangesNothingWaitsForTheOneThatDid()
    {
        Start();
        Register(1, "FRED<20>");
        Register(2, "FRED<20>"); // sent again, since there was no answer
        Register(3, "JANE<20>");
        _peer.SendQuery(_host!.LocalEndpoints[0], 4, Known.ToString());
        Assert.That(Answer().Id, Is.EqualTo(4));
        Assert.That(_peer.HasNothing, Is.True);
        _mayCommit.Release(3);
        Assert.That(new[] { Answer().Id, Answer().Id, Answer().Id }, Is.EqualTo(new[] { 1, 2, 3 }), "in their order");
    }

    [Test]
    public void WhatComesDuringACommitIsOneGroup()
    {
        Start(options => options with { BatchSize = 8 });
        Register(1, "FIRST<20>");
        _commitBegan.Wait(LongEnough);
        for (ushort i = 2; i <= 60; i++)
            Register(i, $"NAME{i}<20>");
        _peer.SendQuery(_host!.LocalEndpoints[0], 999, Known.ToString());
        Assert.That(Answer().Id, Is.EqualTo(999), "all were read, and there is more than one batch of them");
        _mayCommit.Release(100);
        for (ushort i = 1; i <= 60; i++)
            Assert.That(Answer(), Is.EqualTo((i, NbnsOpcode.Registration, NbnsRcode.Success)));
        Assert.That(_commits, Is.InRange(3, 4), "one to begin with, one for the first, one for the others or, where the last batch was just being read, two");
    }

    [Test]
    public void WhatCannotBeSavedIsRefused_LoggedOnceAndTakenAgainLater()
    {
        Start();
        _isFull = true;
        _mayCommit.Release(100);
        Register(1, "FRED<20>");
        Assert.That(Answer(), Is.EqualTo(((ushort)1, NbnsOpcode.Registration, NbnsRcode.ServerFailure)), "the one that waited");
        Register(2, "JANE<20>");
        Assert.That(Answer(), Is.EqualTo(((ushort)2, NbnsOpcode.Registration, NbnsRcode.ServerFailure)));
        Send(3, NbnsFlagWords.Release, Known.ToString());
        Assert.That(Answer(), Is.EqualTo(((ushort)3, NbnsOpcode.Release, NbnsRcode.ServerFailure)));
        Send(4, NbnsFlagWords.RefreshRequest, Known.ToString());
        Send(5, NbnsFlagWords.MultihomedRegistrationRequest, "ANN<20>");
        Assert.That(Answer(), Is.EqualTo(((ushort)5, NbnsOpcode.Registration, NbnsRcode.ServerFailure)), "and the refresh was not answered");
        _peer.SendQuery(_host!.LocalEndpoints[0], 6, Known.ToString());
        Assert.That(Answer(), Is.EqualTo(((ushort)6, NbnsOpcode.Query, NbnsRcode.Success)));
        Assert.That(_server.FindRecord(NetBiosName.Parse("JANE<20>")), Is.Null, "the server never heard of it");
        Assert.That(_host.Statistics.DropsFor(NbnsDropReason.StateLost), Is.EqualTo(1));
        Assert.That(_log.Lines.Count(line => line.Contains("no room", StringComparison.Ordinal)), Is.EqualTo(1));

        int tried = _commits;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SpinWait.SpinUntil(() => _commits > tried, LongEnough), Is.True, "tried again");
        _isFull = false;
        Assert.That(SpinWait.SpinUntil(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _log.Lines.Contains("Names are saved again: claims are taken", StringComparer.Ordinal);
            }, LongEnough), Is.True);
        Register(7, "JANE<20>");
        Assert.That(Answer(), Is.EqualTo(((ushort)7, NbnsOpcode.Registration, NbnsRcode.Success)));
        Assert.That(_log.Lines.Count(line => line.Contains("no room", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void MoreThanMayWaitAreDropped_AndQueriesAreAnswered()
    {
        Start(options => options with { MaxHeldAnswers = 2 });
        Register(1, "FIRST<20>");
        Register(2, "SECOND<20>");
        Register(3, "THIRD<20>");
        _peer.SendQuery(_host!.LocalEndpoints[0], 4, Known.ToString());
        Assert.That(Answer().Id, Is.EqualTo(4));
        _mayCommit.Release(3);
        Assert.That(new[] { Answer().Id, Answer().Id }, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(_host.Statistics.DropsFor(NbnsDropReason.StateBusy), Is.EqualTo(1));
        Assert.That(_server.FindRecord(NetBiosName.Parse("THIRD<20>")), Is.Null);
    }

    [Test]
    public async Task AStopCommitsAndAcknowledgesFirst()
    {
        Start();
        Register(1, "FRED<20>");
        _commitBegan.Wait(LongEnough);
        var stopped = _host!.StopAsync();
        _mayCommit.Release(10);
        await stopped.WaitAsync(LongEnough);
        Assert.That(Answer(), Is.EqualTo(((ushort)1, NbnsOpcode.Registration, NbnsRcode.Success)));
    }

    [Test]
    public void TheTwoHalvesOfACommitBelongTogether()
    {
        using var host = new NbnsUdpHost(_server, new NbnsUdpHostOptions { Interfaces = [new NbnsHostInterface(Ipv4Address.Loopback, 0)], CommitChanges = () => { } });
        Assert.That(host.Start, Throws.InvalidOperationException);
    }

    [Test]
    public void TimeGoesOnFromWhereItIsToldTo_AndAJumpOfTheClockIsLoggedAndChangesNothing()
    {
        var served = Instant.FromUnixTime(900_000_000);
        Start(options => options with { StartTime = served });
        _time.Advance(TimeSpan.FromSeconds(7));
        _time.SetClock(DateTimeOffset.UnixEpoch); // no battery
        _host!.InvokeAsync(_ => true).Wait(LongEnough);
        Assert.That(_host.Now, Is.EqualTo(served + TimeSpan.FromSeconds(7)));
        Assert.That(SpinWait.SpinUntil(() => _log.Lines.Any(line => line.StartsWith("The system's clock was set back by ", StringComparison.Ordinal)), LongEnough), Is.True);
        _time.SetClock(DateTimeOffset.UnixEpoch.AddYears(100));
        _host.InvokeAsync(_ => true).Wait(LongEnough);
        Assert.That(SpinWait.SpinUntil(() => _log.Lines.Any(line => line.StartsWith("The system's clock was set on by ", StringComparison.Ordinal)), LongEnough), Is.True);
        Assert.That(_host.Now, Is.EqualTo(served + TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void ALogThatFailsStopsNothing()
    {
        _log.Fails = true;
        Start();
        _isFull = true; // which is to be logged
        _mayCommit.Release(100);
        Register(1, "FRED<20>");
        Assert.That(Answer().Rcode, Is.EqualTo(NbnsRcode.ServerFailure));
        Assert.That(_host!.Completion.IsCompleted, Is.False);
    }

    private void Start(Func<NbnsUdpHostOptions, NbnsUdpHostOptions>? with = null)
    {
        _server.AddStatic(default, Known, NameRecordType.Unique, Ipv4Address.Parse("127.0.0.77"));
        while (_server.TryPollChange(out _))
        {
        }

        var options = new NbnsUdpHostOptions
        {
            Interfaces = [new NbnsHostInterface(Ipv4Address.Loopback, 0)],
            CollectChanges = _ => Collect(),
            CommitChanges = Commit,
        };
        _host = new NbnsUdpHost(_server, with is null ? options : with(options), _time, _log);
        _mayCommit.Release();
        _host.Start();
        _commitBegan.Wait(LongEnough); // the one that shows whether there can be one
    }

    private bool Collect()
    {
        bool found = false;
        while (_server.TryPollChange(out _))
            found = true;
        return found;
    }

    private void Commit()
    {
        Interlocked.Increment(ref _commits);
        _commitBegan.Release();
        _mayCommit.Wait(LongEnough);
        if (_isFull)
            throw new IOException("there is no room on the disk");
    }

    private void Register(ushort id, string name) => Send(id, NbnsFlagWords.RegistrationRequest, name);

    private void Send(ushort id, ushort flags, string name)
    {
        var buffer = new byte[NbnsHeader.MaxDatagramLength];
        int length = NbnsEncoder.WriteRequest(buffer, id, flags, NetBiosName.Parse(name), 300, new NbEntry(default, Ipv4Address.Loopback));
        _peer.Send(buffer.AsSpan(0, length), _host!.LocalEndpoints[0]);
    }

    private (ushort Id, NbnsOpcode Opcode, NbnsRcode Rcode) Answer()
    {
        var answer = _peer.Receive();
        return (answer.TransactionId, answer.Opcode, answer.Rcode);
    }

    /// <summary>A clock that is told what to say, and the time that passes, which are two things.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private readonly List<ManualTimer> _timers = [];
        private long _passed;
        private DateTimeOffset _clock = DateTimeOffset.UnixEpoch.AddYears(30);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _passed);

        public override DateTimeOffset GetUtcNow()
        {
            lock (_timers)
                return _clock;
        }

        public void SetClock(DateTimeOffset clock)
        {
            lock (_timers)
                _clock = clock;
        }

        public void Advance(TimeSpan time)
        {
            ManualTimer[] due;
            lock (_timers)
            {
                _clock += time;
                _passed += time.Ticks;
                due = [.. _timers.Where(timer => timer.Due <= _passed)];
                foreach (var timer in due)
                    timer.Due = long.MaxValue;
            }

            foreach (var timer in due)
                timer.Call();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new ManualTimer(this, () => callback(state));
            lock (_timers)
                _timers.Add(timer);
            timer.Change(dueTime, period);
            return timer;
        }

        private sealed class ManualTimer(ManualTime time, Action call) : ITimer
        {
            public long Due { get; set; } = long.MaxValue;

            public void Call() => call();

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                lock (time._timers)
                    Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time._passed + dueTime.Ticks;
                return true;
            }

            public void Dispose()
            {
                lock (time._timers)
                    time._timers.Remove(this);
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }

    private sealed class KeptLog : ILogger<NbnsUdpHost>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public bool Fails { get; set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (Fails)
                throw new InvalidOperationException("the sink is broken");
            Lines.Enqueue(formatter(state, exception));
        }
    }
}
