using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NbnsSim.Wire;

/// <summary>The one place that checks bytes from the world (RFC 1002 §4.2.1); everything else trusts what it found.</summary>
internal static class NbnsParser
{
    private const int QuestionFixedSize = 4;
    private const int MinQuestion = 1 + QuestionFixedSize;
    private const int MinRecord = 1 + NbnsResourceRecord.FixedSize;

    // QDCOUNT, ANCOUNT, NSCOUNT and ARCOUNT of the layouts that real packets have
    private const ulong OneQuestion = 0x0001_0000_0000_0000;
    private const ulong OneAnswer = 0x0000_0001_0000_0000;
    private const ulong QuestionAndAdditional = 0x0001_0000_0000_0001;

    private const int PlainQuestionFixed = NbnsHeader.Size + NbnsHeader.PlainNameLength;
    private const int PlainQuestionEnd = PlainQuestionFixed + QuestionFixedSize;

    private const int PlainAnswerData = PlainQuestionFixed + NbnsResourceRecord.FixedSize;
    private const int PlainAdditionalData = PlainQuestionEnd + 2 + NbnsResourceRecord.FixedSize;

    private enum Typical
    {
        No,
        Yes,
        Entries,
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // big enough to have the compiler's budget for itself
    public static bool TryParse(ReadOnlySpan<byte> bytes, int maxNameLength, out NbnsPacket packet, out NbnsParseError error)
    {
        error = default;
        return TryParseTypical(bytes, out packet, out var name, out int data) switch
        {
            Typical.Yes => true,
            Typical.Entries => TryParseEntries(bytes, name, data, maxNameLength, out packet, out error),
            _ => TryParseAny(bytes, maxNameLength, out packet, out error),
        };
    }

    /// <summary>
    /// Takes the three layouts that nearly all packets have, with a plain name and nothing odd, and leaves the rest to
    /// <see cref="TryParseAny"/>, which would say the same of them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Typical TryParseTypical(ReadOnlySpan<byte> bytes, out NbnsPacket packet, out Vector128<ulong> name, out int data)
    {
        Unsafe.SkipInit(out packet); // every field is written below, or by those who take over
        data = 0;
        if (bytes.Length < PlainQuestionEnd)
        {
            name = default;
            return Typical.No;
        }

        ref byte start = ref MemoryMarshal.GetReference(bytes);
        ushort flags = WireOctets.GetUInt16(ref start, 2);
        if (!NbnsNameReader.TryReadPlain(ref Unsafe.Add(ref start, NbnsHeader.Size), out name) || (flags & NbnsFlags.ReservedBits) != 0)
            return Typical.No;

        ulong counts = WireOctets.GetUInt64(ref start, 4);
        if (counts == OneAnswer)
        {
            data = PlainAnswerData;
        }
        else
        {
            if (WireOctets.GetUInt16(ref start, PlainQuestionFixed + 2) != NbnsHeader.ClassIn)
                return Typical.No;
            if (counts == OneQuestion)
            {
                packet.Describe(bytes, 1, PlainQuestionFixed, 0, PlainQuestionEnd, 0, PlainQuestionEnd, NbnsAnomalies.None);
                packet.DescribeName(name);
                return bytes.Length == PlainQuestionEnd ? Typical.Yes : Typical.No;
            }

            data = PlainAdditionalData;
            if (counts != QuestionAndAdditional || bytes.Length < PlainAdditionalData
                || WireOctets.GetUInt16(ref start, PlainQuestionEnd) != NbnsHeader.FirstNamePointer)
                return Typical.No;
        }

        int recordFixed = data - NbnsResourceRecord.FixedSize;
        if (bytes.Length < data || data + WireOctets.GetUInt16(ref start, recordFixed + 8) != bytes.Length
            || WireOctets.GetUInt16(ref start, recordFixed + 2) != NbnsHeader.ClassIn)
            return Typical.No;
        var type = (NbnsType)WireOctets.GetUInt16(ref start, recordFixed);
        if (type == NbnsType.NB && bytes.Length == data + NbEntry.Size)
        {
            // NB_FLAGS must have their reserved bits clear. A WACK has no NB_FLAGS, nor six octets.
            if ((WireOctets.GetUInt16(ref start, data) & NbFlags.ReservedBits) != 0)
                return Typical.No;
        }
        else if (type == NbnsType.NBStat)
        {
            if (bytes.Length - data <= NodeStatistics.Size
                || bytes.Length - data - 1 - (Unsafe.Add(ref start, data) * NodeStatusName.Size) < NodeStatistics.Size)
                return Typical.No;
        }
        else if (type == NbnsType.NB && new NbnsFlags(flags).Opcode != NbnsOpcode.Wack)
        {
            return Typical.Entries;
        }

        DescribeTypical(ref packet, bytes, name, data, (int)(counts >> 48));
        return Typical.Yes;
    }

