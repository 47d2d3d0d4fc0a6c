using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Protocol;

/// <summary>
/// A name server and an end node behind one address and port, as a Windows server that runs WINS is both. Nothing in RFC 1001/1002 forbids it, and what
/// each is to get shows in the packets.
/// </summary>
/// <remarks>
/// To the node: broadcasts and what says B of itself, node status, queries without RD (a node's own table is asked, as by a challenge), and the
/// release of a name at one of this host's own addresses, which is a demand. To the server: all other requests by unicast. Responses go to both, for each
/// takes only what it waits for. What the two send to each other never leaves the host: the node registers with the server beside it like any other client when
/// it is given <see cref="LocalNameServer"/> as its name server. The server sees the node at the host's address, and so challenges it like any other owner.
/// </remarks>
public sealed partial class CompositeEndpoint : IReplicationStateEndpoint
{
    private const int MaxRounds = 64; // of talk between the two for one datagram; no exchange of RFC 1002 takes a tenth of it
    private const int MaxQueuedOctets = 4 * 1024 * 1024;

    /// <summary>
    /// 127.0.0.137: where the node finds the server beside it. An address of its own, because a node takes what comes from its own address for an echo of what
    /// it sent.
    /// </summary>
    public static Ipv4Address LocalNameServer => new(0x7F000089);

    private readonly Ipv4Address[] _addresses;
    private readonly ushort _port;
    private readonly DatagramQueue _transmits;
    [NotState("room")]
    private readonly byte[] _buffer = new byte[2 * NbnsHeader.MaxDatagramLength];
    [NotState("set by each call, before it is used")]
    private Instant _now;

    /// <summary>Puts the two behind one port.</summary>
    /// <param name="nameServer">The name server.</param>
    /// <param name="node">The end node.</param>
    /// <param name="addresses">The host's own addresses, at least one, in the order of the node's interfaces: where the server sees each of them.</param>
    /// <param name="port">The UDP port that both use.</param>
    /// <exception cref="ArgumentException"><paramref name="addresses"/> is empty or has <see cref="LocalNameServer"/> in it.</exception>
    public CompositeEndpoint(INbnsEndpoint nameServer, INbnsEndpoint node, ReadOnlySpan<Ipv4Address> addresses, ushort port = Ipv4Endpoint.NameServicePort)
    {
        ArgumentNullException.ThrowIfNull(nameServer);
        ArgumentNullException.ThrowIfNull(node);
        if (addresses.IsEmpty || addresses.Contains(LocalNameServer))
            throw new ArgumentException($"The host needs an address, and not {LocalNameServer}.", nameof(addresses));
        NameServer = nameServer;
        Node = node;
        _addresses = addresses.ToArray();
        _port = port;
        _transmits = new DatagramQueue(MaxQueuedOctets);
    }

    private CompositeEndpoint(CompositeEndpoint other)
    {
        NameServer = other.NameServer.Fork();
        Node = other.Node.Fork();
        _addresses = other._addresses;
        _port = other._port;
        _transmits = new DatagramQueue(other._transmits);
        _now = other._now;
    }

    /// <summary>The name server.</summary>
    public INbnsEndpoint NameServer { get; }

    /// <summary>The end node. Commands are given to it directly; call <see cref="HandleTimeout"/> then, which tells the time to both and takes what the node sends.</summary>
    public INbnsEndpoint Node { get; }

    /// <inheritdoc/>
    /// <remarks>Both are told through the same; which of the two decided shows in the rule.</remarks>
    [field: NotState("a matter of who listens")]
    public IDecisionSink? Decisions
    {
        get;
        set => field = NameServer.Decisions = Node.Decisions = value;
    }

    /// <inheritdoc/>
    public void HandleDatagram(Instant now, in Datagram datagram)
    {
        _now = now;
        if (datagram.Source.Address == LocalNameServer)
        {
            Decisions?.Take(new Decision
            {
                Time = now,
                Rule = NodeRules.OwnServerFromOutside,
                Peer = datagram.Source,
                Interface = (byte)datagram.InterfaceIndex,
                Cause = new DecisionCause(DecisionCauseKind.Datagram, datagram.Decision),
            });
            return;
        }

        var destination = Route(datagram);
        if ((destination & Destination.NameServer) != Destination.None)
            NameServer.HandleDatagram(now, datagram);
        if ((destination & Destination.Node) != Destination.None)
            Node.HandleDatagram(now, datagram);
        Exchange();
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        _now = now;
        NameServer.HandleTimeout(now);
        Node.HandleTimeout(now);
        Exchange();
    }

