using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Benchmarks;

/// <summary>A capture of a busy office network: 40 % registrations, 25 % queries, 15 % answers, 8 % releases, 5 % refusals, 4 % node status, 3 % others.</summary>
internal static class CaptureMix
{
    private static readonly Ipv4Address Broadcast = Ipv4Address.Parse("10.20.255.255");

    /// <summary>Makes the capture; the same for the same number of frames.</summary>
    public static byte[] Make(int frames, CaptureFormat format = CaptureFormat.Pcap)
    {
        var random = new RandomStream(20_260_101);
        var names = Enumerable.Range(0, 5_000)
            .Select(i => NetBiosName.Parse(i % 70 == 0 ? $"PC{i:D5}<20>.NETBIOS.CORP.EXAMPLE" : $"PC{i:D5}<{new[] { "00", "03", "20" }[i % 3]}>")).ToArray();
        var stream = new MemoryStream(frames * 140);
        using (var writer = new CaptureWriter(stream, new CaptureWriterOptions { Format = format, Microseconds = true }, leaveOpen: true))
        {
            byte[] frame = new byte[1_500];
            byte[] payload = new byte[NbnsHeader.MaxDatagramLength];
            long time = 1_700_000_000_000_000_000;
            for (int i = 0; i < frames; i++)
            {
                time += random.Next(1_000_000);
                var source = new Ipv4Address(0x0A140000 + 2 + random.Next(5_000));
                int length = Packet(payload, random.Next(100), (ushort)random.NextUInt32(), names[random.Next((uint)names.Length)], source);
                length = UdpFrame.Write(
                    frame, MacAddress.FromIpv4(source), MacAddress.Broadcast, Ipv4Endpoint.NameService(source), Ipv4Endpoint.NameService(Broadcast), payload.AsSpan(0, length), (ushort)i);
                writer.Write(new Instant(time), frame.AsSpan(0, length));
            }
        }

        return stream.ToArray();
    }

    private static int Packet(byte[] payload, uint kind, ushort id, in NetBiosName name, Ipv4Address address)
    {
        var entry = new NbEntry(new NbFlags(0), address);
        return kind switch
        {
            < 40 => NbnsEncoder.WriteRequest(payload, id, 0x2910, name, 300_000, entry),
            < 65 => NbnsEncoder.WriteQuery(payload, id, 0x0110, name),
            < 80 => NbnsEncoder.WriteResponse(payload, id, 0x8500, name, 300_000, entry),
            < 88 => NbnsEncoder.WriteRequest(payload, id, 0x3010, name, 0, entry),
            < 93 => NbnsEncoder.WriteResponse(payload, id, 0xAD86, name, 0, entry),
            < 97 => NbnsEncoder.WriteNodeStatus(
                payload, id, 0x8400, name,
                [new(name, new NameFlags(0x0400)), new(name, new NameFlags(0x8400)), new(name, new NameFlags(0x0400)), new(name, new NameFlags(0x0400))], new NodeStatistics(MacAddress.FromIpv4(address))),
            < 99 => NbnsEncoder.WriteRequest(payload, id, 0x4000, name, 300_000, entry),
            _ => NbnsEncoder.WriteResponse(payload, id, 0xAD87, name, 0, entry),
        };
    }
}
