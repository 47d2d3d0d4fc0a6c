using System.Collections.Immutable;
using System.Runtime.InteropServices;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>POSITIVE NAME QUERY RESPONSE (RFC 1002 §4.2.13): the addresses of a name. 56 + 6 × addresses octets without scope.</summary>
public sealed class PositiveNameQueryResponse : NbnsMessage
{
    /// <summary>The most addresses that RDLENGTH can count.</summary>
    public const int MaxEntries = ushort.MaxValue / NbEntry.Size;

    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="entries">NB_FLAGS and NB_ADDRESS of each address, at least one.</param>
    /// <param name="timeToLive">TTL in seconds; 0 is infinite.</param>
    /// <param name="fromNameServer">RA: whether a name server answers.</param>
    /// <param name="isTruncated">TC: whether there are more addresses than the datagram has room for.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for, or there is no entry, or over <see cref="MaxEntries"/>.</exception>
    public PositiveNameQueryResponse(
        ushort transactionId, NetBiosName name, ImmutableArray<NbEntry> entries, TimeToLive timeToLive = default, bool fromNameServer = false, bool isTruncated = false)
        : base(transactionId, Word(fromNameServer, isTruncated), name)
    {
        if (entries.IsDefaultOrEmpty || entries.Length > MaxEntries)
            throw new ArgumentException($"A positive response has 1 to {MaxEntries} addresses (RFC 1002 §4.2.13).", nameof(entries));
        Entries = entries;
        TimeToLive = timeToLive;
    }

    internal PositiveNameQueryResponse(in NbnsPacket packet, in NetBiosName name)
        : base(packet.TransactionId, packet.Flags, name)
    {
        var record = packet.Record;
        var entries = new NbEntry[record.EntryCount];
        for (int i = 0; i < entries.Length; i++)
            entries[i] = record.GetEntry(i);
        Entries = ImmutableCollectionsMarshal.AsImmutableArray(entries);
        TimeToLive = record.TimeToLive;
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.PositiveNameQueryResponse;

    /// <summary>NB_FLAGS and NB_ADDRESS of each address, in the order of the packet; at least one.</summary>
    public ImmutableArray<NbEntry> Entries { get; }

    /// <summary>TTL in seconds; 0 is infinite.</summary>
    public TimeToLive TimeToLive { get; }

    /// <inheritdoc/>
    public override int Length =>
        NbnsHeader.Size + NbnsEncoder.EncodedLength(Name) + NbnsResourceRecord.FixedSize + (Entries.Length * NbEntry.Size);

    /// <inheritdoc/>
    public override int Write(Span<byte> buffer) => NbnsEncoder.WriteResponse(buffer, TransactionId, Flags, Name, TimeToLive, Entries.AsSpan());

    private protected override bool ContentEquals(NbnsMessage other) =>
        other is PositiveNameQueryResponse response && TimeToLive == response.TimeToLive && Entries.AsSpan().SequenceEqual(response.Entries.AsSpan());

    private static NbnsFlags Word(bool fromNameServer, bool isTruncated) =>
        new((ushort)((fromNameServer ? NbnsFlagWords.NameServerQueryResponse : NbnsFlagWords.QueryResponse) | (isTruncated ? NbnsFlags.TruncatedBit : 0)));
}
