using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>
/// A NetBIOS end node (RFC 1001 §10, RFC 1002 §5.1.1–5.1.3): B, P, M or H, in any <see cref="NetBtDialect"/>. It registers, defends, finds,
/// refreshes and releases names, notices conflicts, and logs the events that NetBT would.
/// </summary>
/// <remarks>
/// <para>
/// Commands and datagrams go in with the time at which they come; packets, events and results are polled out. Nothing happens in between:
/// no clock, no thread, no socket.
/// </para>
/// <para>
/// Whether a datagram was broadcast is taken from <see cref="Datagram.IsBroadcast"/>, what the link saw, wherever it decides something: a P
/// node discards broadcasts (RFC 1002 §5.1.2), misses are answered only when asked alone (§5.1.3.5), a proxy answers only broadcasts, a
/// group's release counts only when sent to this node alone. The packet's own B bit only tells an overwrite demand from an update request,
/// and makes a P node discard it, and an M or H node keep its NEGATIVE to itself, where <see cref="NetBtDialect.DiscardsBroadcastBit"/> says so.
/// </para>
/// <para>State is plain data: <see cref="Fork"/> copies it, <see cref="HasSameStateAs"/> compares it. A node is not thread-safe.</para>
/// </remarks>
public sealed partial class EndNode : INbnsEndpoint
{
    private readonly EndNodeOptions _options;
    private readonly NodePlan _plan;
    private readonly ulong _nameHigh;
    private readonly ulong _nameLow;

    private NodeReports? _reports;
    private NodeMemory? _memory;
    private NodeNameTable _names = new(); // with the two after it, on one line of the processor's cache: all that a datagram for others needs
    private PacketQueue _outbox;
    private Instant _nextTimeout = Instant.MaxValue;
    private NodeInterfaces _interfaces;
    private TransactionTable _transactions;
    private RandomStream _random;
    private NodeCounters _counters;
    private int _lastOperation;
    private OperationId _bootOperation;
    private OperationId _shutdownOperation;
    private byte _bootWave;
    private bool _isOff;

    /// <summary>A node with one interface.</summary>
    /// <param name="computerName">The computer's name, at most 15 Latin-1 characters, taken as they are.</param>
    /// <param name="attachment">Its interface.</param>
    /// <param name="options">Its configuration.</param>
    /// <param name="seed">Where its random numbers (transaction ids, choice among adapters) start; a live node needs one that nobody can guess.</param>
    /// <exception cref="ArgumentException"><paramref name="computerName"/> is too long or not Latin-1.</exception>
    public EndNode(string computerName, EndNodeInterface attachment, EndNodeOptions options, ulong seed = 0)
        : this(computerName, [attachment], options, seed)
    {
    }

    /// <summary>A node with one or several interfaces.</summary>
    /// <param name="computerName">The computer's name, at most 15 Latin-1 characters, taken as they are.</param>
    /// <param name="interfaces">Its interfaces, 1 to <see cref="EndNodeOptions.MaxInterfaces"/>; <see cref="Datagram.InterfaceIndex"/> counts through them.</param>
    /// <param name="options">Its configuration.</param>
    /// <param name="seed">Where its random numbers (transaction ids, choice among adapters) start; a live node needs one that nobody can guess.</param>
    /// <exception cref="ArgumentException"><paramref name="computerName"/> is too long or not Latin-1, or there are too few or many interfaces.</exception>
    public EndNode(string computerName, ReadOnlySpan<EndNodeInterface> interfaces, EndNodeOptions options, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(computerName);
        ArgumentNullException.ThrowIfNull(options);
        if (interfaces.Length is 0 or > EndNodeOptions.MaxInterfaces)
            throw new ArgumentException($"A node has 1 to {EndNodeOptions.MaxInterfaces} interfaces, not {interfaces.Length}.", nameof(interfaces));
        var name = new NetBiosName(computerName, NameSuffix.Workstation);
        (_nameHigh, _nameLow) = (name.High, name.Low);
        _options = options;
        _plan = options.Plan;
        _interfaces = new NodeInterfaces(interfaces);
        _random = RandomStream.Derive(seed, computerName);
        _random = new RandomStream(_random.NextUInt64() ^ _interfaces[0].Address.Value); // namesakes must not share their transaction ids
        PreloadNames();
    }

    private EndNode(EndNode other)
    {
        (_options, _plan, _nameHigh, _nameLow) = (other._options, other._plan, other._nameHigh, other._nameLow);
        _interfaces = other._interfaces.Fork();
        _names = other._names.Fork();
        _transactions = other._transactions.Fork();
        _reports = other._reports?.Fork();
        _memory = other._memory?.Fork();
        _outbox = other._outbox.Clone();
        (_random, _nextTimeout, _counters) = (other._random, other._nextTimeout, other._counters);
        (_lastOperation, _bootOperation, _shutdownOperation) = (other._lastOperation, other._bootOperation, other._shutdownOperation);
        (_bootWave, _isOff) = (other._bootWave, other._isOff);
    }

    /// <summary>The node's configuration.</summary>
    public EndNodeOptions Options => _options;

    /// <summary>The computer's name with suffix 00, in the node's scope.</summary>
    public NetBiosName ComputerName => new(_nameHigh, _nameLow, _options.Scope);

    /// <summary>The address of its first interface.</summary>
    public Ipv4Address Address => _interfaces[0].Address;

    /// <summary>How many interfaces it has.</summary>
    public int InterfaceCount => _interfaces.Count;

