using NbnsSim.Protocol;
using NbnsSim.Transport.Sockets;
using NbnsSim.Wire;

namespace NbnsSim.Transport;

/// <content>The host's thread.</content>
public sealed partial class NbnsUdpHost
{
    private static readonly TimeSpan LimitLogInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeastJump = TimeSpan.FromSeconds(5); // less is a clock that is kept right

    private DatagramBatch _incoming = null!;
    private DatagramBatch _outgoing = null!;
    private int[] _failures = [];
    private Ipv4Address[] _broadcastAddresses = [];
    private SourceLimiter _limiter = null!;
    private ITimer _timer = null!;
    private Instant _armedFor = Instant.MaxValue;
    private int _timerFired;
    private long _limited;
    private Instant _limitedLoggedAt = new(long.MinValue);

    private void Run()
    {
        try
        {
            RunCommands(); // those given before the start,
            Step(Now); // and what the endpoint had to say
            while (!_stopping)
            {
                ArmTimer();
                _io!.Wait();
                CheckClock();
                SettleCommits(Now);
                RunCommands();
                for (int i = 0; i < _sockets.Length; i++)
                {
                    if (_io.IsReadable(i))
                        ReceiveFrom(i);
                }

                Step(Now);
            }

            RunCommands();
            Step(Now);
            EndCommits();
            SettleCommits(Now);
            var statistics = _counters!.Snapshot();
            HostLog.Stopped(_logger, statistics.RequestsReceived, statistics.ResponsesSent);
            End(null);
        }
        catch (Exception fault)
        {
            HostLog.Faulted(_logger, fault);
            EndCommits();
            End(fault);
        }
    }

    private void End(Exception? fault)
    {
        _timer.Dispose();
        _io!.Dispose();
        _counters!.Dispose();
        if (fault is null)
            _completion.TrySetResult();
        else
            _completion.TrySetException(fault);
        CancelCommands();
    }

    private void RunCommands()
    {
        for (int left = Volatile.Read(ref _waitingCommands); left > 0 && _commands.TryDequeue(out var command); left--)
        {
            Interlocked.Decrement(ref _waitingCommands);
            command(Now);
            _endpoint.HandleTimeout(Now); // a command may be one part's of a compound endpoint: this tells the others the time
        }
    }

    private void CancelCommands()
    {
        while (_commands.TryDequeue(out var command))
            command(Instant.MaxValue);
    }

    private void ReceiveFrom(int index)
    {
        int error = _io!.Receive(index, _incoming);
        if (error != 0)
            HostLog.ReceiveFailed(_logger, _sockets[index].Local, _io.Explain(error));
        var now = Now;
        for (int i = 0; i < _incoming.Count; i++)
        {
            Accept(_sockets[index], i, now);
            Drain(now); // an endpoint's queue never holds more than the answers to one datagram
        }
    }

    private void Accept(BoundSocket socket, int slot, Instant now)
    {
        _handlesRefresh = false;
        int length = _incoming.Lengths[slot];
        var source = _incoming.Peers[slot];
        if (length == DatagramBatch.TooLong)
        {
            _counters!.Dropped(NbnsDropReason.TooLong);
            return;
        }

        if (source.Port == 0 || !source.Address.IsUnicast)
        {
            _counters!.Dropped(NbnsDropReason.ForgedSource);
            return;
        }

        if (!_limiter.AllowsDatagram(source.Address, now.Nanoseconds))
        {
            Limit(NbnsDropReason.SourceRate, source.Address, now);
            return;
        }

        var payload = _incoming.Slot(slot)[..length];
        var destination = _incoming.Destinations[slot];
        int interfaceIndex = socket.InterfaceIndex;
        bool isBroadcast = socket.IsBroadcast;
        if (interfaceIndex < 0)
            interfaceIndex = InterfaceOf(source.Address);
        else if (destination != socket.Local.Address)
            isBroadcast = destination == Ipv4Address.Broadcast || destination == _options.Interfaces[interfaceIndex].BroadcastAddress || destination.IsMulticast;
        var datagram = new Datagram(payload, source, new Ipv4Endpoint(destination, socket.Local.Port), isBroadcast, interfaceIndex);
        ref readonly var packet = ref datagram.Packet;
        if (!datagram.IsReadable)
        {
            _counters!.Unreadable(datagram.Error.Kind); // the endpoint has the last word: a name server may answer FMT_ERR
        }
        else
        {
            _counters!.Received(packet.Flags);
            if (!packet.IsResponse && packet.Opcode == NbnsOpcode.Query && packet.HasQuestion && packet.Question.Type == NbnsType.NBStat
                && !_limiter.AllowsNodeStatus(source.Address, now.Nanoseconds))
            {
                Limit(NbnsDropReason.NodeStatusRate, source.Address, now);
                return;
            }
        }

        if (datagram.IsReadable && TurnsAway(packet, source, Math.Max(0, socket.InterfaceIndex), isBroadcast, now))
            return;
        _endpoint.HandleDatagram(now, datagram);
    }

