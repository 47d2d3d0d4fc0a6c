using System.Runtime.CompilerServices;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>What goes out: described when it is decided, written when it is polled.</content>
public sealed partial class EndNode
{
    /// <summary>How many packets wait to be polled, for tests.</summary>
    internal int Waiting => _outbox.Count;

    /// <inheritdoc/>
    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (!_outbox.TryDequeue(out var packet))
        {
            transmit = default;
            return false;
        }

        int length = packet.Form switch
        {
            OutgoingForm.Request => NbnsEncoder.WriteRequest(buffer, packet.TransactionId, packet.Flags, packet.Name, packet.TimeToLive, packet.Entry),
            OutgoingForm.Response => NbnsEncoder.WriteResponse(buffer, packet.TransactionId, packet.Flags, packet.Name, packet.TimeToLive, packet.Entry),
            OutgoingForm.OwnAddresses => WriteOwnAddresses(buffer, packet),
            OutgoingForm.Query => NbnsEncoder.WriteQuery(buffer, packet.TransactionId, packet.Flags, packet.Name),
            OutgoingForm.StatusQuery => NbnsEncoder.WriteQuery(buffer, packet.TransactionId, packet.Flags, packet.Name, NbnsType.NBStat),
            OutgoingForm.NegativeQuery => NbnsEncoder.WriteNegativeQueryResponse(buffer, packet.TransactionId, packet.Flags, packet.Name),
            _ => WriteNodeStatus(buffer, packet),
        };
        transmit = new Transmit(packet.Destination, length, packet.IsBroadcast, packet.Interface, _options.NameServicePort, packet.Decision);
        return true;
    }

    /// <summary>Sends what the transaction's phase sends.</summary>
    private void Send(NodeTransaction transaction)
    {
        switch (transaction.Phase)
        {
            case TransactionPhase.BroadcastClaim: // RFC 1002 §5.1.1.1, §4.2.2: B and RD set
                SendClaim(transaction, NbnsFlagWords.RegistrationRequest, broadcast: true);
                break;
            case TransactionPhase.ServerClaim: // §5.1.2.1, §4.2.2; MS-NBTE §2.2.2 for a host with several addresses
                SendClaim(transaction, IsMultihomedClaim(transaction) ? NbnsFlagWords.MultihomedRegistrationRequest : NbnsFlagWords.RegistrationRequest, broadcast: false);
                break;
            case TransactionPhase.ServerUpdate: // §5.1.2.1, §4.2.3: B and RD clear
                SendClaim(transaction, NbnsFlagWords.Overwrite, broadcast: false);
                break;
            case TransactionPhase.ServerRefresh: // §5.1.2.6, §4.2.4
                SendClaim(
                    transaction,
                    _options.RefreshOpcode == NbnsOpcode.RefreshAlternate ? NbnsFlagWords.RefreshRequestAlternate : NbnsFlagWords.RefreshRequest,
                    broadcast: false);
                break;
            case TransactionPhase.BroadcastRelease: // §5.1.1.4, §4.2.9
                SendRequest(transaction, NbnsFlagWords.Release, 0, broadcast: true);
                break;
            case TransactionPhase.ServerRelease: // §5.1.2.4, §4.2.9
                SendRequest(transaction, NbnsFlagWords.Release, 0, broadcast: false);
                break;
            case TransactionPhase.BroadcastQuery: // §5.1.1.2: on every segment that the node is on
                for (int i = 0; i < _interfaces.Count; i++)
                    SendQuestion(transaction, OutgoingForm.Query, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, BroadcastOf(i), i, broadcast: true);
                break;
            case TransactionPhase.ServerQuery: // §5.1.2.2
                SendQuestion(transaction, OutgoingForm.Query, NbnsFlagWords.QueryRequest, ServerEndpoint(transaction.Target), transaction.Interface, broadcast: false);
                break;
            case TransactionPhase.Challenge: // §5.1.2.1: RD clear too, so that only the node's own table answers
                SendQuestion(transaction, OutgoingForm.Query, NbnsFlagWords.NodeStatusRequest, NodeEndpoint(transaction.Target), transaction.Interface, broadcast: false);
                break;
            case TransactionPhase.NodeStatus: // §4.2.17
                SendQuestion(transaction, OutgoingForm.StatusQuery, NbnsFlagWords.NodeStatusRequest, NodeEndpoint(transaction.Target), transaction.Interface, broadcast: false);
                break;
        }
    }

    private void SendClaim(NodeTransaction transaction, ushort flags, bool broadcast) =>
        SendRequest(transaction, flags, broadcast ? _options.Dialect.BroadcastTimeToLive : _options.Dialect.RequestedTimeToLive, broadcast);

    private void SendRequest(NodeTransaction transaction, ushort flags, uint timeToLive, bool broadcast) => _outbox.Enqueue(new OutgoingPacket
    {
        Form = OutgoingForm.Request,
        Name = transaction.Name,
        Destination = broadcast ? BroadcastOf(transaction.Interface) : ServerEndpoint(transaction.Target),
        TransactionId = transaction.TransactionId,
        Flags = (ushort)(flags | (broadcast ? NbnsFlags.BroadcastBit : 0)),
        TimeToLive = timeToLive,
        Entry = new NbEntry(
            new NbFlags(transaction.IsGroup, _plan.NodeType),
            transaction.Kind == OperationKind.Release && transaction.FirstEntry.Address != default ? transaction.FirstEntry.Address : _interfaces[transaction.Interface].Address),
        IsBroadcast = broadcast,
        Interface = transaction.Interface,
        Decision = Teller?.Last ?? 0,
    });

    private void SendQuestion(NodeTransaction transaction, OutgoingForm form, ushort flags, Ipv4Endpoint destination, int interfaceIndex, bool broadcast) =>
        _outbox.Enqueue(new OutgoingPacket
        {
            Form = form,
            Name = transaction.Name,
            Destination = destination,
            TransactionId = transaction.TransactionId,
            Flags = flags,
            IsBroadcast = broadcast,
            Interface = (byte)interfaceIndex,
            Decision = Teller?.Last ?? 0,
        });

    /// <summary>An answer goes to the address and port that the request came from (RFC 1002 §5.1).</summary>
    private void Reply(in Datagram incoming, OutgoingForm form, ushort flags, in NetBiosName name, uint timeToLive = 0, NbEntry entry = default) =>
        _outbox.Enqueue(new OutgoingPacket
        {
            Form = form,
            Name = name,
            Destination = incoming.Source,
            TransactionId = incoming.Packet.TransactionId,
            Flags = flags,
            TimeToLive = timeToLive,
            Entry = entry,
            Interface = (byte)incoming.InterfaceIndex,
            Decision = Teller?.Last ?? 0,
        });

    private Ipv4Endpoint BroadcastOf(int interfaceIndex) => new(_interfaces[interfaceIndex].BroadcastAddress, _options.NameServicePort);

    private Ipv4Endpoint ServerEndpoint(Ipv4Address server) => new(server, _options.NameServerPort);

    private Ipv4Endpoint NodeEndpoint(Ipv4Address node) => new(node, _options.NameServicePort);

    private bool IsMultihomedClaim(NodeTransaction transaction) => _interfaces.AreSeveral && !transaction.IsGroup && _options.Dialect.UsesMultihomedRegistration;

    private int WriteOwnAddresses(Span<byte> buffer, in OutgoingPacket packet)
    {
        // All addresses, that of the interface that heard the question first (Q120642); one where SingleResponse says so, a random one first
        // where RandomAdapter does. An interface on which the name is in conflict is left out (MS-NBTE §3.1.1).
        var entries = new EntryBuffer();
        int row = _names.Find(packet.Name);
        int first = _options.RandomAdapter && _interfaces.AreSeveral ? (int)_random.Next((uint)_interfaces.Count) : packet.Interface;
        int count = 0;
        for (int i = 0; i < _interfaces.Count && !(_options.SingleResponse && count == 1); i++)
        {
            int index = (first + i) % _interfaces.Count;
            if (row < 0 || !IsInConflict(_names[row], index))
                entries[count++] = new NbEntry(packet.Entry.Flags, _interfaces[index].Address);
        }

        return NbnsEncoder.WriteResponse(buffer, packet.TransactionId, packet.Flags, packet.Name, packet.TimeToLive, ((ReadOnlySpan<NbEntry>)entries)[..count]);
    }

    private int WriteNodeStatus(Span<byte> buffer, in OutgoingPacket packet)
    {
        var names = new StatusNameBuffer();
        int room = Math.Min(
            StatusNameBuffer.Length,
            (NbnsHeader.MaxDatagramLength - NbnsHeader.Size - NbnsEncoder.EncodedLength(packet.Name) - NbnsResourceRecord.FixedSize - 1 - NodeStatistics.Size) / NodeStatusName.Size);
        int count = 0;
        bool truncated = false;
        for (int i = 0; i < _names.Count; i++)
        {
            ref readonly var row = ref _names[i];
            if (row.State == LocalNameState.Registering || !row.Name.Scope.Equals(packet.Name.Scope)) // RFC 1002 §5.1: only names of the request's scope
                continue;
            if (count == room)
            {
                truncated = true;
                break;
            }

            names[count++] = new NodeStatusName(row.Name, StatusFlags(row));
        }

        ushort flags = (ushort)(packet.Flags | (truncated ? NbnsFlags.TruncatedBit : 0)); // RFC 1002 §4.2.18: what does not fit into 576 octets is cut
        return NbnsEncoder.WriteNodeStatus(
            buffer, packet.TransactionId, flags, packet.Name, ((ReadOnlySpan<NodeStatusName>)names)[..count], new NodeStatistics(_interfaces[packet.Interface].UnitId));
    }

    /// <summary>NAME_FLAGS (RFC 1002 §4.2.18): ACT is always set.</summary>
    private NameFlags StatusFlags(in LocalName row)
    {
        var type = _plan.NodeType == OwnerNodeType.H && _options.Dialect.ShowsHybridAsMixed ? OwnerNodeType.M : _plan.NodeType;
        int flags = NameFlags.ActiveBit | ((int)type << 13);
        flags |= row.IsGroup ? NameFlags.GroupBit : 0;
        flags |= row.State == LocalNameState.Releasing ? NameFlags.DeregisteringBit : 0;
        flags |= row.ConflictInterfaces != 0 ? NameFlags.ConflictBit : 0;
        flags |= _options.Dialect.MarksPermanentName && !row.IsGroup && row.Name == ComputerName ? NameFlags.PermanentBit : 0;
        return new NameFlags((ushort)flags);
    }

    [InlineArray(EndNodeOptions.MaxInterfaces)]
    private struct EntryBuffer
    {
        private NbEntry _first;
    }

    [InlineArray(Length)]
    private struct StatusNameBuffer
    {
        /// <summary>The most names that fit into 576 octets (RFC 1002 §4.2.18).</summary>
        public const int Length = 26;

        private NodeStatusName _first;
    }
}
