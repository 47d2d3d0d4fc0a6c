using System.Buffers.Binary;

namespace NbnsSim.SharpPcap.Tests;

/// <summary>A capture file with nanoseconds, for libpcap to open.</summary>
internal sealed class PcapFile : IDisposable
{
    public PcapFile(int linkType, params byte[][] frames)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName() + ".pcap");
        using var file = File.Create(Path);
        Span<byte> header = stackalloc byte[24];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B23C4D);
        header[4] = 2;
        header[6] = 4;
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 262_144);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], linkType);
        file.Write(header);
        for (int i = 0; i < frames.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header, 1_600_000_000 + i);
            BinaryPrimitives.WriteInt32LittleEndian(header[4..], 123_456_789);
            BinaryPrimitives.WriteInt32LittleEndian(header[8..], frames[i].Length);
            BinaryPrimitives.WriteInt32LittleEndian(header[12..], frames[i].Length);
            file.Write(header[..16]);
            file.Write(frames[i]);
        }
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
