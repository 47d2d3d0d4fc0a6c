using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Benchmarks;

/// <summary>
/// A capture of a network in which nothing is wrong: every host registers its own names by broadcast and demands them, then asks for names of others, who answer. It is written as it is
/// made, whatever its size.
/// </summary>
internal static class CaptureOffice
{
    private const uint FirstAddress = 0x0A40_0001;

    private static readonly Ipv4Endpoint Everybody = Ipv4Endpoint.NameService(Ipv4Address.Parse("10.127.255.255"));

    /// <summary>Writes the capture; the same for the same numbers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="frames">How many frames, at least.</param>
    /// <param name="hosts">How many hosts.</param>
    public static void Write(string path, int frames, int hosts)
    {
        using var file = File.Create(path);
        Write(file, frames, hosts);
    }

    /// <summary>The capture in memory.</summary>
    public static byte[] Make(int frames, int hosts)
    {
        var memory = new MemoryStream(frames * 130);
        Write(memory, frames, hosts);
        return memory.ToArray();
    }

    private static void Write(Stream file, int frames, int hosts)
    {
        var random = new RandomStream(20_260_101);
        using var writer = new CaptureWriter(file, new CaptureWriterOptions { Format = CaptureFormat.Pcap, Microseconds = true }, leaveOpen: true);
        var office = new Network(writer);
        for (int i = 0; office.Frames < frames; i++)
        {
            uint host = (uint)(i % hosts);
            if (i < hosts)
                office.Register(host, (ushort)i);
            else
                office.Ask(host, random.Next((uint)hosts), (ushort)i);
        }
    }

    private sealed class Network(CaptureWriter writer)
    {
        private readonly byte[] _frame = new byte[1_500];
        private readonly byte[] _payload = new byte[NbnsHeader.MaxDatagramLength];
        private long _time = 1_700_000_000_000_000_000;

        public int Frames { get; private set; }

        /// <summary>Three requests, 250 ms apart, and the demand (RFC 1002 §5.1.1.1).</summary>
        public void Register(uint host, ushort id)
        {
            for (int attempt = 0; attempt < 4; attempt++)
            {
                ushort flags = attempt < 3 ? (ushort)0x2910 : (ushort)0x2810;
                Send(host, Everybody, NbnsEncoder.WriteRequest(_payload, id, flags, Name(host), 300_000, Entry(host)), 250_000_000);
            }
        }

        /// <summary>A question, and the answer of whoever has the name.</summary>
        public void Ask(uint host, uint other, ushort id)
        {
            Send(host, Everybody, NbnsEncoder.WriteQuery(_payload, id, 0x0110, Name(other)), 200_000);
            Send(other, Ipv4Endpoint.NameService(Address(host)), NbnsEncoder.WriteResponse(_payload, id, 0x8500, Name(other), 300_000, Entry(other)), 100_000);
        }

        private void Send(uint host, Ipv4Endpoint to, int length, long later)
        {
            var source = Address(host);
            var target = to == Everybody ? MacAddress.Broadcast : MacAddress.FromIpv4(to.Address);
            int size = UdpFrame.Write(_frame, MacAddress.FromIpv4(source), target, Ipv4Endpoint.NameService(source), to, _payload.AsSpan(0, length), (ushort)Frames);
            writer.Write(new Instant(_time), _frame.AsSpan(0, size));
            _time += later;
            Frames++;
        }

        private static Ipv4Address Address(uint host) => new(FirstAddress + host);

        private static NbEntry Entry(uint host) => new(default, Address(host));

        private static NetBiosName Name(uint host) => new($"PC{host:D6}", NameSuffix.Server);
    }
}
