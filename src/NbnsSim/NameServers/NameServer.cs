using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>
/// A NetBIOS name server (NBNS, RFC 1001 §15, RFC 1002 §5.1.4), or WINS by a dialect: it takes unicast registrations, refreshes, releases and
/// queries, challenges owners, ages names and exchanges them with partners. Broadcasts it discards; node status and the host's own names are an
/// end node's business (see <see cref="CompositeEndpoint"/>).
/// </summary>
/// <remarks>
/// Drive it as any <see cref="INbnsEndpoint"/>. A driver that keeps the database on disk drains <see cref="TryPollChange"/> and commits before it
/// drains <see cref="TryPollTransmit"/>: nothing is then acknowledged that could be lost.
/// </remarks>
/// <example>
/// <code>
/// var server = new NameServer(new NameServerOptions { Address = Ipv4Address.Parse("10.0.0.9"), Dialect = NameServerDialect.WinsNt4 });
/// var claim = new NameRegistrationRequest(1, NetBiosName.Parse("FILES&lt;20&gt;"), new NbEntry(new NbFlags(group: false, OwnerNodeType.P), Ipv4Address.Parse("10.0.0.1")));
/// var client = Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.1"));
/// server.HandleDatagram(Instant.Epoch, new Datagram(claim.ToArray(), client, Ipv4Endpoint.NameService(server.Options.Address), isBroadcast: false));
///
/// byte[] buffer = new byte[NbnsHeader.MaxDatagramLength];
/// while (server.TryPollTransmit(buffer, out var transmit))
///     Console.WriteLine($"to {transmit.Destination}: {NbnsDescription.Describe(buffer.AsSpan(0, transmit.Length))}");
/// Console.WriteLine(server.FindRecord(NetBiosName.Parse("FILES&lt;20&gt;")));
/// </code>
/// </example>
public sealed partial class NameServer : IReplicationStateEndpoint
{
    private readonly ServerState _state;
    private readonly Intake _intake;
    private readonly NodeResponses _responses;
    private readonly Scavenger _scavenger;
    private readonly Administration _administration;
    private readonly PartnerExchange _partners;

    /// <summary>Makes a server that knows no name.</summary>
    /// <param name="options">How it is set up.</param>
    public NameServer(NameServerOptions options)
        : this(new ServerState(options ?? throw new ArgumentNullException(nameof(options))), null)
    {
    }

    private NameServer(ServerState state, PartnerExchange? partners)
    {
        _state = state;
        var demands = new NodeDemands(state);
        var challenges = new OwnerChallenges(state);
        var records = new RecordKeeper(state);
        var replies = new ServerReplies(state, records, demands);
        var disputes = new Disputes(state, challenges, replies);
        _scavenger = new Scavenger(state, records, disputes);
        var registrations = new Registrations(state, _scavenger, disputes, records, replies);
        var releases = new Releases(state, _scavenger, disputes, records, replies);
        var queries = new Queries(state, _scavenger, replies);
        _responses = new NodeResponses(state, challenges, disputes, demands);
        _intake = new Intake(state, queries, registrations, releases, _responses, replies);

        var charts = new ReplicaCharts(state);
        var writer = new RecordWriter(state, records);
        var settlement = new ReplicaSettlement(state, charts, disputes, records, writer, demands);
        Replicas = new ReplicaIntake(state, _scavenger, disputes, charts, settlement, writer);
        View = new PartnerView(state, _scavenger, disputes, records);
        _partners = partners is null ? new PartnerExchange(state, Replicas, View) : new PartnerExchange(partners, state, Replicas, View);

        disputes.Verdicts = new DisputeVerdicts(state, _scavenger, records, registrations, settlement, replies);
        _administration = new Administration(state, _scavenger, disputes, records, writer, demands);
    }

    /// <summary>How it is set up.</summary>
    public NameServerOptions Options => _state.Options;

    /// <summary>What it does.</summary>
    public NameServerDialect Dialect => _state.Dialect;

    /// <inheritdoc/>
    public IDecisionSink? Decisions
    {
        get => _state.Voice.Sink;
        set => _state.Voice.Sink = value;
    }

    /// <summary>How many names it holds, in whatever state.</summary>
    public int Count => _state.Names.Count;

