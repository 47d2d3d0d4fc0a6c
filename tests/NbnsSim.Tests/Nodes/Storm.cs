using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Nodes;

/// <summary>Reproducible chaos for one node: plausible, odd and broken datagrams, commands and time, all drawn from a seed.</summary>
public sealed class Storm
{
    public static readonly Ipv4Address Server = Ipv4Address.Parse("10.0.0.200");

    private static readonly ushort[] FlagWords =
    [
        0x2910, 0x2900, 0x2810, 0x2800, 0x4000, 0x4800, 0x7900, 0xAD80, 0xAD86, 0xAD00, 0xAD87, 0xAD84, 0x3000, 0x3010, 0xB400, 0xB406,
        0x0100, 0x0110, 0x0000, 0x8500, 0x8580, 0x8583, 0x8100, 0xBC00, 0x0010, 0x8400, 0xC580, 0xFD80,
    ];

    private static readonly string[] NamePool = ["ALPHA<00>", "LAB<00>", "ALPHA<03>", "USER<03>", "ALPHA<20>", "LAB<1E>", "OTHER<20>", "*", "*ODD<20>", "FAR<20>.SCOPE"];

    private RandomStream _random;

    public Storm(ulong seed) => _random = new RandomStream(seed);

    public Instant Now { get; private set; } = Instant.FromMilliseconds(1000);

    public static EndNode MakeNode(ulong seed, Func<NetBtDialect, NetBtDialect>? change = null)
    {
        var random = new RandomStream(seed);
        var dialects = NetBtDialect.All;
        var options = new EndNodeOptions
        {
            Dialect = (change ?? (dialect => dialect))(dialects[(int)random.Next((uint)dialects.Length)]),
            NodeType = (OwnerNodeType)random.Next(4),
            NameServers = random.Next(4) == 0 ? [] : random.Next(2) == 0 ? [Server] : [Server, Ipv4Address.Parse("10.0.0.201")],
            Workgroup = "LAB",
            EnableProxy = random.Next(2) == 0,
            EnableProxyRegCheck = random.Next(2) == 0,
            CacheCapacity = 4,
            MaxTransactions = 12,
        };
        EndNodeInterface[] interfaces = [EndNodeInterface.InSubnet(Ipv4Address.Parse("10.0.0.1")), EndNodeInterface.InSubnet(Ipv4Address.Parse("10.0.0.2"))];
        return new EndNode("ALPHA", interfaces.AsSpan(0, 1 + (int)random.Next(2)), options, seed);
    }

    /// <summary>One step; says what it was.</summary>
    public string Step(EndNode node)
    {
        switch (_random.Next(20))
        {
            case 0 or 1 or 2:
                return Command(node);
            case 3:
                Now += TimeSpan.FromMilliseconds(_random.Next(2000));
                node.HandleTimeout(Now);
                return "time";
            case 4 when node.PollTimeout() is { } due:
                Now = due > Now ? due : Now;
                node.HandleTimeout(Now);
                return "timer";
            default:
                return Deliver(node);
        }
    }

    private string Deliver(EndNode node)
    {
        var bytes = new byte[700];
        int length = Compose(node, bytes);
        if (_random.Next(4) == 0)
            length = Mutate(bytes, length);
        bool broadcast = _random.Next(2) == 0;
        var source = _random.Next(5) switch
        {
            0 or 1 => Server,
            2 => node.GetInterface((int)_random.Next((uint)node.InterfaceCount)).Address,
            _ => new Ipv4Address(0x0A000000 + _random.Next(256)),
        };
        int at = _random.Next(50) == 0 ? (int)_random.Next(4) : (int)_random.Next((uint)node.InterfaceCount);
        var destination = broadcast || at >= node.InterfaceCount ? Ipv4Address.Broadcast : node.GetInterface(at).Address;
        node.HandleDatagram(Now, new Datagram(
            bytes.AsSpan(0, length), new Ipv4Endpoint(source, (ushort)(_random.Next(3) == 0 ? _random.Next(65_536) : 137)), Ipv4Endpoint.NameService(destination), broadcast, at));
        return "datagram " + Convert.ToHexString(bytes.AsSpan(0, length));
    }

    private int Compose(EndNode node, Span<byte> buffer)
    {
        ushort flags = FlagWords[(int)_random.Next((uint)FlagWords.Length)];
        var running = node.Transactions.ToArray();
        var target = running.Length > 0 && _random.Next(3) > 0 ? running[(int)_random.Next((uint)running.Length)] : null;
        ushort id = target?.TransactionId ?? (ushort)_random.NextUInt32();
        var name = target?.Name ?? NetBiosName.Parse(NamePool[(int)_random.Next((uint)NamePool.Length)]);
        var entry = new NbEntry(new NbFlags((ushort)(_random.Next(2) * 0x8000)), new Ipv4Address(0x0A000000 + _random.Next(4)));
        uint ttl = _random.Next(3) switch { 0 => 0, 1 => _random.Next(1000), _ => _random.NextUInt32() };
        return (flags >> 15, _random.Next(8)) switch
        {
            (0, 0) => NbnsEncoder.WriteQuery(buffer, id, flags, name, NbnsType.NBStat),
            (0, _) when (flags & 0x7800) == 0 => NbnsEncoder.WriteQuery(buffer, id, flags, name),
            (0, _) => NbnsEncoder.WriteRequest(buffer, id, flags, name, ttl, entry),
            (_, 0) => NbnsEncoder.WriteRedirect(buffer, id, 0x8100, name, ttl, name, entry.Address),
            (_, 1) => NbnsEncoder.WriteWack(buffer, id, 0xBC00, name, ttl, default),
            (_, 2) => NbnsEncoder.WriteNegativeQueryResponse(buffer, id, flags, name),
            (_, 3) => NbnsEncoder.WriteNodeStatus(buffer, id, 0x8400, name, [], default),
            _ => NbnsEncoder.WriteResponse(buffer, id, flags, name, ttl, entry),
        };
    }

    private int Mutate(Span<byte> bytes, int length)
    {
        for (uint i = _random.Next(4); i > 0; i--)
            bytes[(int)_random.Next((uint)length)] = (byte)_random.NextUInt32();
        return _random.Next(3) == 0 ? (int)_random.Next((uint)length + 1) : length;
    }

    private string Command(EndNode node)
    {
        var name = NetBiosName.Parse(NamePool[(int)_random.Next((uint)NamePool.Length)]);
        ushort? id = _random.Next(3) == 0 ? (ushort)_random.NextUInt32() : null;
        uint which = _random.Next(14);
        switch (which)
        {
            case 0: node.Boot(Now); break;
            case 1: node.AddName(Now, name, id); break;
            case 2: node.AddGroupName(Now, name, id); break;
            case 3: node.DeleteName(Now, name, id); break;
            case 4: node.Logon(Now, "USER", id); break;
            case 5: node.Logoff(Now, "USER", id); break;
            case 6: node.Query(Now, name, id); break;
            case 7: node.NodeStatus(Now, Server, null, id); break;
            case 8: node.Refresh(Now); break;
            case 9 when _random.Next(10) == 0: node.Shutdown(Now); break;
            case 10: node.PreloadName(Now, name, Server); break;
            case 11: node.ChangeAddress(Now, EndNodeInterface.InSubnet(new Ipv4Address(0x0A000001 + _random.Next(8))), (int)_random.Next((uint)node.InterfaceCount)); break;
            case 12: node.NodeStatus(Now, name); break;
            default: node.PurgeCache(Now); break;
        }

        return $"command {which} {name}";
    }
}
