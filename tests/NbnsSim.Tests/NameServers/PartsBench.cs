using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>The parts of a name server without a server around them: requests go to the part that is meant, and verdicts about disputes are only written down.</summary>
internal sealed class PartsBench : IDisputeVerdicts
{
    public static readonly Instant Start = Instant.FromUnixTime(1_000_000); // when requests come
    public static readonly Ipv4Address Partner = ServerBench.Ip("10.0.1.250");

    public PartsBench(NameServerDialect dialect, Func<NameServerOptions, NameServerOptions>? change = null)
    {
        var options = new NameServerOptions { Address = ServerBench.ServerAddress, Dialect = dialect, JournalsChanges = true }.WithShares();
        State = new ServerState(change is null ? options : change(options));
        State.Voice.Sink = Said;
        Demands = new NodeDemands(State);
        Challenges = new OwnerChallenges(State);
        Records = new RecordKeeper(State);
        Replies = new ServerReplies(State, Records, Demands);
        Disputes = new Disputes(State, Challenges, Replies) { Verdicts = this };
        Scavenger = new Scavenger(State, Records, Disputes);
        Registrations = new Registrations(State, Scavenger, Disputes, Records, Replies);
        Releases = new Releases(State, Scavenger, Disputes, Records, Replies);
        Queries = new Queries(State, Scavenger, Replies);
        Responses = new NodeResponses(State, Challenges, Disputes, Demands);
        Intake = new Intake(State, Queries, Registrations, Releases, Responses, Replies);
        Charts = new ReplicaCharts(State);
        Writer = new RecordWriter(State, Records);
        Settlement = new ReplicaSettlement(State, Charts, Disputes, Records, Writer, Demands);
        Replicas = new ReplicaIntake(State, Scavenger, Disputes, Charts, Settlement, Writer);
        View = new PartnerView(State, Scavenger, Disputes, Records);
        Administration = new Administration(State, Scavenger, Disputes, Records, Writer, Demands);
    }

    public ServerState State { get; }

    public DecisionCounter Said { get; } = new();

    public NodeDemands Demands { get; }

    public OwnerChallenges Challenges { get; }

    public RecordKeeper Records { get; }

    public ServerReplies Replies { get; }

    public Disputes Disputes { get; }

    public Scavenger Scavenger { get; }

    public Registrations Registrations { get; }

    public Releases Releases { get; }

    public Queries Queries { get; }

    public NodeResponses Responses { get; }

    public Intake Intake { get; }

    public ReplicaCharts Charts { get; }

    public RecordWriter Writer { get; }

    public ReplicaSettlement Settlement { get; }

    public ReplicaIntake Replicas { get; }

    public PartnerView View { get; }

    public Administration Administration { get; }

    /// <summary>What became of whose request.</summary>
    public List<string> Verdicts { get; } = [];

    public Rule Last => Said.Last.Rule;

    /// <summary>Where a name is, as it stands there.</summary>
    public int SlotOf(string name) => State.Names.Find(NetBiosName.Parse(name));

    public NameRecord? Record(string name) => State.Reader.Find(NetBiosName.Parse(name));

    /// <summary>Gives a name to a node.</summary>
    /// <returns>Its slot.</returns>
    public int Take(string name, string address, bool group = false)
    {
        var parsed = NetBiosName.Parse(name);
        Assert.That(Records.TryAdd(parsed.High, parsed.Low, parsed.Scope.Encoded, out int slot), Is.True);
        Records.Take(slot, Claim(name, address, group));
        return slot;
    }

    public ServerRequest Claim(string name, string address, bool group = false, ushort flags = NbnsFlagWords.RegistrationRequest) =>
        Requests.Read(Requests.Claim(name, address, group, flags: flags), address, State.Names.Scopes);

    public ServerRequest Release(string name, string address, string? source = null) =>
        Requests.Read(Requests.Release(name, address), source ?? address, State.Names.Scopes);

    /// <summary>A record of the partner's.</summary>
    public static NameRecord Replica(string name, string address, ulong version, NameRecordType type = NameRecordType.Unique, NameRecordState state = NameRecordState.Active) =>
        ReplicationTrial.Record(NetBiosName.Parse(name), type, state, isStatic: false, Partner, version, address);

    public void Deliver(ReadOnlySpan<byte> octets, string source, bool isBroadcast = false) => Deliver(octets, source, Start, isBroadcast);

    public void Deliver(ReadOnlySpan<byte> octets, string source, Instant now, bool isBroadcast = false) => Intake.Handle(
        now, new Datagram(octets, Ipv4Endpoint.NameService(ServerBench.Ip(source)), Ipv4Endpoint.NameService(State.Options.Address), isBroadcast));

    /// <summary>What was sent since it was last asked for: to whom, and what.</summary>
    public List<string> Sent()
    {
        var sent = new List<string>();
        byte[] buffer = new byte[NbnsHeader.MaxDatagramLength];
        while (State.Outbox.TryTake(buffer, out var transmit))
        {
            Assert.That(NbnsPacket.TryParse(buffer.AsSpan(0, transmit.Length), out var packet), Is.True);
            string what = packet.Opcode == NbnsOpcode.Wack ? "wack" : !packet.IsResponse ? $"{packet.Opcode}".ToLowerInvariant() : packet.Rcode == NbnsRcode.Success ? "yes" : "no";
            sent.Add($"{transmit.Destination.Address} {what}");
        }

        return sent;
    }

    void IDisputeVerdicts.DecideReplica(Instant now, in ServerTransaction dispute, NameRecord replica, bool isHeld, NbnsResourceRecord answer) =>
        Verdicts.Add($"replica {(isHeld ? "refused" : "taken")}");

    void IDisputeVerdicts.DecideRemoval(Instant now, int slot, bool isHeld) => Verdicts.Add($"removal {(isHeld ? "refused" : "done")}");

    void IDisputeVerdicts.Refuse(int slot, in ServerRequest request, NbnsResourceRecord answer) => Verdicts.Add($"{request.Source.Address} refused");

    void IDisputeVerdicts.Award(int slot, in ServerRequest request) => Verdicts.Add($"{request.Source.Address} has it");

    void IDisputeVerdicts.TakeUpAgain(in ServerRequest request) => Verdicts.Add($"{request.Source.Address} again");
}
