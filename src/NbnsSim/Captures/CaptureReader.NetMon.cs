using System.Buffers.Binary;

namespace NbnsSim.Captures;

/// <content>Microsoft Network Monitor, versions 1.x and 2.x: the tool that came with Windows NT Server and SMS.</content>
/// <remarks>
/// <code>
/// file:    | "RTSS" or "GMBU" (32) | minor (8) | major (8) | network (16) | start: year, month, weekday, day, hour, minute, second, ms (16 each) |
///          | where and how long (32 each): frame table, user data, comments, processes, networks, statistics | … to octet 128
/// 1.x:     | ms since the start (32) | original length (16) | captured length (16) | the frame …
/// 2.x:     | µs since the start (64) | original length (32) | captured length (32) | the frame … | [network (16)] | [process (32)] | [UTC (64) | zone (8)] |
/// </code>
/// The frames stand one behind the other, before the tables that say where they are, so that no table is needed to read them.
/// </remarks>
public sealed partial class CaptureReader
{
    private const int NetMonFileHeader = 128;
    private const int NetMonTables = 24;
    private const int NetMonTableCount = 6;
    private const long WindowsEpoch = -11_644_473_600; // 1 January 1601 in seconds of Unix

    private long _framesEnd = long.MaxValue; // where the first table begins
    private long _start; // in nanoseconds
    private int _trailer; // octets behind a frame

    private bool BeginNetMon()
    {
        bool isFirst = Present.StartsWith("RTSS"u8);
        if (!isFirst && !Present.StartsWith("GMBU"u8))
            return false;
        Format = CaptureFormat.NetworkMonitor;
        _swapped = !BitConverter.IsLittleEndian;
        if (!Ensure(NetMonFileHeader))
        {
            LoseTail("the Network Monitor file header", NetMonFileHeader);
            return true;
        }

        int major = At(_position + 5);
        int minor = At(_position + 4);
        if (major != (isFirst ? 1 : 2))
        {
            Stop(CaptureDamageKind.UnreadableSection, $"Network Monitor version {major}.{minor}, of which only 1 and 2 are known");
            return true;
        }

        _recordHeader = isFirst ? 8 : 16;
        _trailer = isFirst ? 0 : minor switch { 0 => 0, 1 => 2, 2 => 6, _ => 15 };
        _start = NetMonStart();
        for (int table = 0; table < NetMonTableCount; table++)
        {
            uint at = U32(NetMonTables + (8 * table));
            if (at >= NetMonFileHeader)
                _framesEnd = Math.Min(_framesEnd, at);
        }

        AddInterface(new CaptureInterface { LinkType = NetMonLinkType(U16(6)) });
        _position += NetMonFileHeader;
        return true;
    }

    private bool TryReadNetMon(out CapturePacket packet)
    {
        packet = default;
        if (Position >= _framesEnd)
            End();
        if (AtEnd())
        {
            if (Position < _framesEnd && _framesEnd != long.MaxValue && Damage is null)
                LoseTail("the frames", _framesEnd - Position);
            return false;
        }

        if (!Ensure(_recordHeader))
        {
            LoseTail("the record header", _recordHeader);
            return false;
        }

        bool isFirst = _recordHeader == 8;
        uint captured = isFirst ? U16(6) : U32(12);
        if (captured > MaxPacketLength)
        {
            Stop(CaptureDamageKind.ImpossibleLength, $"a captured length of {captured} octets where {MaxPacketLength} is the most there can be");
            return false;
        }

        int length = _recordHeader + (int)captured + _trailer;
        if (!Ensure(length))
        {
            LoseTail("a record", length);
            return false;
        }

        packet._frameNumber = ++_frame;
        packet._offset = Position;
        packet._time = NetMonTime(isFirst ? U32(0) * 1_000_000L : Microseconds(0), _recordHeader + (int)captured);
        packet._originalLength = isFirst ? U16(4) : Clamp(U32(8));
        packet._data = Span(_recordHeader, (int)captured);
        packet._linkType = _trailer == 0 ? _linkType : NetMonLinkType(U16(_recordHeader + (int)captured));
        if (packet._linkType == LinkType.Wireless && packet._data.Length >= 3)
        {
            // what the driver says about the reception stands in front, with its length
            int said = BinaryPrimitives.ReadUInt16LittleEndian(packet._data[1..]);
            packet._data = packet._data[Math.Min(said, packet._data.Length)..];
            packet._originalLength = Math.Max(packet._originalLength - said, packet._data.Length);
        }

        _position += length;
        return true;
    }

    private long Microseconds(int offset)
    {
        long count = (long)(((ulong)U32(offset + 4) << 32) | U32(offset));
        return (long)Int128.Clamp((Int128)count * 1000, -long.MaxValue / 4, long.MaxValue / 4);
    }

    /// <summary>Version 2.3 gives each frame its own time in UTC; before, there is the capturing machine's local time, whose zone nobody noted.</summary>
    private Instant NetMonTime(long sinceStart, int trailer)
    {
        const int utc = 6;
        if (_trailer > utc && (U32(trailer + utc) | U32(trailer + utc + 4)) != 0)
        {
            ulong ticks = ((ulong)U32(trailer + utc + 4) << 32) | U32(trailer + utc); // of 100 ns
            return new Instant((long)Int128.Clamp(((Int128)ticks * 100) + ((Int128)WindowsEpoch * 1_000_000_000), long.MinValue, long.MaxValue));
        }

        return new Instant(_start + sinceStart);
    }

    private long NetMonStart()
    {
        int year = U16(8);
        int month = U16(10);
        int day = U16(14);
        bool isDate = year is >= 1970 and <= 2200 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        if (!isDate || U16(16) > 23 || U16(18) > 59 || U16(20) > 60 || U16(22) > 999)
            return 0;
        var date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
        long seconds = ((date - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond) + (U16(16) * 3600L) + (U16(18) * 60L) + U16(20);
        return ((seconds * 1000) + U16(22)) * 1_000_000;
    }

    /// <summary>NDIS media; 0xE000 and above are pcap's numbers.</summary>
    private static LinkType NetMonLinkType(int network) => network switch
    {
        0 or 1 => LinkType.Ethernet,
        2 => LinkType.TokenRing,
        3 => LinkType.Fddi,
        6 => LinkType.Wireless,
        >= 7 and <= 9 => LinkType.Raw, // tunnels, mobile broadband
        >= 0xE000 and < 0xF000 => (LinkType)(network & 0xFFF),
        _ => LinkType.Unknown,
    };
}
