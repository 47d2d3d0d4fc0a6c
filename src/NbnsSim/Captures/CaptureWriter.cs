using System.Buffers.Binary;
using System.Text;

namespace NbnsSim.Captures;

/// <summary>Writes packet captures: pcapng with comments on packets, or pcap; times to the nanosecond. Nothing is allocated per packet.</summary>
/// <remarks>Data gathers in a buffer: <see cref="Flush"/> or <see cref="Dispose"/> sends it on to the stream.</remarks>
public sealed class CaptureWriter : IDisposable
{
    private const int MaxOption = ushort.MaxValue;
    private const uint SectionBlock = 0x0A0D_0D0A;
    private const uint InterfaceBlock = 1;
    private const uint EnhancedPacketBlock = 6;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly CaptureWriterOptions _options;
    private byte[] _buffer = new byte[65_536];
    private int _end;
    private int _interfaces;
    private bool _disposed;

    /// <summary>Starts a capture.</summary>
    /// <param name="stream">Where it goes; need not be seekable.</param>
    /// <param name="options">How it is written; null for pcapng in nanoseconds.</param>
    /// <param name="leaveOpen">Whether disposing the writer leaves the stream open.</param>
    public CaptureWriter(Stream stream, CaptureWriterOptions? options = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _leaveOpen = leaveOpen;
        _options = options ?? new CaptureWriterOptions();
        if (_options.Format == CaptureFormat.PcapNg)
            WriteSection();
    }

