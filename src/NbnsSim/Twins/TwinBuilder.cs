using System.Collections.Immutable;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Twins;

/// <summary>
/// Makes the steps of a twin: its machines run beside the capture, and whatever a captured machine asks that its twin does not ask by itself becomes a command, at its time. What no
/// command leads to is sent as it was captured. Where a machine asks again though its twin was answered, the capture shows a loss, which the next attempt has as a link rule.
/// </summary>
internal sealed partial class TwinBuilder
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(1500);

    private readonly TwinEvidence _evidence;
    private readonly Dictionary<Ipv4Address, TwinMachine> _machines = [];
    private readonly Dictionary<TwinMachine, TwinHabits> _habits;
    private readonly ScenarioRun _run;
    private readonly TwinWatch _watch;
    private readonly List<ScenarioStep> _steps = [];

    public TwinBuilder(TwinEvidence evidence, IEnumerable<TwinMachine> machines, Dictionary<TwinMachine, TwinHabits> habits, Scenario network)
    {
        _evidence = evidence;
        _habits = habits;
        foreach (var machine in machines)
        {
            foreach (var address in machine.Addresses)
                _machines[address] = machine;
        }

        _watch = new TwinWatch(_machines);
        _run = new ScenarioRun(network with { End = Instant.MaxValue });
        _run.Simulator.AddObserver(_watch);
    }

    public List<TwinInference> Inferences { get; } = [];

    /// <summary>What was lost on its way, as far as this attempt has found.</summary>
    public List<ScenarioRule> Losses { get; } = [];

    private Simulator Simulator => _run.Simulator;

    /// <summary>Goes through the capture.</summary>
    /// <returns>The steps, in order of time.</returns>
    public ImmutableArray<ScenarioStep> Build()
    {
        foreach (var packet in _evidence.Before.Concat(_evidence.Packets).OrderBy(packet => packet.Time))
        {
            if (!_machines.TryGetValue(packet.Source, out var machine) || Simulator.FindHost(machine.Name) is not { } host)
                continue;
            Simulator.RunUntil(packet.Time > Now ? packet.Time : Now);
            if (_watch.TryTake(packet, packet.Time - Tolerance(packet)))
                continue;
            if (packet.IsResponse) // it is on its way while the question is: it is waited for, for less than anybody's clock shows
            {
                Simulator.RunUntil(Now + (_run.Scenario.Segments[0].Latency * 6));
                if (_watch.TryTake(packet, packet.Time - Tolerance(packet)))
                    continue;
            }

            if (packet.IsResponse)
                OnAnswer(packet, machine, host);
            else
                OnRequest(packet, machine, host);
        }

        NoteSilence();
        return [.. _steps];
    }

    /// <summary>How far apart in time a packet and its twin may be: until the next would be sent.</summary>
    public static TimeSpan Tolerance(TwinPacket packet, TwinHabits? habits) =>
        (packet.IsBroadcast ? habits?.BroadcastInterval : habits?.UnicastInterval) is { } interval && interval > Usual ? interval : Usual;

    private TimeSpan Tolerance(TwinPacket packet)
    {
        var asker = packet.IsResponse ? packet.Destination : packet.Source;
        return Tolerance(packet, _machines.TryGetValue(asker, out var machine) ? _habits[machine] : null);
    }

    private void OnAnswer(TwinPacket packet, TwinMachine machine, HostId host)
    {
        if (_run.NameServerOf(host) is { } server && server.GetPendingRequests().Any(pending => pending.Name == packet.Name))
        {
            _watch.Promise(packet, packet.Time + Tolerance(packet)); // it is waiting for the owner, as the captured one was
            return;
        }

        Inject(packet, machine, "its twin does not answer so");
    }

    private void OnRequest(TwinPacket packet, TwinMachine machine, HostId host)
    {
        var exchange = _evidence.ExchangeOf[packet];
        var of = TwinExchange.ClassOf(packet.Kind);
        var node = _run.NodeOf(host);
        bool isFirst = ReferenceEquals(exchange.Before ?? exchange.First, packet);
        if ((node is not null && IsPending(node, packet, of, isFirst)) || (_run.NameServerOf(host) is { } server && server.GetPendingRequests().Any(pending => pending.Name == packet.Name && pending.Target == packet.Destination)))
        {
            _watch.Promise(packet, packet.Time + Tolerance(packet)); // its twin has it in hand: it asks again by itself
            return;
        }

        bool isAskedAnew = of is RequestClass.Query or RequestClass.Status && exchange.Answers.Count(answer => answer.Kind != Kind.WaitForAcknowledgementResponse) >= exchange.Tries.Count;
        int index = exchange.Tries.IndexOf(packet);
        isAskedAnew |= of is RequestClass.Query or RequestClass.Status && index > 0 && packet.Time - exchange.Tries[index - 1].Time < AtOnce;
        if (!isFirst && !isAskedAnew) // else each try is answered, or comes sooner than any repeat: somebody asks twice
        {
            NoteLoss(packet, exchange, machine);
            return;
        }

        if (node is null || (machine.IsNameServer && packet is { Kind: Kind.NameQueryRequest, IsBroadcast: false, RecursionDesired: false }))
        {
            Inject(packet, machine, "a name server's question that its twin does not ask");
            return;
        }

        if (packet.HasEntry && packet.Entry.Address != Ipv4Address.Any && !machine.Is(packet.Entry.Address))
        {
            if (packet.Kind == Kind.NameReleaseRequest && machine.NameServers.Contains(packet.Destination))
            {
                Command(packet, machine, node, NodeCommand.CorrectNameServer, "it releases another machine's name, as a name server does or a forger");
                return;
            }

            Inject(packet, machine, "it speaks of another machine's address");
            return;
        }

        switch (of)
        {
            case RequestClass.Claim:
                Claim(packet, machine, node);
                break;
            case RequestClass.Refresh:
                Command(packet, machine, node, NodeCommand.RefreshName, "it refreshes a name that its twin does not hold, or that needs no name server there");
                break;
            case RequestClass.Release:
                if (RenewsAll(packet, machine, node))
                    Do(Step(packet, machine, NodeCommand.Refresh));
                else if (node.GetNameState(packet.Name) is null && !packet.IsBroadcast)
                    Command(packet, machine, node, NodeCommand.CorrectNameServer, "it releases a name that its twin does not hold");
                else if (node.GetNameState(packet.Name) is null)
                    Inject(packet, machine, "it releases a name that its twin does not hold");
                else
                    Command(packet, machine, node, IsUser(packet, machine) ? NodeCommand.Logoff : NodeCommand.DeleteName, "its twin gives the name up without such a release");
                break;
            case RequestClass.Query:
                Ask(packet, exchange, machine, node);
                break;
            case RequestClass.Status when !packet.IsBroadcast:
                Command(packet, machine, node, NodeCommand.NodeStatus, "its twin cannot ask so");
                break;
            default:
                Inject(packet, machine, "no command leads to it");
                break;
        }
    }

    /// <summary>Whether a node has a request in hand that sends the packet later, or has sent it long ago.</summary>
    private static bool IsPending(EndNode node, TwinPacket packet, RequestClass of, bool isFirst)
    {
        foreach (var transaction in node.Transactions)
        {
            if (transaction.Name != packet.Name)
                continue;
            bool goesOn = transaction.TriesLeft > 0 || transaction.Phase is TransactionPhase.BroadcastClaim or TransactionPhase.ServerClaim or TransactionPhase.ServerUpdate or TransactionPhase.ServerRefresh or TransactionPhase.ServerRelease;
            bool fits = of switch
            {
                RequestClass.Claim => transaction.Kind is OperationKind.Registration || transaction.Phase is TransactionPhase.ServerClaim,
                RequestClass.Refresh => transaction.Kind is OperationKind.Refresh,
                RequestClass.Release => transaction.Kind is OperationKind.Release,
                RequestClass.Query => !isFirst && transaction.Kind is OperationKind.Query or OperationKind.Registration,
                RequestClass.Status => !isFirst && transaction.Kind is OperationKind.NodeStatus && transaction.Target == packet.Destination,
                _ => false,
            };
            if (fits && goesOn)
                return true;
        }

        return false;
    }

    /// <summary>Requests that one machine alone got, that it never answers in the capture, and that its twin answers: they did not arrive, or it was down.</summary>
    private void NoteSilence()
    {
        var answers = _watch.All.Where(packet => packet.IsResponse).ToLookup(packet => (packet.Source, packet.Destination, packet.Name));
        var silentSince = new Dictionary<Ipv4Address, Instant>(); // who left a whole exchange unanswered, and answered nobody after it
        foreach (var exchange in _evidence.Exchanges)
        {
            var (first, last) = (exchange.First, exchange.Last);
            var until = last.Time + Tolerance(first);
            bool isCut = _evidence.End < until;
            if (exchange.Answers.Count > 0)
                silentSince.Remove(first.Destination);
            else if (!isCut)
                silentSince.TryAdd(first.Destination, first.Time);
            if (first.IsBroadcast || exchange.Answers.Count > 0 || (isCut && !silentSince.ContainsKey(first.Destination)) || !_machines.TryGetValue(first.Destination, out var deaf) || !_machines.TryGetValue(first.Source, out var asker)
                || !answers[(first.Destination, first.Source, first.Name)].Any(answer => answer.Time >= (exchange.Before ?? first).Time - AtOnce && answer.Time <= until))
                continue;
            AddLoss(last, (exchange.Before ?? first).Time, isCut ? _evidence.End + TimeSpan.FromDays(1) : last.Time + AtOnce, asker, deaf,
                $"{(exchange.Tries.Count == 1 ? $"frame {first.Frame}" : $"frames {first.Frame} to {last.Frame}")} did not arrive at {deaf.Name}, or it was down: nobody answers {asker.Name}");
        }
    }

    /// <summary>A captured machine asks again where its twin has its answer: either the question or the answer did not arrive.</summary>
    private void NoteLoss(TwinPacket packet, TwinExchange exchange, TwinMachine machine)
    {
        if (exchange.Answers.FindLast(answer => answer.Time < packet.Time && answer.Kind != Kind.WaitForAcknowledgementResponse) is { } lost)
        {
            AddLoss(lost, exchange.Tries.FindLast(one => one.Time <= lost.Time)?.Time ?? lost.Time, packet.Time, _machines.GetValueOrDefault(lost.Source), machine, $"frame {lost.Frame} did not arrive at {machine.Name}, which asks again in frame {packet.Frame}");
            return;
        }

        // the answers of the twin that the capture has not: whoever gives them did not hear the question
        var before = exchange.Tries.TakeWhile(one => !ReferenceEquals(one, packet)).ToList();
        foreach (var answer in _watch.All.AsEnumerable().Reverse().TakeWhile(one => one.Time >= exchange.First.Time))
        {
            if (answer.IsResponse && machine.Is(answer.Destination) && answer.Name == packet.Name && _machines.TryGetValue(answer.Source, out var deaf) && deaf != machine)
            {
                AddLoss(before[^1], exchange.First.Time, packet.Time, machine, deaf, $"frame {before[^1].Frame} did not arrive at {deaf.Name}: {machine.Name} asks again in frame {packet.Frame}, and nobody answered before");
                return;
            }
        }
    }

    private void AddLoss(TwinPacket packet, Instant from, Instant until, TwinMachine? sender, TwinMachine receiver, string text)
    {
        if (sender is null || Losses.Count >= MaxLosses)
            return;
        string name = $"frame {packet.Frame} lost on its way to {receiver.Name}";
        if (Losses.Exists(rule => rule.Rule.Name == name))
            return;
        from -= AtOnce / 2; // the twin may be a little sooner
        var start = from > Instant.Epoch ? new Instant(from.Nanoseconds - (from.Nanoseconds % 100)) : Instant.Epoch;
        var end = new Instant(until.Nanoseconds - (until.Nanoseconds % 100));
        Losses.Add(new ScenarioRule(
            new LinkRule(name, LinkFault.Loss) { Start = start, End = end, Match = new PacketMatch { Kind = packet.Kind, Name = packet.Name } },
            new ScenarioScope(sender.Name, null), new ScenarioScope(receiver.Name, null)));
        Inferences.Add(new TwinInference(TwinInferenceKind.Loss, receiver.Name, Diagnosis.Certainty.Likely, text));
    }

    private void Do(ScenarioStep step)
    {
        _steps.Add(step);
        _run.Do(step);
    }

    private Instant Now => Simulator.Now;
}
