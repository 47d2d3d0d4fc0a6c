using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using NbnsSim.Names;

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
/// <example>
/// <code>
/// if (NbnsPacket.TryParse(payload, out var packet, out var error))
///     Console.WriteLine($"{packet.TransactionId:X4} {packet.Opcode} {packet.Name}"); // 1234 Query FILES&lt;20&gt;
/// else
///     Console.WriteLine(error);
/// </code>
/// </example>
public ref struct NbnsPacket
{
    private ReadOnlySpan<byte> _bytes;
    private Vector128<ulong> _name;
    private int _questionFixed;
    private int _recordsOffset;
    private int _recordFixed;
    private int _records;
    private int _length;
    private ushort _questions;
    private NbnsAnomalies _anomalies;
    private bool _hasPlainName;

    /// <summary>The whole datagram.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>How many octets the counted questions and records take; the rest is trailing.</summary>
    public readonly int Length => _length;

    /// <summary>NAME_TRN_ID.</summary>
    public readonly ushort TransactionId => Word(0);

    /// <summary>R, OPCODE, NM_FLAGS and RCODE.</summary>
    public readonly NbnsFlags Flags => new(Word(2));

    /// <summary>QDCOUNT as the header has it.</summary>
    public readonly ushort QuestionCount => Word(4);

    /// <summary>ANCOUNT as the header has it.</summary>
    public readonly ushort AnswerCount => Word(6);

    /// <summary>NSCOUNT as the header has it.</summary>
    public readonly ushort AuthorityCount => Word(8);

    /// <summary>ARCOUNT as the header has it.</summary>
    public readonly ushort AdditionalCount => Word(10);

    /// <summary>R: whether this is a response (set in a name conflict demand too).</summary>
    public readonly bool IsResponse => Flags.IsResponse;

    /// <summary>OPCODE.</summary>
    public readonly NbnsOpcode Opcode => Flags.Opcode;

    /// <summary>RCODE.</summary>
    public readonly NbnsRcode Rcode => Flags.Rcode;

    /// <summary>What is odd about it.</summary>
    public readonly NbnsAnomalies Anomalies => _anomalies;

    /// <summary>The octets behind the last counted record; after a failure, all that was not read.</summary>
    public readonly ReadOnlySpan<byte> Trailing => _bytes[_length..];

    /// <summary>The questions that were read: all of them after a successful parse.</summary>
    public readonly NbnsQuestions Questions => new(_bytes, _questions);

    /// <summary>The records that were read: all of them after a successful parse, and an uncounted one.</summary>
    public readonly NbnsRecords Records => new(_bytes, _records, _recordsOffset);

    /// <summary>Whether there is at least one question.</summary>
    public readonly bool HasQuestion => _questions > 0;

    /// <summary>Whether there is at least one record.</summary>
    public readonly bool HasRecord => _records > 0;

    /// <summary>The first question; default, with an empty name, where there is none.</summary>
    public readonly NbnsQuestion Question => _questions > 0 ? new NbnsQuestion(_bytes, NbnsHeader.Size, _questionFixed) : default;

    /// <summary>The first record, in whatever section it stands; default, with an empty name, where there is none.</summary>
    public readonly NbnsResourceRecord Record =>
        _records > 0 ? new NbnsResourceRecord(_bytes, _recordsOffset, _recordFixed, 0) : default;

    /// <summary>The type of the first question; default where there is none.</summary>
    internal readonly NbnsType QuestionType => _questions > 0 ? (NbnsType)Fixed(_questionFixed) : default;

    /// <summary>The type of the first record; default where there is none.</summary>
    internal readonly NbnsType RecordType => _records > 0 ? (NbnsType)Fixed(_recordFixed) : default;

    /// <summary>Where the first record's type stands; RDLENGTH follows 8 octets on.</summary>
    internal readonly int RecordTypeOffset => _recordFixed;

    /// <summary>Whether the first record has an NB entry.</summary>
    internal readonly bool HasEntry => RecordType == NbnsType.NB && Fixed(_recordFixed + 8) >= NbEntry.Size;

    /// <summary>The name that the packet is about: that of the first question, or of the first record where there is no question.</summary>
    /// <remarks>Either stands right behind the header.</remarks>
    public readonly NbnsNameView Name => _hasPlainName
        ? new NbnsNameView(_bytes, NbnsHeader.Size, _name.ToScalar(), _name.GetElement(1))
        : (_questions | _records) != 0 ? new NbnsNameView(_bytes, NbnsHeader.Size) : default;

    /// <summary>The sixteen octets of the name that the packet is about, without its scope; those of a plain one are at hand.</summary>
    /// <param name="high">Octets 0 to 7.</param>
    /// <param name="low">Octets 8 to 15.</param>
    /// <returns>False when there is no name, or its first label is not 32 letters 'A' to 'P'.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool TryGetNameOctets(out ulong high, out ulong low)
    {
        if (!_hasPlainName)
            return Name.TryGetOctets(out high, out low);
        (high, low) = (_name.ToScalar(), _name.GetElement(1));
        return true;
    }

    /// <summary>The name that the packet is about, with its scope; default where there is none or it cannot be read. Allocates only where there is a scope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly NetBiosName NameOrDefault() => _hasPlainName ? new NetBiosName(_name.ToScalar(), _name.GetElement(1)) : Name.TryGetName(out var name) ? name : default;

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

    /// <summary>
    /// Takes over what the parser checked; the offsets let the first question and record be reached without another walk. The fields are
    /// written one by one where the caller's view stands: a constructor would build it elsewhere and copy it, which costs as much as the parse.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Describe(
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

    /// <summary>Takes over the octets of a plain name: decoding it was the check.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void DescribeName(Vector128<ulong> name)
    {
        _name = name;
        _hasPlainName = true;
    }

    /// <summary>Sixteen bits that the parser knows are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ushort Fixed(int offset) => WireOctets.GetUInt16(ref MemoryMarshal.GetReference(_bytes), offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ushort Word(int offset) =>
        _bytes.Length >= offset + 2 ? Fixed(offset) : (ushort)0;
}
