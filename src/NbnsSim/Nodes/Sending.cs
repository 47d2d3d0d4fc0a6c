using System.Runtime.CompilerServices;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>What goes out: described when it is decided, written when it is polled.</summary>
internal static class Sending
{
    /// <summary>Writes the next packet to send, if any: <see cref="EndNode.TryPollTransmit"/>.</summary>
    public static bool TryPoll(ref NodeState node, Span<byte> buffer, out Transmit transmit)
    {
        if (!node.Outbox.TryDequeue(out var packet))
        {
            transmit = default;
            return false;
        }

        int length = packet.Form switch
        {
            OutgoingForm.Request => NbnsEncoder.WriteRequest(buffer, packet.TransactionId, packet.Flags, packet.Name, packet.TimeToLive, packet.Entry),
            OutgoingForm.Response => NbnsEncoder.WriteResponse(buffer, packet.TransactionId, packet.Flags, packet.Name, packet.TimeToLive, packet.Entry),
            OutgoingForm.OwnAddresses => WriteOwnAddresses(ref node, buffer, packet),
            OutgoingForm.Query => NbnsEncoder.WriteQuery(buffer, packet.TransactionId, packet.Flags, packet.Name),
            OutgoingForm.StatusQuery => NbnsEncoder.WriteQuery(buffer, packet.TransactionId, packet.Flags, packet.Name, NbnsType.NBStat),
            OutgoingForm.NegativeQuery => NbnsEncoder.WriteNegativeQueryResponse(buffer, packet.TransactionId, packet.Flags, packet.Name),
            _ => WriteNodeStatus(ref node, buffer, packet),
        };
        transmit = new Transmit(packet.Destination, length, packet.IsBroadcast, packet.Interface, node.Options.NameServicePort, packet.Decision);
        return true;
    }

    /// <summary>Sends what the transaction's phase sends.</summary>
    public static void Send(ref NodeState node, NodeTransaction transaction)
    {
        switch (transaction.Phase)
        {
            case TransactionPhase.BroadcastClaim: // RFC 1002 §5.1.1.1, §4.2.2: B and RD set
                SendClaim(ref node, transaction, NbnsFlagWords.RegistrationRequest, broadcast: true);
                break;
            case TransactionPhase.ServerClaim: // §5.1.2.1, §4.2.2; MS-NBTE §2.2.2 for a host with several addresses
                SendClaim(ref node, transaction, IsMultihomedClaim(ref node, transaction) ? NbnsFlagWords.MultihomedRegistrationRequest : NbnsFlagWords.RegistrationRequest, broadcast: false);
                break;
            case TransactionPhase.ServerUpdate: // §5.1.2.1, §4.2.3: B and RD clear
                SendClaim(ref node, transaction, NbnsFlagWords.Overwrite, broadcast: false);
                break;
            case TransactionPhase.ServerRefresh: // §5.1.2.6, §4.2.4
                SendClaim(
                    ref node,
                    transaction,
                    node.Options.RefreshOpcode == NbnsOpcode.RefreshAlternate ? NbnsFlagWords.RefreshRequestAlternate : NbnsFlagWords.RefreshRequest,
                    broadcast: false);
                break;
            case TransactionPhase.BroadcastRelease: // §5.1.1.4, §4.2.9
                SendRequest(ref node, transaction, NbnsFlagWords.Release, 0, broadcast: true);
                break;
            case TransactionPhase.ServerRelease: // §5.1.2.4, §4.2.9
                SendRequest(ref node, transaction, NbnsFlagWords.Release, 0, broadcast: false);
                break;
            case TransactionPhase.BroadcastQuery: // §5.1.1.3: on every segment that the node is on
                for (int i = 0; i < node.Interfaces.Count; i++)
                    SendQuestion(ref node, transaction, OutgoingForm.Query, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, BroadcastOf(ref node, i), i, broadcast: true);
                break;
            case TransactionPhase.ServerQuery: // §5.1.2.3
                SendQuestion(ref node, transaction, OutgoingForm.Query, NbnsFlagWords.QueryRequest, ServerEndpoint(ref node, transaction.Target), transaction.Interface, broadcast: false);
                break;
            case TransactionPhase.DirectedQuery: // §4.2.12: RD where whoever is asked may be a name server
                SendQuestion(ref node, transaction, OutgoingForm.Query, transaction.Has(TransactionFlags.NoRecursion) ? NbnsFlagWords.NodeStatusRequest : NbnsFlagWords.QueryRequest, NodeEndpoint(ref node, transaction.Target), transaction.Interface, broadcast: false);
                break;
            case TransactionPhase.Challenge: // §5.1.2.1: RD clear too, so that only the node's own table answers
                SendQuestion(ref node, transaction, OutgoingForm.Query, NbnsFlagWords.NodeStatusRequest, NodeEndpoint(ref node, transaction.Target), transaction.Interface, broadcast: false);
                break;
            case TransactionPhase.NodeStatus: // §4.2.17
                SendQuestion(ref node, transaction, OutgoingForm.StatusQuery, NbnsFlagWords.NodeStatusRequest, NodeEndpoint(ref node, transaction.Target), transaction.Interface, broadcast: false);
                break;
        }
    }

