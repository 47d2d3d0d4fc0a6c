using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NbnsSim.Names;

namespace NbnsSim.Wire;

/// <summary>
/// Writes the packets of RFC 1002 §4.2.2–4.2.18 straight into a buffer, allocating nothing. The flags word is the caller's: take one of
/// <see cref="NbnsFlagWords"/>, or a wrong one on purpose.
/// </summary>
public static class NbnsEncoder
{
    /// <summary>The longest packet of the 1/0/0/1 kind: a name of 255 octets.</summary>
    public const int MaxRequestLength = NbnsHeader.Size + NbnsHeader.MaxNameLength + 4 + 2 + NbnsResourceRecord.FixedSize + NbEntry.Size;

    private const int TypeAndClassLength = 4;
    private const int PointerLength = 2;

    /// <summary>
    /// A registration, overwrite, refresh, release or multi-homed registration: one question, and one additional NB record that points
    /// to its name (RFC 1002 §4.2.2–4.2.4, §4.2.9; MS-NBTE §2.2.2). 68 octets without scope.
    /// </summary>
    /// <param name="buffer">Room for the packet; <see cref="MaxRequestLength"/> always suffices.</param>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="flags">The flags word.</param>
    /// <param name="name">The name.</param>
    /// <param name="timeToLive">TTL in seconds.</param>
    /// <param name="entry">NB_FLAGS and NB_ADDRESS.</param>
    /// <returns>The packet's length in octets.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is too small.</exception>
    public static int WriteRequest(Span<byte> buffer, ushort transactionId, NbnsFlags flags, in NetBiosName name, TimeToLive timeToLive, NbEntry entry)
    {
        int length = NbnsHeader.Size + EncodedLength(name) + TypeAndClassLength + PointerLength + NbnsResourceRecord.FixedSize + NbEntry.Size;
        ref byte at = ref Reserve(buffer, length);
        at = ref WireOctets.PutHeader(ref at, transactionId, flags.Value, 1, 0, 0, 1);
        at = ref WireOctets.PutName(ref at, name);
        at = ref WireOctets.PutTypeAndClass(ref at, NbnsType.NB);
        at = ref WireOctets.PutUInt16(ref at, NbnsHeader.FirstNamePointer);
        at = ref WireOctets.PutRecordHead(ref at, NbnsType.NB, timeToLive.Seconds, NbEntry.Size);
        WireOctets.PutEntry(ref at, entry);
        return length;
    }

    /// <summary>
    /// A registration, challenge or release response or a name conflict demand: one NB answer (RFC 1002 §4.2.5–4.2.8, §4.2.10, §4.2.11).
    /// 62 octets without scope.
    /// </summary>
    /// <param name="buffer">Room for the packet.</param>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="flags">The flags word.</param>
    /// <param name="name">The name.</param>
    /// <param name="timeToLive">TTL in seconds.</param>
    /// <param name="entry">NB_FLAGS and NB_ADDRESS.</param>
    /// <returns>The packet's length in octets.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is too small.</exception>
    public static int WriteResponse(Span<byte> buffer, ushort transactionId, NbnsFlags flags, in NetBiosName name, TimeToLive timeToLive, NbEntry entry)
    {
        ref byte at = ref PutAnswerHead(buffer, transactionId, flags, name, NbnsType.NB, timeToLive, NbEntry.Size, out int length);
        WireOctets.PutEntry(ref at, entry);
        return length;
    }

    /// <summary>A positive query response with any number of addresses (RFC 1002 §4.2.13): 56 + 6 × entries octets without scope.</summary>
    /// <param name="buffer">Room for the packet.</param>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="flags">The flags word.</param>
    /// <param name="name">The name.</param>
    /// <param name="timeToLive">TTL in seconds.</param>
    /// <param name="entries">NB_FLAGS and NB_ADDRESS of each address.</param>
    /// <returns>The packet's length in octets.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is too small.</exception>
    public static int WriteResponse(Span<byte> buffer, ushort transactionId, NbnsFlags flags, in NetBiosName name, TimeToLive timeToLive, ReadOnlySpan<NbEntry> entries)
    {
        ref byte at = ref PutAnswerHead(buffer, transactionId, flags, name, NbnsType.NB, timeToLive, entries.Length * NbEntry.Size, out int length);
        foreach (var entry in entries)
            at = ref WireOctets.PutEntry(ref at, entry);
        return length;
    }

