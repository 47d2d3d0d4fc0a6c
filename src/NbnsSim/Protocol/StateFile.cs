using System.Buffers.Binary;

namespace NbnsSim.Protocol;

/// <summary>
/// A state in a file: what it is, in which version, its octets, and their hash, so that nothing is read that was damaged. All numbers are little-endian.
/// <code>
/// 0 "NBNSTATE" | 8 version[2] | 10 kind[2] | 12 length[8] | 20 octets … | hash[16]
/// </code>
/// </summary>
internal static class StateFile
{
    /// <summary>Changed whenever what is carried changes: there is no reading of other versions.</summary>
    public const ushort Version = 2;

    private const int HeadSize = 20;
    private const int HashSize = 16;
    private const int Piece = 1 << 16;

    private static ReadOnlySpan<byte> Magic => "NBNSTATE"u8;

    /// <summary>Writes a state.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="kind">What it is of.</param>
    /// <param name="octets">The state.</param>
    public static void Write(Stream stream, StateKind kind, ReadOnlySpan<byte> octets)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(head[10..], (ushort)kind);
        BinaryPrimitives.WriteInt64LittleEndian(head[12..], octets.Length);
        Span<byte> hash = stackalloc byte[HashSize];
        BinaryPrimitives.WriteUInt128LittleEndian(hash, OctetHash.Of(octets));
        stream.Write(head);
        stream.Write(octets);
        stream.Write(hash);
    }

    /// <summary>Reads a state; what stands behind it in the stream is left there.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="kind">What it has to be of.</param>
    /// <exception cref="StateException">It is none, of another kind or version, or damaged.</exception>
    public static byte[] Read(Stream stream, StateKind kind)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        int read = stream.ReadAtLeast(head, HeadSize, throwOnEndOfStream: false);
        if (read < Magic.Length || !head.StartsWith(Magic))
            throw new StateException("This is no saved state: it does not begin with NBNSTATE.");
        if (read < HeadSize)
            throw Short();
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(head[8..]);
        if (version != Version)
            throw new StateException($"The state is of version {version} of the format, and only version {Version} can be read here: it was saved by another version of NbnsSim.");
        ushort found = BinaryPrimitives.ReadUInt16LittleEndian(head[10..]);
        if (found != (ushort)kind)
            throw new StateException($"The state is not of {(kind == StateKind.Run ? "a scenario's run" : "a simulation")}, but {((StateKind)found is StateKind.Run or StateKind.Simulation ? (StateKind)found == StateKind.Run ? "of a scenario's run" : "of a simulation" : "of something else")}.");
        long length = BinaryPrimitives.ReadInt64LittleEndian(head[12..]);
        if (length < 0 || length > Array.MaxLength)
            throw new StateException("The state is damaged: it is said to be longer than any can be.");
        byte[] octets = ReadOctets(stream, (int)length);
        Span<byte> hash = stackalloc byte[HashSize];
        if (stream.ReadAtLeast(hash, HashSize, throwOnEndOfStream: false) < HashSize)
            throw Short();
        if (BinaryPrimitives.ReadUInt128LittleEndian(hash) != OctetHash.Of(octets))
            throw new StateException("The state is damaged: its hash is not that of its octets.");
        return octets;
    }

    /// <summary>Makes room as octets come, and not because a length is said to be great.</summary>
    private static byte[] ReadOctets(Stream stream, int length)
    {
        byte[] octets = new byte[Math.Min(length, Piece)];
        int count = 0;
        while (true)
        {
            count += stream.ReadAtLeast(octets.AsSpan(count), octets.Length - count, throwOnEndOfStream: false);
            if (count < octets.Length)
                throw Short();
            if (count == length)
                return octets;
            Array.Resize(ref octets, (int)Math.Min(length, 2L * octets.Length));
        }
    }

    private static StateException Short() => new("The state ends before all of it was there.");
}

/// <summary>What a saved state is of; the numbers are the format's.</summary>
internal enum StateKind : ushort
{
    Simulation = 1,
    Run = 2,
}