    /// <summary>How many challenges and release demands are under way.</summary>
    public int TransactionCount => _state.Transactions.Count;

    /// <summary>How many requests wait for their turn.</summary>
    public int WaitingRequests => _state.Waiting.Count;

    /// <summary>What it has counted so far.</summary>
    public NameServerStatistics Statistics => _state.Statistics;

    /// <summary>The highest version that this server has given a record (MS-WINSRA §3.1.1.2).</summary>
    public ulong Version => _state.Owners.HighestOf(0);

    /// <summary>What came of the pull that ended last; null before the first.</summary>
    public ReplicationResult? LastPull => _partners.LastPull;

    /// <summary>What becomes of partners' records, for tests.</summary>
    internal ReplicaIntake Replicas { get; }

    /// <summary>What partners may see, for tests.</summary>
    internal PartnerView View { get; }

    /// <inheritdoc/>
    public void HandleDatagram(Instant now, in Datagram datagram) => _intake.Handle(now, datagram);

    /// <inheritdoc/>
    public void HandleReplication(Instant now, ReplicationMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _partners.Handle(now, message);
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        _responses.HandleTimeout(now);
        _scavenger.HandleTimeout(now);
        _intake.HandleTimeout(now);
        _partners.HandleTimeout(now);
    }

    /// <inheritdoc/>
    public Instant? PollTimeout() => Earlier(Earlier(_state.Names.NextDue(), _state.Transactions.NextDue), Earlier(_state.Waiting.NextDue, _partners.NextDue));

    /// <inheritdoc/>
    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit) => _state.Outbox.TryTake(buffer, out transmit);

    /// <inheritdoc/>
    public bool TryPollReplication([NotNullWhen(true)] out ReplicationMessage? message) => _partners.TryTake(out message);

    /// <summary>Nothing: a name server logs no NetBT event; see <see cref="TryPollLog"/>.</summary>
    /// <param name="logged">Null.</param>
    /// <returns>False.</returns>
    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
    {
        logged = null;
        return false;
    }

    /// <summary>The next entry of the server's log, if any. NetBT's events, which nodes log, are something else.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>False when none is left.</returns>
    public bool TryPollLog(out WinsEvent entry) => _state.Log.TryTake(out entry);

    /// <summary>
    /// The next name that has changed since it was last taken from here, in the order of their first change; each once, however often it has changed
    /// meanwhile. Always false unless <see cref="NameServerOptions.JournalsChanges"/> is set. Commit what it gives before answers are sent.
    /// </summary>
    /// <param name="change">The change; valid until the next call into the server.</param>
    /// <returns>False when none is left.</returns>
    public bool TryPollChange(out NameServerChange change)
    {
        bool isTaken = _state.Journal.TryTake(out int slot, out var name, out var kind);
        change = isTaken ? new NameServerChange(_state.Reader, kind, name, slot) : default;
        return isTaken;
    }

    /// <inheritdoc/>
    INbnsEndpoint INbnsEndpoint.Fork() => Fork();

    /// <summary>A copy that lives on by itself: what happens to one never shows in the other.</summary>
    public NameServer Fork() => new(new ServerState(_state), _partners);

    /// <summary>
    /// Whether two servers are in the same state: what comes next will be the same for both, except that names whose time runs out within the same second
    /// may do so in another order, and so get other versions. Takes time for every name.
    /// </summary>
    /// <param name="other">The other server.</param>
    public bool HasSameStateAs(NameServer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _state.HasSameStateAs(other._state) && _partners.HasSameStateAs(other._partners);
    }

    /// <inheritdoc/>
    void IStateEndpoint.WriteState(StateCodec codec) => Carry(codec);

    /// <inheritdoc/>
    INbnsEndpoint IStateEndpoint.ReadState(StateCodec codec)
    {
        var server = new NameServer(Options);
        server.Carry(codec);
        return server;
    }

    /// <inheritdoc/>
    ReplicationMessage IReplicationStateEndpoint.CarryMessage(StateCodec codec, ReplicationMessage? message) => ReplicationState.Carry(codec, message);

    private void Carry(StateCodec codec)
    {
        _state.Carry(codec);
        _partners.Carry(codec);
    }

    private static Instant? Earlier(Instant? one, Instant? other) => one is null || other < one ? other : one;
}
