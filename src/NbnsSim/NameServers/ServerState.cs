using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>
/// All that a name server knows: its parts, each of which keeps its fields to itself, and what it has counted. What a server does is in classes that act upon it:
/// <see cref="Intake"/>, <see cref="Registrations"/>, <see cref="Disputes"/> and so on.
/// </summary>
internal sealed class ServerState
{
    /// <summary>What it has counted; what its queues and tables count themselves is added where it is asked for (<see cref="Statistics"/>).</summary>
    public NameServerStatistics Counters;

    /// <summary>Makes the state of a server that knows no name.</summary>
    /// <param name="options">How it is set up.</param>
    public ServerState(NameServerOptions options)
    {
        Options = options;
        Names = new NameDatabase(options.MaxScopes, options.CountsSources);
        Owners = new OwnerTable(options.Address);
        Lifetimes = new Lifetimes(options.Dialect);
        Journal = new ChangeJournal(Names, options.JournalsChanges);
        Transactions = new ServerTransactions(options.MaxTransactions, options.Dialect.ChallengeTries, RandomStream.Derive(options.Seed, "name server"), Names);
        Claims = new WaitingClaims(Names.Sources);
        Waiting = new RequestQueue(options);
        Quotas = new ServerQuotas(options, Names.Sources);
        Pushes = new PushTriggers(options);
        Log = new NameServerLog(options.MaxLogEntries);
        Voice = new ServerVoice(Names, options.NodePort);
        Outbox = new ServerOutbox(options, Voice);
        Reader = new RecordReader(Names, Owners);
    }

    /// <summary>A copy that lives on by itself, and to which nobody listens.</summary>
    public ServerState(ServerState other)
    {
        Options = other.Options;
        Counters = other.Counters;
        Names = new NameDatabase(other.Names);
        Owners = new OwnerTable(other.Owners);
        Lifetimes = new Lifetimes(other.Lifetimes);
        Journal = new ChangeJournal(other.Journal, Names);
        Transactions = new ServerTransactions(other.Transactions, Names);
        Claims = new WaitingClaims(other.Claims, Names.Sources);
        Waiting = new RequestQueue(other.Waiting);
        Quotas = new ServerQuotas(other.Quotas, Names.Sources);
        Pushes = new PushTriggers(other.Pushes);
        Log = new NameServerLog(other.Log);
        Voice = new ServerVoice(Names, Options.NodePort);
        Outbox = new ServerOutbox(other.Outbox, Voice);
        Reader = new RecordReader(Names, Owners);
    }

    /// <summary>How it is set up.</summary>
    public NameServerOptions Options { get; }

    /// <summary>What it does.</summary>
    public NameServerDialect Dialect => Options.Dialect;

    /// <summary>Its names, with their scopes and sources.</summary>
    public NameDatabase Names { get; }

    /// <summary>The servers whose records it has, and how far it knows them.</summary>
    public OwnerTable Owners { get; }

    /// <summary>For how long names are granted and kept.</summary>
    public Lifetimes Lifetimes { get; }

    /// <summary>Which names have changed since the driver last asked.</summary>
    public ChangeJournal Journal { get; }

    /// <summary>What it asks of nodes and waits for.</summary>
    public ServerTransactions Transactions { get; }

    /// <summary>Who waits for a verdict about a name.</summary>
    public WaitingClaims Claims { get; }

    /// <summary>Requests that wait for their turn.</summary>
    public RequestQueue Waiting { get; }

    /// <summary>What one source may hold.</summary>
    public ServerQuotas Quotas { get; }

    /// <summary>What has changed since partners were last notified.</summary>
    public PushTriggers Pushes { get; }

    /// <summary>Its log.</summary>
    public NameServerLog Log { get; }

    /// <summary>How it says what it decides.</summary>
    public ServerVoice Voice { get; }

    /// <summary>What waits to be sent to nodes.</summary>
    public ServerOutbox Outbox { get; }

    /// <summary>Its names as records.</summary>
    public RecordReader Reader { get; }

    /// <summary>All that was counted.</summary>
    public NameServerStatistics Statistics => Counters with
    {
        BurstAnswers = Waiting.GrantedUnseen,
        Answers = Outbox.Written,
        Dropped = Counters.Dropped + Outbox.Dropped + Transactions.Dropped + Waiting.Lost,
    };

    /// <summary>Carries all of it, into a state that knows no name where it is read.</summary>
    public void Carry(StateCodec codec)
    {
        codec.BeginMachine();
        if (!codec.IsFingerprint)
        {
            codec.Expect(Options.Address.ToString(), "A name server's address");
            codec.Expect(Options.Dialect.Name, "Its dialect");
        }

        NameServerStatistics.Carry(codec, ref Counters);
        Owners.Carry(codec);
        Names.Carry(codec, Owners);
        Lifetimes.Carry(codec);
        Journal.Carry(codec);
        Transactions.Carry(codec, Claims, Owners);
        Waiting.Carry(codec);
        Quotas.Carry(codec);
        Pushes.Carry(codec);
        Log.Carry(codec);
        Outbox.Carry(codec);
        Voice.Carry(codec);
        Names.Sources?.CarryTold(codec);
    }

    /// <summary>Whether the same comes next for both; see <see cref="NameServer.HasSameStateAs"/>. Takes time for every name.</summary>
    public bool HasSameStateAs(ServerState other) =>
        Options == other.Options && Counters == other.Counters
        && Owners.HasSameStateAs(other.Owners) && Lifetimes.HasSameStateAs(other.Lifetimes) && Waiting.HasSameStateAs(other.Waiting)
        && Quotas.HasSameStateAs(other.Quotas) && Pushes.HasSameStateAs(other.Pushes) && Log.HasSameStateAs(other.Log) && Outbox.HasSameStateAs(other.Outbox)
        && Reader.HasSameRecordsAs(other.Reader) && Journal.HasSameStateAs(other.Journal)
        && Transactions.HasSameStateAs(other.Transactions, Claims, other.Claims);
}
