using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>A packet that a server sent, read back.</summary>
public sealed record Sent(Ipv4Endpoint To, ushort Id, ushort Flags, NetBiosName Name, NbnsType Type, uint TimeToLive, NbEntry[] Entries)
{
    public NbnsOpcode Opcode => new NbnsFlags(Flags).Opcode;

    public NbnsRcode Rcode => new NbnsFlags(Flags).Rcode;

    public bool IsResponse => new NbnsFlags(Flags).IsResponse;

    public string[] Addresses => [.. Entries.Select(entry => entry.Address.ToString())];

    public override string ToString() => $"{To} {Flags:X4} {Name} ttl {TimeToLive} [{string.Join(' ', Entries.Select(entry => $"{entry.Flags.Value:X4}/{entry.Address}"))}]";
}

/// <summary>A server on the bench: packets in as calls, packets out as values, time by hand.</summary>
internal sealed class ServerBench
{
    public static readonly Ipv4Address ServerAddress = Ipv4Address.Parse("10.0.0.250");

    private ushort _id = 0x1000;

    public ServerBench(NameServerDialect dialect, Func<NameServerOptions, NameServerOptions>? change = null, string address = "10.0.0.250")
    {
        var options = new NameServerOptions { Address = Ipv4Address.Parse(address), Dialect = dialect, Seed = 42 };
        Server = new NameServer(change is null ? options : change(options));
        DecisionWatch.Listen(Server);
    }

    public NameServer Server { get; set; }

    public Instant Now { get; set; } = Instant.FromUnixTime(1_000_000);

    public ushort LastId => _id;

    public static Ipv4Address Ip(string text) => Ipv4Address.Parse(text);

    public List<Sent> Register(
        string name, string address, bool group = false, uint ttl = 300_000, ushort flags = NbnsFlagWords.RegistrationRequest, string? source = null,
        ushort? id = null, ushort nodeType = 0x6000)
    {
        Span<byte> buffer = stackalloc byte[576];
        var entry = new NbEntry(new NbFlags((ushort)(nodeType | (group ? NbFlags.GroupBit : 0))), Ip(address));
        int length = NbnsEncoder.WriteRequest(buffer, id ?? ++_id, flags, NetBiosName.Parse(name), ttl, entry);
        return Deliver(buffer[..length], source ?? address);
    }

    public List<Sent> RegisterMultihomed(string name, string address, bool group = false, string? source = null) =>
        Register(name, address, group, flags: NbnsFlagWords.MultihomedRegistrationRequest, source: source);

    public List<Sent> Refresh(string name, string address, bool group = false, uint ttl = 300_000, string? source = null) =>
        Register(name, address, group, ttl, NbnsFlagWords.RefreshRequest, source);

    public List<Sent> Release(string name, string address, bool group = false, string? source = null) =>
        Register(name, address, group, 0, NbnsFlagWords.Release, source);

    public List<Sent> Query(string name, string source = "10.0.0.99", ushort flags = NbnsFlagWords.QueryRequest)
    {
        Span<byte> buffer = stackalloc byte[576];
        return Deliver(buffer[..NbnsEncoder.WriteQuery(buffer, ++_id, flags, NetBiosName.Parse(name))], source);
    }

    /// <summary>An owner answers a challenge.</summary>
    public List<Sent> Holds(Sent challenge, params string[] addresses)
    {
        Span<byte> buffer = stackalloc byte[576];
        var entries = addresses.Select(address => new NbEntry(new NbFlags(0x6000), Ip(address))).ToArray();
        int length = NbnsEncoder.WriteResponse(buffer, challenge.Id, NbnsFlagWords.QueryResponse, challenge.Name, 0, entries);
        return Deliver(buffer[..length], challenge.To.Address.ToString());
    }

    /// <summary>An owner answers a challenge that it has no such name.</summary>
    public List<Sent> Denies(Sent challenge)
    {
        Span<byte> buffer = stackalloc byte[576];
        int length = NbnsEncoder.WriteNegativeQueryResponse(buffer, challenge.Id, NbnsFlagWords.QueryResponse | (int)NbnsRcode.NameError, challenge.Name);
        return Deliver(buffer[..length], challenge.To.Address.ToString());
    }

    /// <summary>A node answers a release demand.</summary>
    public List<Sent> Releases(Sent demand)
    {
        Span<byte> buffer = stackalloc byte[576];
        int length = NbnsEncoder.WriteResponse(buffer, demand.Id, NbnsFlagWords.ReleaseResponse, demand.Name, 0, demand.Entries[0]);
        return Deliver(buffer[..length], demand.To.Address.ToString());
    }

