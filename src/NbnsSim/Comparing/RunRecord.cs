using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Comparing;

/// <summary>What one of two runs leaves for the comparison: what its machines decided and sent, and what link rules did on the way.</summary>
internal sealed class RunRecord : SimulationObserver
{
    private const int MaxKept = 200_000; // decisions, and packets
    private const int LargeNetwork = 100; // hosts; what they let go is not kept then, which would be most of it

    private readonly HistoryObserver _history;
    private readonly Dictionary<(string Host, Rule Rule), long> _counts = [];
    private readonly Dictionary<string, long> _touched = new(StringComparer.Ordinal);
    private readonly Dictionary<Ipv4Address, long> _sentTo = [];
    private readonly Dictionary<string, long> _sentBy = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _decidedBy = new(StringComparer.Ordinal);
    private Dictionary<(string Host, NetBiosName Name), List<HistoryEntry>>? _outcomes;
    private long _droppedPackets;

    public RunRecord(ScenarioRun run)
    {
        Run = run;
        _history = new HistoryObserver(run.Simulator);
        run.Simulator.AddObserver(this);
    }

    public ScenarioRun Run { get; }

    public DecisionHistory History => _history.History;

    /// <summary>What was sent, in the order of time.</summary>
    public List<ComparedPacket> Packets { get; } = [];

    /// <summary>How many decisions and packets there was no room for.</summary>
    public long Dropped => History.DroppedCount + _droppedPackets;

    public override bool HearsDecisions => true;

    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
    {
        var key = (simulator.NameOf(host), decision.Rule);
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
        _decidedBy[key.Item1] = _decidedBy.GetValueOrDefault(key.Item1) + 1;
        if (decision.Rule.Kind != DecisionKind.Ignored || simulator.HostCount <= LargeNetwork)
            _history.Decided(simulator, host, number, decision);
    }

    public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
    {
        string sender = simulator.NameOf(datagram.Sender);
        _sentBy[sender] = _sentBy.GetValueOrDefault(sender) + 1;
        _sentTo[datagram.Destination.Address] = _sentTo.GetValueOrDefault(datagram.Destination.Address) + 1;
        if (Packets.Count < MaxKept)
            Packets.Add(new ComparedPacket(simulator.Now, sender, datagram.Source, datagram.Destination, datagram.IsBroadcast, [.. datagram.Payload], datagram.Decision));
        else
            _droppedPackets++;
    }

    public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate)
    {
        _history.Diverted(simulator, datagram, fate);
        Touch(fate);
    }

    /// <summary>What name servers say to each other goes over the same links.</summary>
    public override void MessageDiverted(Simulator simulator, HostId sender, ReplicationMessage message, in DeliveryFate fate) => Touch(fate);

    public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded) => _history.RuleChanged(simulator, rule, isAdded);

    /// <summary>How often machines decided by any of these rules.</summary>
    /// <param name="hosts">The machines.</param>
    /// <param name="rules">The rules.</param>
    public long CountOf(IReadOnlySet<string> hosts, IReadOnlyCollection<Rule> rules) => _counts.Where(one => hosts.Contains(one.Key.Host) && rules.Contains(one.Key.Rule)).Sum(one => one.Value);

    /// <summary>How often a machine decided anything.</summary>
    public long CountOf(string host) => _decidedBy.GetValueOrDefault(host);

    /// <summary>To how many datagrams and messages a link rule did something, each receiver counted.</summary>
    public long TouchedBy(string rule) => _touched.GetValueOrDefault(rule);

    public long SentTo(Ipv4Address address) => _sentTo.GetValueOrDefault(address);

    public long SentBy(string host) => _sentBy.GetValueOrDefault(host);

    /// <summary>What a machine last decided about a name that changed something, up to a time; null for nothing.</summary>
    public HistoryEntry? Outcome(string host, NetBiosName name, Instant until)
    {
        _outcomes ??= History.Entries.Where(entry => entry.IsOutcome).GroupBy(entry => (entry.Host, entry.Decision.Name)).ToDictionary(group => group.Key, group => group.ToList());
        if (!_outcomes.TryGetValue((host, name), out var list))
            return null;
        int low = 0;
        for (int high = list.Count; low < high;)
        {
            int middle = (low + high) / 2;
            if (list[middle].Decision.Time <= until)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? null : list[low - 1];
    }

    private void Touch(in DeliveryFate fate)
    {
        if (fate.Rule is { } rule)
            _touched[rule.Name] = _touched.GetValueOrDefault(rule.Name) + 1;
    }
}
