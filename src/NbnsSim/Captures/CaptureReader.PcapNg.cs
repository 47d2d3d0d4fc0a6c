using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace NbnsSim.Captures;

/// <content>pcapng (draft-ietf-opsawg-pcapng).</content>
/// <remarks>
/// <code>
/// block:    | type (32) | total length (32) | body, padded to 32 bits … | total length (32) |
/// section:  | byte-order magic (32) | major (16) | minor (16) | section length (64) | options …
/// interface:| link type (16) | reserved (16) | snap length (32) | options …
/// enhanced: | interface (32) | time (64, upper word first) | captured length (32) | original length (32) | the frame, padded | options …
/// simple:   | original length (32) | the frame, padded |
/// obsolete: | interface (16) | drops (16) | then as an enhanced packet
/// </code>
/// </remarks>
public sealed partial class CaptureReader
{
    private const uint SectionBlock = 0x0A0D_0D0A; // reads the same in both byte orders
    private const uint InterfaceBlock = 1;
    private const uint ObsoletePacketBlock = 2;
    private const uint SimplePacketBlock = 3;
    private const uint EnhancedPacketBlock = 6;
    private const uint ByteOrderMagic = 0x1A2B_3C4D;

    private const int BlockOverhead = 12;
    private const int PacketBlockFixed = 28;
    private const int SimpleBlockFixed = 12;
    private const int SectionBlockFixed = 24;
    private const int InterfaceBlockFixed = 16;
    private const int MaxText = 256;

    private CaptureClock[] _clocks = new CaptureClock[4];
    private long _lastSimple; // the number of the last frame that came in a simple packet block
    private LinkType _linkType; // of the only interface, in formats that have one

    /// <summary>The section that is read: where it begins, its length by its own word (-1 where it gives none), and whether its numbers are in the other byte order than this machine's.</summary>
    internal (long Offset, long Length, bool Swapped) Section { get; private set; }

    /// <summary>Whether the frame that was read last came in a block that has no room for comments (§4.4).</summary>
    internal bool IsSimplePacket => _lastSimple == _frame;

    private bool BeginPcapNg()
    {
        if (U32(0) != SectionBlock)
            return false;
        Format = CaptureFormat.PcapNg;
        BeginSection();
        return true;
    }

    private bool TryReadPcapNg(out CapturePacket packet)
    {
        while (!AtEnd())
        {
            if (!Ensure(BlockOverhead))
            {
                LoseTail("a block", BlockOverhead);
                break;
            }

            uint type = U32(0);
            if (type == SectionBlock && !BeginSection())
                break;
            uint length = U32(4);
            if (length < BlockOverhead || length % 4 != 0)
            {
                Stop(CaptureDamageKind.ImpossibleLength, $"a block of {length} octets");
                break;
            }

            switch (type)
            {
                case EnhancedPacketBlock or ObsoletePacketBlock:
                    if (TryPacket(type, length, out packet))
                        return true;
                    break;
                case SimplePacketBlock:
                    if (TrySimplePacket(length, out packet))
                        return true;
                    break;
                case InterfaceBlock:
                    DescribeInterface(length);
                    break;
                default:
                    _frame += CaptureBlocks.CountsAsFrame(type) ? 1 : 0;
                    break;
            }

            if (!_done)
                PassBlock(length);
        }

        packet = default;
        return false;
    }

    private bool TryPacket(uint type, uint length, out CapturePacket packet)
    {
        Unsafe.SkipInit(out packet);
        if (!TakeBlock(length, PacketBlockFixed))
            return false;
        uint captured = U32(20);
        uint number = type == EnhancedPacketBlock ? U32(8) : U16(8);
        if (captured > length - PacketBlockFixed - 4)
            return Lose(CaptureDamageKind.ImpossibleLength, $"a captured length of {captured} octets in a block of {length}");
        if (captured > MaxPacketLength)
            return Lose(CaptureDamageKind.PacketTooLong, $"a captured length of {captured} octets where {MaxPacketLength} is the most that is read");
        if (number >= (uint)_interfaces.Count)
            return Lose(CaptureDamageKind.UnknownInterface, $"it names interface {number} where {_interfaces.Count} are described");

        int options = PacketBlockFixed + (((int)captured + 3) & ~3);
        ref readonly var clock = ref _clocks[number];
        packet._data = Span(PacketBlockFixed, (int)captured);
        packet._options = Span(options, (int)length - 4 - options);
        packet._frameNumber = ++_frame;
        packet._offset = _consumed + _position;
        packet._time = clock.Convert(((ulong)U32(12) << 32) | U32(16));
        packet._originalLength = Clamp(U32(24));
        packet._interface = (int)number;
        packet._linkType = clock.LinkType;
        packet._swapped = _swapped;
        _position += (int)length;
        return true;
    }