    public List<Sent> Deliver(ReadOnlySpan<byte> payload, string source, ushort port = 137, bool isBroadcast = false)
    {
        Server.HandleDatagram(Now, new Datagram(payload, new Ipv4Endpoint(Ip(source), port), Ipv4Endpoint.NameService(ServerAddress), isBroadcast));
        return Drain();
    }

    /// <summary>Lets time pass, timer by timer.</summary>
    public List<Sent> Pass(TimeSpan time)
    {
        var sent = new List<Sent>();
        var until = Now + time;
        while (Server.PollTimeout() is { } due && due <= until)
        {
            Now = due > Now ? due : Now;
            Server.HandleTimeout(Now);
            sent.AddRange(Drain());
        }

        Now = until;
        return sent;
    }

    public NameRecord? Record(string name) => Server.FindRecord(NetBiosName.Parse(name));

    public List<WinsEvent> Log()
    {
        var entries = new List<WinsEvent>();
        while (Server.TryPollLog(out var entry))
            entries.Add(entry);
        return entries;
    }

    /// <summary>One server pulls from another; all messages arrive at once.</summary>
    public static ReplicationResult Pull(Instant now, NameServer into, NameServer from)
    {
        into.Pull(now, from.Options.Address);
        Carry(now, into, from);
        return into.LastPull!;
    }

    /// <summary>Carries what servers say to each other until nobody says anything any more. Of a server that is not there the connection is refused.</summary>
    public static void Carry(Instant now, params NameServer[] servers)
    {
        for (bool isQuiet = false; !isQuiet;)
        {
            isQuiet = true;
            foreach (var server in servers)
            {
                while (server.TryPollReplication(out var message))
                {
                    isQuiet = false;
                    if (Array.Find(servers, one => one.Options.Address == message.Destination) is { } receiver)
                        receiver.HandleReplication(now, message);
                    else if (message is AssociationStartRequest)
                        server.HandleReplication(now, new AssociationReset { Source = message.Destination, Destination = message.Source, Association = message.Association });
                }
            }
        }
    }

    public List<Sent> Drain() => Drain(Server);

    public static List<Sent> Drain(INbnsEndpoint endpoint)
    {
        var sent = new List<Sent>();
        Span<byte> buffer = stackalloc byte[576];
        while (endpoint.TryPollTransmit(buffer, out var transmit))
        {
            Assert.That(NbnsPacket.TryParseLenient(buffer[..transmit.Length], out var packet, out var error), Is.True, error.ToString());
            Assert.That(packet.Name.TryGetName(out var name), Is.True);
            var record = packet.Record;
            var entries = new NbEntry[record.EntryCount];
            for (int i = 0; i < entries.Length; i++)
                entries[i] = record.GetEntry(i);
            sent.Add(new Sent(transmit.Destination, packet.TransactionId, packet.Flags.Value, name, record.Type, packet.HasRecord ? record.TimeToLive.Seconds : 0, entries));
        }

        return sent;
    }
}

/// <summary>What tests say of packets that were sent.</summary>
internal static class SentAssertions
{
    /// <summary>The one packet that was sent.</summary>
    public static Sent Only(this List<Sent> sent)
    {
        Assert.That(sent, Has.Count.EqualTo(1), string.Join('\n', sent));
        return sent[0];
    }

    /// <summary>The one query that was sent, by which an owner is challenged.</summary>
    public static Sent Challenge(this List<Sent> sent) => sent.Where(one => !one.IsResponse && one.Opcode == NbnsOpcode.Query).ToList().Only();

    /// <summary>The one packet that was sent is a POSITIVE registration response.</summary>
    public static Sent Accepted(this List<Sent> sent) => sent.HasFlags(0xAD80);

    /// <summary>The one packet that was sent is a NEGATIVE registration response.</summary>
    public static Sent Refused(this List<Sent> sent, NbnsRcode rcode) => sent.HasFlags(0xAD80 | (int)rcode);

    /// <summary>The one packet that was sent has these flags.</summary>
    public static Sent HasFlags(this List<Sent> sent, int flags)
    {
        var only = sent.Only();
        Assert.That(only.Flags, Is.EqualTo(flags), only.ToString());
        return only;
    }

    /// <summary>The one packet that was sent is the answer to a query.</summary>
    public static void Answers(this List<Sent> sent, params string[] addresses)
    {
        var only = sent.Only();
        Assert.That(only.Rcode, Is.EqualTo(addresses.Length == 0 ? NbnsRcode.NameError : NbnsRcode.Success), only.ToString());
        Assert.That(only.Addresses, Is.EqualTo(addresses), only.ToString());
    }
}
