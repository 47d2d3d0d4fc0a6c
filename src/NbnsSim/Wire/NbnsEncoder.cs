using System.Buffers.Binary;
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
    public static int WriteRequest(Span<byte> buffer, ushort transactionId, ushort flags, in NetBiosName name, uint timeToLive, NbEntry entry)
    {
        WriteHeader(buffer, transactionId, flags, 1, 0, 0, 1);
        int at = WriteName(buffer, NbnsHeader.Size, name);
        at = WriteTypeAndClass(buffer, at, NbnsType.NB);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], NbnsHeader.FirstNamePointer);
        at = WriteRecordHead(buffer, at + 2, NbnsType.NB, timeToLive, NbEntry.Size);
        return WriteEntry(buffer, at, entry);
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
    public static int WriteResponse(Span<byte> buffer, ushort transactionId, ushort flags, in NetBiosName name, uint timeToLive, NbEntry entry) =>
        WriteResponse(buffer, transactionId, flags, name, timeToLive, new ReadOnlySpan<NbEntry>(in entry));

    /// <summary>A positive query response with any number of addresses (RFC 1002 §4.2.13): 56 + 6 × entries octets without scope.</summary>
    /// <param name="buffer">Room for the packet.</param>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="flags">The flags word.</param>
    /// <param name="name">The name.</param>
    /// <param name="timeToLive">TTL in seconds.</param>
    /// <param name="entries">NB_FLAGS and NB_ADDRESS of each address.</param>
    /// <returns>The packet's length in octets.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is too small.</exception>
    public static int WriteResponse(Span<byte> buffer, ushort transactionId, ushort flags, in NetBiosName name, uint timeToLive, ReadOnlySpan<NbEntry> entries)
    {
        int at = WriteAnswerHead(buffer, transactionId, flags, name, NbnsType.NB, timeToLive, entries.Length * NbEntry.Size);
        foreach (var entry in entries)
            at = WriteEntry(buffer, at, entry);
        return at;
    }

    /// <summary>A name query or node status request: one question (RFC 1002 §4.2.12, §4.2.17). 50 octets without scope.</summary>
    /// <param name="buffer">Room for the packet.</param>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="flags">The flags word.</param>
    /// <param name="name">The name.</param>
    /// <param name="type">NB for a name query, NBSTAT for node status.</param>
    /// <returns>The packet's length in octets.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is too small.</exception>
    public static int WriteQuery(Span<byte> buffer, ushort transactionId, ushort flags, in NetBiosName name, NbnsType type = NbnsType.NB)
    {
        WriteHeader(buffer, transactionId, flags, 1, 0, 0, 0);
        return WriteTypeAndClass(buffer, WriteName(buffer, NbnsHeader.Size, name), type);
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
    public static int WriteNegativeQueryResponse(Span<byte> buffer, ushort transactionId, ushort flags, in NetBiosName name) =>
        WriteAnswerHead(buffer, transactionId, flags, name, NbnsType.Null, 0, 0);

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
        Span<byte> buffer, ushort transactionId, ushort flags, in NetBiosName name, uint timeToLive, in NetBiosName serverName, Ipv4Address serverAddress)
    {
        WriteHeader(buffer, transactionId, flags, 0, 0, 1, 1);
        int at = WriteName(buffer, NbnsHeader.Size, name);
        at = WriteRecordHead(buffer, at, NbnsType.NS, timeToLive, EncodedLength(serverName));
        int server = at;
        at = WriteName(buffer, at, serverName);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], (ushort)(0xC000 | server));
        at = WriteRecordHead(buffer, at + 2, NbnsType.A, timeToLive, Ipv4Address.Size);
        serverAddress.Write(buffer[at..]);
        return at + Ipv4Address.Size;
    }

    /// <summary>Wait for acknowledgement: RDATA repeats the request's OPCODE and NM_FLAGS (RFC 1002 §4.2.16). 58 octets without scope.</summary>
    /// <param name="buffer">Room for the packet.</param>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="timeToLive">How long to wait, in seconds; 0 for unknown.</param>
    /// <param name="request">The flags word of the request that has to wait.</param>
    /// <returns>The packet's length in octets.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is too small.</exception>
    public static int WriteWack(Span<byte> buffer, ushort transactionId, in NetBiosName name, uint timeToLive, NbnsFlags request)
    {
        // RFC 1002 §4.2.16 prints the type as "NULL (0x0020)": the number is what stacks send.
        int at = WriteAnswerHead(buffer, transactionId, NbnsFlagWords.Wack, name, NbnsType.NB, timeToLive, 2);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], (ushort)(request.Value & 0x7FF0));
        return at + 2;
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
        Span<byte> buffer, ushort transactionId, ushort flags, in NetBiosName name, ReadOnlySpan<NodeStatusName> names, in NodeStatistics statistics)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(names.Length, byte.MaxValue, nameof(names));
        int length = 1 + (names.Length * NodeStatusName.Size) + NodeStatistics.Size;
        int at = WriteAnswerHead(buffer, transactionId, flags, name, NbnsType.NBStat, 0, length);
        buffer[at++] = (byte)names.Length;
        foreach (var entry in names)
        {
            entry.Write(buffer[at..]);
            at += NodeStatusName.Size;
        }

        statistics.Write(buffer[at..]);
        return at + NodeStatistics.Size;
    }

    /// <summary>The number of octets that a name takes in a packet.</summary>
    /// <param name="name">The name.</param>
    public static int EncodedLength(in NetBiosName name) => NbnsHeader.PlainNameLength + name.Scope.Encoded.Length;

    internal static void WriteHeader(Span<byte> buffer, ushort transactionId, ushort flags, ushort questions, ushort answers, ushort authorities, ushort additionals)
    {
        BinaryPrimitives.WriteUInt64BigEndian(buffer, ((ulong)transactionId << 48) | ((ulong)flags << 32) | ((ulong)questions << 16) | answers);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[8..], ((uint)authorities << 16) | additionals);
    }

    internal static int WriteName(Span<byte> buffer, int at, in NetBiosName name)
    {
        buffer[at] = HalfAscii.EncodedSize;
        HalfAscii.Encode(name.High, name.Low, buffer[(at + 1)..]);
        at += 1 + HalfAscii.EncodedSize;
        var scope = name.Scope.Encoded;
        scope.CopyTo(buffer[at..]);
        at += scope.Length;
        buffer[at] = 0;
        return at + 1;
    }

    internal static int WriteRecordHead(Span<byte> buffer, int at, NbnsType type, uint timeToLive, int dataLength)
    {
        at = WriteTypeAndClass(buffer, at, type);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[at..], timeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(at + 4)..], (ushort)dataLength);
        return at + 6;
    }

    private static int WriteAnswerHead(Span<byte> buffer, ushort transactionId, ushort flags, in NetBiosName name, NbnsType type, uint timeToLive, int dataLength)
    {
        WriteHeader(buffer, transactionId, flags, 0, 1, 0, 0);
        return WriteRecordHead(buffer, WriteName(buffer, NbnsHeader.Size, name), type, timeToLive, dataLength);
    }

    private static int WriteTypeAndClass(Span<byte> buffer, int at, NbnsType type)
    {
        BinaryPrimitives.WriteUInt32BigEndian(buffer[at..], ((uint)type << 16) | NbnsHeader.ClassIn);
        return at + 4;
    }

    private static int WriteEntry(Span<byte> buffer, int at, NbEntry entry)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], entry.Flags.Value);
        entry.Address.Write(buffer[(at + 2)..]);
        return at + NbEntry.Size;
    }
}
