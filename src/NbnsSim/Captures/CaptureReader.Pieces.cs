using System.Buffers;
using System.Buffers.Binary;

namespace NbnsSim.Captures;

/// <content>Reading on elsewhere.</content>
public sealed partial class CaptureReader
{
    /// <summary>
    /// What stands for all that was read so far: a capture without packets. With the octets from <see cref="Position"/> on behind it, it is read on exactly as this one is, frames being counted from 1 again.
    /// </summary>
    /// <returns>
    /// A pcap file header, or a pcapng section header with the interfaces that the section has described; null for other formats, compressed captures, pcap records of a patched libpcap's layout, and at the
    /// end of what can be read.
    /// </returns>
    public byte[]? TryGetHead()
    {
        if (IsDecompressing || _done)
            return null;
        return Format switch
        {
            CaptureFormat.Pcap => PcapHead(),
            CaptureFormat.PcapNg => PcapNgHead(),
            _ => null,
        };
    }

    private byte[]? PcapHead()
    {
        const int usualCapturedAt = 8;
        if (!_recordsSettled)
            SettleRecords();
        if (_recordHeader != CommonRecordHeader || _capturedAt != usualCapturedAt)
            return null;
        // Which layout records have is looked up in the first of them where a magic leaves it open. These two leave nothing open.
        bool hasNanoseconds = _fraction == 1;
        var head = new Writer(_swapped);
        head.U32(hasNanoseconds ? NanosecondMagic : IxiaSoftwareMagic);
        head.U16(2);
        head.U16(4);
        head.U64(0);
        head.U32((uint)_interfaces[0].SnapLength);
        head.U32((uint)_linkType);
        if (!hasNanoseconds)
            head.U32(0);
        return head.ToArray();
    }

    private byte[] PcapNgHead()
    {
        const int resolutionAndOffset = 8 + 12 + 4;
        var head = new Writer(_swapped);
        head.U32(SectionBlock);
        head.U32(SectionBlockFixed + 4);
        head.U32(ByteOrderMagic);
        head.U16(1);
        head.U16(0);
        head.U64(ulong.MaxValue); // a length that is not given
        head.U32(SectionBlockFixed + 4);
        for (int i = 0; i < _interfaces.Count; i++)
        {
            const uint length = InterfaceBlockFixed + resolutionAndOffset + 4;
            head.U32(InterfaceBlock);
            head.U32(length);
            head.U16((ushort)_interfaces[i].LinkType);
            head.U16(0);
            head.U32((uint)_interfaces[i].SnapLength);
            head.U16(PcapNgOptions.InterfaceResolution);
            head.U16(1);
            head.Octets([_clocks[i].Resolution, 0, 0, 0]);
            head.U16(PcapNgOptions.InterfaceOffset);
            head.U16(sizeof(long));
            head.U64((ulong)_clocks[i].OffsetSeconds);
            head.U32(0);
            head.U32(length);
        }

        return head.ToArray();
    }

    /// <summary>Numbers in the capture's byte order.</summary>
    private readonly struct Writer(bool swapped)
    {
        private readonly ArrayBufferWriter<byte> _octets = new();

        private bool IsLittleEndian => BitConverter.IsLittleEndian != swapped;

        public void U16(ushort value)
        {
            var room = _octets.GetSpan(sizeof(ushort));
            if (IsLittleEndian)
                BinaryPrimitives.WriteUInt16LittleEndian(room, value);
            else
                BinaryPrimitives.WriteUInt16BigEndian(room, value);
            _octets.Advance(sizeof(ushort));
        }

        public void U32(uint value)
        {
            var room = _octets.GetSpan(sizeof(uint));
            if (IsLittleEndian)
                BinaryPrimitives.WriteUInt32LittleEndian(room, value);
            else
                BinaryPrimitives.WriteUInt32BigEndian(room, value);
            _octets.Advance(sizeof(uint));
        }

        public void U64(ulong value)
        {
            var room = _octets.GetSpan(sizeof(ulong));
            if (IsLittleEndian)
                BinaryPrimitives.WriteUInt64LittleEndian(room, value);
            else
                BinaryPrimitives.WriteUInt64BigEndian(room, value);
            _octets.Advance(sizeof(ulong));
        }

        public void Octets(ReadOnlySpan<byte> octets) => _octets.Write(octets);

        public byte[] ToArray() => _octets.WrittenSpan.ToArray();
    }
}
