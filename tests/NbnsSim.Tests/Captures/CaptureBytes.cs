using System.Buffers.Binary;
using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>Builds captures octet by octet, in either byte order, without the writer under test.</summary>
internal sealed class CaptureBytes(bool bigEndian = false)
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public CaptureBytes U16(int value)
    {
        var octets = new byte[2];
        if (bigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(octets, (ushort)value);
        return Add(octets);
    }

    public CaptureBytes U32(long value)
    {
        var octets = new byte[4];
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(octets, (uint)value);
        return Add(octets);
    }

    public CaptureBytes I64(long value)
    {
        var octets = new byte[8];
        if (bigEndian)
            BinaryPrimitives.WriteInt64BigEndian(octets, value);
        else
            BinaryPrimitives.WriteInt64LittleEndian(octets, value);
        return Add(octets);
    }

    public CaptureBytes Add(params ReadOnlySpan<byte> octets)
    {
        _bytes.AddRange(octets);
        return this;
    }

    public CaptureBytes Pad()
    {
        while (_bytes.Count % 4 != 0)
            _bytes.Add(0);
        return this;
    }

    public CaptureBytes PcapHeader(uint magic = 0xA1B2C3D4, uint linkType = 1, int snapLength = 65_535) =>
        U32(magic).U16(2).U16(4).U32(0).U32(0).U32(snapLength).U32(linkType);

    public CaptureBytes PcapRecord(long seconds, long fraction, byte[] frame, int? originalLength = null) =>
        U32(seconds).U32(fraction).U32(frame.Length).U32(originalLength ?? frame.Length).Add(frame);

    private int _netMonVersion;

    /// <summary>The header of a Network Monitor capture that began on 14 November 2023 at 22:13:20.500; its tables are where <paramref name="tables"/> says.</summary>
    public CaptureBytes NetMonHeader(int major, int minor, int network = 1, int tables = 0)
    {
        _netMonVersion = (major * 10) + minor;
        Add(major == 1 ? "RTSS"u8 : "GMBU"u8).Add((byte)minor, (byte)major).U16(network);
        foreach (int part in new[] { 2023, 11, 2, 14, 22, 13, 20, 500 })
            U16(part);
        return U32(tables).U32(tables == 0 ? 0 : 4).Add(new byte[96]);
    }

    /// <summary>A frame of it, so many ms (version 1) or µs after the start.</summary>
    public CaptureBytes NetMonRecord(long sinceStart, byte[] frame, int? originalLength = null, int network = 1, long fileTime = 0)
    {
        if (_netMonVersion < 20)
            return U32(sinceStart).U16(originalLength ?? frame.Length).U16(frame.Length).Add(frame);
        I64(sinceStart).U32(originalLength ?? frame.Length).U32(frame.Length).Add(frame);
        if (_netMonVersion > 20)
            U16(network);
        if (_netMonVersion > 21)
            U32(uint.MaxValue);
        return _netMonVersion > 22 ? I64(fileTime).Add(0) : this;
    }

    /// <summary>A block of pcapng with its two lengths; the body is padded.</summary>
    public CaptureBytes Block(uint type, Action<CaptureBytes> writeBody)
    {
        var body = new CaptureBytes(bigEndian);
        writeBody(body);
        body.Pad();
        return U32(type).U32(body.Length + 12).Add(body.ToArray()).U32(body.Length + 12);
    }

    public CaptureBytes Section() => Block(0x0A0D0D0A, body => body.U32(0x1A2B3C4D).U16(1).U16(0).I64(-1));

    public CaptureBytes Interface(LinkType linkType = LinkType.Ethernet, int snapLength = 0, Action<CaptureBytes>? options = null) => Block(1, body =>
    {
        body.U16((int)linkType).U16(0).U32(snapLength);
        if (options is not null)
        {
            options(body);
            body.Option(0);
        }
    });

    public CaptureBytes Option(int code, params ReadOnlySpan<byte> value) => U16(code).U16(value.Length).Add(value).Pad();

    public CaptureBytes Enhanced(ulong time, byte[] frame, int number = 0, int? originalLength = null, Action<CaptureBytes>? options = null) => Block(6, body =>
    {
        body.U32(number).U32((long)(time >> 32)).U32((uint)time).U32(frame.Length).U32(originalLength ?? frame.Length).Add(frame).Pad();
        options?.Invoke(body);
    });

    public CaptureBytes Simple(byte[] frame, int? originalLength = null) => Block(3, body => body.U32(originalLength ?? frame.Length).Add(frame));

    public CaptureBytes Obsolete(ulong time, byte[] frame, int number = 0) => Block(2, body =>
        body.U16(number).U16(0).U32((long)(time >> 32)).U32((uint)time).U32(frame.Length).U32(frame.Length).Add(frame).Pad());

    public CaptureBytes SnoopHeader(long datalink = 4, long version = 2) => Add("snoop\0\0\0"u8).U32(version).U32(datalink);

    public CaptureBytes SnoopRecord(long seconds, long microseconds, byte[] frame, int? originalLength = null, int padding = 0) =>
        U32(originalLength ?? frame.Length).U32(frame.Length).U32(24 + frame.Length + padding).U32(0).U32(seconds).U32(microseconds).Add(frame).Add(new byte[padding]);

    public CaptureReader Open() => CaptureReader.Open(new MemoryStream(ToArray()));
}
