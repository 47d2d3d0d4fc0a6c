using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Narrative;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Reports;

/// <summary>Watches a simulation and keeps what the ladder draws and the account tells.</summary>
/// <param name="simulator">The simulation.</param>
/// <param name="maxSteps">How many steps are kept. A page of ladder is for people: what a large run does beyond is in its trace and its capture.</param>
/// <param name="largest">The largest network that is more than counted: nobody reads a ladder of a thousand lanes.</param>
internal sealed class RunRecorder(Simulator simulator, int maxSteps = 5_000, int largest = RunRecorder.MaxHostsTold) : SimulationObserver
{
    private const int MaxHostsTold = 100;

    private readonly Dictionary<long, int> _stepOfDatagram = [];
    private HistoryObserver _history = new(simulator);
    private long _frames;
    private readonly List<LadderStep> _steps = []; // hosts as their index, segments as the complement of theirs

    /// <summary>Whether the network is small enough for lanes, steps and an account.</summary>
    public bool IsDetailed => simulator.HostCount <= largest;

    /// <summary>How many datagrams of each kind were sent, by <see cref="NbnsMessageKind"/>.</summary>
    public long[] Counts { get; } = new long[Enum.GetValues<NbnsMessageKind>().Length];

    /// <summary>What the machines decided.</summary>
    public DecisionHistory History => _history.History;

    public override bool HearsDecisions => IsDetailed;

    /// <summary>How many steps there were beyond those kept.</summary>
    public long DroppedSteps { get; private set; }

    /// <summary>One that knows the same, for a fork of the simulation; it is not added to it yet.</summary>
    public RunRecorder Fork(Simulator fork)
    {
        var other = new RunRecorder(fork, maxSteps, largest) { _history = _history.Fork(fork), _frames = _frames, DroppedSteps = DroppedSteps };
        other._steps.AddRange(_steps);
        foreach (var (datagram, step) in _stepOfDatagram)
            other._stepOfDatagram[datagram] = step;
        Counts.CopyTo(other.Counts, 0);
        return other;
    }

    /// <summary>Lanes for the network's hosts and segments, each segment amid its hosts, so that arrows are short; and the steps between them.</summary>
    /// <param name="from">From when on.</param>
    /// <param name="last">How many steps at most: the last ones.</param>
    public (List<LadderLane> Lanes, List<LadderStep> Steps) Ladder(Instant from = default, int last = int.MaxValue)
    {
        var lanes = new List<LadderLane>();
        var laneOf = new Dictionary<int, int>();
        var hosts = simulator.Hosts().ToLookup(host => simulator.InterfaceOf(host).Segment);
        for (int segment = 0; segment < simulator.SegmentCount; segment++)
        {
            var id = new SegmentId(segment);
            var members = hosts[id].ToList();
            int left = (members.Count + 1) / 2;
            foreach (var host in members.Take(left))
                AddHost(host);
            laneOf[~segment] = lanes.Count;
            lanes.Add(new LadderLane(simulator.NameOf(id), simulator.SubnetOf(id).BroadcastAddress.ToString(), IsSegment: true));
            foreach (var host in members.Skip(left))
                AddHost(host);
        }

        int first = Math.Max(0, _steps.Count - last);
        while (first < _steps.Count && _steps[first].Time < from)
            first++;
        return (lanes, [.. _steps.Skip(first).Select(step => step with { From = laneOf[step.From], To = laneOf[step.To] })]);

        void AddHost(HostId host)
        {
            laneOf[host.Index] = lanes.Count;
            lanes.Add(new LadderLane(simulator.NameOf(host), simulator.AddressOf(host).ToString(), IsNameServer: simulator.NameServerOf(host) is not null));
        }
    }

    public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
    {
        Counts[(int)(NbnsPacket.TryParse(datagram.Payload, out var packet) ? NbnsClassification.Classify(packet) : NbnsMessageKind.Unknown)]++;
        if (!IsDetailed)
            return;
        var (role, verb, subject, key) = PacketWords.Describe(datagram.Payload);
        int to = datagram.IsBroadcast || simulator.FindHost(datagram.Destination.Address) is not { } receiver ? ~datagram.Segment.Index : receiver.Index;
        if (AddStep(new LadderStep(simulator.Now, datagram.Sender.Index, to, role, verb, subject, key, Packet: new LadderPacket(datagram.Source.Address, datagram.Destination.Address, datagram.Payload.ToArray()) { Decision = datagram.Decision })))
            _stepOfDatagram[datagram.Number] = _steps.Count - 1;
    }

    /// <summary>A capture of every segment has a frame each time that a datagram is put on one.</summary>
    public override void Carried(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame)
    {
        _frames++;
        if (_stepOfDatagram.TryGetValue(datagram.Number, out int step) && _steps[step].Packet is { Frame: 0 } packet)
            packet.Frame = _frames;
    }

    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
    {
        if (decision.Rule.Kind == DecisionKind.Ignored && simulator.HostCount > MaxHostsTold)
            return; // what a thousand hosts let go would fill the history
        _history.Decided(simulator, host, number, decision);
        if (decision.Rule.Kind == DecisionKind.Told && History.Find(number) is { } entry && decision.Rule.Telling is not null)
            AddStep(host, ReportRole.Command, History.Describe(entry).TrimEnd('.'));
    }

    public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate)
    {
        if (!IsDetailed)
            return;
        _history.Diverted(simulator, datagram, fate);
        bool lost = fate.Kind is DeliveryFateKind.Lost or DeliveryFateKind.CutOff or DeliveryFateKind.NoSuchHost or DeliveryFateKind.NoRoute or DeliveryFateKind.HostDown;
        if (!datagram.IsBroadcast)
        {
            if (lost && _stepOfDatagram.TryGetValue(datagram.Number, out int step))
                _steps[step] = _steps[step] with { Lost = true };
        }
        else if (fate is { Kind: DeliveryFateKind.Lost or DeliveryFateKind.CutOff, Receiver: { } receiver })
        {
            var (_, verb, subject, _) = PacketWords.Describe(datagram.Payload);
            AddStep(receiver, ReportRole.Aside, $"does not hear {verb}", subject);
        }
    }

    public override void Logged(Simulator simulator, HostId host, NetBtEvent logged)
    {
        if (!IsDetailed)
            return;
        string state = simulator.NodeOf(host)?.GetNameState(logged.Name) is LocalNameState.Conflict ? $"{logged.Name} is now in Conflict" : logged.Name.ToString();
        AddStep(host, ReportRole.Event, $"event {logged.Id}, {(logged.Id == NetBtEventId.DuplicateNameError ? "refused by" : "data")} {logged.Address}:", state);
    }

    public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded) => _history.RuleChanged(simulator, rule, isAdded);

    private void AddStep(HostId host, ReportRole role, string verb, string subject = "") => AddStep(new LadderStep(simulator.Now, host.Index, host.Index, role, verb, subject));

    private bool AddStep(LadderStep step)
    {
        if (_steps.Count < maxSteps)
        {
            _steps.Add(step);
            return true;
        }

        DroppedSteps++;
        return false;
    }
}
