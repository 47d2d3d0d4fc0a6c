using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Testing.Chaos;

/// <summary>Draws what goes wrong: some kinds in each network, a few times each.</summary>
internal sealed class ChaosFaultDraws
{
    private const int MaxRules = 4;
    private const int Drawn = (int)ChaosFaults.Forge; // the kinds before it; what is forged is drawn by itself

    private static readonly ImmutableArray<(ChaosFaults Kind, LinkFault Fault)> OfLinks =
    [
        (ChaosFaults.Loss, LinkFault.Loss), (ChaosFaults.Duplicate, LinkFault.Duplicate), (ChaosFaults.Reorder, LinkFault.Reorder), (ChaosFaults.Delay, LinkFault.Delay),
        (ChaosFaults.Partition, LinkFault.Partition), (ChaosFaults.Corrupt, LinkFault.Corrupt), (ChaosFaults.Hold, LinkFault.Hold),
    ];

    private readonly ChaosDraws _draws;
    private readonly ChaosNetwork _network;
    private readonly Instant _end;

    public ChaosFaultDraws(ulong seed, ChaosOptions options, ChaosNetwork network, Instant end)
    {
        (_draws, _network, _end) = (new ChaosDraws(seed, "faults"), network, end);
        uint drawn = (uint)_draws.Below(Drawn) & (uint)_draws.Below(Drawn); // two or so of nine, often none, seldom many
        var kinds = (ChaosFaults)drawn & options.Faults;
        var links = OfLinks.Where(one => kinds.HasFlag(one.Kind)).ToList();
        if (links.Count > 0)
            Rules = [.. Enumerable.Range(1, _draws.Between(1, MaxRules)).Select(i => Rule(i, _draws.OneOf(links).Fault))];
        if ((kinds & (ChaosFaults.Crash | ChaosFaults.Pause)) != ChaosFaults.None)
            Steps = [.. Stops(kinds)];
    }

    /// <summary>What goes wrong on links.</summary>
    public ImmutableArray<ScenarioRule> Rules { get; } = [];

    /// <summary>Hosts that crash and come back, in no order.</summary>
    public ImmutableArray<ScenarioStep> Steps { get; } = [];

    private ScenarioRule Rule(int number, LinkFault fault)
    {
        var (one, other) = (_draws.Time(Instant.Epoch, _end), _draws.Time(Instant.Epoch, _end));
        var rule = new LinkRule(string.Create(CultureInfo.InvariantCulture, $"fault {number}"), fault)
        {
            Start = one < other ? one : other,
            End = one < other ? other : one,
            PartsPerMillion = fault == LinkFault.Partition ? LinkRule.Always : 10_000u * (uint)_draws.Between(1, fault == LinkFault.Corrupt ? 20 : 100),
            Delay = fault switch
            {
                LinkFault.Duplicate => _draws.Milliseconds(0, 50),
                LinkFault.Reorder => _draws.Milliseconds(1, 300),
                LinkFault.Delay => _draws.Milliseconds(1, _draws.Percent(50) ? 50 : 3_000),
                _ => TimeSpan.Zero,
            },
            BothWays = _draws.Percent(50),
        };
        return new ScenarioRule(rule, Scope(), Scope());
    }

    private ScenarioScope Scope() => _draws.Below(3) switch
    {
        0 => default,
        1 => new ScenarioScope(null, _draws.OneOf(_network.Segments).Name),
        _ => new ScenarioScope(_draws.OneOf(_network.Hosts).Name, null),
    };

    private List<ScenarioStep> Stops(ChaosFaults kinds)
    {
        var steps = new List<ScenarioStep>();
        var hosts = Enumerable.Range(1, _draws.Between(1, Math.Max(1, _network.Hosts.Length / 3))).Select(_ => _draws.OneOf(_network.Hosts)).DistinctBy(host => host.Name, StringComparer.Ordinal);
        foreach (var host in hosts)
        {
            var at = _draws.Time(Instant.Epoch, _end);
            var back = _draws.Time(at, _end);
            bool forgets = (kinds & (ChaosFaults.Crash | ChaosFaults.Pause)) switch { ChaosFaults.Crash => true, ChaosFaults.Pause => false, _ => _draws.Percent(50) };
            steps.Add(new CrashStep(at) { Hosts = [host.Name] });
            steps.Add(new RestartStep(back, forgets) { Hosts = [host.Name] });
            if (forgets && host.Roles.HasFlag(HostRoles.Node))
                steps.Add(new NodeStep(back, NodeCommand.Boot) { Hosts = [host.Name] });
        }

        return steps;
    }
}