    /// <summary>Finishes a typical packet whose NB data is not one entry: several addresses, nothing odd, or else the long way.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // its loop would cost every other packet its registers
    private static bool TryParseEntries(
        ReadOnlySpan<byte> bytes, Vector128<ulong> name, int data, int maxNameLength, out NbnsPacket packet, out NbnsParseError error)
    {
        Unsafe.SkipInit(out packet);
        error = default;
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        ushort found = 0;
        int at = data;
        for (; at <= bytes.Length - NbEntry.Size; at += NbEntry.Size)
            found |= WireOctets.GetUInt16(ref start, at);
        if (at != bytes.Length || (found & NbFlags.ReservedBits) != 0)
            return TryParseAny(bytes, maxNameLength, out packet, out error);
        DescribeTypical(ref packet, bytes, name, data, data == PlainAnswerData ? 0 : 1);
        return true;
    }

    /// <summary>One record of a plain name, behind the question's pointer or in front of everything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DescribeTypical(ref NbnsPacket packet, ReadOnlySpan<byte> bytes, Vector128<ulong> name, int data, int questions)
    {
        int recordsOffset = NbnsHeader.Size + (questions * (PlainQuestionEnd - NbnsHeader.Size));
        packet.Describe(
            bytes, questions, questions * PlainQuestionFixed, 1, recordsOffset, data - NbnsResourceRecord.FixedSize, bytes.Length, NbnsAnomalies.None);
        packet.DescribeName(name);
    }

