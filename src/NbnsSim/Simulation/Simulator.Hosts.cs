using System.Runtime.CompilerServices;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Simulation;

/// <content>What hosts do: commands, timers, crash and restart.</content>
public sealed partial class Simulator
{
    private readonly byte[] _scratch = new byte[PacketPool.MaxLength];
    private int _lastTimedOut = -1;
    private long _lastTimeout;
    private int _timeoutsAtOneInstant;

    /// <summary>The host's endpoint, to look at. To tell it something, use <see cref="Command{T}"/>, which sends what it answers.</summary>
    /// <param name="host">The host.</param>
    public INbnsEndpoint EndpointOf(HostId host)
    {
        Check(host);
        return _hosts[host.Index].Endpoint;
    }

    /// <summary>Whether the host is up.</summary>
    /// <param name="host">The host.</param>
    public bool IsUp(HostId host)
    {
        Check(host);
        return !_hosts[host.Index].IsDown;
    }

    /// <summary>Tells a host's endpoint to do something now, and sends what it has to say.</summary>
    /// <typeparam name="T">The endpoint's type.</typeparam>
    /// <param name="host">The host.</param>
    /// <param name="description">What it is told, for traces.</param>
    /// <param name="command">Gets the endpoint and the current time.</param>
    /// <exception cref="InvalidOperationException">The host is down, or its endpoint is of another type.</exception>
    public void Command<T>(HostId host, string description, Action<T, Instant> command)
        where T : class, INbnsEndpoint
    {
        ArgumentNullException.ThrowIfNull(command);
        Check(host);
        ref HostState state = ref _hosts[host.Index];
        if (state.IsDown)
            throw new InvalidOperationException($"{NameOf(host)} is down: it cannot be told to {description}.");
        if (state.Endpoint is not T endpoint)
            throw new InvalidOperationException($"{NameOf(host)} is a {state.Endpoint.GetType().Name}, not a {typeof(T).Name}.");
        foreach (var observer in _observers)
            observer.Commanded(this, host, description);
        command(endpoint, Now);
        Drain(host.Index, endpoint);
    }

    /// <summary>
    /// Sends a datagram from a host now that its endpoint knows nothing of, from any address: for forgers, and for frames that come from outside
    /// the simulation.
    /// </summary>
    /// <param name="host">The host that stands for the sender on the segment: a broadcast reaches everybody but it.</param>
    /// <param name="source">The address and port that the datagram says it is from.</param>
    /// <param name="destination">The address and port that it goes to.</param>
    /// <param name="payload">The UDP payload.</param>
    /// <param name="isBroadcast">Whether every station on the segment gets it, whatever the address.</param>
    /// <param name="interfaceIndex">Which of the host's interfaces it leaves from; 0 is the first.</param>
    /// <exception cref="InvalidOperationException">The host is down.</exception>
    /// <exception cref="ArgumentException"><paramref name="payload"/> is longer than an Ethernet frame can carry (1,472 octets).</exception>
    public void Inject(HostId host, Ipv4Endpoint source, Ipv4Endpoint destination, ReadOnlySpan<byte> payload, bool isBroadcast = false, int interfaceIndex = 0)
    {
        Check(host);
        if (_hosts[host.Index].IsDown)
            throw new InvalidOperationException($"{NameOf(host)} is down: nothing can be sent from it.");
        if (payload.Length > PacketPool.MaxLength)
            throw new ArgumentException($"A payload of {payload.Length} octets is longer than an Ethernet frame can carry: {PacketPool.MaxLength}.", nameof(payload));
        payload.CopyTo(_scratch);
        long decision = Say(host.Index, NodeRules.SentByHand, payload, destination);
        Send(host.Index, new Transmit(destination, payload.Length, isBroadcast, interfaceIndex, source.Port, decision), source.Address);
    }

