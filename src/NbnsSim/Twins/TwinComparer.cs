using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Twins;

/// <summary>Runs a twin and lines its packets up with the captured ones.</summary>
internal sealed class TwinComparer
{
    /// <summary>Packets this close to each other may change places: two machines act at the same moment.</summary>
    private static readonly TimeSpan SameMoment = TimeSpan.FromMilliseconds(50);

    private readonly TwinEvidence _evidence;
    private readonly Dictionary<Ipv4Address, TwinMachine> _machines = [];
    private readonly Dictionary<TwinMachine, TwinHabits> _habits;
    private readonly Dictionary<long, string> _byHand; // why, by frame
    private readonly DecisionWatch? _decisions;

    /// <param name="evidence">The capture.</param>
    /// <param name="habits">How each machine behaves.</param>
    /// <param name="inferences">Among them what was sent by hand, and why.</param>
    /// <param name="explains">Whether the reasons of differences are wanted.</param>
    public TwinComparer(TwinEvidence evidence, Dictionary<TwinMachine, TwinHabits> habits, IEnumerable<TwinInference> inferences, bool explains)
    {
        _evidence = evidence;
        _habits = habits;
        foreach (var machine in habits.Keys)
        {
            foreach (var address in machine.Addresses)
                _machines[address] = machine;
        }

        _byHand = inferences.Where(one => one.Kind == TwinInferenceKind.Injected).ToDictionary(one => one.Frame, one => one.Why!);
        _decisions = explains ? new DecisionWatch() : null;
    }

    public TwinComparison Compare(Scenario scenario)
    {
        var watch = new TwinWatch(_machines);
        var run = new ScenarioRun(scenario);
        run.Simulator.AddObserver(watch);
        if (_decisions is not null)
            run.Simulator.AddObserver(_decisions);
        foreach (var send in scenario.Steps.OfType<SendStep>())
        {
            var place = run.Simulator.InterfaceOf(run.Simulator.FindHost(send.Hosts[0])!.Value, send.InterfaceIndex);
            watch.ExpectByHand(send.At, send.Source ?? place.Address, send.To ?? Ipv4Address.Broadcast, [.. send.Payload]);
        }

        run.Run();
        return Compare(watch);
    }

    private TwinComparison Compare(TwinWatch watch)
    {
        var sent = watch.All;
        var differences = new List<TwinDifference>();
        var partners = Match(watch, out var extra);
        int complete = 0;
        int reproduced = 0;
        var outOfOrder = FindOutOfOrder(partners, watch);
        foreach (var packet in _evidence.Packets)
        {
            if (WhyIncomplete(packet) is { } incomplete)
            {
                differences.Add(new TwinDifference(TwinDifferenceKind.Incomplete, packet, incomplete));
                continue;
            }

            complete++;
            if (_byHand.TryGetValue(packet.Frame, out string? why))
                differences.Add(new TwinDifference(TwinDifferenceKind.ByHand, packet, why));
            else if (!partners.TryGetValue(packet, out var partner))
                differences.Add(new TwinDifference(TwinDifferenceKind.Missing, packet, WhyMissing(packet)));
            else if (outOfOrder.TryGetValue(packet, out var other))
                differences.Add(new TwinDifference(TwinDifferenceKind.OutOfOrder, packet, $"the twin sends it at {Seconds(partner.Time)} s, on the other side of what frame {other.Frame} has"));
            else
                reproduced++;
        }

        differences.AddRange(extra.Where(packet => packet.Time >= _evidence.Begin).Select(packet => new TwinDifference(TwinDifferenceKind.Extra, packet, WhySent(packet))));
        return new TwinComparison(_evidence.Packets.Count, complete, reproduced, sent.Count, [.. differences.OrderBy(difference => difference.Packet.Time)]);
    }

    /// <summary>The oldest that fits is the one: both sides are in order of time, and what fits a later one fits this one better.</summary>
    private Dictionary<TwinPacket, TwinPacket> Match(TwinWatch watch, out List<TwinPacket> extra)
    {
        var waiting = watch.All.GroupBy(watch.KeyOf).ToDictionary(group => group.Key, group => new Queue<TwinPacket>(group));
        var partners = new Dictionary<TwinPacket, TwinPacket>(ReferenceEqualityComparer.Instance);
        extra = [];
        foreach (var packet in _evidence.Packets)
        {
            if (_byHand.ContainsKey(packet.Frame) || !waiting.TryGetValue(watch.KeyOf(packet), out var queue))
                continue;
            var tolerance = TwinBuilder.Tolerance(packet, HabitsOfAsker(packet));
            while (queue.TryPeek(out var early) && early.Time < packet.Time - tolerance)
                extra.Add(queue.Dequeue());
            if (queue.TryPeek(out var partner) && partner.Time <= packet.Time + tolerance)
                partners[packet] = queue.Dequeue();
        }

        extra.AddRange(waiting.Values.SelectMany(queue => queue));
        return partners;
    }

