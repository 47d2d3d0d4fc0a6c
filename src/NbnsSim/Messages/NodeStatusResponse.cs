using System.Collections.Immutable;
using System.Runtime.InteropServices;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NODE STATUS RESPONSE (RFC 1002 §4.2.18): a node's name table and statistics. 103 + 18 × names octets without scope.</summary>
public sealed class NodeStatusResponse : NbnsMessage
{
    /// <summary>The most names that NUM_NAMES can count; 26 fit into a datagram of 576 octets.</summary>
    public const int MaxNames = byte.MaxValue;

    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name that was asked for.</param>
    /// <param name="names">The node's names.</param>
    /// <param name="statistics">The statistics behind them.</param>
    /// <param name="isTruncated">TC: whether there are more names than the datagram has room for.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for, or there are over <see cref="MaxNames"/> names.</exception>
    public NodeStatusResponse(
        ushort transactionId, NetBiosName name, ImmutableArray<NodeStatusName> names, NodeStatistics statistics = default, bool isTruncated = false)
        : base(transactionId, new NbnsFlags((ushort)(NbnsFlagWords.NodeStatusResponse | (isTruncated ? NbnsFlags.TruncatedBit : 0))), name)
    {
        if (names.IsDefault || names.Length > MaxNames)
            throw new ArgumentException($"A node status response has at most {MaxNames} names (RFC 1002 §4.2.18 NUM_NAMES).", nameof(names));
        Names = names;
        Statistics = statistics;
    }

    internal NodeStatusResponse(in NbnsPacket packet, in NetBiosName name)
        : base(packet.TransactionId, packet.Flags, name)
    {
        var record = packet.Record;
        var names = new NodeStatusName[record.NodeNameCount];
        for (int i = 0; i < names.Length; i++)
            names[i] = record.GetNodeName(i);
        Names = ImmutableCollectionsMarshal.AsImmutableArray(names);
        NodeStatistics.TryRead(record.StatisticsData, out var statistics);
        Statistics = statistics;
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NodeStatusResponse;

    /// <summary>The node's names, in the order of the packet; their scope is that of <see cref="NbnsMessage.Name"/> and not repeated.</summary>
    public ImmutableArray<NodeStatusName> Names { get; }

    /// <summary>The statistics; zero but for UNIT_ID where the sender cut them.</summary>
    public NodeStatistics Statistics { get; }

    /// <inheritdoc/>
    public override int Length => NbnsHeader.Size + NbnsEncoder.EncodedLength(Name) + NbnsResourceRecord.FixedSize
        + 1 + (Names.Length * NodeStatusName.Size) + NodeStatistics.Size;

    /// <inheritdoc/>
    public override int Write(Span<byte> buffer) => NbnsEncoder.WriteNodeStatus(buffer, TransactionId, Flags.Value, Name, Names.AsSpan(), Statistics);

    private protected override bool ContentEquals(NbnsMessage other) =>
        other is NodeStatusResponse response && Statistics == response.Statistics && Names.AsSpan().SequenceEqual(response.Names.AsSpan());
}
