using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NODE STATUS RESPONSE (RFC 1002 §4.2.18): a node's name table and statistics. 103 + 18 × names octets without scope.</summary>
/// <remarks>Keeps the octets of the names and of the statistics, but not the zeros that nearly all statistics end with.</remarks>
public sealed class NodeStatusResponse : NbnsMessage
{
    /// <summary>The most names that NUM_NAMES can count; 26 fit into a datagram of 576 octets.</summary>
    public const int MaxNames = byte.MaxValue;

    private readonly byte[] _octets;
    private readonly byte _count;
    private readonly bool _hasUnitId = true;

    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name that was asked for.</param>
    /// <param name="names">The node's names.</param>
    /// <param name="statistics">The statistics behind them.</param>
    /// <param name="isTruncated">TC: whether there are more names than the datagram has room for.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for, or there are over <see cref="MaxNames"/> names.</exception>
    public NodeStatusResponse(
        ushort transactionId, NetBiosName name, ReadOnlySpan<NodeStatusName> names, NodeStatistics statistics = default, bool isTruncated = false)
        : base(transactionId, new NbnsFlags((ushort)(NbnsFlagWords.NodeStatusResponse | (isTruncated ? NbnsFlags.TruncatedBit : 0))), name)
    {
        if (names.Length > MaxNames)
            throw new ArgumentException($"A node status response has at most {MaxNames} names (RFC 1002 §4.2.18 NUM_NAMES).", nameof(names));
        int size = names.Length * NodeStatusName.Size;
        byte[] octets = new byte[size + NodeStatistics.Size];
        for (int i = 0; i < names.Length; i++)
            names[i].Write(octets.AsSpan(i * NodeStatusName.Size));
        statistics.Write(octets.AsSpan(size));
        _octets = Kept(octets, size).ToArray();
        _count = (byte)names.Length;
    }

    internal NodeStatusResponse(in NbnsPacket packet, in NetBiosName name)
        : base(packet.TransactionId, packet.Flags, name)
    {
        var record = packet.Record;
        _count = (byte)record.NodeNameCount;
        int size = _count * NodeStatusName.Size;
        var octets = record.Data.IsEmpty ? default : record.Data[1..];
        _hasUnitId = octets.Length - size >= MacAddress.Size;
        _octets = Kept(octets[..Math.Min(octets.Length, size + NodeStatistics.Size)], size).ToArray();
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NodeStatusResponse;

    /// <summary>The node's names, in the order of the packet; their scope is that of <see cref="NbnsMessage.Name"/> and not repeated.</summary>
    public NodeStatusNames Names => new(_octets, _count);

    /// <summary>UNIT_ID, the Ethernet address; <see langword="null"/> where the sender cut the statistics before it. Samba says zeros.</summary>
    public MacAddress? UnitId => _hasUnitId ? Statistics.UnitId : null;

    /// <summary>The statistics; zero where the sender cut them.</summary>
    public NodeStatistics Statistics
    {
        get
        {
            Span<byte> octets = stackalloc byte[NodeStatistics.Size];
            octets.Clear();
            _octets.AsSpan(_count * NodeStatusName.Size).CopyTo(octets);
            return NodeStatistics.TryRead(octets, out var statistics) ? statistics : default;
        }
    }

    /// <inheritdoc/>
    public override int Length => NbnsHeader.Size + NbnsEncoder.EncodedLength(Name) + NbnsResourceRecord.FixedSize
        + 1 + (_count * NodeStatusName.Size) + NodeStatistics.Size;

    /// <inheritdoc/>
    public override int Write(Span<byte> buffer) => NbnsEncoder.WriteNodeStatus(buffer, TransactionId, Flags, Name, _count, _octets);

    private protected override bool ContentEquals(NbnsMessage other) =>
        other is NodeStatusResponse response && _count == response._count && _octets.AsSpan().SequenceEqual(response._octets);

    /// <summary>Names and statistics without the zeros at the end of the latter.</summary>
    private static ReadOnlySpan<byte> Kept(ReadOnlySpan<byte> octets, int namesSize) =>
        octets[..(namesSize + octets[namesSize..].TrimEnd((byte)0).Length)];
}