    /// <summary>Whether the node was shut down: it hears and says nothing until it boots again.</summary>
    public bool IsShutDown => _isOff;

    /// <summary>One of its interfaces.</summary>
    /// <param name="index">0 to <see cref="InterfaceCount"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    public EndNodeInterface GetInterface(int index) => _interfaces[index];

    /// <inheritdoc/>
    public void HandleDatagram(Instant now, in Datagram datagram)
    {
        if (IsForOthers(datagram))
        {
            Teller?.SayUnheard(now, _isOff ? NodeRules.HearsNothing : NodeRules.NotOurs, datagram);
            return;
        }

        if (AtTheDoor(datagram, out ulong high, out ulong low) is { } rule)
        {
            Teller?.SayUnheard(now, rule, datagram);
            return;
        }

        Teller?.Begin(DecisionCauseKind.Datagram, datagram.Decision);
        if (datagram.Packet.IsResponse)
            HandleResponse(now, datagram, high, low);
        else
            HandleRequest(now, datagram, high, low);
    }

    /// <summary>Whether a broadcast is a request about a name that means nothing to this node, as most of what a segment carries is. Looks at as little as it can.</summary>
    private bool IsForOthers(in Datagram datagram) =>
        datagram.IsBroadcast && datagram.IsReadable && _plan.HearsBroadcasts && datagram.Packet.TryGetNameOctets(out ulong high, out ulong low) && !_names.MayHave(high, low)
        && IsOfNoInterest(high) && !datagram.Packet.IsResponse;

    /// <summary>Why a datagram is not looked at any further; <see langword="null"/> for one that is.</summary>
    private Rule? AtTheDoor(in Datagram datagram, out ulong high, out ulong low)
    {
        (high, low) = (0, 0);
        if (_isOff)
            return NodeRules.HearsNothing;
        if (datagram.IsBroadcast && !_plan.HearsBroadcasts)
            return NodeRules.BroadcastDiscarded;
        ref readonly var packet = ref datagram.Packet;
        if (!datagram.IsReadable || !packet.TryGetNameOctets(out high, out low))
            return NodeRules.Unreadable;
        if ((packet.Anomalies & NbnsAnomalies.LongName) != NbnsAnomalies.None)
            return NodeRules.LongName;
        if ((packet.Anomalies & NbnsAnomalies.UnknownClass) != NbnsAnomalies.None)
            return NodeRules.UnknownClass;
        if (!_plan.HearsBroadcasts && packet.Flags.IsBroadcast && _options.Dialect.DiscardsBroadcastBit)
            return NodeRules.BroadcastBitDiscarded;
        if ((uint)datagram.InterfaceIndex >= (uint)_interfaces.Count)
            return NodeRules.NoSuchInterface;
        return IsOwnEcho(datagram) ? NodeRules.OwnEcho : null;
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        if (now < _nextTimeout || _nextTimeout == Instant.MaxValue)
            return;
        while (_transactions.NextDue(now) is { } due)
        {
            Teller?.Begin(DecisionCauseKind.Timer, due.Decision);
            OnDeadline(now, due);
        }

        for (int i = 0; i < _names.Count; i++)
        {
            if (_names[i].RefreshAt > now)
                continue;
            var name = _names[i].Name;
            BeginLifetime(Teller?.TimerOf(name) ?? 0);
            OnRefreshDue(now, i);
            EndLifetime(now, name);
        }

        if (_memory is not null)
        {
            PayDebts(now, _memory);
            if (_memory.Servers.DueAt <= now)
            {
                BeginLifetime(_memory.Servers.Cause);
                TrySwitchBack(now, _memory);
                EndLifetime(now, default);
            }
        }

        Settle(now);
    }

    /// <inheritdoc/>
    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
    {
        logged = null;
        return _reports is not null && _reports.TryTake(out logged);
    }

    /// <summary>The next result of a command, if any; at most 4096 wait, the oldest goes first.</summary>
    /// <param name="result">The result; <see langword="null"/> when there is none.</param>
    /// <returns>False when nothing waits.</returns>
    public bool TryPollResult([NotNullWhen(true)] out OperationResult? result)
    {
        result = null;
        return _reports is not null && _reports.TryTake(out result);
    }

    /// <inheritdoc/>
    public Instant? PollTimeout() => _nextTimeout == Instant.MaxValue ? null : _nextTimeout;

    /// <inheritdoc/>
    INbnsEndpoint INbnsEndpoint.Fork() => Fork();

    /// <summary>A copy that lives on by itself: what happens to one never shows in the other.</summary>
    public EndNode Fork() => new(this);

    /// <summary>Keeps <see cref="PollTimeout"/> a mere read.</summary>
    private void SetNextTimeout()
    {
        var (next, names) = (_transactions.DueAt, _names.DueAt);
        next = names < next ? names : next;
        _nextTimeout = _memory is not null && _memory.DueAt < next ? _memory.DueAt : next;
    }

    /// <summary>Our own broadcast come back; or, where the dialect's adapters do not know each other, not (Q102795).</summary>
    private bool IsOwnEcho(in Datagram datagram) =>
        _interfaces.Has(datagram.Source.Address) && datagram.Source.Port == _options.NameServicePort
        && !(_interfaces.AreSeveral && _options.Dialect.DefendsAgainstOwnAdapters && datagram.Packet.Opcode == NbnsOpcode.Registration && datagram.Source.Address != _interfaces[datagram.InterfaceIndex].Address);
}
