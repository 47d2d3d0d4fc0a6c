using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using NbnsSim.Names;

namespace NbnsSim.Wire;

/// <summary>Checks second-level encoded names (RFC 1002 §4.1) once, so that views need not.</summary>
/// <remarks>
/// <code>
///   0   1   2   3   4   5   6   7
/// | 0   0 |        LENGTH         |  label
/// | 1   1 |        OFFSET         |  pointer, 14 bits with the next octet
/// </code>
/// A pointer leads to labels that stand wholly before it, outside the header; they may be anybody's octets, for a redirect's address record
/// points into the data of another (NSD_NAME, RFC 1002 §4.2.15), and are checked like labels in place. The pieces of a name so lie ever
/// further back and never overlap: no loop can be written, and a name costs no more than the octets before it.
/// </remarks>
internal static class NbnsNameReader
{
    /// <summary>Pointers per name; every real packet has at most one. The bound keeps hostile chains from costing time.</summary>
    private const int MaxPointers = 16;

    private const byte PlainLabel = HalfAscii.EncodedSize;

    /// <summary>Checks the name at <paramref name="offset"/> and moves past it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySkip(ReadOnlySpan<byte> packet, ref int offset, int maxLength, ref NbnsAnomalies anomalies, ref NbnsParseError error)
    {
        // The name that nearly every packet has: one label of 32 letters, and no scope.
        if (IsPlain(packet, offset))
        {
            offset += NbnsHeader.PlainNameLength;
            return true;
        }

        return TrySkipAny(packet, ref offset, maxLength, ref anomalies, ref error);
    }

    /// <summary>Whether one label of 32 legal letters and the root label stand at <paramref name="offset"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPlain(ReadOnlySpan<byte> packet, int offset) =>
        packet.Length - offset >= NbnsHeader.PlainNameLength && IsPlain(ref Unsafe.Add(ref MemoryMarshal.GetReference(packet), offset));

    /// <summary>Whether the 34 octets from <paramref name="start"/> are one label of 32 legal letters and the root label.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPlain(ref byte start) =>
        start == PlainLabel && Unsafe.Add(ref start, NbnsHeader.PlainNameLength - 1) == 0
            && HalfAscii.IsValid(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, 1), HalfAscii.EncodedSize));

    /// <summary>As <see cref="IsPlain(ref byte)"/>, and what the letters say.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadPlain(ref byte start, out Vector128<ulong> name) =>
        HalfAscii.TryDecode(ref Unsafe.Add(ref start, 1), out name) && start == PlainLabel && Unsafe.Add(ref start, NbnsHeader.PlainNameLength - 1) == 0;

    /// <summary>Where the label stands that <paramref name="at"/> leads to. The packet must have been checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FollowPointers(ReadOnlySpan<byte> packet, int at)
    {
        while (packet[at] >= 0xC0)
            at = ((packet[at] & 0x3F) << 8) | packet[at + 1];
        return at;
    }

    /// <summary>Where the packet goes on after the name at <paramref name="at"/>. The packet must have been checked.</summary>
    public static int Skip(ReadOnlySpan<byte> packet, int at)
    {
        while (true)
        {
            int octet = packet[at];
            if (octet == 0)
                return at + 1;
            if (octet >= 0xC0)
                return at + 2;
            at += 1 + octet;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TrySkipAny(ReadOnlySpan<byte> packet, ref int offset, int maxLength, ref NbnsAnomalies anomalies, ref NbnsParseError error)
    {
        int at = offset;
        int end = -1; // where the packet goes on: after the first pointer, or after the root label
        int start = offset; // of the labels at hand
        int bound = packet.Length; // where they must end
        int length = 1;
        int pointers = 0;
        bool first = true;
        while (true)
        {
            if (at >= bound)
                return Overrun(packet, at, end, ref error);
            int octet = packet[at];
            if (octet >= 0xC0)
            {
                if (at + 1 >= bound)
                    return Overrun(packet, at, end, ref error);
                int target = ((octet & 0x3F) << 8) | packet[at + 1];
                if (target >= start)
                    return Fail(ref error, NbnsParseErrorKind.ForwardPointer, at);
                if (target < NbnsHeader.Size)
                    return Fail(ref error, NbnsParseErrorKind.PointerIntoHeader, at);
                if (++pointers > MaxPointers)
                    return Fail(ref error, NbnsParseErrorKind.TooManyPointers, at);
                if (end < 0)
                    end = at + 2;
                bound = start;
                start = at = target;
                continue;
            }

            if (octet >= 0x40)
                return Fail(ref error, NbnsParseErrorKind.ReservedLabelType, at);
            if (octet == 0)
                break;
            if (at + 1 + octet > bound)
                return Overrun(packet, at, end, ref error);
            length += 1 + octet;
            if (length > maxLength)
                return Fail(ref error, NbnsParseErrorKind.NameTooLong, offset);
            if (first)
                anomalies |= JudgeFirstLabel(packet.Slice(at + 1, octet));
            first = false;
            at += 1 + octet;
        }

        if (first)
            anomalies |= NbnsAnomalies.IllegalName;
        if (length > NbnsHeader.MaxNameLength)
            anomalies |= NbnsAnomalies.LongName;
        offset = end < 0 ? at + 1 : end;
        return true;
    }

    private static NbnsAnomalies JudgeFirstLabel(ReadOnlySpan<byte> label)
    {
        if (label.Length != HalfAscii.EncodedSize)
            return NbnsAnomalies.IllegalName;
        if (HalfAscii.IsValid(label))
            return NbnsAnomalies.None;
        bool lower = true;
        foreach (byte octet in label)
            lower &= (octet & ~0x20) is >= 'A' and <= 'P';
        return lower ? NbnsAnomalies.LowerCaseName : NbnsAnomalies.IllegalName;
    }

    /// <summary>Labels go on to where they must not: past the packet's end, or, behind a pointer, into what the name already used.</summary>
    private static bool Overrun(ReadOnlySpan<byte> packet, int at, int end, ref NbnsParseError error) =>
        end < 0 ? Fail(ref error, NbnsParseErrorKind.Truncated, packet.Length) : Fail(ref error, NbnsParseErrorKind.OverlappingName, at);

    private static bool Fail(ref NbnsParseError error, NbnsParseErrorKind kind, int offset)
    {
        error = new NbnsParseError(kind, offset);
        return false;
    }
}