    /// <inheritdoc/>
    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit) => _transmits.TryTake(buffer, out transmit);

    /// <inheritdoc/>
    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged) => Node.TryPollEvent(out logged) || NameServer.TryPollEvent(out logged);

    /// <inheritdoc/>
    /// <remarks>To the server; nothing where it has no partners to talk to.</remarks>
    public void HandleReplication(Instant now, ReplicationMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _now = now;
        (NameServer as IReplicationEndpoint)?.HandleReplication(now, message);
        Exchange();
    }

    /// <inheritdoc/>
    public bool TryPollReplication([NotNullWhen(true)] out ReplicationMessage? message)
    {
        message = null;
        return NameServer is IReplicationEndpoint server && server.TryPollReplication(out message);
    }

    /// <inheritdoc/>
    public Instant? PollTimeout()
    {
        var server = NameServer.PollTimeout();
        var node = Node.PollTimeout();
        return server is null || node < server ? node : server;
    }

    /// <inheritdoc/>
    public INbnsEndpoint Fork() => new CompositeEndpoint(this);

    private Destination Route(in Datagram datagram)
    {
        if (!datagram.IsReadable)
            return Destination.NameServer; // which counts it
        ref readonly var packet = ref datagram.Packet;
        var flags = packet.Flags;
        if (datagram.IsBroadcast || flags.IsBroadcast)
            return Destination.Node;
        if (flags.IsResponse)
            return Destination.NameServer | Destination.Node;
        return flags.Opcode switch
        {
            NbnsOpcode.Query => flags.RecursionDesired && packet.Question.Type == NbnsType.NB ? Destination.NameServer : Destination.Node,
            NbnsOpcode.Release when IsOwn(packet.Record.FirstEntry.Address) && !IsOwn(datagram.Source.Address) => Destination.Node, // RFC 1001 §15.5.3
            _ => Destination.NameServer,
        };
    }

    /// <summary>Lets the two settle what they have for each other, so that nothing of it is left when the driver sends.</summary>
    private void Exchange()
    {
        bool talked = true;
        for (int round = 0; talked && round < MaxRounds; round++)
            talked = Pass(Node, NameServer) | Pass(NameServer, Node);
    }

    /// <summary>Takes what one of them sends: to the other what is for this host, to the wire the rest.</summary>
    private bool Pass(INbnsEndpoint from, INbnsEndpoint to)
    {
        bool talked = false;
        bool fromServer = ReferenceEquals(from, NameServer);
        while (from.TryPollTransmit(_buffer, out var transmit))
        {
            var octets = _buffer.AsSpan(0, transmit.Length);
            int own = (uint)transmit.InterfaceIndex < (uint)_addresses.Length ? transmit.InterfaceIndex : 0;
            var source = new Ipv4Endpoint(fromServer ? LocalNameServer : _addresses[own], _port);
            if (transmit.IsBroadcast || transmit.Destination.Port != _port || !IsOwn(transmit.Destination.Address))
            {
                _transmits.TryAdd(octets, transmit.Destination, source with { Port = transmit.SourcePort }, transmit.IsBroadcast, transmit.InterfaceIndex, transmit.Decision);
                continue;
            }

            // As if it had come by the wire: each of the host's addresses is an interface of its own, and answers for itself.
            talked = true;
            int at = fromServer ? Math.Max(0, _addresses.AsSpan().IndexOf(transmit.Destination.Address)) : transmit.InterfaceIndex;
            to.HandleDatagram(_now, new Datagram(octets, source, transmit.Destination, isBroadcast: false, at, transmit.Decision));
        }

        return talked;
    }

    private bool IsOwn(Ipv4Address address) => address == LocalNameServer || _addresses.AsSpan().Contains(address);

    [Flags]
    private enum Destination
    {
        None = 0,
        NameServer = 1,
        Node = 2,
    }
}
