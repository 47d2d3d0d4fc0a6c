using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Checking;

/// <summary>A run on its way through what may happen: it lists the faults that could come next, and does what is chosen.</summary>
internal sealed class CheckWalk
{
    private const long Tick = TimeSpan.NanosecondsPerTick; // what scenario files count times in

    private readonly CheckOptions _options;
    private readonly List<NextDelivery> _deliveries = [];
    private int _faults;

    /// <summary>Begins one.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">What may go wrong.</param>
    /// <param name="properties">Whose memories are kept.</param>
    public CheckWalk(ScenarioRun run, CheckOptions options, ImmutableArray<CheckProperty> properties)
        : this(run, options, new CheckHistories(properties, run.Simulator))
    {
    }

    private CheckWalk(ScenarioRun run, CheckOptions options, CheckHistories histories) => (Run, _options, Histories) = (run, options, histories);

    /// <summary>The run.</summary>
    public ScenarioRun Run { get; }

    /// <summary>What properties remember of it.</summary>
    public CheckHistories Histories { get; }

    /// <summary>How many steps were made: what happens next has this number.</summary>
    public int Position { get; private set; }

    /// <summary>How many events were in the log before the last step.</summary>
    public int FirstNew { get; private set; }

    private Simulator Simulator => Run.Simulator;

    /// <summary>A copy that goes on by itself.</summary>
    public CheckWalk Fork()
    {
        var run = Run.Fork();
        return new CheckWalk(run, _options, Histories.Fork(run.Simulator)) { Position = Position, FirstNew = FirstNew, _faults = _faults };
    }

    /// <summary>Lets the next thing happen as it does when nothing goes wrong.</summary>
    /// <returns>False when the scenario was over.</returns>
    public bool Advance()
    {
        FirstNew = Simulator.Log.Count;
        if (!Run.Advance())
            return false;
        Position++;
        return true;
    }

    /// <summary>Lists the faults that could come next, always in the same order.</summary>
    /// <param name="options">Where they go; emptied first.</param>
    public void ListFaults(List<FaultOption> options)
    {
        options.Clear();
        if (Run.IsOver)
            return;
        if (Simulator.NextEventTime <= Run.NextThing && Run.NextThing <= _options.FaultsUntil)
        {
            Simulator.ListNext(_deliveries);
            ListDeliveries(options);
        }

        if (IsBetweenInstants && Soon <= _options.FaultsUntil)
            ListMoments(options);
    }

    /// <summary>Lets faults happen: either some of the next datagram's, each to another receiver, or one that happens between two instants.</summary>
    /// <param name="chosen">Which.</param>
    public void Do(ReadOnlySpan<FaultOption> chosen)
    {
        FirstNew = Simulator.Log.Count;
        Position++;
        if (!chosen[0].IsDelivery)
        {
            DoNow(chosen[0]);
            return;
        }

        Span<LinkRuleId> rules = stackalloc LinkRuleId[chosen.Length];
        for (int i = 0; i < chosen.Length; i++)
            rules[i] = Simulator.AddRule(RuleOf(chosen[i]));
        Run.Advance();
        for (int i = 0; i < chosen.Length; i++)
        {
            if (chosen[i].Kind != CheckFaults.Reorder) // which waits for the next datagram, or for its own end
                Simulator.RemoveRule(rules[i]);
        }
    }

    /// <summary>The link rule that does a fault to the next datagram, alone in its 100 ns.</summary>
    public LinkRule RuleOf(in FaultOption fault)
    {
        var start = new Instant(Simulator.NextEventTime!.Value.Nanoseconds / Tick * Tick);
        var kind = fault.Kind switch
        {
            CheckFaults.Loss => LinkFault.Loss,
            CheckFaults.Duplicate => LinkFault.Duplicate,
            CheckFaults.Reorder => LinkFault.Reorder,
            _ => LinkFault.Corrupt,
        };
        bool waits = kind == LinkFault.Reorder;
        return new LinkRule(NextName(fault.Variant), kind)
        {
            From = LinkScope.Of(new HostId(fault.From)),
            To = fault.To < 0 ? LinkScope.Any : LinkScope.Of(new HostId(fault.To)),
            Match = fault.Match,
            Start = start,
            End = start + TimeSpan.FromTicks(1) + (waits ? _options.LongestDelay : TimeSpan.Zero),
            Delay = waits ? _options.LongestDelay : TimeSpan.Zero,
            Count = waits ? 1 : int.MaxValue,
        };
    }

    /// <summary>The fault as it is told.</summary>
    public CheckFault Describe(in FaultOption fault) => new(
        fault.Kind,
        fault.IsDelivery ? Simulator.NextEventTime!.Value : Soon,
        fault.To < 0 ? "" : Simulator.NameOf(new HostId(fault.To)),
        fault.From < 0 ? "" : Simulator.NameOf(new HostId(fault.From)),
        fault.Match,
        fault.Name);