    /// <summary>A name query or node status request: one question (RFC 1002 §4.2.12, §4.2.17). 50 octets without scope.</summary>
    /// <param name="buffer">Room for the packet.</param>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="flags">The flags word.</param>
    /// <param name="name">The name.</param>
    /// <param name="type">NB for a name query, NBSTAT for node status.</param>
    /// <returns>The packet's length in octets.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is too small.</exception>
    public static int WriteQuery(Span<byte> buffer, ushort transactionId, NbnsFlags flags, in NetBiosName name, NbnsType type = NbnsType.NB)
    {
        int length = NbnsHeader.Size + EncodedLength(name) + TypeAndClassLength;
        ref byte at = ref Reserve(buffer, length);
        at = ref WireOctets.PutHeader(ref at, transactionId, flags.Value, 1, 0, 0, 0);
        at = ref WireOctets.PutName(ref at, name);
        WireOctets.PutTypeAndClass(ref at, type);
        return length;
    }

    /// <summary>
    /// A negative query response: one answer of type NULL without data (RFC 1002 §4.2.14; its diagram has ANCOUNT 0, real stacks send 1).
    /// 56 octets without scope.
    /// </summary>
    /// <param name="buffer">Room for the packet.</param>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="flags">The flags word with RCODE.</param>
    /// <param name="name">The name.</param>
    /// <returns>The packet's length in octets.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is too small.</exception>
    public static int WriteNegativeQueryResponse(Span<byte> buffer, ushort transactionId, NbnsFlags flags, in NetBiosName name)
    {
        PutAnswerHead(buffer, transactionId, flags, name, NbnsType.Null, 0, 0, out int length);
        return length;
    }

    /// <summary>A redirect: the other name server's name as authority (NS) and its address as additional record (A) (RFC 1002 §4.2.15).</summary>
    /// <param name="buffer">Room for the packet.</param>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="flags">The flags word.</param>
    /// <param name="name">The name that was asked for.</param>
    /// <param name="timeToLive">TTL of both records in seconds.</param>
    /// <param name="serverName">NSD_NAME.</param>
    /// <param name="serverAddress">NSD_IP_ADDR.</param>
    /// <returns>The packet's length in octets.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is too small.</exception>
    public static int WriteRedirect(
        Span<byte> buffer, ushort transactionId, NbnsFlags flags, in NetBiosName name, TimeToLive timeToLive, in NetBiosName serverName, Ipv4Address serverAddress)
    {
        int server = NbnsHeader.Size + EncodedLength(name) + NbnsResourceRecord.FixedSize;
        int length = server + EncodedLength(serverName) + PointerLength + NbnsResourceRecord.FixedSize + Ipv4Address.Size;
        ref byte at = ref Reserve(buffer, length);
        at = ref WireOctets.PutHeader(ref at, transactionId, flags.Value, 0, 0, 1, 1);
        at = ref WireOctets.PutName(ref at, name);
        at = ref WireOctets.PutRecordHead(ref at, NbnsType.NS, timeToLive.Seconds, EncodedLength(serverName));
        at = ref WireOctets.PutName(ref at, serverName);
        at = ref WireOctets.PutUInt16(ref at, (ushort)(NbnsHeader.PointerBits | server));
        at = ref WireOctets.PutRecordHead(ref at, NbnsType.A, timeToLive.Seconds, Ipv4Address.Size);
        WireOctets.PutUInt32(ref at, serverAddress.Value);
        return length;
    }