    private bool TrySimplePacket(uint length, out CapturePacket packet)
    {
        packet = default;
        if (!TakeBlock(length, SimpleBlockFixed))
            return false;
        if (_interfaces.Count == 0)
            return Lose(CaptureDamageKind.UnknownInterface, "a simple packet block before any interface is described");

        // §4.4: the captured length is the original or the snap length, whichever is less
        int snap = _interfaces[0].SnapLength;
        int captured = Math.Min(Clamp(U32(8)), (int)length - SimpleBlockFixed - 4);
        captured = snap > 0 ? Math.Min(captured, snap) : captured;
        if (captured > MaxPacketLength)
            return Lose(CaptureDamageKind.PacketTooLong, $"a captured length of {captured} octets where {MaxPacketLength} is the most that is read");
        packet._data = Span(SimpleBlockFixed, captured);
        packet._frameNumber = _lastSimple = ++_frame;
        FramesWithoutTime++;
        packet._offset = Position;
        packet._originalLength = Clamp(U32(8));
        packet._linkType = _clocks[0].LinkType;
        _position += (int)length;
        return true;
    }

    /// <summary>Has a packet's whole block in the buffer; otherwise says what is lost.</summary>
    private bool TakeBlock(uint length, int fixedPart)
    {
        if (length < fixedPart + 4)
            return Lose(CaptureDamageKind.ImpossibleLength, $"a packet block of {length} octets");
        if (length > BufferSize)
            return Lose(CaptureDamageKind.PacketTooLong, $"a packet block of {length} octets where {BufferSize} is the most that is read");
        if (!Ensure((int)length))
            LoseTail("a block", length);
        else if (U32((int)length - 4) != length)
            Stop(CaptureDamageKind.LengthsDisagree, $"a block begins with a length of {length} octets and ends with {U32((int)length - 4)}");
        return !_done;
    }

    private void PassBlock(uint length)
    {
        long start = Position;
        if (!Skip(length - 4L) || !Ensure(4))
        {
            Stop(
                _streamDamage is null ? CaptureDamageKind.CutShort : CaptureDamageKind.CompressedData,
                _streamDamage ?? $"a block of {length} octets is cut short after {_consumed + _end - start}",
                start);
            return;
        }

        uint trailer = U32(0);
        _position += 4;
        if (trailer != length)
            Stop(CaptureDamageKind.LengthsDisagree, $"a block begins with a length of {length} octets and ends with {trailer}", start);
    }

    /// <summary>A section says its byte order and forgets the interfaces before it.</summary>
    private bool BeginSection()
    {
        if (!Ensure(SectionBlockFixed + 4))
        {
            LoseTail("the section header block", SectionBlockFixed + 4);
            return false;
        }

        _swapped = false;
        _swapped = U32(8) != ByteOrderMagic;
        _interfaces.Clear();
        if (U32(8) == ByteOrderMagic && U16(12) == 1 && U32(4) >= SectionBlockFixed + 4)
        {
            long length = Unsafe.ReadUnaligned<long>(ref At(_position + 16));
            Section = (Position, _swapped ? BinaryPrimitives.ReverseEndianness(length) : length, _swapped);
            return true;
        }

        Stop(CaptureDamageKind.UnreadableSection, U32(8) != ByteOrderMagic
            ? $"a section header block with byte-order magic {U32(8):X8}"
            : $"a section header block of version {U16(12)}.{U16(14)} and {U32(4)} octets");
        return false;
    }

    private void DescribeInterface(uint length)
    {
        // options behind the buffer's end are of no use to us: names and clocks stand in front
        int present = (int)Math.Min(length, BufferSize);
        if (length < InterfaceBlockFixed + 4)
        {
            Stop(CaptureDamageKind.ImpossibleLength, $"an interface description block of {length} octets");
            return;
        }

        if (!Ensure(present))
            return; // PassBlock says what is missing
        if (_interfaces.Count == MaxInterfaces)
        {
            Note(CaptureDamageKind.TooManyInterfaces, $"a section with more than {MaxInterfaces} interfaces");
            return;
        }

        byte resolution = 6; // §4.2: microseconds unless if_tsresol says otherwise
        long offset = 0;
        string? name = null;
        string? description = null;
        var options = new PcapNgOptions(Span(InterfaceBlockFixed, present - InterfaceBlockFixed - 4), _swapped);
        while (options.MoveNext())
        {
            switch (options.Code)
            {
                case PcapNgOptions.InterfaceName:
                    name = Text(options.Value);
                    break;
                case PcapNgOptions.InterfaceDescription:
                    description = Text(options.Value);
                    break;
                case PcapNgOptions.InterfaceResolution when options.Value.Length >= 1:
                    resolution = options.Value[0];
                    break;
                case PcapNgOptions.InterfaceOffset when options.Value.Length >= 8:
                    offset = options.Int64Value;
                    break;
            }
        }

        AddInterface(
            new CaptureInterface { LinkType = (LinkType)U16(8), SnapLength = Clamp(U32(12)), Name = name, Description = description },
            resolution,
            offset);
    }

    private void AddInterface(CaptureInterface described, byte resolution = 6, long offset = 0)
    {
        if (_interfaces.Count == _clocks.Length)
            Array.Resize(ref _clocks, _clocks.Length * 2);
        _linkType = described.LinkType;
        _clocks[_interfaces.Count] = new CaptureClock(described.LinkType, resolution, offset);
        _interfaces.Add(described);
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxText)]);
}
