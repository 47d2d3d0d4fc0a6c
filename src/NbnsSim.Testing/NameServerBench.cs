using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NbnsSim.Messages;
using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Testing;

/// <summary>
/// A name server alone: a test plays its clients and its clock. Each act gives a <see cref="BenchStep"/>, what the server did about it, with the assertions. Nothing gets
/// lost or comes late; for that, and for replication, put the server into a <see cref="TestNetwork"/>.
/// </summary>
/// <example>
/// <code>
/// var bench = new NameServerBench();
/// bench.Claim("10.0.0.1", "FILES&lt;20&gt;").ShouldGrant(rule: "S1.added");
/// var dispute = bench.Claim("10.0.0.2", "FILES&lt;20&gt;");
/// dispute.ShouldAskToWait(to: "10.0.0.2");
/// dispute.ShouldChallenge("10.0.0.1");
/// bench.Hold("10.0.0.1", "FILES&lt;20&gt;").ShouldRefuse(NbnsRcode.ActiveError, rule: "S2.refused", to: "10.0.0.2");
/// bench.Query("10.0.0.3", "FILES&lt;20&gt;").ShouldFind("10.0.0.1");
/// </code>
/// </example>
public sealed class NameServerBench
{
    private readonly DecisionList _decisions = new();
    private readonly List<BenchPacket> _sent = [];
    private readonly StringBuilder _transcript = new();
    private readonly Instant _start = Instant.FromUnixTime(1_000_000);
    private ushort _transactionId;
    private int _told;

    /// <summary>Puts a server on the bench, at 10.0.0.250.</summary>
    /// <param name="dialect">What it behaves like; null for WINS of Windows NT 4.0.</param>
    /// <param name="seed">Where its transaction ids come from.</param>
    public NameServerBench(NameServerDialect? dialect = null, ulong seed = 1)
        : this(new NameServerOptions { Address = Ipv4Address.Parse("10.0.0.250"), Dialect = dialect ?? NameServerDialect.WinsNt4, Seed = seed })
    {
    }

    /// <summary>Puts a server on the bench.</summary>
    /// <param name="options">How it is set up.</param>
    public NameServerBench(NameServerOptions options)
    {
        Server = new NameServer(options) { Decisions = _decisions };
        Now = _start;
    }

    /// <summary>The server, for its records and for what an administrator does. What it sends because of that is in the next step.</summary>
    public NameServer Server { get; }

    /// <summary>The time on the bench.</summary>
    public Instant Now { get; private set; }

    /// <summary>A client claims a name.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="name">The name, such as <c>FILES&lt;20&gt;</c>.</param>
    /// <param name="isGroup">Whether as a group.</param>
    /// <param name="address">The address that it claims the name for; null for its own.</param>
    /// <param name="timeToLive">For how long.</param>
    public BenchStep Claim(string client, string name, bool isGroup = false, string? address = null, TimeToLive timeToLive = default) =>
        Send(client, new NameRegistrationRequest(NextId(), NetBiosName.Parse(name), Entry(address ?? client, isGroup), timeToLive));

    /// <summary>A client with several addresses claims a name, for one of them.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="name">The name.</param>
    /// <param name="address">The address that it claims the name for; null for the one that it sends from.</param>
    /// <param name="timeToLive">For how long.</param>
    public BenchStep ClaimMultihomed(string client, string name, string? address = null, TimeToLive timeToLive = default) =>
        Send(client, new MultihomedNameRegistrationRequest(NextId(), NetBiosName.Parse(name), Entry(address ?? client, false), timeToLive));

    /// <summary>A client refreshes a name.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="name">The name.</param>
    /// <param name="isGroup">Whether it is a group.</param>
    /// <param name="address">The address that it refreshes the name for; null for its own.</param>
    /// <param name="timeToLive">For how long.</param>
    public BenchStep Refresh(string client, string name, bool isGroup = false, string? address = null, TimeToLive timeToLive = default) =>
        Send(client, new NameRefreshRequest(NextId(), NetBiosName.Parse(name), Entry(address ?? client, isGroup), timeToLive));

    /// <summary>A client releases a name.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="name">The name.</param>
    /// <param name="isGroup">Whether it is a group.</param>
    /// <param name="address">The address that it releases; null for its own.</param>
    public BenchStep Release(string client, string name, bool isGroup = false, string? address = null) =>
        Send(client, new NameReleaseRequest(NextId(), NetBiosName.Parse(name), Entry(address ?? client, isGroup)));

    /// <summary>A client asks for a name.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="name">The name.</param>
    public BenchStep Query(string client, string name) => Send(client, new NameQueryRequest(NextId(), NetBiosName.Parse(name)));

