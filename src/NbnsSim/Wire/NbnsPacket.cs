using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace NbnsSim.Wire;

/// <summary>
/// A checked view of a name service packet (RFC 1002 §4.2.1): <see cref="TryParse(ReadOnlySpan{byte}, out NbnsPacket)"/> checks every
/// length and pointer once, after which no accessor throws for what the bytes say. Nothing is copied or allocated, so the view lives no
/// longer than the buffer keeps the same octets.
/// </summary>
/// <remarks>
/// <code>
///  0   1   2   3   4   5   6   7   8   9  10  11
/// |  TRN_ID   |  flags    | QDCOUNT | ANCOUNT | NSCOUNT | ARCOUNT |   (16 bits each)
/// </code>
/// </remarks>
public readonly ref struct NbnsPacket
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _questionFixed;
    private readonly int _recordsOffset;
    private readonly int _recordFixed;
    private readonly int _records;
    private readonly int _length;
    private readonly ushort _questions;
    private readonly NbnsAnomalies _anomalies;

    /// <summary>Describes what the parser checked; the offsets let the first question and record be reached without another walk.</summary>
    internal NbnsPacket(
        ReadOnlySpan<byte> bytes, int questions, int questionFixed, int records, int recordsOffset, int recordFixed, int length, NbnsAnomalies anomalies)
    {
        _bytes = bytes;
        _questions = (ushort)questions;
        _questionFixed = questionFixed;
        _records = records;
        _recordsOffset = recordsOffset;
        _recordFixed = recordFixed;
        _length = length;
        _anomalies = anomalies;
    }

    /// <summary>The whole datagram.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>How many octets the counted questions and records take; the rest is trailing.</summary>
    public int Length => _length;

    /// <summary>NAME_TRN_ID.</summary>
    public ushort TransactionId => Word(0);

    /// <summary>R, OPCODE, NM_FLAGS and RCODE.</summary>
    public NbnsFlags Flags => new(Word(2));

    /// <summary>QDCOUNT as the header has it.</summary>
    public ushort QuestionCount => Word(4);

    /// <summary>ANCOUNT as the header has it.</summary>
    public ushort AnswerCount => Word(6);

    /// <summary>NSCOUNT as the header has it.</summary>
    public ushort AuthorityCount => Word(8);

    /// <summary>ARCOUNT as the header has it.</summary>
    public ushort AdditionalCount => Word(10);

    /// <summary>R: whether this is a response (set in a name conflict demand too).</summary>
    public bool IsResponse => Flags.IsResponse;

    /// <summary>OPCODE.</summary>
    public NbnsOpcode Opcode => Flags.Opcode;

    /// <summary>RCODE.</summary>
    public NbnsRcode Rcode => Flags.Rcode;

    /// <summary>What is odd about it.</summary>
    public NbnsAnomalies Anomalies => _anomalies;

    /// <summary>The octets behind the last counted record; after a failure, all that was not read.</summary>
    public ReadOnlySpan<byte> Trailing => _bytes[_length..];

    /// <summary>The questions that were read: all of them after a successful parse.</summary>
    public NbnsQuestions Questions => new(_bytes, _questions);

    /// <summary>The records that were read: all of them after a successful parse, and an uncounted one.</summary>
    public NbnsRecords Records => new(_bytes, _records, _recordsOffset);

    /// <summary>Whether there is at least one question.</summary>
    public bool HasQuestion => _questions > 0;

    /// <summary>Whether there is at least one record.</summary>
    public bool HasRecord => _records > 0;

    /// <summary>The first question; default, with an empty name, where there is none.</summary>
    public NbnsQuestion Question => _questions > 0 ? new NbnsQuestion(_bytes, NbnsHeader.Size, _questionFixed) : default;

    /// <summary>The first record, in whatever section it stands; default, with an empty name, where there is none.</summary>
    public NbnsResourceRecord Record =>
        _records > 0 ? new NbnsResourceRecord(_bytes, _recordsOffset, _recordFixed, NbnsRecords.Section(_bytes, 0)) : default;

    /// <summary>The name that the packet is about: that of the first question, or of the first record where there is no question.</summary>
    public NbnsNameView Name =>
        _questions > 0 ? new NbnsNameView(_bytes, NbnsHeader.Size) : _records > 0 ? new NbnsNameView(_bytes, _recordsOffset) : default;

    /// <summary>Checks a packet.</summary>
    /// <param name="bytes">The UDP payload.</param>
    /// <param name="packet">The view; after a failure, what could be read before it.</param>
    /// <returns>False when the packet cannot be read to the end.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out NbnsPacket packet) => NbnsParser.TryParse(bytes, NbnsHeader.MaxNameLength, out packet, out _);

    /// <summary>Checks a packet and says what is wrong with it.</summary>
    /// <param name="bytes">The UDP payload.</param>
    /// <param name="packet">The view; after a failure, what could be read before it.</param>
    /// <param name="error">What could not be read and at which octet; none after success.</param>
    /// <returns>False when the packet cannot be read to the end.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out NbnsPacket packet, out NbnsParseError error) =>
        NbnsParser.TryParse(bytes, NbnsHeader.MaxNameLength, out packet, out error);

    /// <summary>Checks a packet, taking names of up to 576 octets: Windows' name servers keep scopes of 237 octets, where RFC 1002 §4.1 has room for 221.</summary>
    /// <param name="bytes">The UDP payload.</param>
    /// <param name="packet">The view; after a failure, what could be read before it. <see cref="NbnsAnomalies.LongName"/> tells of a long name.</param>
    /// <param name="error">What could not be read and at which octet; none after success.</param>
    /// <returns>False when the packet cannot be read to the end.</returns>
    public static bool TryParseLenient(ReadOnlySpan<byte> bytes, out NbnsPacket packet, out NbnsParseError error) =>
        NbnsParser.TryParse(bytes, NbnsHeader.MaxDatagramLength, out packet, out error);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ushort Word(int offset) => _bytes.Length >= offset + 2 ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[offset..]) : (ushort)0;
}
