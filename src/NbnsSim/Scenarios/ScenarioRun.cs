using System.Collections.Immutable;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Scenarios;

/// <summary>
/// Runs a scenario: builds its network in a <see cref="Simulator"/>, does its steps at their times, and checks its expectations.
/// </summary>
/// <remarks>Add observers to <see cref="Simulator"/> before the first step to see everything. Same scenario, seed and dialect, same run.</remarks>
/// <example>
/// <code>
/// var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!, NetBtDialect.WindowsNt35);
/// foreach (var result in run.Run())
///     Console.WriteLine(result);
/// foreach (var logged in run.Simulator.Log)
///     Console.WriteLine($"{run.Simulator.NameOf(logged.Host)} logs {logged.Event.Id}"); // ALPHA logs 4320
/// </code>
/// </example>
public sealed partial class ScenarioRun
{
    private readonly PacketCounter _counter;
    private readonly DecisionTally _tally;
    private readonly List<CommandResult> _results;
    private readonly Dictionary<int, Dictionary<OperationId, NodeStep>> _commands; // by host, what has not ended
    private readonly ExpectationResult?[] _checked;
    private readonly Dictionary<string, LinkRuleId> _rules;
    private readonly Dictionary<int, NetBtDialect> _dialects; // by host, of those that came back with another
    private readonly NetBtDialect? _chosen; // in place of the scenario's
    private readonly int[] _due; // the expectations that look at a time of their own, by that time
    [NotState("the scenario")]
    private readonly Dictionary<string, NodeStep> _commandById;
    private readonly Dictionary<string, List<CommandResult>> _resultsById; // of the commands that expectations can refer to
    [NotState("a run that is not watched is not saved")]
    private readonly bool _isWatched; // by those who count for expectations
    [NotState("the scenario; a run that is not watched may have more, and is not saved")]
    private ImmutableArray<ScenarioStep> _steps;
    private int _nextDue;
    private int _nextStep;

    /// <summary>Builds the network.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="dialect">The dialect of hosts that have none of their own; null for the scenario's.</param>
    /// <param name="seed">The seed; null for the scenario's.</param>
    public ScenarioRun(Scenario scenario, NetBtDialect? dialect = null, ulong? seed = null)
        : this(scenario, dialect, seed, isWatched: true)
    {
    }