    /// <summary>An owner answers the last query that the server sent it about a name: it has it.</summary>
    /// <param name="owner">The owner's address, that was asked.</param>
    /// <param name="name">The name.</param>
    /// <param name="addresses">The addresses that the answer lists; none for the owner's own.</param>
    /// <exception cref="ArgumentException">The server did not ask it.</exception>
    public BenchStep Hold(string owner, string name, params string[] addresses)
    {
        var challenge = ChallengeOf(owner, name);
        string[] listed = addresses is [] ? [owner] : addresses;
        return Send(owner, new PositiveNameQueryResponse(challenge.TransactionId, challenge.Name, [.. listed.Select(address => Entry(address, false))], default));
    }

    /// <summary>An owner answers the last query that the server sent it about a name: it has no such name.</summary>
    /// <param name="owner">The owner's address, that was asked.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">The server did not ask it.</exception>
    public BenchStep Deny(string owner, string name)
    {
        var challenge = ChallengeOf(owner, name);
        return Send(owner, new NegativeNameQueryResponse(challenge.TransactionId, challenge.Name));
    }

    /// <summary>A client sends any message.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="message">The message.</param>
    public BenchStep Send(string client, NbnsMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Send(client, message.ToArray());
    }

    /// <summary>A client sends any octets.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="octets">The UDP payload.</param>
    public BenchStep Send(string client, ReadOnlySpan<byte> octets)
    {
        var source = Ipv4Endpoint.NameService(Ipv4Address.Parse(client));
        Note($"from {source.Address}: {NbnsDescription.Describe(octets)}");
        Server.HandleDatagram(Now, new Datagram(octets, source, Ipv4Endpoint.NameService(Server.Options.Address), isBroadcast: false));
        return Take();
    }

    /// <summary>Time passes; whatever is due in it happens at its time.</summary>
    /// <param name="duration">How much.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public BenchStep Pass(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var (sent, decisions) = (ImmutableArray.CreateBuilder<BenchPacket>(), ImmutableArray.CreateBuilder<Decision>());
        var until = Now + duration;
        while (Server.PollTimeout() is { } due && due <= until)
        {
            Now = due > Now ? due : Now;
            Server.HandleTimeout(Now);
            var step = Take();
            sent.AddRange(step.Sent);
            decisions.AddRange(step.Decisions);
        }

        Now = until;
        return new BenchStep(this, sent.ToImmutable(), decisions.ToImmutable());
    }

    /// <summary>The server's record of a name; null if it has none.</summary>
    /// <param name="name">The name.</param>
    public NameRecord? RecordOf(string name) => Server.FindRecord(NetBiosName.Parse(name));

    internal NetworkAssertionException Failure(string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{what}\nThe bench's seed is {Server.Options.Seed}, its name server is {Server.Dialect.Title}.\n\n{_transcript}"));

    private static NbEntry Entry(string address, bool isGroup) => new(new NbFlags(isGroup, OwnerNodeType.H), Ipv4Address.Parse(address));

    private ushort NextId() => ++_transactionId;

    private NameQueryRequest ChallengeOf(string owner, string name)
    {
        var (address, wanted) = (Ipv4Address.Parse(owner), NetBiosName.Parse(name));
        return _sent.FindLast(packet => packet.To.Address == address && packet.Message is NameQueryRequest query && query.Name == wanted)?.Message as NameQueryRequest
            ?? throw new ArgumentException($"The name server did not ask {owner} about {name}.", nameof(owner));
    }

    private BenchStep Take()
    {
        var decisions = _decisions.Since(_told);
        _told += decisions.Length;
        foreach (var decision in decisions)
            Note($"  decides by {decision.Rule.Id}: {decision.Rule.Sentence}");

        var sent = ImmutableArray.CreateBuilder<BenchPacket>();
        Span<byte> buffer = stackalloc byte[NbnsHeader.MaxDatagramLength];
        while (Server.TryPollTransmit(buffer, out var transmit))
        {
            var octets = buffer[..transmit.Length];
            var packet = new BenchPacket(transmit.Destination, [.. octets], NbnsMessage.TryRead(octets, out var message, out _) ? message : null, _decisions.Find(transmit.Decision));
            Note($"  {packet}");
            sent.Add(packet);
        }

        _sent.AddRange(sent);
        return new BenchStep(this, sent.ToImmutable(), decisions);
    }

    private void Note(string text) => _transcript.Append(CultureInfo.InvariantCulture, $"{(Now - _start).TotalSeconds,8:F3}  {text}\n");

    /// <summary>What the server decided; a decision's number is its place, from 1.</summary>
    private sealed class DecisionList : IDecisionSink
    {
        private readonly List<Decision> _all = [];

        public long Take(in Decision decision)
        {
            _all.Add(decision);
            return _all.Count;
        }

        public ImmutableArray<Decision> Since(int count) => [.. _all[count..]];

        public Rules.Rule? Find(long number) => number > 0 && number <= _all.Count ? _all[(int)number - 1].Rule : null;
    }
}