    /// <summary>Which interface a limited broadcast came in on: the one in whose subnet the sender is.</summary>
    private int InterfaceOf(Ipv4Address source)
    {
        for (int i = 0; i < _options.Interfaces.Length; i++)
        {
            if (_options.Interfaces[i].Subnet.Contains(source))
                return i;
        }

        return 0;
    }

    /// <summary>Timers, then everything out: datagrams, events, and whoever waits for results.</summary>
    private void Step(Instant now)
    {
        _handlesRefresh = false;
        if (_endpoint.PollTimeout() is { } due && due <= now)
            _endpoint.HandleTimeout(now);
        Drain(now);
        Flush(now);
        while (_endpoint.TryPollEvent(out var logged))
        {
            HostLog.EventLogged(_logger, logged.Id, logged.Name, logged.Address, logged.Message);
            _options.EventLogged?.Invoke(logged);
        }

        if (_options.Stepped is not null)
        {
            _options.Stepped(now);
            _endpoint.HandleTimeout(now); // it may have given commands
            Drain(now);
            Flush(now);
        }

        RequestCommit();
    }

    private void Drain(Instant now)
    {
        Collect(now);
        while (true)
        {
            if (_outgoing.IsFull)
                Flush(now);
            var buffer = _outgoing.Slot(_outgoing.Count);
            if (!_endpoint.TryPollTransmit(buffer, out var transmit))
                return;
            if (!transmit.IsBroadcast && StandsForMany(transmit.Destination.Address))
            {
                _counters!.Dropped(NbnsDropReason.ManyDestinations);
                continue;
            }

            int socket = (uint)transmit.InterfaceIndex < (uint)_options.Interfaces.Length ? transmit.InterfaceIndex : 0;
            int length = transmit.Length;
            if (!Holds(buffer, ref length, transmit.Destination, socket))
                Send(length, transmit.Destination, socket);
        }
    }

    /// <summary>Has the datagram in the next free slot leave with the next batch.</summary>
    private void Send(int length, Ipv4Endpoint peer, int socket)
    {
        var buffer = _outgoing.Slot(_outgoing.Count);
        int slot = _outgoing.Count++;
        _outgoing.Lengths[slot] = length;
        _outgoing.Peers[slot] = peer;
        _outgoing.Sockets[slot] = socket;
        _counters!.Sent(new NbnsFlags((ushort)((buffer[2] << 8) | buffer[3])));
    }

    private bool StandsForMany(Ipv4Address destination) =>
        destination.IsMulticast || destination == Ipv4Address.Broadcast || _broadcastAddresses.AsSpan().Contains(destination);

    private void Flush(Instant now)
    {
        if (_outgoing.Count == 0)
            return;
        _options.BeforeSend?.Invoke(now); // what these datagrams promise is safe from here on
        int failed = _io!.Send(_outgoing, _failures, out int error);
        if (failed == 0)
            return;
        _counters!.Dropped(NbnsDropReason.SendFailed, failed);
        if (_logger.IsEnabled(Microsoft.Extensions.Logging.LogLevel.Debug))
        {
            string words = _io.Explain(error);
            for (int i = 0; i < failed; i++)
                HostLog.SendFailed(_logger, _outgoing.Peers[_failures[i]], words);
        }
    }

    /// <summary>Says so where the system's clock was set. The endpoint's time goes on as before.</summary>
    private void CheckClock()
    {
        var jump = ClockAhead() - _clockAhead;
        if (jump.Duration() < LeastJump)
            return;
        _clockAhead += jump;
        HostLog.ClockJumped(_logger, jump < TimeSpan.Zero ? "back" : "on", jump.Duration());
    }

    private TimeSpan ClockAhead() => _timeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch - _timeProvider.GetElapsedTime(_startTimestamp);

    private void Limit(NbnsDropReason reason, Ipv4Address source, Instant now)
    {
        _counters!.Dropped(reason);
        _limited++;
        if (_limitedLoggedAt.Nanoseconds != long.MinValue && now - _limitedLoggedAt < LimitLogInterval)
            return; // a flood must not flood the log
        HostLog.Limited(_logger, _limited, source);
        _limited = 0;
        _limitedLoggedAt = now;
    }

    /// <summary>
    /// Has the timer call when the endpoint wants to be called. A timer set too early does no harm, and the clock may be a test's, so the
    /// timer wakes the thread; the wait's own limit only makes up for a wake that was lost.
    /// </summary>
    private void ArmTimer()
    {
        if (Interlocked.Exchange(ref _timerFired, 0) != 0)
            _armedFor = Instant.MaxValue;
        if (_endpoint.PollTimeout() is not { } due || due >= _armedFor)
            return;
        _armedFor = due;
        var wait = due - Now;
        // Timers count whole milliseconds and round down: up, or the last one is spent spinning.
        double milliseconds = Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, int.MaxValue);
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        Volatile.Write(ref _timerFired, 1);
        _io!.Wake();
    }
}
