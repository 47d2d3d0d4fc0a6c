using System.Buffers.Binary;

namespace NbnsSim.Wire;

/// <summary>
/// A checked view of a name service packet (RFC 1002 §4.2.1): <see cref="TryParse(ReadOnlySpan{byte}, out NbnsPacket)"/> checks every
/// length and pointer once, after which no accessor throws for what the bytes say. Nothing is copied or allocated.
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
    private readonly int _recordsOffset;
    private readonly int _length;
    private readonly int _questions;
    private readonly int _records;
    private readonly NbnsAnomalies _anomalies;

    internal NbnsPacket(ReadOnlySpan<byte> bytes, int questions, int recordsOffset, int records, int length, NbnsAnomalies anomalies)
    {
        _bytes = bytes;
        _questions = questions;
        _recordsOffset = recordsOffset;
        _records = records;
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

    /// <summary>The octets behind the last counted record.</summary>
    public ReadOnlySpan<byte> Trailing => _bytes[Math.Min(_length, _bytes.Length)..];

    /// <summary>The questions that were read: all of them after a successful parse.</summary>
    public NbnsQuestions Questions => new(_bytes, _questions);

    /// <summary>The records that were read: all of them after a successful parse, and an uncounted one.</summary>
    public NbnsRecords Records => new(this);

    /// <summary>Whether there is at least one question.</summary>
    public bool HasQuestion => _questions > 0;

    /// <summary>Whether there is at least one record.</summary>
    public bool HasRecord => _records > 0;

    /// <summary>The first question; its name is empty where there is none.</summary>
    public NbnsQuestion Question
    {
        get
        {
            var questions = Questions.GetEnumerator();
            return questions.MoveNext() ? questions.Current : default;
        }
    }

    /// <summary>The first record, in whatever section it stands; its name is empty where there is none.</summary>
    public NbnsResourceRecord Record
    {
        get
        {
            var records = Records.GetEnumerator();
            return records.MoveNext() ? records.Current : default;
        }
    }

    /// <summary>The name that the packet is about: that of the first question, or of the first record where there is no question.</summary>
    public NbnsNameView Name => _questions > 0 ? new NbnsNameView(_bytes, NbnsHeader.Size) : _records > 0 ? new NbnsNameView(_bytes, _recordsOffset) : default;

    internal int RecordsOffset => _recordsOffset;

    internal int RecordsRead => _records;

    /// <summary>Checks a packet.</summary>
    /// <param name="bytes">The UDP payload.</param>
    /// <param name="packet">The view; after a failure, what could be read before it.</param>
    /// <returns>False when the packet cannot be read to the end.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out NbnsPacket packet) => NbnsParser.TryParse(bytes, allowLongNames: false, out packet, out _);

    /// <summary>Checks a packet and says what is wrong with it.</summary>
    /// <param name="bytes">The UDP payload.</param>
    /// <param name="packet">The view; after a failure, what could be read before it.</param>
    /// <param name="error">What could not be read and at which octet; none after success.</param>
    /// <returns>False when the packet cannot be read to the end.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out NbnsPacket packet, out NbnsParseError error) =>
        NbnsParser.TryParse(bytes, allowLongNames: false, out packet, out error);

    /// <summary>Checks a packet, taking names of over 255 octets as Windows' name servers do (their scopes reach 237 octets).</summary>
    /// <param name="bytes">The UDP payload.</param>
    /// <param name="packet">The view; after a failure, what could be read before it. <see cref="NbnsAnomalies.LongName"/> tells of a long name.</param>
    /// <param name="error">What could not be read and at which octet; none after success.</param>
    /// <returns>False when the packet cannot be read to the end.</returns>
    public static bool TryParseLenient(ReadOnlySpan<byte> bytes, out NbnsPacket packet, out NbnsParseError error) =>
        NbnsParser.TryParse(bytes, allowLongNames: true, out packet, out error);

    private ushort Word(int offset) => _bytes.Length >= offset + 2 ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[offset..]) : (ushort)0;
}
