using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NbnsSim.Captures;

/// <content>libpcap's format (draft-ietf-opsawg-pcap).</content>
/// <remarks>
/// <code>
/// file:   | magic (32) | major (16) | minor (16) | reserved (32) | reserved (32) | snap length (32) | link type (32) |
/// record: | seconds (32) | µs or ns (32) | captured length (32) | original length (32) | the frame …
/// </code>
/// </remarks>
public sealed partial class CaptureReader
{
    private const int PcapFileHeader = 24;
    private const uint MicrosecondMagic = 0xA1B2_C3D4;
    private const uint NanosecondMagic = 0xA1B2_3C4D;
    private const uint ModifiedMagic = 0xA1B2_CD34; // Kuznetzov's patched tcpdump: eight more octets in each record

    private int _recordHeader;
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
        _recordHeader = magic == ModifiedMagic ? 24 : 16;
        _fraction = magic == NanosecondMagic ? 1u : 1000u;
        if (!Ensure(PcapFileHeader))
        {
            LoseTail("the pcap file header", PcapFileHeader);
            return true;
        }

        // the upper half of the link type word says how long a frame check sequence is, which IP's own length makes irrelevant
        AddInterface(new CaptureInterface { LinkType = (LinkType)(U32(20) & 0xFFFF), SnapLength = Clamp(U32(16)) });
        _position += PcapFileHeader;
        return true;
    }

    private static bool IsPcap(uint magic) => magic is MicrosecondMagic or NanosecondMagic or ModifiedMagic;

    private bool TryReadPcap(out CapturePacket packet)
    {
        int header = _recordHeader;
        ref byte record = ref At(_position);
        int present = _end - _position;
        uint captured = present >= header ? Number(ref record, 8) : 0;
        if (present - header < (int)captured || captured > MaxPacketLength || present < header)
        {
            // one of the two is too short: have more, or find out that there is none
            if (!Ensure(header) || U32(8) > MaxPacketLength || !Ensure(header + (int)U32(8)))
                return EndPcap(out packet);
            record = ref At(_position);
            captured = Number(ref record, 8);
        }

        Unsafe.SkipInit(out packet);
        packet._data = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref record, header), (int)captured);
        packet._options = default;
        packet._frameNumber = ++_frame;
        packet._offset = _consumed + _position;
        packet._time = new Instant((Number(ref record, 0) * 1_000_000_000L) + ((long)Number(ref record, 4) * _fraction));
        packet._originalLength = Clamp(Number(ref record, 12));
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
        else if (U32(8) > MaxPacketLength)
            Stop(CaptureDamageKind.ImpossibleLength, $"a captured length of {U32(8)} octets where {MaxPacketLength} is the most there can be");
        else
            LoseTail("a record", _recordHeader + U32(8));
        return false;
    }
}
