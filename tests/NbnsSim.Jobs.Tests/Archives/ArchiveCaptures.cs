using NbnsSim.Captures;
using NbnsSim.Tests.Captures;

namespace NbnsSim.Jobs.Tests.Archives;

/// <summary>Captures with all that makes it hard to read them in pieces.</summary>
internal static class ArchiveCaptures
{
    private static readonly byte[] Long = [.. Frames.Payload, .. new byte[90]];
    private static readonly byte[] Udp = Frames.Udp(Long);

    public static IEnumerable<(string Name, byte[] Octets)> All()
    {
        yield return ("usual.pcap", Pcap(new CaptureBytes().PcapHeader()));
        yield return ("nanoseconds.pcap", Pcap(new CaptureBytes().PcapHeader(magic: 0xA1B23C4D)));
        yield return ("big.pcap", Pcap(new CaptureBytes(bigEndian: true).PcapHeader()));
        yield return ("usual.pcapng", PcapNg(bigEndian: false));
        yield return ("big.pcapng", PcapNg(bigEndian: true));
        yield return ("sections.pcapng", [.. PcapNg(bigEndian: true), .. PcapNg(bigEndian: false), .. PcapNg(bigEndian: true)]);
        yield return ("damaged.pcapng", [.. PcapNg(bigEndian: false), .. PcapNg(bigEndian: false)[..700], .. new byte[300]]);
        yield return ("cut.pcap", Pcap(new CaptureBytes().PcapHeader())[..^5]);
        yield return ("liar.pcap", Liar());
        yield return ("backwards.pcap", Backwards());
    }

    public static byte[] Pcap(CaptureBytes bytes, int from = 1_000)
    {
        foreach (byte[] frame in Traffic())
            bytes.PcapRecord(from++, 500, frame, frame.Length + (from % 3));
        return bytes.ToArray();
    }

    /// <summary>Frames that carry what looks like a chain of records: a guess that falls into one takes them for records.</summary>
    public static byte[] Liar()
    {
        var bytes = new CaptureBytes().PcapHeader();
        for (int i = 0; i < 12; i++)
        {
            var chain = new CaptureBytes();
            for (int record = 0; record < 20; record++)
                chain.PcapRecord(500, 3, Frames.Ordinary());
            bytes.PcapRecord(1_000 + i, 0, Frames.Ethernet(Frames.Ipv4(Frames.Udp(chain.ToArray(), destinationPort: 5_000))));
            bytes.PcapRecord(1_000 + i, 100_000, Frames.Ordinary([.. Long, (byte)i]));
        }

        return bytes.ToArray();
    }

    private static byte[] Backwards()
    {
        var bytes = new CaptureBytes().PcapHeader();
        for (int i = 0; i < 40; i++)
            bytes.PcapRecord(2_000 + (i * 7 % 11), i, Frames.Ordinary([.. Long, (byte)i]));
        return bytes.ToArray();
    }

    private static byte[] PcapNg(bool bigEndian)
    {
        var bytes = new CaptureBytes(bigEndian).Section().Interface(options: options => options.Option(9, 9).Option(14, bigEndian ? [0, 0, 0, 0, 0, 0, 0, 7] : [7, 0, 0, 0, 0, 0, 0, 0]));
        ulong time = 1_000_000_000;
        foreach (byte[] frame in Traffic())
            bytes.Enhanced(time += 1_000_000_000, frame, options: options => options.Option(1, "a comment of some length"u8));
        bytes.Interface(LinkType.Raw, snapLength: 64).Block(5, body => body.U32(1).U32(0).U32(0));
        foreach (byte[] frame in Traffic())
            bytes.Enhanced(time += 1_000_000_000, frame).Enhanced(time / 1_000, frame[14..], number: 1);
        bytes.Section().Interface(LinkType.Raw).Block(0xBAD, body => body.U32(32_473).Add(new byte[1_000]));
        foreach (var one in Wrappings.All)
            bytes.Interface(one.Link);
        for (int i = 0; i < Wrappings.All.Count; i++)
            bytes.Enhanced((ulong)(1_000_000 * (i + 20)), Wrappings.All[i].Frame, i + 1);
        return bytes.Simple(Frames.Ipv4(Frames.Udp())).Obsolete(900_000_000, Frames.Ipv4(Frames.Udp())).ToArray();
    }

    /// <summary>Datagrams, some of them in fragments far from each other, one of which never comes to an end; what is repeated within 50 ms; and what is no name service.</summary>
    private static IEnumerable<byte[]> Traffic()
    {
        byte[] Piece(int identification, int from, int to) => Frames.Ethernet(Frames.Ipv4(Udp[from..to], identification, from, more: to < Udp.Length));
        for (int i = 0; i < 5; i++)
        {
            yield return Frames.Ordinary();
            yield return Piece((10 * i) + 7, 0, 32);
            yield return Piece((10 * i) + 8, 0, 40);
            yield return Frames.Ethernet(Frames.Ipv4(Frames.Udp(new byte[200], sourcePort: 53, destinationPort: 5353)));
            yield return Piece((10 * i) + 9, 16, 40);
            yield return Frames.Ordinary([.. Long, (byte)i]);
            yield return Frames.Ordinary([.. Long, (byte)i]);
            yield return Frames.Ordinary([0x12]);
            yield return Frames.Ordinary([]);
            yield return Piece((10 * i) + 8, 40, Udp.Length);
            yield return Frames.Ethernet(Frames.Ipv4([8, 0, 0, 0, .. new byte[20]], protocol: 50));
            yield return Piece((10 * i) + 7, 32, Udp.Length);
            yield return Frames.Ethernet(Frames.Ipv4([3, 3, 0, 0, 0, 0, 0, 0, .. Frames.Ipv4(Frames.Udp())], protocol: 1));
            yield return Frames.Ethernet(Frames.Ipv6(Frames.Udp(ipv6: true)), type: 0x86DD);
        }
    }
}