    /// <summary>Wait for acknowledgement: RDATA repeats the request's OPCODE and NM_FLAGS (RFC 1002 §4.2.16). 58 octets without scope.</summary>
    /// <param name="buffer">Room for the packet.</param>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="flags">The flags word.</param>
    /// <param name="name">The name.</param>
    /// <param name="timeToLive">How long to wait, in seconds; 0 for unknown.</param>
    /// <param name="request">The flags word of the request that has to wait.</param>
    /// <returns>The packet's length in octets.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is too small.</exception>
    public static int WriteWack(Span<byte> buffer, ushort transactionId, NbnsFlags flags, in NetBiosName name, TimeToLive timeToLive, NbnsFlags request)
    {
        // RFC 1002 §4.2.16 prints the type as "NULL (0x0020)": the number is what stacks send.
        ref byte at = ref PutAnswerHead(buffer, transactionId, flags, name, NbnsType.NB, timeToLive, 2, out int length);
        WireOctets.PutUInt16(ref at, (ushort)(request.Value & ~(NbnsFlags.ResponseBit | NbnsFlags.RcodeBits)));
        return length;
    }

    /// <summary>A node status response (RFC 1002 §4.2.18): 103 + 18 × names octets without scope.</summary>
    /// <param name="buffer">Room for the packet.</param>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="flags">The flags word.</param>
    /// <param name="name">The name that was asked for.</param>
    /// <param name="names">The names of the node, at most 255.</param>
    /// <param name="statistics">The statistics behind them.</param>
    /// <returns>The packet's length in octets.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is too small or there are over 255 names.</exception>
    public static int WriteNodeStatus(
        Span<byte> buffer, ushort transactionId, NbnsFlags flags, in NetBiosName name, ReadOnlySpan<NodeStatusName> names, in NodeStatistics statistics)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(names.Length, byte.MaxValue, nameof(names));
        int dataLength = 1 + (names.Length * NodeStatusName.Size) + NodeStatistics.Size;
        PutAnswerHead(buffer, transactionId, flags, name, NbnsType.NBStat, 0, dataLength, out int length);
        var data = buffer[(length - dataLength)..length];
        data[0] = (byte)names.Length;
        data = data[1..];
        foreach (var entry in names)
        {
            entry.Write(data);
            data = data[NodeStatusName.Size..];
        }

        statistics.Write(data);
        return length;
    }

    /// <summary>A node status response whose names and statistics are octets already; statistics that end early are filled with zeros.</summary>
    internal static int WriteNodeStatus(Span<byte> buffer, ushort transactionId, NbnsFlags flags, in NetBiosName name, byte count, ReadOnlySpan<byte> namesAndStatistics)
    {
        int dataLength = 1 + (count * NodeStatusName.Size) + NodeStatistics.Size;
        PutAnswerHead(buffer, transactionId, flags, name, NbnsType.NBStat, 0, dataLength, out int length);
        var data = buffer[(length - dataLength)..length];
        data[0] = count;
        namesAndStatistics.CopyTo(data[1..]);
        data[(1 + namesAndStatistics.Length)..].Clear();
        return length;
    }

    /// <summary>The number of octets that a name takes in a packet.</summary>
    /// <param name="name">The name.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EncodedLength(in NetBiosName name) => NbnsHeader.PlainNameLength + (name.HasScope ? name.Scope.Encoded.Length : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte PutAnswerHead(
        Span<byte> buffer, ushort transactionId, NbnsFlags flags, scoped in NetBiosName name, NbnsType type, TimeToLive timeToLive, int dataLength, out int length)
    {
        length = NbnsHeader.Size + EncodedLength(name) + NbnsResourceRecord.FixedSize + dataLength;
        ref byte at = ref Reserve(buffer, length);
        at = ref WireOctets.PutHeader(ref at, transactionId, flags.Value, 0, 1, 0, 0);
        at = ref WireOctets.PutName(ref at, name);
        return ref WireOctets.PutRecordHead(ref at, type, timeToLive.Seconds, dataLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Reserve(Span<byte> buffer, int length)
    {
        if (buffer.Length < length)
            ThrowTooSmall(buffer.Length, length);
        return ref MemoryMarshal.GetReference(buffer);
    }

    private static void ThrowTooSmall(int buffer, int needed) =>
        throw new ArgumentOutOfRangeException(nameof(buffer), buffer, $"The packet takes {needed} octets.");
}
