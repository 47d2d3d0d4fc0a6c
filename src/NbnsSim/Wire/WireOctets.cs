using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NbnsSim.Names;

namespace NbnsSim.Wire;

/// <summary>
/// Gets and puts the pieces of a packet (RFC 1002 §4.2.1) in network order, where the caller has checked that they are or fit.
/// What puts a piece returns the place behind it.
/// </summary>
internal static class WireOctets
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte PutUInt16(ref byte at, ushort value)
    {
        Unsafe.WriteUnaligned(ref at, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        return ref Unsafe.Add(ref at, 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte PutUInt32(ref byte at, uint value)
    {
        Unsafe.WriteUnaligned(ref at, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        return ref Unsafe.Add(ref at, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte PutUInt64(ref byte at, ulong value)
    {
        Unsafe.WriteUnaligned(ref at, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        return ref Unsafe.Add(ref at, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort GetUInt16(ref readonly byte start, int offset)
    {
        ushort value = Unsafe.ReadUnaligned<ushort>(in Unsafe.Add(ref Unsafe.AsRef(in start), offset));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint GetUInt32(ref readonly byte start, int offset)
    {
        uint value = Unsafe.ReadUnaligned<uint>(in Unsafe.Add(ref Unsafe.AsRef(in start), offset));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong GetUInt64(ref readonly byte start, int offset)
    {
        ulong value = Unsafe.ReadUnaligned<ulong>(in Unsafe.Add(ref Unsafe.AsRef(in start), offset));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    /// <summary>The twelve octets of the header.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte PutHeader(ref byte at, ushort transactionId, ushort flags, ushort questions, ushort answers, ushort authorities, ushort additionals)
    {
        at = ref PutUInt64(ref at, ((ulong)transactionId << 48) | ((ulong)flags << 32) | ((ulong)questions << 16) | answers);
        return ref PutUInt32(ref at, ((uint)authorities << 16) | additionals);
    }

    /// <summary>A name in full (RFC 1002 §4.1): <see cref="NbnsEncoder.EncodedLength"/> octets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte PutName(ref byte at, scoped in NetBiosName name)
    {
        at = HalfAscii.EncodedSize;
        HalfAscii.Encode(name.High, name.Low, ref Unsafe.Add(ref at, 1));
        at = ref Unsafe.Add(ref at, 1 + HalfAscii.EncodedSize);
        if (name.HasScope)
            at = ref PutOctets(ref at, name.Scope.Encoded);
        at = 0;
        return ref Unsafe.Add(ref at, 1);
    }

    /// <summary>QUESTION_TYPE and QUESTION_CLASS, or RR_TYPE and RR_CLASS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte PutTypeAndClass(ref byte at, NbnsType type, ushort @class = NbnsHeader.ClassIn) =>
        ref PutUInt32(ref at, ((uint)type << 16) | @class);

    /// <summary>RR_TYPE, RR_CLASS, TTL and RDLENGTH.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte PutRecordHead(ref byte at, NbnsType type, uint timeToLive, int dataLength, ushort @class = NbnsHeader.ClassIn)
    {
        at = ref PutUInt64(ref at, ((ulong)type << 48) | ((ulong)@class << 32) | timeToLive);
        return ref PutUInt16(ref at, (ushort)dataLength);
    }

    /// <summary>NB_FLAGS and NB_ADDRESS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte PutEntry(ref byte at, NbEntry entry)
    {
        at = ref PutUInt16(ref at, entry.Flags.Value);
        return ref PutUInt32(ref at, entry.Address.Value);
    }

    public static ref byte PutOctets(ref byte at, scoped ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(MemoryMarshal.CreateSpan(ref at, octets.Length));
        return ref Unsafe.Add(ref at, octets.Length);
    }
}