    /// <summary>Starts a capture file; one that exists is replaced. A name that ends in <c>.pcap</c> or <c>.cap</c> gives pcap, any other pcapng.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static CaptureWriter Create(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        bool pcap = Path.GetExtension(path).ToUpperInvariant() is ".PCAP" or ".CAP";
        var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        return new CaptureWriter(file, new CaptureWriterOptions { Format = pcap ? CaptureFormat.Pcap : CaptureFormat.PcapNg });
    }

    /// <summary>Describes an interface that packets were captured on.</summary>
    /// <param name="described">Its link type and names.</param>
    /// <returns>Its number: 0 for the first.</returns>
    /// <exception cref="InvalidOperationException">The format is pcap, which has one interface only, and it has been described.</exception>
    public int AddInterface(CaptureInterface described)
    {
        ArgumentNullException.ThrowIfNull(described);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_options.Format == CaptureFormat.PcapNg)
            WriteInterface(described);
        else if (_interfaces == 0)
            WritePcapHeader(described);
        else
            throw new InvalidOperationException("A pcap file has one interface only: write pcapng for several.");
        return _interfaces++;
    }

    /// <summary>Writes a packet. Where no interface was described, an Ethernet one is.</summary>
    /// <param name="time">When it was captured; from 1970 on, in pcap until 2106.</param>
    /// <param name="frame">Its octets, beginning with the link layer.</param>
    /// <param name="interfaceIndex">Which interface it was captured on, as <see cref="AddInterface"/> gave it.</param>
    /// <param name="comment">A comment on it, which pcap cannot keep; null for none.</param>
    /// <param name="originalLength">How long it was on the wire; null when all of it is here.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time, the interface or the length cannot be written.</exception>
    /// <exception cref="ArgumentException">The comment is longer than 65,535 octets of UTF-8.</exception>
    public void Write(Instant time, ReadOnlySpan<byte> frame, int interfaceIndex = 0, string? comment = null, int? originalLength = null)
    {
        int comments = comment is null ? 0 : OptionLength(Encoding.UTF8.GetByteCount(comment));
        var block = Begin(time, frame, interfaceIndex, originalLength ?? frame.Length, comments);
        if (comment is not null && _options.Format == CaptureFormat.PcapNg)
            Option(PcapNgOptions.Comment, comment);
        Finish(block);
    }

    /// <summary>Writes a packet as it was read, its comments included.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="interfaceIndex">Which interface of this writer it belongs to.</param>
    /// <param name="furtherComments">Comments to add, which pcap cannot keep.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time or the interface cannot be written.</exception>
    /// <exception cref="ArgumentException">A comment is longer than 65,535 octets of UTF-8.</exception>
    public void Write(scoped in CapturePacket packet, int interfaceIndex = 0, params ReadOnlySpan<string> furtherComments)
    {
        int comments = 0;
        foreach (var comment in packet.Comments)
            comments += OptionLength(comment.Length);
        foreach (string comment in furtherComments)
            comments += OptionLength(Encoding.UTF8.GetByteCount(comment));
        var block = Begin(packet.Time, packet.Data, interfaceIndex, Math.Max(packet.OriginalLength, packet.Data.Length), comments);
        if (_options.Format == CaptureFormat.PcapNg)
        {
            foreach (var comment in packet.Comments)
            {
                OptionHeader(PcapNgOptions.Comment, comment.Length);
                Octets(comment);
            }

            foreach (string comment in furtherComments)
                Option(PcapNgOptions.Comment, comment);
        }

        Finish(block);
    }

    /// <summary>Sends what has gathered to the stream; a capture without packets gets its headers.</summary>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_interfaces == 0)
            AddInterface(new CaptureInterface());
        Drain();
        _stream.Flush();
    }

    /// <summary>Sends what has gathered to the stream and lets go of it.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        Flush();
        _disposed = true;
        if (!_leaveOpen)
            _stream.Dispose();
    }

    /// <summary>Writes all of a packet but its comments; says where its pcapng block lies in the buffer.</summary>
    private (int Start, int Length) Begin(Instant time, ReadOnlySpan<byte> frame, int interfaceIndex, int originalLength, int comments)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, CaptureReader.MaxPacketLength, nameof(frame));
        ArgumentOutOfRangeException.ThrowIfLessThan(originalLength, frame.Length);
        if (time.Nanoseconds < 0 || (_options.Format == CaptureFormat.Pcap && time.Seconds > uint.MaxValue))
            throw new ArgumentOutOfRangeException(nameof(time), time, "A capture cannot hold this time.");
        if (_interfaces == 0)
            AddInterface(new CaptureInterface());
        if ((uint)interfaceIndex >= (uint)_interfaces)
            throw new ArgumentOutOfRangeException(nameof(interfaceIndex), interfaceIndex, $"Only {_interfaces} interfaces are described.");

        if (_options.Format == CaptureFormat.Pcap)
        {
            Reserve(16 + frame.Length);
            U32((uint)time.Seconds);
            U32((uint)(_options.Microseconds ? time.NanosecondOfSecond / 1000 : time.NanosecondOfSecond));
            U32((uint)frame.Length);
            U32((uint)originalLength);
            frame.CopyTo(_buffer.AsSpan(_end));
            _end += frame.Length;
            return default;
        }

        int length = 32 + Padded(frame.Length) + comments + (comments > 0 ? 4 : 0);
        var block = BeginBlock(EnhancedPacketBlock, length);
        ulong ticks = (ulong)(_options.Microseconds ? time.Nanoseconds / 1000 : time.Nanoseconds);
        U32((uint)interfaceIndex);
        U32((uint)(ticks >> 32));
        U32((uint)ticks);
        U32((uint)frame.Length);
        U32((uint)originalLength);
        Octets(frame);
        return block;
    }

    private void Finish((int Start, int Length) block)
    {
        if (_options.Format == CaptureFormat.PcapNg)
            EndBlock(block);
    }

    private void WritePcapHeader(CaptureInterface described)
    {
        Reserve(24);
        U32(_options.Microseconds ? 0xA1B2_C3D4 : 0xA1B2_3C4D);
        U16(2);
        U16(4);
        U32(0);
        U32(0);
        U32(described.SnapLength > 0 ? (uint)described.SnapLength : CaptureReader.MaxPacketLength);
        U32((uint)described.LinkType);
    }

    private void WriteSection()
    {
        int options = TextLength(_options.Comment) + TextLength(_options.Application);
        var block = BeginBlock(SectionBlock, 28 + options + (options > 0 ? 4 : 0));
        U32(0x1A2B_3C4D);
        U16(1);
        U16(0);
        U32(uint.MaxValue); // the section's length is not known beforehand
        U32(uint.MaxValue);
        Text(PcapNgOptions.Comment, _options.Comment);
        Text(PcapNgOptions.SectionApplication, _options.Application);
        EndBlock(block);
    }

    private void WriteInterface(CaptureInterface described)
    {
        var block = BeginBlock(InterfaceBlock, 20 + TextLength(described.Name) + TextLength(described.Description) + 8 + 4);
        U16((ushort)described.LinkType);
        U16(0);
        U32((uint)described.SnapLength);
        Text(PcapNgOptions.InterfaceName, described.Name);
        Text(PcapNgOptions.InterfaceDescription, described.Description);
        OptionHeader(PcapNgOptions.InterfaceResolution, 1);
        Octets([(byte)(_options.Microseconds ? 6 : 9)]);
        EndBlock(block);
    }

    private static int Padded(int length) => (length + 3) & ~3;

    private static int OptionLength(int valueLength) => valueLength <= MaxOption
        ? 4 + Padded(valueLength)
        : throw new ArgumentException($"A text of {valueLength} octets is longer than a capture can hold: {MaxOption}.", nameof(valueLength));

    private static int TextLength(string? text) => text is null ? 0 : OptionLength(Encoding.UTF8.GetByteCount(text));

    private (int Start, int Length) BeginBlock(uint type, int length)
    {
        Reserve(length);
        var block = (_end, length);
        U32(type);
        U32((uint)length);
        return block;
    }

    /// <summary>Ends the options, where there are any, and the block.</summary>
    private void EndBlock((int Start, int Length) block)
    {
        if (_end + 4 < block.Start + block.Length)
            U32(0); // opt_endofopt
        U32((uint)block.Length);
    }

    private void Text(ushort code, string? text)
    {
        if (text is not null)
            Option(code, text);
    }

    private void Option(ushort code, string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        OptionHeader(code, length);
        Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_end));
        Pad(length);
    }

    private void OptionHeader(ushort code, int length)
    {
        U16(code);
        U16((ushort)length);
    }

    private void Octets(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_buffer.AsSpan(_end));
        Pad(octets.Length);
    }

    private void Pad(int written)
    {
        _buffer.AsSpan(_end + written, Padded(written) - written).Clear();
        _end += Padded(written);
    }

    private void U16(ushort value)
    {
        if (_options.BigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(_end), value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(_end), value);
        _end += 2;
    }

    private void U32(uint value)
    {
        if (_options.BigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(_end), value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_end), value);
        _end += 4;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _end >= count)
            return;
        Drain();
        if (_buffer.Length < count)
            _buffer = new byte[count];
    }

    private void Drain()
    {
        _stream.Write(_buffer, 0, _end);
        _end = 0;
    }
}
