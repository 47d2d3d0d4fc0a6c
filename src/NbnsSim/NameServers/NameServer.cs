using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

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
public sealed partial class NameServer
{
    private readonly NameDatabase _names;
    private readonly ServerOutbox _outbox;
    private readonly ServerReplies _replies;
    private NameServerStatistics _statistics;

    /// <summary>Makes a server that knows no name.</summary>
    /// <param name="options">How it is set up.</param>
    public NameServer(NameServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        Dialect = options.Dialect;
        _names = new NameDatabase(options.MaxScopes, options.CountsSources);
        _transactions = new ServerTransactions(options.MaxTransactions, Dialect.ChallengeTries, RandomStream.Derive(options.Seed, "name server"), _names);
        _claims = new WaitingClaims(_names.Sources);
        _journal = new ChangeJournal(_names, options.JournalsChanges);
        _voice = new ServerVoice(_names, options.NodePort);
        _outbox = new ServerOutbox(options, _voice);
        _quotas = new ServerQuotas(options, _names.Sources);
        _owners = new OwnerTable(options.Address);
        _lifetimes = new Lifetimes(Dialect);
        _log = new NameServerLog(options.MaxLogEntries);
        _challenges = new OwnerChallenges(options, _names, _transactions, _claims, _quotas, _outbox, _voice);
        _demands = new NodeDemands(Dialect, _names.Scopes, _transactions, _outbox, _voice, _log);
        _waiting = new RequestQueue(options);
        _partners = new PartnerExchange();
        _records = new RecordKeeper(options, _names, _owners, _lifetimes, _journal, _partners, _voice);
        _replies = new ServerReplies(options, _names, _records, _lifetimes, _quotas, _outbox, _demands, _voice, _log);
    }

    private NameServer(NameServer other)
    {
        Options = other.Options;
        Dialect = other.Dialect;
        _names = new NameDatabase(other._names);
        _voice = new ServerVoice(_names, Options.NodePort);
        _outbox = new ServerOutbox(other._outbox, _voice);
        _quotas = new ServerQuotas(other._quotas, _names.Sources);
        _statistics = other._statistics;
        _owners = new OwnerTable(other._owners);
        _lifetimes = new Lifetimes(other._lifetimes);
        _transactions = new ServerTransactions(other._transactions, _names);
        _claims = new WaitingClaims(other._claims, _names.Sources);
        _journal = new ChangeJournal(other._journal, _names);
        _log = new NameServerLog(other._log);
        _challenges = new OwnerChallenges(other._challenges, _names, _transactions, _claims, _quotas, _outbox, _voice);
        _demands = new NodeDemands(other._demands, _names.Scopes, _transactions, _outbox, _voice, _log);
        _waiting = new RequestQueue(other._waiting);
        _partners = new PartnerExchange(other._partners);
        _records = new RecordKeeper(Options, _names, _owners, _lifetimes, _journal, _partners, _voice);
        _replies = new ServerReplies(other._replies, _names, _records, _lifetimes, _quotas, _outbox, _demands, _voice, _log);
    }

    /// <summary>How it is set up.</summary>
    public NameServerOptions Options { get; }

    /// <summary>What it does.</summary>
    public NameServerDialect Dialect { get; }

    /// <summary>How many names it holds, in whatever state.</summary>
    public int Count => _names.Count;

    /// <summary>What it has counted so far.</summary>
    public NameServerStatistics Statistics => _statistics with
    {
        Ignored = _statistics.Ignored + _replies.Ignored,
        Refused = _replies.Refused,
        Limited = _replies.Limited,
        Challenges = _challenges.Count,
        Demands = _demands.Count,
        BurstAnswers = _waiting.GrantedUnseen,
        Answers = _outbox.Written,
        Dropped = _outbox.Dropped + _transactions.Dropped + _demands.Dropped + _waiting.Lost,
    };

    /// <inheritdoc/>
    public void HandleDatagram(Instant now, in Datagram datagram)
    {
        _lifetimes.Start(now);
        _voice.Begin(DecisionCauseKind.Datagram, datagram.Decision);
        _statistics.Datagrams++;
        if (!datagram.IsReadable)
        {
            _statistics.Unreadable++;
            _voice.SayUnheard(now, datagram.Source, default, ServerRules.Unreadable);
            return;
        }

        ref readonly var packet = ref datagram.Packet;
        if (datagram.IsBroadcast || packet.Flags.IsBroadcast)
        {
            _statistics.Ignored++;
            _voice.SayUnheard(now, datagram.Source, packet, ServerRules.Broadcast);
            return;
        }

        if (packet.IsResponse)
            HandleResponse(now, datagram.Source, packet);
        else if (ServerRequest.TryRead(now, datagram.Source, datagram.InterfaceIndex, packet, _names.Scopes, out var request))
            Offer(request, datagram.Decision);
        else
        {
            _statistics.Unreadable++;
            _voice.SayUnheard(
                now, datagram.Source, packet, packet.HasQuestion && packet.Question.Class != NbnsHeader.ClassIn ? ServerRules.UnknownClass : ServerRules.Unreadable);
        }
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        RetryTransactions(now);
        Scavenge(now);
        ServeWaiting(now);
        _partners.HandleTimeout(this, now);
    }

    /// <inheritdoc/>
    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit) => _outbox.TryTake(buffer, out transmit);

    /// <summary>Nothing: a name server logs no NetBT event; see <see cref="TryPollLog"/>.</summary>
    /// <param name="logged">Null.</param>
    /// <returns>False.</returns>
    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
    {
        logged = null;
        return false;
    }

    /// <inheritdoc/>
    public Instant? PollTimeout()
    {
        var earliest = _names.NextDue();
        if (_transactions.NextDue is { } due)
            earliest = Earlier(earliest, due);
        if (_waiting.NextDue is { } turn)
            earliest = Earlier(earliest, turn);
        return _partners.NextDue(this) is { } partners ? Earlier(earliest, partners) : earliest;
    }

    /// <inheritdoc/>
    INbnsEndpoint INbnsEndpoint.Fork() => Fork();

    /// <summary>A copy that lives on by itself: what happens to one never shows in the other.</summary>
    public NameServer Fork() => new(this);

    private static Instant Earlier(Instant? one, Instant other) => one is { } first && first < other ? first : other;

    private void Serve(in ServerRequest request)
    {
        switch (request.Kind)
        {
            case NbnsMessageKind.NameQueryRequest:
                Query(request);
                break;
            case NbnsMessageKind.NameRegistrationRequest:
            case NbnsMessageKind.MultihomedNameRegistrationRequest:
                _statistics.Registrations++;
                Admit(request, AdmissionKind.Registration);
                break;
            case NbnsMessageKind.NameOverwriteRequest:
                _statistics.Registrations++;
                Admit(request, AdmissionKind.Update);
                break;
            case NbnsMessageKind.NameRefreshRequest:
                _statistics.Refreshes++;
                Admit(request, AdmissionKind.Refresh);
                break;
            case NbnsMessageKind.NameReleaseRequest:
                _statistics.Releases++;
                Release(request);
                break;
            case NbnsMessageKind.Unknown when request.Flags.Opcode is not NbnsOpcode.Query:
                _replies.Malformed(request);
                break;
            default:
                _statistics.Ignored++;
                Say(request, ServerRules.NodesBusiness);
                break;
        }
    }
}
