using System.Text;
using System.Text.Json;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Vectors.Tests;

/// <summary>An end node or a name server of ours in the state that an exchange begins with.</summary>
internal sealed class ExchangeMachine
{
    private readonly EndNode? _node;
    private readonly INbnsEndpoint _endpoint;
    private readonly Ipv4Address _address;
    private readonly Ipv4Address _broadcastAddress;

    public ExchangeMachine(JsonElement json)
    {
        _address = Ipv4Address.Parse(json.GetProperty("address").GetString()!);
        if (json.GetProperty("role").GetString() == "node")
        {
            _broadcastAddress = Ipv4Address.Parse(json.GetProperty("broadcast").GetString()!);
            _endpoint = _node = MakeNode(json);
            foreach (var held in json.GetProperty("names").EnumerateArray())
                Hold(Name(held.GetProperty("name")), held.GetProperty("group").GetBoolean(), json.GetProperty("grantedTtl").GetUInt32());
        }
        else
        {
            _endpoint = MakeServer(json);
            foreach (var record in json.GetProperty("records").EnumerateArray())
                Record(record);
        }
    }

    /// <summary>A datagram that the machine sent.</summary>
    public sealed record Sent(byte[] Octets, Ipv4Endpoint To, bool IsBroadcast, Instant Time);

    public Instant Now { get; private set; } = Instant.FromUnixTime(1_000_000);

    public static NetBiosName Name(JsonElement json)
    {
        byte[] octets = [.. Convert.FromHexString(json.GetProperty("octets").GetString()!), json.GetProperty("suffix").GetByte()];
        return new NetBiosName(octets, Scope(json.GetProperty("scope")));
    }

    public void Command(string command, NetBiosName name) => _ = command switch
    {
        "add" => _node!.AddName(Now, name),
        "addGroup" => _node!.AddGroupName(Now, name),
        "delete" => _node!.DeleteName(Now, name),
        "query" => _node!.Query(Now, name),
        _ => throw new NotSupportedException(command),
    };

    public void Receive(byte[] octets, Ipv4Endpoint source, bool isBroadcast) =>
        _endpoint.HandleDatagram(Now, new Datagram(octets, source, Ipv4Endpoint.NameService(isBroadcast ? _broadcastAddress : _address), isBroadcast));

    /// <summary>Lets time pass, timer by timer, and gives what was sent meanwhile.</summary>
    public List<Sent> Pass(TimeSpan time)
    {
        var sent = Drain();
        var end = Now + time;
        while (_endpoint.PollTimeout() is { } due && due <= end)
        {
            Now = due > Now ? due : Now;
            _endpoint.HandleTimeout(Now);
            sent.AddRange(Drain());
        }

        Now = end;
        return sent;
    }

    public List<string> Results()
    {
        var outcomes = new List<string>();
        while (_node is not null && _node.TryPollResult(out var result))
            outcomes.Add(JsonNamingPolicy.CamelCase.ConvertName(result.Outcome.ToString()));
        return outcomes;
    }

    private static NetBiosScope Scope(JsonElement labels)
    {
        var text = labels.EnumerateArray().Select(label => string.Concat(Encoding.Latin1.GetBytes(label.GetString()!).Select(octet => char.IsAsciiLetterOrDigit((char)octet) ? $"{(char)octet}" : $"<{octet:X2}>")));
        return NetBiosScope.Parse(string.Join('.', text));
    }

    private static EndNode MakeNode(JsonElement json)
    {
        var options = new EndNodeOptions
        {
            Dialect = NetBtDialect.Rfc1002 with { RequestedTimeToLive = json.GetProperty("requestedTtl").GetUInt32() },
            NodeType = Enum.Parse<OwnerNodeType>(json.GetProperty("type").GetString()!),
            NameServers = [.. json.GetProperty("nameServers").EnumerateArray().Select(server => Ipv4Address.Parse(server.GetString()!))],
            Scope = Scope(json.GetProperty("scope")),
        };
        return new EndNode("MACHINE", EndNodeInterface.InSubnet(Ipv4Address.Parse(json.GetProperty("address").GetString()!)), options, seed: 7);
    }

    private static NameServer MakeServer(JsonElement json) => new(new NameServerOptions
    {
        Address = Ipv4Address.Parse(json.GetProperty("address").GetString()!),
        Seed = 42,
        Dialect = json.GetProperty("kind").GetString() switch
        {
            "secured" => NameServerDialect.Rfc1002Secured,
            "non-secured" => NameServerDialect.Rfc1002NonSecured,
            "wins" => NameServerDialect.Windows2000,
            var other => throw new NotSupportedException(other),
        },
    });

    /// <summary>Has the node claim a name that nobody objects to; its name server, where it has one, grants it.</summary>
    private void Hold(NetBiosName name, bool isGroup, uint ttl)
    {
        Command(isGroup ? "addGroup" : "add", name);
        var results = new List<string>();
        while (true)
        {
            foreach (var sent in Drain().Where(sent => !sent.IsBroadcast))
                Grant(sent, name, ttl);
            results.AddRange(Results());
            if (results.Count > 0)
                break;
            if (_node!.PollTimeout() is { } due && due > Now)
                Now = due;
            _node.HandleTimeout(Now);
        }

        Assert.That(results, Is.EqualTo(new[] { "succeeded" }), "the node could not get its name");
        Drain();
        while (_node!.TryPollEvent(out _))
        {
        }
    }

    private void Grant(Sent claim, NetBiosName name, uint ttl)
    {
        Assert.That(NbnsPacket.TryParse(claim.Octets, out var packet, out _), Is.True);
        byte[] grant = new byte[NbnsHeader.MaxDatagramLength];
        int length = NbnsEncoder.WriteResponse(grant, packet.TransactionId, NbnsFlagWords.RegistrationResponse, name, ttl, packet.Record.FirstEntry);
        Receive(grant[..length], claim.To, isBroadcast: false);
    }

    /// <summary>Registers a name with the server, as its owners do.</summary>
    private void Record(JsonElement record)
    {
        ushort group = record.GetProperty("group").GetBoolean() ? NbFlags.GroupBit : (ushort)0;
        foreach (var owner in record.GetProperty("addresses").EnumerateArray().Select(address => Ipv4Address.Parse(address.GetString()!)))
        {
            byte[] claim = new byte[NbnsHeader.MaxDatagramLength];
            var entry = new NbEntry(new NbFlags((ushort)(group | new NbFlags(group: false, OwnerNodeType.P).Value)), owner);
            int length = NbnsEncoder.WriteRequest(claim, 0x0101, NbnsFlagWords.RegistrationRequest, Name(record.GetProperty("name")), record.GetProperty("ttl").GetUInt32(), entry);
            Receive(claim[..length], Ipv4Endpoint.NameService(owner), isBroadcast: false);
            Assert.That(Drain(), Has.Count.EqualTo(1), "the server did not take its record at once");
        }
    }

    private List<Sent> Drain()
    {
        var sent = new List<Sent>();
        byte[] buffer = new byte[NbnsHeader.MaxDatagramLength];
        while (_endpoint.TryPollTransmit(buffer, out var transmit))
            sent.Add(new Sent(buffer[..transmit.Length], transmit.Destination, transmit.IsBroadcast, Now));
        return sent;
    }
}