    public static void SendClaim(ref NodeState node, NodeTransaction transaction, ushort flags, bool broadcast) =>
        SendRequest(ref node, transaction, broadcast && node.Options.Dialect.ReversesRecursionOfClaims ? (ushort)(flags ^ NbnsFlags.RecursionDesiredBit) : flags, broadcast ? node.Options.Dialect.BroadcastTimeToLive : node.Options.Dialect.RequestedTimeToLive, broadcast);

    private static void SendRequest(ref NodeState node, NodeTransaction transaction, ushort flags, uint timeToLive, bool broadcast) => node.Outbox.Enqueue(new OutgoingPacket
    {
        Form = OutgoingForm.Request,
        Name = transaction.Name,
        Destination = broadcast ? BroadcastOf(ref node, transaction.Interface) : ServerEndpoint(ref node, transaction.Target),
        TransactionId = transaction.TransactionId,
        Flags = (ushort)(flags | (broadcast ? NbnsFlags.BroadcastBit : 0)),
        TimeToLive = timeToLive,
        Entry = new NbEntry(
            new NbFlags(transaction.IsGroup, node.Plan.NodeType),
            transaction.Kind == OperationKind.Release && transaction.FirstEntry.Address != default ? transaction.FirstEntry.Address : node.Interfaces[transaction.Interface].Address),
        IsBroadcast = broadcast,
        Interface = transaction.Interface,
        Decision = node.Teller?.Last ?? 0,
    });

    private static void SendQuestion(ref NodeState node, NodeTransaction transaction, OutgoingForm form, ushort flags, Ipv4Endpoint destination, int interfaceIndex, bool broadcast) =>
        node.Outbox.Enqueue(new OutgoingPacket
        {
            Form = form,
            Name = transaction.Name,
            Destination = destination,
            TransactionId = transaction.TransactionId,
            Flags = flags,
            IsBroadcast = broadcast,
            Interface = (byte)interfaceIndex,
            Decision = node.Teller?.Last ?? 0,
        });

    /// <summary>An answer goes to the address and port that the request came from (RFC 1002 §5.1).</summary>
    public static void Reply(ref NodeState node, in Datagram incoming, OutgoingForm form, ushort flags, in NetBiosName name, uint timeToLive = 0, NbEntry entry = default) =>
        node.Outbox.Enqueue(new OutgoingPacket
        {
            Form = form,
            Name = name,
            Destination = incoming.Source,
            TransactionId = incoming.Packet.TransactionId,
            Flags = flags,
            TimeToLive = timeToLive,
            Entry = entry,
            Interface = (byte)incoming.InterfaceIndex,
            Decision = node.Teller?.Last ?? 0,
        });

    private static Ipv4Endpoint BroadcastOf(ref NodeState node, int interfaceIndex) => new(node.Interfaces[interfaceIndex].BroadcastAddress, node.Options.NameServicePort);