    /// <summary>Packets between two machines about a name whose twins have changed places with an earlier one's, each with that one.</summary>
    private static Dictionary<TwinPacket, TwinPacket> FindOutOfOrder(Dictionary<TwinPacket, TwinPacket> partners, TwinWatch watch)
    {
        var found = new Dictionary<TwinPacket, TwinPacket>(ReferenceEqualityComparer.Instance);
        foreach (var ofName in partners.OrderBy(pair => pair.Key.Time).GroupBy(pair => Conversation(watch.KeyOf(pair.Key))))
        {
            KeyValuePair<TwinPacket, TwinPacket>? latest = null;
            foreach (var pair in ofName)
            {
                if (latest is { } before && pair.Value.Time < before.Value.Time && pair.Key.Time - before.Key.Time > SameMoment && before.Value.Time - pair.Value.Time > SameMoment)
                    found[pair.Key] = before.Key;
                else if (latest is null || pair.Value.Time >= latest.Value.Value.Time)
                    latest = pair;
            }
        }

        return found;
    }

    /// <summary>What two machines say to each other about a name, whichever of them speaks.</summary>
    private static (Names.NetBiosName, Ipv4Address, Ipv4Address) Conversation(TwinKey key) =>
        key.Source.Value < key.Destination.Value ? (key.Name, key.Source, key.Destination) : (key.Name, key.Destination, key.Source);

    /// <summary>Why a packet does not count: its exchange was cut by an end of the capture, or no machine can stand for its sender.</summary>
    private string? WhyIncomplete(TwinPacket packet)
    {
        if (_evidence.Unasked.Contains(packet))
            return "what it answers is not in the capture";
        var exchange = _evidence.ExchangeOf[packet];
        if (exchange.Answers.Exists(answer => answer.Kind != Messages.NbnsMessageKind.WaitForAcknowledgementResponse))
            return null;
        var habits = HabitsOfAsker(packet);
        var interval = TwinBuilder.Tolerance(exchange.First, habits);
        string count = exchange.First.IsBroadcast ? "broadcastRetryCount" : "nameServerRetryCount";
        int usual = habits?.Seen.TryGetValue(count, out string? seen) == true ? int.Parse(seen, System.Globalization.CultureInfo.InvariantCulture) : 3;
        if (exchange.Tries.Count >= usual || exchange.Before is not null)
            return null;
        if (_evidence.End - exchange.Last.Time < interval)
            return "the capture ends amid its exchange";
        return exchange.First.Time - _evidence.Begin < interval ? "the capture may begin amid its exchange" : null;
    }

    private TwinHabits? HabitsOfAsker(TwinPacket packet) => _machines.TryGetValue(packet.IsResponse ? packet.Destination : packet.Source, out var asker) ? _habits[asker] : null;

    private string WhyMissing(TwinPacket packet)
    {
        if (!_machines.TryGetValue(packet.Source, out var machine))
            return $"there is no machine at {packet.Source}";
        return _decisions?.About(machine.Name, packet) is { } decision
            ? $"{machine.Name}'s twin decided at {Seconds(decision.Time)} s: {Sentence(decision.Rule)}"
            : $"{machine.Name}'s twin decided nothing about {packet.Name} then";
    }

    private string WhySent(TwinPacket packet)
    {
        if (!_machines.TryGetValue(packet.Source, out var machine))
            return "";
        return _decisions?.About(machine.Name, packet) is { } decision ? $"{machine.Name}'s twin decided: {Sentence(decision.Rule)}" : $"{machine.Name}'s twin sends it by itself";
    }

    private static string Sentence(Rule rule) => $"{rule.Sentence.TrimEnd('.')} ({rule.Id})";

    private static string Seconds(Instant time) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(time - Instant.Epoch).TotalSeconds:0.000}");

    /// <summary>The decisions of a run, by machine and name.</summary>
    private sealed class DecisionWatch : SimulationObserver
    {
        private const int MaxDecisions = 200_000;

        private readonly Dictionary<(string, Names.NetBiosName), List<Decision>> _decisions = [];
        private int _count;

        public override bool SeesDatagrams => false;

        public override bool HearsDecisions => true;

        public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
        {
            if (decision.Name == default || ++_count > MaxDecisions)
                return;
            var key = (simulator.NameOf(host), decision.Name);
            if (!_decisions.TryGetValue(key, out var list))
                _decisions[key] = list = [];
            list.Add(decision);
        }

        /// <summary>The last decision about the packet's name at its time; the last one before, where there is none then.</summary>
        public Decision? About(string host, TwinPacket packet)
        {
            if (!_decisions.TryGetValue((host, packet.Name), out var list))
                return null;
            int index = list.FindLastIndex(decision => decision.Time <= packet.Time + SameMoment);
            return index < 0 ? null : list[index];
        }
    }
}