    private string NextName(int variant) => variant == 0 ? FormattableString.Invariant($"fault {++_faults}") : FormattableString.Invariant($"fault {++_faults}, way {variant}");

    /// <summary>Now, in the time that scenario files can say.</summary>
    private Instant Soon => new((Simulator.Now.Nanoseconds + Tick - 1) / Tick * Tick);

    private bool IsBetweenInstants => Simulator.Now < Run.NextThing && Soon < Run.NextThing;

    private void ListDeliveries(List<FaultOption> options)
    {
        if (_deliveries.Count > 1 && _deliveries[0] is var all)
            AddIf(options, new FaultOption(CheckFaults.Loss, -1, all.From.Index, all.Match));
        foreach (var delivery in _deliveries)
        {
            var (from, to, match) = (delivery.From.Index, delivery.To.Index, delivery.Match);
            AddIf(options, new FaultOption(CheckFaults.Loss, to, from, match));
            AddIf(options, new FaultOption(CheckFaults.Duplicate, to, from, match));
            AddIf(options, new FaultOption(CheckFaults.Reorder, to, from, match));
            for (int way = 1; way <= _options.Corruptions; way++)
                AddIf(options, new FaultOption(CheckFaults.Corrupt, to, from, match, Variant: way));
        }
    }

    private void ListMoments(List<FaultOption> options)
    {
        for (int i = 0; i < Simulator.HostCount; i++)
        {
            var host = new HostId(i);
            if (!Simulator.IsUp(host) || Simulator.EndpointOf(host) is SilentEndpoint)
                continue;
            AddIf(options, new FaultOption(CheckFaults.Crash, i));
            AddIf(options, new FaultOption(CheckFaults.Restart, i));
            AddIf(options, new FaultOption(CheckFaults.Partition, i));
            if ((_options.Faults & (CheckFaults.ForgedRelease | CheckFaults.ForgedConflict)) != CheckFaults.None && Simulator.NodeOf(host) is { IsShutDown: false } node)
                ListForgeries(options, i, node);
        }
    }

    private void ListForgeries(List<FaultOption> options, int host, EndNode node)
    {
        int outsider = Outsiders.On(Simulator, host);
        for (int i = 0; i < node.NameCount; i++)
        {
            if (node.GetName(i) is not { State: LocalNameState.Registered } own)
                continue;
            AddIf(options, new FaultOption(CheckFaults.ForgedRelease, host, outsider, Name: own.Name));
            AddIf(options, new FaultOption(CheckFaults.ForgedConflict, host, outsider, Name: own.Name));
        }
    }

    private void AddIf(List<FaultOption> options, in FaultOption option)
    {
        if ((_options.Faults & option.Kind) != CheckFaults.None)
            options.Add(option);
    }

    private void DoNow(in FaultOption fault)
    {
        var at = Soon;
        ImmutableArray<string> hosts = [Simulator.NameOf(new HostId(fault.To))];
        switch (fault.Kind)
        {
            case CheckFaults.Crash:
                Run.DoNow(new CrashStep(at) { Hosts = hosts });
                break;
            case CheckFaults.Restart:
                bool boots = Run.NodeOf(new HostId(fault.To)) is { IsShutDown: false, NameCount: > 0 };
                Run.DoNow(new CrashStep(at) { Hosts = hosts });
                Run.DoNow(new RestartStep(at, Forgets: true) { Hosts = hosts });
                if (boots)
                    Run.DoNow(new NodeStep(at, NodeCommand.Boot) { Hosts = hosts });
                break;
            case CheckFaults.Partition:
                var rule = new LinkRule(NextName(0), LinkFault.Partition) { BothWays = true, End = at + _options.Partition };
                Run.DoNow(new AddRuleStep(at, new ScenarioRule(rule, From: new ScenarioScope(hosts[0], null))));
                break;
            default:
                Run.DoNow(Forge(fault, at));
                break;
        }
    }

    private SendStep Forge(in FaultOption fault, Instant at)
    {
        var address = Simulator.AddressOf(new HostId(fault.To));
        NbnsMessage message = fault.Kind == CheckFaults.ForgedRelease
            ? new NameReleaseRequest(1, fault.Name, new NbEntry(new NbFlags(NetworkView.StateOf(Run.NodeOf(new HostId(fault.To))!, fault.Name) is { IsGroup: true }, OwnerNodeType.B), address))
            : new NameConflictDemand(1, fault.Name, OwnerNodeType.B);
        return new SendStep(at, [.. message.ToArray()]) { Hosts = [Simulator.NameOf(new HostId(fault.From))], To = address };
    }
}
