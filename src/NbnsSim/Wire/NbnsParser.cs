using System.Buffers.Binary;

namespace NbnsSim.Wire;

/// <summary>The one place that checks bytes from the world (RFC 1002 §4.2.1); everything else trusts what it found.</summary>
internal static class NbnsParser
{
    private const int MinQuestion = 1 + 4;
    private const int MinRecord = 1 + NbnsResourceRecord.FixedSize;

    public static bool TryParse(ReadOnlySpan<byte> bytes, int maxNameLength, out NbnsPacket packet, out NbnsParseError error)
    {
        error = default;
        if (bytes.Length < NbnsHeader.Size)
        {
            packet = new NbnsPacket(bytes, 0, 0, 0, bytes.Length, 0, bytes.Length, NbnsAnomalies.None);
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

        packet = new NbnsPacket(bytes, questions, questionFixed, records, recordsOffset, recordFixed, length, anomalies);
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

        var data = bytes.Slice(at, length);
        switch (type)
        {
            case NbnsType.NB when opcode != NbnsOpcode.Wack: // §4.2.16 puts two octets of flags under type NB
                if (length % NbEntry.Size != 0)
                    anomalies |= NbnsAnomalies.OddNbLength;
                for (int i = 0; i + NbEntry.Size <= length; i += NbEntry.Size)
                {
                    if ((BinaryPrimitives.ReadUInt16BigEndian(data[i..]) & 0x1FFF) != 0)
                        anomalies |= NbnsAnomalies.ReservedNbFlags;
                }

                break;
            case NbnsType.NBStat when length > 0:
                int statistics = length - 1 - (data[0] * NodeStatusName.Size);
                if (statistics < 0)
                {
                    error = new NbnsParseError(NbnsParseErrorKind.NodeNamesOverrun, at);
                    return false;
                }

                if (statistics < NodeStatistics.Size)
                    anomalies |= NbnsAnomalies.ShortStatistics;
                break;
        }

        offset = at + length;
        return true;
    }
}
