using System.Globalization;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Running;

/// <summary>Watches a simulation and keeps what the ladder draws and the account tells.</summary>
internal sealed class RunRecorder : SimulationObserver
{
    /// <summary>A page of ladder is for people: what a large run does beyond this is in its trace and its capture.</summary>
    private const int MaxSteps = 5_000;

    private const int MaxFacts = 5_000;

    /// <summary>A larger network is counted, not drawn and told: nobody reads a ladder of a thousand lanes.</summary>
    private const int MaxHostsTold = 100;

    private readonly Dictionary<HostId, int> _hostLanes = [];
    private readonly Dictionary<SegmentId, int> _segmentLanes = [];
    private readonly Dictionary<long, int> _stepOfDatagram = [];
    private readonly Dictionary<(HostId, NetBiosName), bool> _held = []; // whether as a group

    private readonly ScenarioRun _run;
    /// <summary>Lanes for a run's hosts and segments: each segment amid its hosts, so that arrows are short.</summary>
    public RunRecorder(ScenarioRun run)
    {
        _run = run;
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

    /// <summary>Whether the network is small enough for lanes, steps and facts.</summary>
    public bool IsDetailed { get; }

    /// <summary>How many datagrams of each kind were sent, by <see cref="NbnsMessageKind"/>.</summary>
    public long[] Counts { get; } = new long[Enum.GetValues<NbnsMessageKind>().Length];

    public List<LadderLane> Lanes { get; } = [];

    public List<LadderStep> Steps { get; } = [];

    public List<Fact> Facts { get; } = [];

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
        if (!packet.Name.TryGetName(out var name))
            return;
        string host = simulator.NameOf(datagram.Sender);
        switch (NbnsClassification.Classify(packet))
        {
            case NbnsMessageKind.NameOverwriteDemand:
                Claimed(simulator, datagram.Sender, name, packet);
                break;
            case NbnsMessageKind.NameReleaseDemand or NbnsMessageKind.NameReleaseRequest
                when !datagram.IsBroadcast && simulator.FindHost(datagram.Destination.Address) is { } holder && _held.ContainsKey((holder, name)) && !_held.ContainsKey((datagram.Sender, name)):
                AddFact(new Fact(FactKind.ReleaseDemanded, simulator.Now, host, name, simulator.NameOf(holder)));
                break;
            case NbnsMessageKind.NameReleaseDemand or NbnsMessageKind.NameReleaseRequest:
                // repeats of the same release are told once: the second time the name is held no more, but the account knows
                AddFact(new Fact(_held.Remove((datagram.Sender, name)) ? FactKind.Released : FactKind.ReleasedUnheld, simulator.Now, host, name, Text: key ?? ""));
                break;
            case NbnsMessageKind.NameConflictDemand:
                AddFact(new Fact(FactKind.ConflictDemanded, simulator.Now, host, name, NameOf(simulator, datagram.Destination.Address)));
                break;
        }
    }