    private ScenarioRun(Scenario scenario, NetBtDialect? dialect, ulong? seed, bool isWatched)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        Scenario = scenario;
        _chosen = dialect;
        _steps = scenario.Steps;
        _isWatched = isWatched;
        Dialect = scenario.Dialect.Make(dialect);
        Simulator = new Simulator(seed ?? scenario.Seed);
        _results = [];
        _resultsById = new Dictionary<string, List<CommandResult>>(StringComparer.Ordinal);
        _commands = [];
        _dialects = [];
        _checked = new ExpectationResult?[scenario.Expectations.Length];
        _rules = new Dictionary<string, LinkRuleId>(StringComparer.Ordinal);
        _due = [.. Enumerable.Range(0, _checked.Length).Where(i => scenario.Expectations[i].At is not null).OrderBy(i => scenario.Expectations[i].At)];
        _commandById = scenario.Steps.OfType<NodeStep>().Where(step => step.Id is not null).ToDictionary(step => step.Id!, StringComparer.Ordinal);
        _counter = new PacketCounter(scenario);
        _tally = new DecisionTally(scenario);
        Watch();
        Build();
    }

    private ScenarioRun(ScenarioRun other, Simulator simulator)
    {
        Scenario = other.Scenario;
        _chosen = other._chosen;
        Dialect = other.Dialect;
        Simulator = simulator;
        _results = [.. other._results];
        _resultsById = other._resultsById.ToDictionary(command => command.Key, command => command.Value.ToList(), StringComparer.Ordinal);
        _commands = other._commands.ToDictionary(host => host.Key, host => new Dictionary<OperationId, NodeStep>(host.Value));
        _dialects = new Dictionary<int, NetBtDialect>(other._dialects);
        _checked = [.. other._checked];
        _rules = new Dictionary<string, LinkRuleId>(other._rules, StringComparer.Ordinal);
        _due = other._due;
        _commandById = other._commandById;
        _nextDue = other._nextDue;
        _nextStep = other._nextStep;
        _steps = other._steps;
        _isWatched = other._isWatched;
        _counter = _isWatched ? other._counter.Clone() : other._counter;
        _tally = _isWatched ? other._tally.Clone() : other._tally;
    }

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>The dialect of hosts that have none of their own.</summary>
    public NetBtDialect Dialect { get; }

    /// <summary>The network.</summary>
    public Simulator Simulator { get; }

    /// <summary>Whether the scenario's end has been reached.</summary>
    public bool IsOver => _nextStep == _steps.Length && Simulator.Now >= Scenario.End;

    /// <summary>How many of the scenario's steps were done.</summary>
    public int StepCount => _nextStep;

    /// <summary>How commands ended so far, in the order of hosts and time.</summary>
    public IReadOnlyList<CommandResult> Results
    {
        get
        {
            CollectResults();
            return _results;
        }
    }

    /// <summary>Whether a command has not ended yet.</summary>
    internal bool HasOpenCommands
    {
        get
        {
            CollectResults();
            return _commands.Count > 0;
        }
    }

    /// <summary>The end node of a host; null where it has none.</summary>
    /// <param name="host">The host.</param>
    public EndNode? NodeOf(HostId host) => Simulator.NodeOf(host);

    /// <summary>The name server of a host; null where it has none.</summary>
    /// <param name="host">The host.</param>
    public NameServer? NameServerOf(HostId host) => Simulator.NameServerOf(host);

    /// <summary>Runs up to the next step and does it, or up to the end.</summary>
    /// <returns>False when the scenario was over already.</returns>
    public bool Step()
    {
        if (IsOver)
            return false;
        RunTo(NextTime);
        if (_nextStep < _steps.Length)
            Do(_steps[_nextStep++]);
        return true;
    }

    /// <summary>Runs up to the end.</summary>
    /// <returns>What became of each expectation.</returns>
    public ImmutableArray<ExpectationResult> Run()
    {
        while (Step())
        {
        }

        return Check();
    }

    /// <summary>A copy that lives on by itself, from the same point. It has no observers of the caller's.</summary>
    public ScenarioRun Fork()
    {
        CollectResults();
        var fork = new ScenarioRun(this, Simulator.Fork());
        fork.Watch();
        return fork;
    }

    private Instant NextTime => _nextStep < _steps.Length ? _steps[_nextStep].At : Scenario.End;

    private void Watch()
    {
        if (!_isWatched)
            return;
        Simulator.AddObserver(_counter);
        Simulator.AddObserver(_tally);
    }

    /// <summary>Lets everything happen up to a time, looking at what is expected on the way.</summary>
    private void RunTo(Instant time)
    {
        // An expectation that looks at a time before this one is due when all steps of its time are done.
        while (_nextDue < _due.Length && Scenario.Expectations[_due[_nextDue]].At is { } due && due < time)
        {
            Simulator.RunUntil(due);
            CheckDue(due);
        }

        Simulator.RunUntil(time);
    }

    private void Build()
    {
        foreach (var segment in Scenario.Segments)
            Simulator.AddSegment(segment.Name, segment.Subnet, segment.Latency);
        foreach (var router in Scenario.Routers)
            Simulator.AddRouter(router.Name, router.Latency, [.. router.Segments.Select(name => Simulator.FindSegment(name)!.Value)]);
        Simulator.Reserve(Scenario.Hosts.Length);
        for (int i = 0; i < Scenario.Hosts.Length; i++)
        {
            var host = Scenario.Hosts[i];
            var endpoint = MakeEndpoint(host, i);
            Remember(host, endpoint);
            Simulator.AddHost(host.Name, endpoint, [.. host.Interfaces.Select(place =>
                new HostInterface(Simulator.FindSegment(place.Segment)!.Value, place.Address, place.Mac))]);
        }

        foreach (var rule in Scenario.Rules)
            Add(rule);
    }

    private INbnsEndpoint MakeEndpoint(ScenarioHost host, int index)
    {
        ulong seed = RandomStream.Derive(Simulator.Seed, "host " + host.Name).NextUInt64();
        var node = host.Roles.HasFlag(HostRoles.Node) ? MakeNode(host, seed, _dialects.GetValueOrDefault(index)) : null;
        var server = host.Roles.HasFlag(HostRoles.NameServer) ? MakeNameServer(host, seed) : null;
        return (node, server) switch
        {
            (not null, not null) => new CompositeEndpoint(server, node, [.. host.Interfaces.Select(place => place.Address)]),
            (not null, null) => node,
            (null, not null) => server,
            _ => new SilentEndpoint(),
        };
    }

    private NameServer MakeNameServer(ScenarioHost host, ulong seed)
    {
        var server = new NameServer(host.NameServer with { Address = host.Interfaces[0].Address, Seed = seed });
        foreach (var mapping in host.StaticMappings)
            server.AddStatic(Simulator.Now, mapping.Name, mapping.Type, mapping.Addresses.AsSpan());
        return server;
    }

    /// <summary>What was there before the scenario begins; a machine that comes back and has forgotten everything has forgotten this too.</summary>
    private static void Remember(ScenarioHost host, INbnsEndpoint endpoint)
    {
        foreach (var held in host.HeldNames)
            SimulatedHosts.NodeIn(endpoint)?.AssumeName(Instant.Epoch, held.Name, held.IsGroup);
        if (SimulatedHosts.NameServerIn(endpoint) is not { } server)
            return;
        ulong version = 0;
        foreach (var mapping in host.Records)
        {
            var expires = Instant.Epoch + server.Dialect.RenewalInterval;
            var owner = server.Options.Address;
            server.Restore(Instant.Epoch, new NameRecord
            {
                Name = mapping.Name,
                Type = mapping.Type,
                State = NameRecordState.Active,
                Owner = owner,
                Version = ++version,
                Expires = expires,
                Addresses = mapping.Addresses.IsEmpty
                    ? [new NameRecordAddress(Ipv4Address.Broadcast, owner, expires, OwnerNodeType.B)]
                    : [.. mapping.Addresses.Select(address => new NameRecordAddress(address, owner, expires, OwnerNodeType.H))],
            });
        }
    }

    private EndNode MakeNode(ScenarioHost host, ulong seed, NetBtDialect? dialect)
    {
        var interfaces = host.Interfaces.Select(place => new EndNodeInterface(
            place.Address,
            Simulator.SubnetOf(Simulator.FindSegment(place.Segment)!.Value).BroadcastAddress,
            place.Mac ?? MacAddress.FromIpv4(place.Address)));
        return new EndNode(host.Name, [.. interfaces], host.Node with { Dialect = dialect ?? host.Dialect?.Make() ?? Dialect }, seed);
    }

    private void Add(ScenarioRule rule) => _rules[rule.Rule.Name] = Simulator.AddRule(rule.Rule with { From = Resolve(rule.From), To = Resolve(rule.To) });

    private LinkScope Resolve(ScenarioScope scope) => scope switch
    {
        { Host: { } host } => Simulator.FindHost(host)!.Value,
        { Segment: { } segment } => Simulator.FindSegment(segment)!.Value,
        _ => LinkScope.Any,
    };
}
