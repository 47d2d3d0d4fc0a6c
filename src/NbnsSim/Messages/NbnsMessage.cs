using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>
/// A name service packet as a value: what it says rather than where its octets stand. There is one immutable type for each packet of
/// RFC 1002 §4.2.2–4.2.18 and for MS-NBTE §2.2.2's multi-homed registration. These are for people (tests, tools, users of the codec); what has
/// to be fast reads <see cref="NbnsPacket"/> and writes with <see cref="NbnsEncoder"/>.
/// </summary>
/// <remarks>
/// A message that was read keeps its flags word as it came, so a stack's own bits (RA from an end node, RD in a demand) survive; a message
/// that was made has the word of <see cref="NbnsFlagWords"/>. <see cref="Write"/> always writes the RFC's layout: what that has no room for,
/// such as trailing octets or a second address in a request, is not kept.
/// </remarks>
public abstract partial class NbnsMessage : IEquatable<NbnsMessage>
{
    private protected NbnsMessage(ushort transactionId, NbnsFlags flags, NetBiosName name)
    {
        TransactionId = transactionId;
        Flags = flags;
        Name = Checked(name, nameof(name));
    }

    /// <summary>Which packet it is.</summary>
    public abstract NbnsMessageKind Kind { get; }

    /// <summary>NAME_TRN_ID.</summary>
    public ushort TransactionId { get; }

    /// <summary>R, OPCODE, NM_FLAGS and RCODE.</summary>
    public NbnsFlags Flags { get; }

    /// <summary>QUESTION_NAME, or RR_NAME where there is no question.</summary>
    public NetBiosName Name { get; }

    /// <summary>How many octets <see cref="Write"/> writes.</summary>
    public abstract int Length { get; }

    /// <summary>Writes the packet.</summary>
    /// <param name="buffer">Room for <see cref="Length"/> octets.</param>
    /// <returns>The number of octets written.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is too small.</exception>
    public abstract int Write(Span<byte> buffer);

    /// <summary>The packet in a new array.</summary>
    public byte[] ToArray()
    {
        byte[] octets = new byte[Length];
        Write(octets);
        return octets;
    }

    /// <summary>Whether both are the same packet with the same content.</summary>
    /// <param name="other">The message to compare with.</param>
    public bool Equals(NbnsMessage? other) =>
        other is not null && (ReferenceEquals(this, other)
            || (Kind == other.Kind && TransactionId == other.TransactionId && Flags == other.Flags && Name == other.Name && ContentEquals(other)));

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as NbnsMessage);

    /// <summary>A hash that differs from process to process, as the name's does.</summary>
    public sealed override int GetHashCode() => Name.GetHashCode() ^ ((TransactionId << 16) | Flags.Value);

    /// <summary>The packet in one line, as <see cref="NbnsDescription"/> has it.</summary>
    public sealed override string ToString()
    {
        Span<byte> octets = Length <= NbnsHeader.MaxDatagramLength ? stackalloc byte[NbnsHeader.MaxDatagramLength] : new byte[Length];
        return NbnsDescription.Describe(octets[..Write(octets)]);
    }

    /// <summary>Compares what a derived type adds; <paramref name="other"/> is of the same kind.</summary>
    private protected abstract bool ContentEquals(NbnsMessage other);

    private protected static NbnsFlags Word(ushort word, bool isBroadcast) => new(isBroadcast ? (ushort)(word | NbnsFlags.BroadcastBit) : word);

    private protected static NbnsFlags Word(ushort word, NbnsRcode rcode)
    {
        if (rcode is NbnsRcode.Success or > (NbnsRcode)0xF)
            throw new ArgumentOutOfRangeException(nameof(rcode), rcode, "A negative response carries an RCODE of 1 to 15.");
        return new NbnsFlags((ushort)(word | (int)rcode));
    }

    private protected static NetBiosName Checked(NetBiosName name, string parameter) =>
        name.Scope.Encoded.Length <= NetBiosScope.MaxEncodedLength ? name : throw new ArgumentException(
            $"The scope takes {name.Scope.Encoded.Length} octets: a name has room for {NetBiosScope.MaxEncodedLength} (RFC 1002 §4.1).", parameter);
}