    /// <summary>Crashes a host: from now on it hears, says and does nothing. Nothing happens if it is down already.</summary>
    /// <param name="host">The host.</param>
    public void Crash(HostId host)
    {
        Check(host);
        ref HostState state = ref _hosts[host.Index];
        if (state.IsDown)
            return;
        state.IsDown = true;
        Arm(host.Index, long.MaxValue);
        Say(host.Index, NodeRules.Crashes);
        foreach (var observer in _observers)
            observer.HostChanged(this, host, isUp: false);
    }

    /// <summary>Brings a host back after <see cref="Crash"/>. Nothing happens if it is up.</summary>
    /// <param name="host">The host.</param>
    /// <param name="endpoint">
    /// A new endpoint for a host that forgot everything; null to go on with the old one, which learns that its timers are overdue, as after a
    /// long pause.
    /// </param>
    public void Restart(HostId host, INbnsEndpoint? endpoint = null)
    {
        Check(host);
        ref HostState state = ref _hosts[host.Index];
        if (!state.IsDown)
            return;
        state.IsDown = false;
        if (endpoint is not null)
        {
            state.Endpoint = endpoint;
            state.Replicates = endpoint is IReplicationEndpoint;
            state.IsQuiet = endpoint is IQuietEndpoint;
            ForgetMessages(host.Index);
        }

        HearDecisions(host.Index);
        Say(host.Index, NodeRules.Restarts);
        foreach (var observer in _observers)
            observer.HostChanged(this, host, isUp: true);
        Drain(host.Index, state.Endpoint);
    }

    /// <summary>Puts another endpoint in the place of a host's, of a simulation that only says how one is built that is loaded.</summary>
    internal void Replace(HostId host, INbnsEndpoint endpoint) => _hosts[host.Index].Endpoint = endpoint;

    /// <summary>Sends and logs what an endpoint has to say, and sets its timer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Drain(int host, INbnsEndpoint endpoint)
    {
        while (endpoint.TryPollTransmit(_scratch, out var transmit))
            Send(host, transmit);
        if (_hosts[host].Replicates)
        {
            while (((IReplicationEndpoint)endpoint).TryPollReplication(out var message))
                Send(host, message);
        }

        while (endpoint.TryPollEvent(out var logged))
        {
            if (logged is not null)
                Write(new LoggedEvent(new HostId(host), logged));
        }

        long due = endpoint.PollTimeout() is { } timeout ? Math.Max(timeout.Nanoseconds, _now) : long.MaxValue;
        if (due != _hosts[host].Due)
            Arm(host, due);
    }

    private void Write(LoggedEvent logged)
    {
        _log.Add(logged);
        foreach (var observer in _observers)
            observer.Logged(this, logged.Host, logged.Event);
    }

    private void Arm(int host, long due)
    {
        ref HostState state = ref _hosts[host];
        if (state.Due == long.MaxValue)
        {
            if (due != long.MaxValue)
                state.Timer = _queue.PushMovable(due, new SimulationEvent { Kind = SimulationEventKind.Timer, Target = host });
        }
        else if (due == long.MaxValue)
            _queue.Remove(state.Timer);
        else
            _queue.Move(state.Timer, due);
        state.Due = due;
    }

    private void TimeOut(int host)
    {
        // An endpoint whose timer stays overdue would stop time for everybody: say so instead of hanging.
        _timeoutsAtOneInstant = _lastTimedOut == host && _lastTimeout == _now ? _timeoutsAtOneInstant + 1 : 0;
        if (_timeoutsAtOneInstant >= MaxTimeoutsAtOneInstant)
            throw new InvalidOperationException($"The timer of {NameOf(new HostId(host))} is still due at {Now} after {MaxTimeoutsAtOneInstant} calls of {nameof(INbnsEndpoint.HandleTimeout)}.");
        (_lastTimedOut, _lastTimeout) = (host, _now);

        _hosts[host].Due = long.MaxValue;
        foreach (var observer in _observers)
            observer.TimedOut(this, new HostId(host));
        var endpoint = _hosts[host].Endpoint;
        endpoint.HandleTimeout(Now);
        Drain(host, endpoint);
    }
}
