using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Benchmarks;

/// <summary>
/// Captures of a network in which much is wrong: 5,000 hosts send, each mostly about its own names, a third about groups or names of others, and nobody waits for an answer: 40 % registrations, 25 % queries,
/// 15 % answers, 8 % releases, 5 % refusals, 4 % node status, 3 % others; 2,000 a second. Written as it is made, whatever its size.
/// </summary>
internal sealed class ArchiveLoad
{
    private const int Hosts = 5_000;
    private const uint FirstAddress = 0x0A14_0002;
    private const int FillerOctets = 1_514;

    private static readonly Ipv4Address Broadcast = Ipv4Address.Parse("10.20.255.255");
    private static readonly Ipv4Address Server = Ipv4Address.Parse("10.20.0.1");
    private static readonly string[] Groups = ["WORKGROUP", "CORP", "ENGINEERING", "SALES", "MSHOME", "LABNET", "FINANCE", "CONTOSO"];

    private RandomStream _random;
    private readonly byte[] _frame = new byte[FillerOctets];
    private readonly byte[] _payload = new byte[NbnsHeader.MaxDatagramLength];
    private Ipv4Address _source;
    private Ipv4Address _target;

    private ArchiveLoad(ulong seed) => _random = new RandomStream(seed);

    /// <summary>Writes a capture; the same for the same numbers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="datagrams">How many datagrams of the name service.</param>
    /// <param name="seed">Which of many.</param>
    /// <param name="fillers">How many full frames of TCP there are for each of them.</param>
    public static void Write(string path, int datagrams, ulong seed, int fillers = 0)
    {
        using var writer = new CaptureWriter(File.Create(path), new CaptureWriterOptions { Format = CaptureFormat.Pcap, Microseconds = true });
        var load = new ArchiveLoad(seed);
        long time = 1_700_000_000_000_000_000;
        for (int i = 0; i < datagrams; i++)
        {
            time += load._random.Next(1_000_000);
            int length = load.Next((ushort)i);
            writer.Write(new Instant(time), load._frame.AsSpan(0, length));
            for (int filler = 0; filler < fillers; filler++)
                writer.Write(new Instant(time), Filler);
        }
    }

    /// <summary>A frame of TCP (RFC 793) with nothing in it.</summary>
    private static byte[] Filler { get; } = MakeFiller();

    private static byte[] MakeFiller()
    {
        byte[] frame = new byte[FillerOctets];
        UdpFrame.Write(
            frame, MacAddress.FromIpv4(Server), MacAddress.FromIpv4(Broadcast), Ipv4Endpoint.NameService(Server), Ipv4Endpoint.NameService(Server), new byte[FillerOctets - UdpFrame.HeaderLength]);
        frame[23] = 6; // protocol, of which nobody looks at the checksum
        return frame;
    }

    private int Next(ushort number)
    {
        uint host = _random.Next(Hosts);
        _source = Address(host);
        _target = Broadcast;
        ushort id = (ushort)_random.NextUInt32();
        int length = Packet(_random.Next(100), id, Name(host, out bool isGroup), new NbFlags((ushort)(isGroup ? NbFlags.GroupBit : 0)), host);
        var station = _target == Broadcast ? MacAddress.Broadcast : MacAddress.FromIpv4(_target);
        return UdpFrame.Write(_frame, MacAddress.FromIpv4(_source), station, Ipv4Endpoint.NameService(_source), Ipv4Endpoint.NameService(_target), _payload.AsSpan(0, length), number);
    }

    private int Packet(uint kind, ushort id, in NetBiosName name, NbFlags flags, uint host)
    {
        if (kind < 40)
            return NbnsEncoder.WriteRequest(_payload, id, 0x2910, name, 300_000, new NbEntry(flags, _source));
        if (kind < 65)
        {
            bool isToAll = _random.Next(10) < 7;
            _target = isToAll ? Broadcast : Server;
            return NbnsEncoder.WriteQuery(_payload, id, isToAll ? (ushort)0x0110 : (ushort)0x0100, name);
        }

        if (kind < 80)
        {
            bool isServers = _random.Next(10) < 4;
            _source = isServers ? Server : _source;
            _target = Address(_random.Next(Hosts));
            var entries = new NbEntry[_random.Next(10) < 9 ? 1 : 2 + (int)_random.Next(3)];
            for (uint i = 0; i < entries.Length; i++)
                entries[i] = new NbEntry(flags, Address((host + i) % Hosts));
            return NbnsEncoder.WriteResponse(_payload, id, isServers ? (ushort)0x8580 : (ushort)0x8500, name, 300_000, entries);
        }

        if (kind < 88)
            return NbnsEncoder.WriteRequest(_payload, id, 0x3010, name, 0, new NbEntry(flags, _source));
        _target = kind is < 97 or 99 ? Address(_random.Next(Hosts)) : Server;
        return kind switch
        {
            < 93 => NbnsEncoder.WriteResponse(_payload, id, 0xAD86, name, 0, new NbEntry(flags, _target)),
            < 97 => NbnsEncoder.WriteNodeStatus(_payload, id, 0x8400, NetBiosName.Wildcard, Status(host), new NodeStatistics(MacAddress.FromIpv4(_source))),
            < 99 => NbnsEncoder.WriteRequest(_payload, id, 0x4000, name, 300_000, new NbEntry(flags, _source)),
            _ => NbnsEncoder.WriteResponse(_payload, id, 0xAD87, name, 0, new NbEntry(flags, _target)),
        };
    }

    private NetBiosName Name(uint host, out bool isGroup)
    {
        uint whose = _random.Next(200);
        isGroup = whose is >= 124 and < 180;
        if (isGroup)
            return new NetBiosName(Groups[_random.Next((uint)Groups.Length)], (NameSuffix)new byte[] { 0x00, 0x1E, 0x1D, 0x1C, 0x1B }[_random.Next(5)]);
        if (whose >= 197)
            return Computer(host, NameSuffix.Server).WithScope(NetBiosScope.Parse("NETBIOS.CORP.EXAMPLE.COM"));
        return Computer(whose < 124 ? host : _random.Next(Hosts), (NameSuffix)new byte[] { 0x00, 0x20, 0x20, 0x03 }[_random.Next(4)]);
    }

    private NodeStatusName[] Status(uint host)
    {
        string group = Groups[host % (uint)Groups.Length];
        NodeStatusName[] all =
        [
            new(Computer(host, NameSuffix.Workstation), new NameFlags(0x0400)), new(new NetBiosName(group, NameSuffix.Workstation), new NameFlags(0x8400)),
            new(Computer(host, NameSuffix.Server), new NameFlags(0x0400)), new(new NetBiosName(group, NameSuffix.Browser), new NameFlags(0x8400)),
            new(Computer(host, NameSuffix.Messenger), new NameFlags(0x0400)), new(new NetBiosName(group, NameSuffix.MasterBrowser), new NameFlags(0x0400)),
        ];
        return all[..(3 + (int)_random.Next(4))];
    }

    private static Ipv4Address Address(uint host) => new(FirstAddress + host);

    private static NetBiosName Computer(uint host, NameSuffix suffix) => new($"PC{host:D5}", suffix);
}
