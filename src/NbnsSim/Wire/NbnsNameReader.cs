using System.Runtime.CompilerServices;
using NbnsSim.Names;

namespace NbnsSim.Wire;

/// <summary>Checks second-level encoded names (RFC 1002 §4.1) once, so that views need not.</summary>
internal static class NbnsNameReader
{
    /// <summary>Pointers per name; every real packet has at most one. The bound keeps hostile chains from costing time.</summary>
    private const int MaxPointers = 16;

    /// <summary>Checks the name at <paramref name="offset"/> and moves past it.</summary>
    /// <remarks>
    /// <code>
    ///   0   1   2   3   4   5   6   7
    /// | 0   0 |        LENGTH         |  label
    /// | 1   1 |        OFFSET         |  pointer, 14 bits with the next octet
    /// </code>
    /// </remarks>
    public static bool TrySkip(ReadOnlySpan<byte> packet, ref int offset, bool allowLong, ref NbnsAnomalies anomalies, ref NbnsParseError error)
    {
        int at = offset;
        int end = -1; // where the packet goes on: after the first pointer, or after the root label
        int length = 1;
        int pointers = 0;
        int limit = at; // a pointer must point before this: backwards, and before every earlier jump
        bool first = true;
        while (true)
        {
            if ((uint)at >= (uint)packet.Length)
                return Fail(ref error, NbnsParseErrorKind.Truncated, packet.Length);
            int octet = packet[at];
            if (octet >= 0xC0)
            {
                if (at + 1 >= packet.Length)
                    return Fail(ref error, NbnsParseErrorKind.Truncated, packet.Length);
                int target = ((octet & 0x3F) << 8) | packet[at + 1];
                if (target >= limit || target < NbnsHeader.Size || ++pointers > MaxPointers)
                    return Fail(ref error, NbnsParseErrorKind.ForwardPointer, at);
                if (end < 0)
                    end = at + 2;
                limit = at = target;
                continue;
            }

            if (octet >= 0x40)
                return Fail(ref error, NbnsParseErrorKind.ReservedLabelType, at);
            if (octet == 0)
                break;
            if (at + 1 + octet > packet.Length)
                return Fail(ref error, NbnsParseErrorKind.Truncated, packet.Length);
            if (first)
                anomalies |= JudgeFirstLabel(packet.Slice(at + 1, octet));
            first = false;
            length += 1 + octet;
            at += 1 + octet;
        }

        if (first)
            anomalies |= NbnsAnomalies.IllegalName;
        if (length > NbnsHeader.MaxNameLength)
        {
            if (!allowLong)
                return Fail(ref error, NbnsParseErrorKind.NameTooLong, offset);
            anomalies |= NbnsAnomalies.LongName;
        }

        offset = end < 0 ? at + 1 : end;
        return true;
    }

    /// <summary>Where the label stands that <paramref name="at"/> leads to. The packet must have been checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FollowPointers(ReadOnlySpan<byte> packet, int at)
    {
        while (packet[at] >= 0xC0)
            at = ((packet[at] & 0x3F) << 8) | packet[at + 1];
        return at;
    }

    /// <summary>Where the packet goes on after the name at <paramref name="at"/>. The packet must have been checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    private static NbnsAnomalies JudgeFirstLabel(ReadOnlySpan<byte> label)
    {
        if (label.Length == HalfAscii.EncodedSize && HalfAscii.TryDecode(label, out _, out _))
            return NbnsAnomalies.None;
        bool lower = label.Length == HalfAscii.EncodedSize;
        foreach (byte octet in label)
            lower &= (octet & ~0x20) is >= 'A' and <= 'P';
        return lower ? NbnsAnomalies.LowerCaseName : NbnsAnomalies.IllegalName;
    }

    private static bool Fail(ref NbnsParseError error, NbnsParseErrorKind kind, int offset)
    {
        error = new NbnsParseError(kind, offset);
        return false;
    }
}
