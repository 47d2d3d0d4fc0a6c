using System.Buffers.Binary;
using System.Text;
using NbnsSim.Audit;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Audit;

/// <summary>Feeds an audit datagrams by hand, a frame each, one second apart.</summary>
internal sealed class AuditWire(WinsAuditOptions? options = null, int maxPairs = AuditTables.MaxPairs)
{
    public const string Server = "10.0.9.1";

    private readonly WinsAudit _audit = new(options, maxPairs);
    private readonly byte[] _payload = new byte[1024];
    private ushort _id;

    public long Frame { get; private set; }

    public Instant Now { get; set; } = Instant.FromUnixTime(1_000_000_000);

    public WinsAuditVerdict Verdict => _audit.Judge();

    /// <summary>How often something that was remembered has been looked at.</summary>
    public long Steps => _audit.Steps;

    /// <summary>Time passes, and somebody broadcasts a datagram of another service at its end.</summary>
    public AuditWire After(TimeSpan time)
    {
        Now += time;
        return this;
    }

    public AuditWire Days(double days) => After(TimeSpan.FromDays(days));

    /// <summary>A machine registers a name at the server, which grants it for so long; null for no answer.</summary>
    public AuditWire Register(string host, string name, OwnerNodeType type = OwnerNodeType.H, uint? lifetime = 518_400, bool isGroup = false, string server = Server, bool isRefresh = false)
    {
        var it = NetBiosName.Parse(name);
        var entry = new NbEntry(new NbFlags(isGroup, type), Ipv4Address.Parse(host));
        _id++;
        Send(host, server, NbnsEncoder.WriteRequest(_payload, _id, isRefresh ? NbnsFlagWords.RefreshRequest : NbnsFlagWords.RegistrationRequest, it, 300_000, entry));
        if (lifetime is { } seconds)
            Send(server, host, NbnsEncoder.WriteResponse(_payload, _id, NbnsFlagWords.RegistrationResponse, it, seconds, entry));
        return this;
    }

    /// <summary>A machine asks the server for a name and gets addresses; without any, a denial; null for no answer.</summary>
    public AuditWire Ask(string host, string name, string? given = "", bool isGroup = false, string server = Server)
    {
        _id++;
        return Ask(host, NetBiosName.Parse(name), given, isGroup, server);
    }

    public AuditWire Ask(string host, in NetBiosName name, string? given, bool isGroup = false, string server = Server)
    {
        Send(host, server, NbnsEncoder.WriteQuery(_payload, _id, NbnsFlagWords.QueryRequest, name));
        if (given is not null)
            Answer(server, host, name, given, isGroup, NbnsFlagWords.NameServerQueryResponse);
        return this;
    }

    /// <summary>A machine asks by broadcast, and somebody answers; null for nobody.</summary>
    public AuditWire AskAll(string host, string name, string? answerer = null, string? given = null, OwnerNodeType type = OwnerNodeType.B, string? proxyAsks = null)
    {
        _id++;
        ushort id = _id;
        var it = NetBiosName.Parse(name);
        string broadcast = host[..(host.LastIndexOf('.') + 1)] + "255";
        Send(host, broadcast, NbnsEncoder.WriteQuery(_payload, id, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, it), isBroadcast: true);
        if (proxyAsks is not null)
        {
            Now += TimeSpan.FromMilliseconds(-990); // the proxy asks at once
            _id++;
            Ask(answerer!, it, proxyAsks);
        }

        _id = proxyAsks is null ? _id : (ushort)(_id + 1);
        if (answerer is not null)
            Send(answerer, host, NbnsEncoder.WriteResponse(_payload, id, NbnsFlagWords.QueryResponse, it, 0, new NbEntry(new NbFlags(false, type), Ipv4Address.Parse(given ?? answerer))));
        return this;
    }

    /// <summary>A machine releases a name at the server.</summary>
    public AuditWire Release(string host, string name, string server = Server)
    {
        _id++;
        Send(host, server, NbnsEncoder.WriteRequest(_payload, _id, NbnsFlagWords.Release, NetBiosName.Parse(name), 0, new NbEntry(new NbFlags(false, OwnerNodeType.H), Ipv4Address.Parse(host))));
        return this;
    }

    /// <summary>A machine broadcasts something of another service, as browsers do on port 138.</summary>
    public AuditWire Announce(string host, string broadcast)
    {
        Observe(new Ipv4Endpoint(Ipv4Address.Parse(host), 138), new Ipv4Endpoint(Ipv4Address.Parse(broadcast), 138), true, [1, 2, 3]);
        return this;
    }

    /// <summary>A machine asks DNS for a host, with an answer or without.</summary>
    public AuditWire Dns(string host, string label, bool isAnswered, ushort port = 53)
    {
        byte[] message = new byte[12 + 1 + label.Length + 5];
        message[5] = 1;
        message[12] = (byte)label.Length;
        Encoding.ASCII.GetBytes(label, message.AsSpan(13));
        var client = new Ipv4Endpoint(Ipv4Address.Parse(host), 50_000);
        var server = new Ipv4Endpoint(Ipv4Address.Parse("10.0.9.53"), port);
        Observe(client, server, false, message);
        if (!isAnswered)
            return this;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), 0x8180);
        message[7] = 1;
        Observe(server, client, false, message);
        return this;
    }

    public void Send(string from, string to, int length, bool isBroadcast = false) =>
        Observe(Ipv4Endpoint.NameService(Ipv4Address.Parse(from)), Ipv4Endpoint.NameService(Ipv4Address.Parse(to)), isBroadcast, _payload.AsSpan(0, length));

    public void Observe(Ipv4Endpoint from, Ipv4Endpoint to, bool isBroadcast, ReadOnlySpan<byte> payload)
    {
        Now += TimeSpan.FromSeconds(1);
        _audit.Observe(++Frame, Now, from, to, isBroadcast, payload);
    }

    private void Answer(string from, string to, in NetBiosName name, string given, bool isGroup, ushort flags)
    {
        NbEntry[] entries = [.. given.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(address => new NbEntry(new NbFlags(isGroup, OwnerNodeType.B), Ipv4Address.Parse(address)))];
        Send(from, to, entries.Length == 0
            ? NbnsEncoder.WriteNegativeQueryResponse(_payload, _id, (ushort)(flags | (ushort)NbnsRcode.NameError), name)
            : NbnsEncoder.WriteResponse(_payload, _id, flags, name, 0, entries));
    }
}
