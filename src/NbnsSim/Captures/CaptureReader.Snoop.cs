namespace NbnsSim.Captures;

/// <content>Solaris snoop, version 2 (RFC 1761).</content>
/// <remarks>
/// <code>
/// file:   | "snoop" 0 0 0 (64) | version (32) | datalink (32) |
/// record: | original length (32) | included length (32) | record length (32) | drops (32) | seconds (32) | µs (32) | the frame, padded …
/// </code>
/// </remarks>
public sealed partial class CaptureReader
{
    private const int SnoopFileHeader = 16;
    private const int SnoopRecordHeader = 24;

    private bool BeginSnoop()
    {
        if (!Ensure(8) || !Present.StartsWith("snoop\0\0\0"u8))
            return false;
        Format = CaptureFormat.Snoop;
        _swapped = BitConverter.IsLittleEndian; // RFC 1761: all integers big-endian
        if (!Ensure(SnoopFileHeader))
            LoseTail("the snoop file header", SnoopFileHeader);
        else if (U32(8) != 2)
            Stop(CaptureDamageKind.UnreadableSection, $"snoop version {U32(8)}, of which only 2 is known");
        else
            AddInterface(new CaptureInterface { LinkType = SnoopLinkType(U32(12)) });
        _position += _done ? 0 : SnoopFileHeader;
        return true;
    }

    private bool TryReadSnoop(out CapturePacket packet)
    {
        packet = default;
        if (AtEnd())
            return false;
        if (!Ensure(SnoopRecordHeader))
        {
            LoseTail("the record header", SnoopRecordHeader);
            return false;
        }

        uint captured = U32(4);
        uint record = U32(8);
        if (captured > MaxPacketLength || record < SnoopRecordHeader + captured || record > BufferSize)
        {
            Stop(CaptureDamageKind.ImpossibleLength, $"a record of {record} octets with {captured} captured octets");
            return false;
        }

        // the last record may lack its padding
        if (!Ensure((int)record) && !Ensure(SnoopRecordHeader + (int)captured))
        {
            LoseTail("a record", record);
            return false;
        }

        packet._data = Span(SnoopRecordHeader, (int)captured);
        packet._frameNumber = ++_frame;
        packet._offset = Position;
        packet._time = Instant.FromUnixTime(U32(16), U32(20) * 1000L);
        packet._originalLength = Clamp(U32(0));
        packet._linkType = _linkType;
        _position += Math.Min((int)record, _end - _position);
        return true;
    }

    /// <summary>RFC 1761 §4, datalink type codes.</summary>
    private static LinkType SnoopLinkType(uint datalink) => datalink switch
    {
        0 or 4 => LinkType.Ethernet, // IEEE 802.3, Ethernet
        2 => LinkType.TokenRing,
        8 => LinkType.Fddi,
        _ => LinkType.Unknown,
    };
}