    private static Ipv4Endpoint ServerEndpoint(ref NodeState node, Ipv4Address server) => new(server, node.Options.NameServerPort);

    public static Ipv4Endpoint NodeEndpoint(ref NodeState node, Ipv4Address address) => new(address, node.Options.NameServicePort);

    private static bool IsMultihomedClaim(ref NodeState node, NodeTransaction transaction) => (node.Interfaces.AreSeveral || node.Options.Dialect.ClaimsAsMultihomed)
        && !transaction.IsGroup && node.Options.Dialect.UsesMultihomedRegistration;

    private static int WriteOwnAddresses(ref NodeState node, Span<byte> buffer, in OutgoingPacket packet)
    {
        // All addresses, that of the interface that heard the question first (Q120642); one where SingleResponse says so, a random one first
        // where RandomAdapter does. An interface on which the name is in conflict is left out (MS-NBTE §3.1.1).
        var entries = new EntryBuffer();
        int row = node.Names.Find(packet.Name);
        int first = node.Options.RandomAdapter && node.Interfaces.AreSeveral ? (int)node.Random.Next((uint)node.Interfaces.Count) : packet.Interface;
        int count = 0;
        for (int i = 0; i < node.Interfaces.Count && !(node.Options.SingleResponse && count == 1); i++)
        {
            int index = (first + i) % node.Interfaces.Count;
            if (row < 0 || !node.Names[row].IsInConflictOn(index))
                entries[count++] = new NbEntry(packet.Entry.Flags, node.Interfaces[index].Address);
        }

        return NbnsEncoder.WriteResponse(buffer, packet.TransactionId, packet.Flags, packet.Name, packet.TimeToLive, ((ReadOnlySpan<NbEntry>)entries)[..count]);
    }

    private static int WriteNodeStatus(ref NodeState node, Span<byte> buffer, in OutgoingPacket packet)
    {
        var names = new StatusNameBuffer();
        int room = Math.Min(
            StatusNameBuffer.Length,
            (NbnsHeader.MaxDatagramLength - NbnsHeader.Size - NbnsEncoder.EncodedLength(packet.Name) - NbnsResourceRecord.FixedSize - 1 - NodeStatistics.Size) / NodeStatusName.Size);
        int count = 0;
        bool truncated = false;
        for (int i = 0; i < node.Names.Count; i++)
        {
            ref readonly var row = ref node.Names[i];
            if (row.State == LocalNameState.Registering || !row.Name.Scope.Equals(packet.Name.Scope)) // RFC 1002 §5.1: only names of the request's scope
                continue;
            if (count == room)
            {
                truncated = true;
                break;
            }

            names[count++] = new NodeStatusName(row.Name, StatusFlags(ref node, row));
        }

        ushort flags = (ushort)(packet.Flags | (truncated ? NbnsFlags.TruncatedBit : 0)); // RFC 1002 §4.2.18: what does not fit into 576 octets is cut
        return NbnsEncoder.WriteNodeStatus(
            buffer, packet.TransactionId, flags, packet.Name, ((ReadOnlySpan<NodeStatusName>)names)[..count], new NodeStatistics(node.Interfaces[packet.Interface].UnitId));
    }

    /// <summary>NAME_FLAGS (RFC 1002 §4.2.18): ACT is always set.</summary>
    public static NameFlags StatusFlags(ref NodeState node, in LocalName row)
    {
        var type = node.Plan.NodeType == OwnerNodeType.H && node.Options.Dialect.ShowsHybridAsMixed ? OwnerNodeType.M : node.Plan.NodeType;
        int flags = NameFlags.ActiveBit | ((int)type << 13);
        flags |= row.IsGroup ? NameFlags.GroupBit : 0;
        flags |= row.State == LocalNameState.Releasing ? NameFlags.DeregisteringBit : 0;
        flags |= row.ConflictInterfaces != 0 ? NameFlags.ConflictBit : 0;
        flags |= node.Options.Dialect.MarksPermanentName && !row.IsGroup && row.Name == node.ComputerName ? NameFlags.PermanentBit : 0;
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
