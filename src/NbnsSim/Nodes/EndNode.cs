using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
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
/// <example>
/// <code>
/// var node = new EndNode("ALPHA", EndNodeInterface.InSubnet(Ipv4Address.Parse("10.0.0.1")), new EndNodeOptions { Dialect = NetBtDialect.WindowsNt4 });
/// var now = Instant.Epoch;
/// node.AddName(now, NetBiosName.Parse("FILES&lt;20&gt;"));
/// byte[] buffer = new byte[NbnsHeader.MaxDatagramLength];
/// OperationResult? result;
/// while (!node.TryPollResult(out result))
/// {
///     while (node.TryPollTransmit(buffer, out var transmit))
///         Console.WriteLine($"{now} to {transmit.Destination}: {NbnsDescription.Describe(buffer.AsSpan(0, transmit.Length))}");
///     now = node.PollTimeout()!.Value; // a driver waits until then, and calls HandleDatagram for what comes
///     node.HandleTimeout(now);
/// }
///
/// Console.WriteLine($"{now} {result.Name}: {result.Outcome}"); // nobody objected
/// </code>
/// </example>
public sealed partial class EndNode : IStateEndpoint, IQuietEndpoint
{
    private NodeState _node;

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
        _node = new NodeState(computerName, interfaces, options, seed);
        Caching.PreloadAll(ref _node);
    }

    private EndNode(EndNode other) => _node = other._node.Fork();

    /// <summary>The node's configuration.</summary>
    public EndNodeOptions Options => _node.Options;

    /// <summary>The computer's name with suffix 00, in the node's scope.</summary>
    public NetBiosName ComputerName => _node.ComputerName;

    /// <summary>The address of its first interface.</summary>
    public Ipv4Address Address => _node.Interfaces[0].Address;

    /// <summary>How many interfaces it has.</summary>
    public int InterfaceCount => _node.Interfaces.Count;

    /// <summary>Whether the node was shut down: it hears and says nothing until it boots again.</summary>
    public bool IsShutDown => _node.Run.IsOff;

    /// <summary>One of its interfaces.</summary>
    /// <param name="index">0 to <see cref="InterfaceCount"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    public EndNodeInterface GetInterface(int index) => _node.Interfaces[index];

    /// <inheritdoc/>
    public IDecisionSink? Decisions
    {
        get => _node.Teller?.Sink;
        set
        {
            _node.Run.LeavesUnheard = value is IDriversSink;
            if (value is not null)
                (_node.Reports ??= new NodeReports()).Listen(value);
            else
                _node.Reports?.Listen(null);
        }
    }

    /// <summary>The transactions that run, oldest first, for tests.</summary>
    internal IEnumerable<NodeTransaction> Transactions
    {
        get
        {
            foreach (var transaction in _node.Transactions)
                yield return transaction;
        }
    }

    /// <summary>How many packets wait to be polled, for tests.</summary>
    internal int Waiting => _node.Outbox.Count;

    /// <inheritdoc/>
    public void HandleDatagram(Instant now, in Datagram datagram)
    {
        if (Handle(now, datagram) is { } rule)
            _node.Teller?.SayUnheard(now, rule, datagram);
    }

    /// <inheritdoc/>
    Rule? IQuietEndpoint.HandleOrLeave(Instant now, in Datagram datagram)
    {
        var rule = Handle(now, datagram);
        if (rule is not null && !_node.Run.LeavesUnheard)
            _node.Teller?.SayUnheard(now, rule, datagram);
        return rule;
    }

    /// <returns>Why the datagram is not looked at; <see langword="null"/> where it was.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rule? Handle(Instant now, in Datagram datagram)
    {
        if (IsForOthers(datagram))
            return _node.Run.IsOff ? NodeRules.HearsNothing : NodeRules.NotOurs;
        return Look(now, datagram);
    }

    private Rule? Look(Instant now, in Datagram datagram)
    {
        if (AtTheDoor(datagram, out ulong high, out ulong low) is { } rule)
            return rule;
        _node.Teller?.Begin(DecisionCauseKind.Datagram, datagram.Decision);
        if (datagram.Packet.IsResponse)
            Steps.OnResponse(ref _node, now, datagram, high, low);
        else
            Answering.OnRequest(ref _node, now, datagram, high, low);
        return null;
    }

    /// <summary>Whether a broadcast is a request about a name that means nothing to this node, as most of what a segment carries is. Looks at as little as it can.</summary>
    private bool IsForOthers(in Datagram datagram) =>
        datagram.IsBroadcast && datagram.IsReadable && _node.Plan.HearsBroadcasts && datagram.Packet.TryGetNameOctets(out ulong high, out ulong low) && !_node.Names.MayHave(high, low)
        && Answering.IsOfNoInterest(ref _node, high) && !datagram.Packet.IsResponse;

    /// <summary>Why a datagram is not looked at any further; <see langword="null"/> for one that is.</summary>
    private Rule? AtTheDoor(in Datagram datagram, out ulong high, out ulong low)
    {
        (high, low) = (0, 0);
        if (_node.Run.IsOff)
            return NodeRules.HearsNothing;
        if (datagram.IsBroadcast && !_node.Plan.HearsBroadcasts)
            return NodeRules.BroadcastDiscarded;
        ref readonly var packet = ref datagram.Packet;
        if (!datagram.IsReadable || !packet.TryGetNameOctets(out high, out low))
            return NodeRules.Unreadable;
        if ((packet.Anomalies & NbnsAnomalies.LongName) != NbnsAnomalies.None)
            return NodeRules.LongName;
        if ((packet.Anomalies & NbnsAnomalies.UnknownClass) != NbnsAnomalies.None)
            return NodeRules.UnknownClass;
        if (!_node.Plan.HearsBroadcasts && packet.Flags.IsBroadcast && _node.Options.Dialect.DiscardsBroadcastBit)
            return NodeRules.BroadcastBitDiscarded;
        if ((uint)datagram.InterfaceIndex >= (uint)_node.Interfaces.Count)
            return NodeRules.NoSuchInterface;
        return IsOwnEcho(datagram) ? NodeRules.OwnEcho : null;
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        if (now < _node.NextTimeout || _node.NextTimeout == Instant.MaxValue)
            return;
        while (_node.Transactions.NextDue(now) is { } due)
        {
            _node.Teller?.Begin(DecisionCauseKind.Timer, due.Decision);
            Steps.OnDeadline(ref _node, now, due);
            due.LetGo();
        }

        for (int i = 0; i < _node.Names.Count; i++)
        {
            if (_node.Names[i].RefreshAt > now)
                continue;
            var name = _node.Names[i].Name;
            _node.BeginLifetime(_node.Teller?.TimerOf(name) ?? 0);
            Renewing.OnDue(ref _node, now, i);
            _node.EndLifetime(now, name);
        }

        if (_node.Memory is { } memory)
        {
            Debts.Pay(ref _node, now, memory);
            if (memory.Servers.DueAt <= now)
            {
                _node.BeginLifetime(memory.Servers.Cause);
                ServerTurns.TrySwitchBack(ref _node, now, memory);
                _node.EndLifetime(now, default);
            }
        }

        Running.Settle(ref _node, now);
    }

    /// <inheritdoc/>
    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        return !_node.Outbox.IsEmpty && Sending.TryPoll(ref _node, buffer, out transmit); // a driver asks after every datagram, mostly in vain
    }

    /// <inheritdoc/>
    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
    {
        logged = null;
        return _node.Reports is { HasEvents: true } && _node.Reports.TryTake(out logged);
    }

    /// <summary>The next result of a command, if any; at most 4096 wait, the oldest goes first.</summary>
    /// <param name="result">The result; <see langword="null"/> when there is none.</param>
    /// <returns>False when nothing waits.</returns>
    public bool TryPollResult([NotNullWhen(true)] out OperationResult? result)
    {
        result = null;
        return _node.Reports is not null && _node.Reports.TryTake(out result);
    }

    /// <inheritdoc/>
    public Instant? PollTimeout() => _node.NextTimeout == Instant.MaxValue ? null : _node.NextTimeout;

    /// <inheritdoc/>
    INbnsEndpoint INbnsEndpoint.Fork() => Fork();

    /// <summary>A copy that lives on by itself: what happens to one never shows in the other.</summary>
    public EndNode Fork() => new(this);

    /// <summary>Whether two nodes are in the same state: what comes next will be the same for both.</summary>
    /// <param name="other">The other node.</param>
    public bool HasSameStateAs(EndNode other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _node.HasSameStateAs(other._node);
    }

    /// <inheritdoc/>
    void IStateEndpoint.WriteState(StateCodec codec) => _node.Carry(codec);

    /// <inheritdoc/>
    INbnsEndpoint IStateEndpoint.ReadState(StateCodec codec)
    {
        var node = new EndNode(this);
        node._node.Carry(codec);
        return node;
    }

    /// <summary>Our own broadcast come back; or, where the dialect's adapters do not know each other, not (Q102795).</summary>
    private bool IsOwnEcho(in Datagram datagram) =>
        _node.Interfaces.Has(datagram.Source.Address) && datagram.Source.Port == _node.Options.NameServicePort
        && !(_node.Interfaces.AreSeveral && _node.Options.Dialect.DefendsAgainstOwnAdapters && datagram.Packet.Opcode == NbnsOpcode.Registration && datagram.Source.Address != _node.Interfaces[datagram.InterfaceIndex].Address);
}
