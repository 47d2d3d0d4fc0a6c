using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using NbnsSim.Names;

namespace NbnsSim.Benchmarks;

/// <summary>
/// What the codec is measured against: the shortest walk over a packet that still cannot be led outside it. It reads the names of questions and
/// records (with vectors, one level of pointers), types, TTL, the first address or node name into a flat record, and judges nothing.
/// </summary>
internal static class BareWalk
{
    public struct Result
    {
        public ulong High, Low, NodeHigh, NodeLow;
        public ushort TransactionId, Flags, QuestionType, RecordType, NbFlags;
        public int Addresses;
        public uint TimeToLive, Address;
    }

    public static bool Read(ReadOnlySpan<byte> packet, ref Result result)
    {
        if (packet.Length < 12)
            return false;
        ref byte start = ref MemoryMarshal.GetReference(packet);
        result.TransactionId = U16(ref start, 0);
        result.Flags = U16(ref start, 2);
        int questions = U16(ref start, 4);
        int records = U16(ref start, 6) + U16(ref start, 8) + U16(ref start, 10);
        int at = 12;
        for (int i = 0; i < questions; i++)
        {
            if (!Name(ref start, packet.Length, ref at, ref result) || at + 4 > packet.Length)
                return false;
            result.QuestionType = U16(ref start, at);
            at += 4;
        }

        result.Addresses = 0;
        for (int i = 0; i < records; i++)
        {
            if (!Name(ref start, packet.Length, ref at, ref result) || at + 10 > packet.Length)
                return false;
            result.RecordType = U16(ref start, at);
            result.TimeToLive = U32(ref start, at + 4);
            int length = U16(ref start, at + 8);
            at += 10;
            if (at + length > packet.Length)
                return false;
            if (result.RecordType == 0x20)
            {
                for (int entry = 0; entry + 6 <= length; entry += 6)
                {
                    if (result.Addresses++ > 0)
                        continue;
                    result.NbFlags = U16(ref start, at + entry);
                    result.Address = U32(ref start, at + entry + 2);
                }
            }

            else if (result.RecordType == 0x21 && length > 0)
            {
                int names = Unsafe.Add(ref start, at);
                if (1 + (18 * names) > length)
                    return false;
                if (names > 0)
                    (result.NodeHigh, result.NodeLow, result.NbFlags) = (U64(ref start, at + 1), U64(ref start, at + 9), U16(ref start, at + 17));
            }
            else if (length >= 2)
            {
                result.NbFlags = U16(ref start, at); // the request that a WACK answers
            }

            at += length;
        }

        return true;
    }

    private static bool Name(ref byte start, int length, ref int at, ref Result result)
    {
        int next = -1;
        int here = at;
        if (here < length && Unsafe.Add(ref start, here) >= 0xC0)
        {
            if (here + 2 > length)
                return false;
            next = here + 2;
            here = U16(ref start, here) & 0x3FFF;
            if (here >= at)
                return false;
        }

        if (here + 34 > length || Unsafe.Add(ref start, here) != 32
            || !HalfAscii.TryDecodeVector(ref Unsafe.Add(ref start, here + 1), out var name))
            return false;
        result.High = name.ToScalar();
        result.Low = name.GetElement(1);
        here += 33;
        while (here < length && Unsafe.Add(ref start, here) != 0)
        {
            if (Unsafe.Add(ref start, here) > 63)
                return false;
            here += 1 + Unsafe.Add(ref start, here);
        }

        at = next < 0 ? here + 1 : next;
        return here < length;
    }

    private static ushort U16(ref byte start, int at) => BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref start, at)));

    private static ulong U64(ref byte start, int at) => BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at)));

    private static uint U32(ref byte start, int at) => BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, at)));
}
