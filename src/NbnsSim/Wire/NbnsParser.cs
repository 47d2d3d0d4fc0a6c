using System.Buffers.Binary;

namespace NbnsSim.Wire;

/// <summary>The one place that checks bytes from the world (RFC 1002 §4.2.1); everything else trusts what it found.</summary>
internal static class NbnsParser
{
    private const int MinQuestion = 1 + 4;
    private const int MinRecord = 1 + NbnsResourceRecord.FixedSize;

    public static bool TryParse(ReadOnlySpan<byte> bytes, bool allowLongNames, out NbnsPacket packet, out NbnsParseError error)
    {
        error = default;
        if (bytes.Length < NbnsHeader.Size)
        {
            packet = new NbnsPacket(bytes, 0, bytes.Length, 0, bytes.Length, NbnsAnomalies.None);
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
        int records = 0;
        int recordsOffset = offset;
        bool whole = true;
        while (whole && questions < questionCount)
        {
            whole = TryQuestion(bytes, ref offset, allowLongNames, ref anomalies, ref error);
            questions += whole ? 1 : 0;
        }

        recordsOffset = offset;
        while (whole && records < recordCount)
        {
            whole = TryRecord(bytes, ref offset, allowLongNames, ref anomalies, ref error);
            records += whole ? 1 : 0;
        }

        int length = offset;
        if (whole && offset < bytes.Length)
        {
            anomalies |= NbnsAnomalies.TrailingOctets;
            // RFC 1002 §4.2.6, §4.2.11 and §4.2.14 draw a record under ANCOUNT 0: take it when it fills the packet exactly.
            if (flags.IsResponse && recordCount == 0 && questionCount == 0)
            {
                var ignored = default(NbnsParseError);
                var found = anomalies;
                int end = offset;
                if (TryRecord(bytes, ref end, allowLongNames, ref found, ref ignored) && end == bytes.Length)
                {
                    anomalies = (found & ~NbnsAnomalies.TrailingOctets) | NbnsAnomalies.UncountedRecord;
                    records = 1;
                    length = end;
                }
            }
        }

        if (!whole && error.Kind == NbnsParseErrorKind.Truncated
            && ((long)(questionCount - questions) * MinQuestion) + ((long)(recordCount - records) * MinRecord) > bytes.Length - offset)
            error = new NbnsParseError(NbnsParseErrorKind.CountsOverrun, 4);

        packet = new NbnsPacket(bytes, questions, recordsOffset, records, length, anomalies);
        return whole;
    }

    private static NbnsOpcode Opcode(ReadOnlySpan<byte> bytes) => (NbnsOpcode)((bytes[2] >> 3) & 0xF);

    private static bool TryQuestion(ReadOnlySpan<byte> bytes, ref int offset, bool allowLongNames, ref NbnsAnomalies anomalies, ref NbnsParseError error)
    {
        int at = offset;
        if (!NbnsNameReader.TrySkip(bytes, ref at, allowLongNames, ref anomalies, ref error))
            return false;
        if (bytes.Length - at < 4)
        {
            error = new NbnsParseError(NbnsParseErrorKind.Truncated, bytes.Length);
            return false;
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]) != NbnsHeader.ClassIn)
            anomalies |= NbnsAnomalies.UnknownClass;
        offset = at + 4;
        return true;
    }

    private static bool TryRecord(ReadOnlySpan<byte> bytes, ref int offset, bool allowLongNames, ref NbnsAnomalies anomalies, ref NbnsParseError error)
    {
        int at = offset;
        if (!NbnsNameReader.TrySkip(bytes, ref at, allowLongNames, ref anomalies, ref error))
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
        at += NbnsResourceRecord.FixedSize;
        if (bytes.Length - at < length)
        {
            error = new NbnsParseError(NbnsParseErrorKind.RecordDataOverrun, at);
            return false;
        }

        var data = bytes.Slice(at, length);
        switch (type)
        {
            case NbnsType.NB when Opcode(bytes) != NbnsOpcode.Wack: // §4.2.16 puts two octets of flags under type NB
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

                if (statistics < 46)
                    anomalies |= NbnsAnomalies.ShortStatistics;
                break;
        }

        offset = at + length;
        return true;
    }
}