    public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex)
    {
        if (!IsDetailed || !NbnsPacket.TryParse(datagram.Payload, out var packet) || !packet.Name.TryGetName(out var name))
            return;
        string host = simulator.NameOf(receiver);
        string sender = simulator.NameOf(datagram.Sender);
        bool held = _held.ContainsKey((receiver, name));
        switch (NbnsClassification.Classify(packet))
        {
            case NbnsMessageKind.PositiveNameRegistrationResponse when !held:
                Claimed(simulator, receiver, name, packet);
                break;
            case NbnsMessageKind.NegativeNameRegistrationResponse when !held:
                AddFact(new Fact(FactKind.Refused, simulator.Now, host, name, sender, IsGroup: _held.GetValueOrDefault((datagram.Sender, name))));
                break;
            // The receiver acts after this call: what it logs then takes the place of these facts.
            case NbnsMessageKind.NameReleaseDemand or NbnsMessageKind.NameReleaseRequest when held && !packet.Record.FirstEntry.Flags.IsGroup:
                AddFact(new Fact(FactKind.ReleaseIgnored, simulator.Now, host, name, sender));
                break;
            case NbnsMessageKind.NameConflictDemand when held:
                AddFact(new Fact(FactKind.ConflictIgnored, simulator.Now, host, name, sender));
                break;
        }
    }

    public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate)
    {
        if (!IsDetailed)
            return;
        bool lost = fate.Kind is DeliveryFateKind.Lost or DeliveryFateKind.CutOff or DeliveryFateKind.NoSuchHost or DeliveryFateKind.NoRoute or DeliveryFateKind.HostDown;
        if (!datagram.IsBroadcast)
        {
            if (!lost)
                return;
            if (_stepOfDatagram.TryGetValue(datagram.Number, out int step))
                Steps[step] = Steps[step] with { Lost = true };
            if (fate.Receiver is { } deaf && NbnsPacket.TryParse(datagram.Payload, out var packet) && packet.Name.TryGetName(out var name)
                && NbnsClassification.Classify(packet) == NbnsMessageKind.NegativeNameRegistrationResponse)
                AddFact(new Fact(FactKind.RefusalLost, simulator.Now, simulator.NameOf(deaf), name, simulator.NameOf(datagram.Sender)));
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
        string name = simulator.NameOf(host);
        Facts.RemoveAll(fact => fact.Kind is FactKind.ReleaseIgnored or FactKind.ConflictIgnored && fact.Host == name && fact.Name == logged.Name);
        if (logged.Id is NetBtEventId.NameRelease or NetBtEventId.DuplicateName)
            _held.Remove((host, logged.Name));
        AddFact(new Fact(FactKind.Logged, simulator.Now, name, logged.Name, NameOf(simulator, logged.Address), Event: logged));
        string state = _run.NodeOf(host)?.GetNameState(logged.Name) is LocalNameState.Conflict ? $"{logged.Name} is now in Conflict" : logged.Name.ToString();
        AddStep(new LadderStep(simulator.Now, _hostLanes[host], _hostLanes[host], LadderKind.Event, $"event {logged.Id}, {(logged.Id == NetBtEventId.DuplicateNameError ? "refused by" : "data")} {logged.Address}:", state));
    }

    /// <summary>Adds how queries ended, which no packet shows where nobody answers.</summary>
    public void AddResults(ScenarioRun run)
    {
        foreach (var (host, step, result) in run.Results)
        {
            string name = run.Simulator.NameOf(host);
            if (step is null || result.Kind is not (OperationKind.Query or OperationKind.NodeStatus))
                continue;
            if (result.Outcome != OperationOutcome.Succeeded)
            {
                Facts.Add(new Fact(FactKind.NotFound, result.CompletedAt, name, result.Name, Number: -1)); // what else happens then follows from it
                continue;
            }

            bool atOnce = result.Source is AnswerSource.OwnName or AnswerSource.Cache;
            string answers = result.Source switch
            {
                AnswerSource.OwnName => "Its own name table",
                AnswerSource.Cache => "Its cache",
                AnswerSource.LmHosts => "Its LMHOSTS file",
                _ => NameOf(run.Simulator, result.Responder),
            };
            string text = result.Kind == OperationKind.NodeStatus
                ? string.Create(CultureInfo.InvariantCulture, $"it has {result.Names.Length} names")
                : $"{result.Name} is at {string.Join(", ", result.Entries.Select(entry => entry.Address))}";
            Facts.Add(new Fact(FactKind.Found, result.CompletedAt, name, result.Name, answers, Text: text, Number: atOnce ? Facts.Count : -1));
        }

        Facts.Sort(static (one, other) => one.Time.CompareTo(other.Time) is var order and not 0 ? order : one.Number.CompareTo(other.Number));
    }

    public override void Commanded(Simulator simulator, HostId host, string description) => Act(simulator, host, description);

    public override void HostChanged(Simulator simulator, HostId host, bool isUp) => Act(simulator, host, isUp ? "restart" : "crash");

    public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded) =>
        AddFact(new Fact(FactKind.Commanded, simulator.Now, "", Text: $"Link rule '{rule.Name}' {(isAdded ? "begins" : "ends")}."));

    private void AddHost(Simulator simulator, HostId host)
    {
        _hostLanes[host] = Lanes.Count;
        Lanes.Add(new LadderLane(simulator.NameOf(host), simulator.AddressOf(host).ToString()));
    }

    private void Act(Simulator simulator, HostId host, string description)
    {
        if (!IsDetailed)
            return;
        string name = simulator.NameOf(host);
        AddFact(new Fact(FactKind.Commanded, simulator.Now, name, Text: description));
        AddStep(new LadderStep(simulator.Now, _hostLanes[host], _hostLanes[host], LadderKind.Command, Account.Opening(name, description).TrimEnd('.')));
    }

    private void Claimed(Simulator simulator, HostId host, NetBiosName name, in NbnsPacket packet)
    {
        bool group = packet.Record.FirstEntry.Flags.IsGroup;
        if (_held.TryAdd((host, name), group))
            AddFact(new Fact(FactKind.Claimed, simulator.Now, simulator.NameOf(host), name, IsGroup: group));
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

    private void AddFact(Fact fact)
    {
        if (Facts.Count < MaxFacts)
            Facts.Add(fact with { Number = Facts.Count });
    }

    private static string NameOf(Simulator simulator, Ipv4Address address) =>
        simulator.FindHost(address) is { } host ? simulator.NameOf(host) : address.ToString();
}
