using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NbnsSim.Captures;

/// <content>libpcap's format (draft-ietf-opsawg-pcap).</content>
/// <remarks>
/// <code>
/// file:   | magic (32) | major (16) | minor (16) | reserved (32) | reserved (32) | snap length (32) | link type (32) |
/// record: | seconds (32) | µs or ns (32) | captured length (32) | original length (32) | the frame …
/// </code>
/// Patched libpcaps put more behind a record's header: interface, protocol and packet type (24 octets in all, Red Hat 6.1's, mostly with a magic of its own; 28, SuSE
/// 6.3's), or four octets of Nokia's IPSO. Ixia's files have their length behind the file header. Before version 2.4 the lengths may stand the other way round.
/// </remarks>
public sealed partial class CaptureReader
{
    private const int PcapFileHeader = 24;
    private const uint MicrosecondMagic = 0xA1B2_C3D4;
    private const uint NanosecondMagic = 0xA1B2_3C4D;
    private const uint ModifiedMagic = 0xA1B2_CD34; // Kuznetzov's patched tcpdump: eight more octets in each record

    private const uint IxiaHardwareMagic = 0x1C00_01AC;
    private const uint IxiaSoftwareMagic = 0x1C00_01AB;
    private const int CommonRecordHeader = 16;

    private static readonly int[] CommonHeaders = [CommonRecordHeader, 20, 24];
    private static readonly int[] ModifiedHeaders = [24, 28];

    private int _recordHeader;
    private int _capturedAt = 8; // where a record says how much of the frame there is
    private bool _recordsSettled; // whether the first record has been looked at
    private int[]? _possibleHeaders; // of a magic that several layouts share
    private int _minorVersion;
    private uint _fraction; // nanoseconds in a unit of the second word of a time

    private bool BeginPcap()
    {
        if (!IsPcap(U32(0)))
        {
            _swapped = true;
            if (!IsPcap(U32(0)))
            {
                _swapped = false;
                return false;
            }
        }

        uint magic = U32(0);

        Format = CaptureFormat.Pcap;
        _possibleHeaders = magic switch { MicrosecondMagic => CommonHeaders, ModifiedMagic => ModifiedHeaders, _ => null };
        _recordHeader = _possibleHeaders?[0] ?? CommonRecordHeader;
        _fraction = magic == NanosecondMagic ? 1u : 1000u;
        int header = magic is IxiaHardwareMagic or IxiaSoftwareMagic ? PcapFileHeader + 4 : PcapFileHeader;
        if (!Ensure(header))
        {
            LoseTail("the pcap file header", header);
            return true;
        }

        _minorVersion = U16(6);

        // the upper half of the link type word says how long a frame check sequence is, which IP's own length makes irrelevant
        AddInterface(new CaptureInterface { LinkType = (LinkType)(U32(20) & 0xFFFF), SnapLength = Clamp(U32(16)) });
        _position += header;
        return true;
    }

    private static bool IsPcap(uint magic) => magic is MicrosecondMagic or NanosecondMagic or ModifiedMagic or IxiaHardwareMagic or IxiaSoftwareMagic;

    /// <summary>Which layout the records have, where the file's header leaves it open, by what is in the buffer of the first two.</summary>
    private void SettleRecords()
    {
        _recordsSettled = true;
        if (!Ensure(CommonRecordHeader))
            return;
        // as libpcap has it: swapped before version 2.3, in which both ways occur
        bool isSwapped = _minorVersion < 3 ? U32(12) <= U32(8) : _minorVersion == 3 && U32(8) > U32(12);
        _capturedAt = isSwapped ? 12 : 8;
        foreach (int header in _possibleHeaders ?? [])
        {
            if (!IsPlausible(header))
                continue;
            _recordHeader = header;
            break;
        }
    }

    /// <summary>Whether the second record is one if the first has a header of so many octets; where there is no second, whether the frame is plainly Ethernet.</summary>
    private bool IsPlausible(int header)
    {
        bool isUsual = header == _recordHeader; // needs no proof
        uint captured = U32(_capturedAt);
        if (captured > MaxPacketLength)
            return isUsual;
        int next = header + (int)captured;
        if (_source.CanSeek) // a file, so that nothing is waited for
            Ensure(next + CommonRecordHeader);
        int present = _end - _position;
        if (present >= next + CommonRecordHeader)
        {
            uint captured2 = U32(next + _capturedAt);
            bool isRecord = captured2 <= MaxPacketLength && U32(next + 4) < 2_000_000;
            return isRecord && (isUsual || (captured2 > 0 && captured2 <= U32(next + 20 - _capturedAt) && Math.Abs((long)U32(next) - U32(0)) < int.MaxValue / 4));
        }

        bool isAlone = _streamEnded && _linkType == LinkType.Ethernet && captured > 14 && present > header + 14;
        bool isEthernet = isAlone && BinaryPrimitives.ReadUInt16BigEndian(Span(header + 12, sizeof(ushort))) is EtherTypes.Ipv4 or EtherTypes.Ipv6 or EtherTypes.VlanTag;
        return isUsual ? !isAlone || isEthernet || present == next : isEthernet && present == next;
    }

    private bool TryReadPcap(out CapturePacket packet)
    {
        if (!_recordsSettled)
            SettleRecords();
        int header = _recordHeader;
        ref byte record = ref At(_position);
        int present = _end - _position;
        uint captured = present >= header ? Number(ref record, _capturedAt) : 0;
        if (present - header < (int)captured || captured > MaxPacketLength || present < header)
        {
            // one of the two is too short: have more, or find out that there is none
            if (!Ensure(header) || U32(_capturedAt) > MaxPacketLength || !Ensure(header + (int)U32(_capturedAt)))
                return EndPcap(out packet);
            record = ref At(_position);
            captured = Number(ref record, _capturedAt);
        }

        Unsafe.SkipInit(out packet);
        packet._data = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref record, header), (int)captured);
        packet._options = default;
        packet._frameNumber = ++_frame;
        packet._offset = _consumed + _position;
        packet._time = new Instant((Number(ref record, 0) * 1_000_000_000L) + ((long)Number(ref record, 4) * _fraction));
        packet._originalLength = Clamp(Number(ref record, 20 - _capturedAt));
        packet._interface = 0;
        packet._linkType = _linkType;
        packet._swapped = false;
        _position += header + (int)captured;
        return true;
    }

    private bool EndPcap(out CapturePacket packet)
    {
        packet = default;
        if (AtEnd())
            return false;
        if (!Ensure(_recordHeader))
            LoseTail("the record header", _recordHeader);
        else if (U32(_capturedAt) > MaxPacketLength)
            Stop(CaptureDamageKind.ImpossibleLength, $"a captured length of {U32(_capturedAt)} octets where {MaxPacketLength} is the most there can be");
        else
            LoseTail("a record", _recordHeader + U32(_capturedAt));
        return false;
    }
}
