using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NbnsSim.Names;

namespace NbnsSim.Wire;

/// <summary>
/// Writes a packet piece by piece, right or wrong on purpose: counts that do not match, pointers to anywhere, labels of any kind, records whose
/// RDLENGTH lies. <see cref="NbnsEncoder"/> writes the RFC's packets from the same pieces; this one exists to test those who read them.
/// </summary>
/// <remarks>Nothing is checked but the room in the buffer.</remarks>
/// <example>
/// <code>
/// Span&lt;byte&gt; buffer = stackalloc byte[NbnsHeader.MaxDatagramLength];
/// var writer = new NbnsPacketWriter(buffer);
/// writer.WriteHeader(0x1234, NbnsFlagWords.RegistrationRequest, questions: 1, additionals: 1);
/// writer.WriteName(NetBiosName.Parse("FILES&lt;20&gt;"));
/// writer.WriteTypeAndClass(NbnsType.NB);
/// writer.WritePointer(NbnsHeader.Size); // the record's name is the question's
/// writer.WriteRecordHead(NbnsType.NB, timeToLive: 0, dataLength: NbEntry.Size);
/// writer.WriteEntry(new NbEntry(new NbFlags(0), Ipv4Address.Parse("10.0.0.1")));
/// Console.WriteLine(NbnsDescription.Describe(writer.Written));
/// </code>
/// </example>
public ref struct NbnsPacketWriter
{
    private readonly Span<byte> _buffer;

    /// <summary>Starts at the first octet of a buffer.</summary>
    /// <param name="buffer">Where the packet goes.</param>
    public NbnsPacketWriter(Span<byte> buffer) => _buffer = buffer;

    /// <summary>How many octets were written: the offset of the next one, for a pointer to it or a patch.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>The header (RFC 1002 §4.2.1.1), with whatever counts.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="flags">The flags word; see <see cref="NbnsFlagWords"/>.</param>
    /// <param name="questions">QDCOUNT.</param>
    /// <param name="answers">ANCOUNT.</param>
    /// <param name="authorities">NSCOUNT.</param>
    /// <param name="additionals">ARCOUNT.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is full.</exception>
    public void WriteHeader(ushort transactionId, ushort flags, ushort questions = 0, ushort answers = 0, ushort authorities = 0, ushort additionals = 0) =>
        WireOctets.PutHeader(ref Reserve(NbnsHeader.Size), transactionId, flags, questions, answers, authorities, additionals);

    /// <summary>A name in full, with its scope and the root label (RFC 1002 §4.1).</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is full.</exception>
    public void WriteName(scoped in NetBiosName name) => WireOctets.PutName(ref Reserve(NbnsEncoder.EncodedLength(name)), name);

    /// <summary>A pointer (RFC 1002 §4.1), forwards or backwards.</summary>
    /// <param name="target">The octet it points to; only the low fourteen bits are written.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is full.</exception>
    public void WritePointer(int target) => WriteUInt16((ushort)(NbnsHeader.PointerBits | (target & 0x3FFF)));

    /// <summary>A label: its length octet, then its octets. The root label ends a name: write it as an empty one.</summary>
    /// <param name="octets">The label's octets, whatever they are; the RFC allows up to 63.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is full.</exception>
    public void WriteLabel(scoped ReadOnlySpan<byte> octets) => WriteLabel((byte)octets.Length, octets);

    /// <summary>A label whose length octet need not tell the truth, nor be a length: the types 01 and 10 are reserved (RFC 1002 §4.1).</summary>
    /// <param name="lengthOctet">The octet in front.</param>
    /// <param name="octets">The octets behind it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is full.</exception>
    public void WriteLabel(byte lengthOctet, scoped ReadOnlySpan<byte> octets)
    {
        Reserve(1) = lengthOctet;
        WriteOctets(octets);
    }

    /// <summary>The end of a question (RFC 1002 §4.2.1.2), or the first half of what follows a record's name.</summary>
    /// <param name="type">QUESTION_TYPE.</param>
    /// <param name="class">QUESTION_CLASS.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is full.</exception>
    public void WriteTypeAndClass(NbnsType type, ushort @class = NbnsHeader.ClassIn) => WireOctets.PutTypeAndClass(ref Reserve(4), type, @class);

    /// <summary>What stands between a record's name and its data (RFC 1002 §4.2.1.3).</summary>
    /// <param name="type">RR_TYPE.</param>
    /// <param name="timeToLive">TTL in seconds.</param>
    /// <param name="dataLength">RDLENGTH, true or not.</param>
    /// <param name="class">RR_CLASS.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is full.</exception>
    public void WriteRecordHead(NbnsType type, uint timeToLive, ushort dataLength, ushort @class = NbnsHeader.ClassIn) =>
        WireOctets.PutRecordHead(ref Reserve(NbnsResourceRecord.FixedSize), type, timeToLive, dataLength, @class);

    /// <summary>NB_FLAGS and NB_ADDRESS (RFC 1002 §4.2.1.3).</summary>
    /// <param name="entry">The entry.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is full.</exception>
    public void WriteEntry(NbEntry entry) => WireOctets.PutEntry(ref Reserve(NbEntry.Size), entry);

    /// <summary>Sixteen bits in network order.</summary>
    /// <param name="value">The word.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is full.</exception>
    public void WriteUInt16(ushort value) => WireOctets.PutUInt16(ref Reserve(2), value);

    /// <summary>Thirty-two bits in network order.</summary>
    /// <param name="value">The word.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is full.</exception>
    public void WriteUInt32(uint value) => WireOctets.PutUInt32(ref Reserve(4), value);

    /// <summary>Octets as they are.</summary>
    /// <param name="octets">The octets.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is full.</exception>
    public void WriteOctets(scoped ReadOnlySpan<byte> octets) => WireOctets.PutOctets(ref Reserve(octets.Length), octets);

    /// <summary>Overwrites sixteen bits that were written: a count, an RDLENGTH, a flags word.</summary>
    /// <param name="offset">The octet at which the word starts.</param>
    /// <param name="value">The new word.</param>
    /// <exception cref="ArgumentOutOfRangeException">The word was not written yet.</exception>
    public readonly void Patch(int offset, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(_buffer[..Length][offset..], value);

    private ref byte Reserve(int octets)
    {
        var room = _buffer[Length..];
        if (room.Length < octets)
            throw new ArgumentOutOfRangeException(nameof(octets), octets, $"The buffer of {_buffer.Length} octets has only {room.Length} left.");
        Length += octets;
        return ref MemoryMarshal.GetReference(room);
    }
}
