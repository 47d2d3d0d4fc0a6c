using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Narrative;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Running;

/// <summary>Watches a simulation and keeps what the ladder draws and the account tells.</summary>
internal sealed class RunRecorder : SimulationObserver
{
    /// <summary>A page of ladder is for people: what a large run does beyond this is in its trace and its capture.</summary>
    private const int MaxSteps = 5_000;

    /// <summary>A larger network is counted, not drawn and told: nobody reads a ladder of a thousand lanes.</summary>
    private const int MaxHostsTold = 100;

    private readonly Dictionary<HostId, int> _hostLanes = [];
    private readonly Dictionary<SegmentId, int> _segmentLanes = [];
    private readonly Dictionary<long, int> _stepOfDatagram = [];
    private readonly ScenarioRun _run;
    private readonly HistoryObserver _history;
    /// <summary>Lanes for a run's hosts and segments: each segment amid its hosts, so that arrows are short.</summary>
    public RunRecorder(ScenarioRun run)
    {
        _run = run;
        _history = new HistoryObserver(run.Simulator);
        var simulator = run.Simulator;
        IsDetailed = simulator.HostCount <= MaxHostsTold;
        if (!IsDetailed)
            return;
        for (int segment = 0; segment < simulator.SegmentCount; segment++)
        {
            var id = new SegmentId(segment);
            var members = Enumerable.Range(0, simulator.HostCount).Select(host => new HostId(host)).Where(host => simulator.InterfaceOf(host).Segment == id).ToList();
            foreach (var host in members.Take((members.Count + 1) / 2))
                AddHost(simulator, host);
            _segmentLanes[id] = Lanes.Count;
            Lanes.Add(new LadderLane(simulator.NameOf(id), simulator.SubnetOf(id).BroadcastAddress.ToString(), IsSegment: true));
            foreach (var host in members.Skip((members.Count + 1) / 2))
                AddHost(simulator, host);
        }
    }

    /// <summary>Whether the network is small enough for lanes, steps and an account.</summary>
    public bool IsDetailed { get; }

    /// <summary>How many datagrams of each kind were sent, by <see cref="NbnsMessageKind"/>.</summary>
    public long[] Counts { get; } = new long[Enum.GetValues<NbnsMessageKind>().Length];

    public List<LadderLane> Lanes { get; } = [];

    public List<LadderStep> Steps { get; } = [];

    /// <summary>What the machines decided.</summary>
    public DecisionHistory History => _history.History;

    public override bool HearsDecisions => IsDetailed;

    /// <summary>How many steps there were beyond those kept.</summary>
    public long DroppedSteps { get; private set; }

    public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
    {
        Counts[(int)(NbnsPacket.TryParse(datagram.Payload, out var packet) ? NbnsClassification.Classify(packet) : NbnsMessageKind.Unknown)]++;
        if (!IsDetailed)
            return;
        var (kind, verb, subject, key) = PacketWords.Describe(datagram.Payload);
        int from = _hostLanes[datagram.Sender];
        int to = datagram.IsBroadcast || simulator.FindHost(datagram.Destination.Address) is not { } receiver
            ? _segmentLanes[datagram.Segment]
            : _hostLanes[receiver];
        if (AddStep(new LadderStep(simulator.Now, from, to, kind, verb, subject, key)))
            _stepOfDatagram[datagram.Number] = Steps.Count - 1;
    }

    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
    {
        _history.Decided(simulator, host, number, decision);
        if (decision.Rule.Kind == DecisionKind.Told && History.Find(number) is { } entry && decision.Rule.Telling is not null)
            AddStep(new LadderStep(simulator.Now, _hostLanes[host], _hostLanes[host], LadderKind.Command, History.Describe(entry).TrimEnd('.')));
    }

    public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate)
    {
        if (!IsDetailed)
            return;
        _history.Diverted(simulator, datagram, fate);
        bool lost = fate.Kind is DeliveryFateKind.Lost or DeliveryFateKind.CutOff or DeliveryFateKind.NoSuchHost or DeliveryFateKind.NoRoute or DeliveryFateKind.HostDown;
        if (!datagram.IsBroadcast)
        {
            if (!lost)
                return;
            if (_stepOfDatagram.TryGetValue(datagram.Number, out int step))
                Steps[step] = Steps[step] with { Lost = true };
        }
        else if (lost && fate is { Kind: DeliveryFateKind.Lost or DeliveryFateKind.CutOff, Receiver: { } receiver })
        {
            var (_, verb, subject, _) = PacketWords.Describe(datagram.Payload);
            AddStep(new LadderStep(simulator.Now, _hostLanes[receiver], _hostLanes[receiver], LadderKind.Note, $"does not hear {verb}", subject));
        }
    }

    public override void Logged(Simulator simulator, HostId host, NetBtEvent logged)
    {
        if (!IsDetailed)
            return;
        string state = _run.NodeOf(host)?.GetNameState(logged.Name) is LocalNameState.Conflict ? $"{logged.Name} is now in Conflict" : logged.Name.ToString();
        AddStep(new LadderStep(simulator.Now, _hostLanes[host], _hostLanes[host], LadderKind.Event, $"event {logged.Id}, {(logged.Id == NetBtEventId.DuplicateNameError ? "refused by" : "data")} {logged.Address}:", state));
    }

    public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded) => _history.RuleChanged(simulator, rule, isAdded);

    private void AddHost(Simulator simulator, HostId host)
    {
        _hostLanes[host] = Lanes.Count;
        Lanes.Add(new LadderLane(simulator.NameOf(host), simulator.AddressOf(host).ToString()));
    }

    private bool AddStep(LadderStep step)
    {
        if (Steps.Count < MaxSteps)
        {
            Steps.Add(step);
            return true;
        }

        DroppedSteps++;
        return false;
    }
}
