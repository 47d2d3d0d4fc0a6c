using System.Buffers.Binary;

namespace NbnsSim.Cli.Tests;

/// <summary>Captures made by hand.</summary>
internal static class TestCapture
{
    /// <summary>A pcap of raw IPv4 packets (link type 101), one second apart from 2001-09-09 01:46:40 on.</summary>
    public static byte[] Of(params (string From, int FromPort, string To, int ToPort, byte[] Payload)[] datagrams)
    {
        using var file = new MemoryStream();
        Span<byte> header = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0];
        file.Write(header);
        for (int i = 0; i < datagrams.Length; i++)
        {
            var (from, fromPort, to, toPort, payload) = datagrams[i];
            byte[] record = new byte[16 + 28 + payload.Length];
            BinaryPrimitives.WriteInt32LittleEndian(record, 1_000_000_000 + i);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), record.Length - 16);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), record.Length - 16);
            record[16] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(18), (ushort)(record.Length - 16));
            record[24] = 64;
            record[25] = 17;
            Ipv4Address.Parse(from).Write(record.AsSpan(28));
            Ipv4Address.Parse(to).Write(record.AsSpan(32));
            BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(36), (ushort)fromPort);
            BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(38), (ushort)toPort);
            BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(40), (ushort)(payload.Length + 8));
            payload.CopyTo(record, 44);
            file.Write(record);
        }

        return file.ToArray();
    }
}