    internal static bool TryParseAny(ReadOnlySpan<byte> bytes, int maxNameLength, out NbnsPacket packet, out NbnsParseError error)
    {
        packet = default;
        error = default;
        if (bytes.Length < NbnsHeader.Size)
        {
            packet.Describe(bytes, 0, 0, 0, bytes.Length, 0, bytes.Length, NbnsAnomalies.None);
            error = new NbnsParseError(NbnsParseErrorKind.Truncated, bytes.Length);
            return false;
        }

        var flags = new NbnsFlags(BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        int questionCount = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        int recordCount = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..])
            + BinaryPrimitives.ReadUInt16BigEndian(bytes[8..])
            + BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]);
        var anomalies = (flags.Value & NbnsFlags.ReservedBits) != 0 ? NbnsAnomalies.ReservedHeaderBits : NbnsAnomalies.None;

        int offset = NbnsHeader.Size;
        int questions = 0;
        int questionFixed = 0;
        int records = 0;
        int recordFixed = 0;
        bool whole = true;
        for (; whole && questions < questionCount; questions += whole ? 1 : 0)
        {
            whole = TryQuestion(bytes, ref offset, out int fixedPart, maxNameLength, ref anomalies, ref error);
            if (questions == 0)
                questionFixed = fixedPart;
        }

        int recordsOffset = offset;
        for (; whole && records < recordCount; records += whole ? 1 : 0)
        {
            if (questions > 0 && offset < bytes.Length && bytes[offset] < 0xC0)
                anomalies |= NbnsAnomalies.UncompressedName; // RFC 1002 §4.2.2 and its like draw a pointer to the question's name
            whole = TryRecord(bytes, flags.Opcode, ref offset, out int fixedPart, maxNameLength, ref anomalies, ref error);
            if (records == 0)
                recordFixed = fixedPart;
        }

        int length = offset;
        if (whole && offset < bytes.Length)
        {
            // RFC 1002 §4.2.6, §4.2.11 and §4.2.14 draw a record under ANCOUNT 0: take it when it fills the packet exactly.
            var found = anomalies;
            var ignored = default(NbnsParseError);
            if (flags.IsResponse && recordCount == 0
                && TryRecord(bytes, flags.Opcode, ref offset, out recordFixed, maxNameLength, ref found, ref ignored) && offset == bytes.Length)
            {
                anomalies = found | NbnsAnomalies.UncountedRecord;
                records = 1;
                length = offset;
            }
            else
            {
                anomalies |= NbnsAnomalies.TrailingOctets;
            }
        }

        if (!whole && error.Kind == NbnsParseErrorKind.Truncated
            && ((questionCount - questions) * MinQuestion) + ((recordCount - records) * MinRecord) > bytes.Length - offset)
            error = new NbnsParseError(NbnsParseErrorKind.CountsOverrun, questions < questionCount ? 4 : 6 + (2 * (int)NbnsRecords.Section(bytes, records)));

        packet.Describe(bytes, questions, questionFixed, records, recordsOffset, recordFixed, length, anomalies);
        return whole;
    }

    private static bool TryQuestion(
        ReadOnlySpan<byte> bytes, ref int offset, out int fixedPart, int maxNameLength, ref NbnsAnomalies anomalies, ref NbnsParseError error)
    {
        int at = fixedPart = offset;
        if (!NbnsNameReader.TrySkip(bytes, ref at, maxNameLength, ref anomalies, ref error))
            return false;
        if (bytes.Length - at < 4)
        {
            error = new NbnsParseError(NbnsParseErrorKind.Truncated, bytes.Length);
            return false;
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]) != NbnsHeader.ClassIn)
            anomalies |= NbnsAnomalies.UnknownClass;
        fixedPart = at;
        offset = at + 4;
        return true;
    }

    private static bool TryRecord(
        ReadOnlySpan<byte> bytes, NbnsOpcode opcode, ref int offset, out int fixedPart, int maxNameLength, ref NbnsAnomalies anomalies, ref NbnsParseError error)
    {
        int at = fixedPart = offset;
        if (!NbnsNameReader.TrySkip(bytes, ref at, maxNameLength, ref anomalies, ref error))
            return false;
        if (bytes.Length - at < NbnsResourceRecord.FixedSize)
        {
            error = new NbnsParseError(NbnsParseErrorKind.Truncated, bytes.Length);
            return false;
        }

        var type = (NbnsType)BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        if (BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]) != NbnsHeader.ClassIn)
            anomalies |= NbnsAnomalies.UnknownClass;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 8)..]);
        fixedPart = at;
        at += NbnsResourceRecord.FixedSize;
        if (bytes.Length - at < length)
        {
            error = new NbnsParseError(NbnsParseErrorKind.RecordDataOverrun, at);
            return false;
        }

        if (!TryData(bytes, type, opcode, at, length, ref anomalies, ref error))
            return false;
        offset = at + length;
        return true;
    }

    /// <summary>Checks RDATA of the types that accessors look into.</summary>
    private static bool TryData(
        ReadOnlySpan<byte> bytes, NbnsType type, NbnsOpcode opcode, int at, int length, ref NbnsAnomalies anomalies, ref NbnsParseError error)
    {
        var data = bytes.Slice(at, length);
        switch (type)
        {
            case NbnsType.NB when opcode != NbnsOpcode.Wack: // §4.2.16 puts two octets of flags under type NB
                if (length % NbEntry.Size != 0)
                    anomalies |= NbnsAnomalies.OddNbLength;
                for (int i = 0; i + NbEntry.Size <= length; i += NbEntry.Size)
                {
                    if ((BinaryPrimitives.ReadUInt16BigEndian(data[i..]) & NbFlags.ReservedBits) != 0)
                        anomalies |= NbnsAnomalies.ReservedNbFlags;
                }

                break;
            case NbnsType.NBStat:
                int statistics = length == 0 ? 0 : length - 1 - (data[0] * NodeStatusName.Size);
                if (statistics < 0)
                {
                    error = new NbnsParseError(NbnsParseErrorKind.NodeNamesOverrun, at);
                    return false;
                }

                if (statistics < NodeStatistics.Size)
                    anomalies |= NbnsAnomalies.ShortStatistics;
                break;
        }

        return true;
    }
}
