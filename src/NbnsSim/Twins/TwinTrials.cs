using System.Collections.Immutable;
using NbnsSim.Diagnosis;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;

namespace NbnsSim.Twins;

/// <summary>A twin by certain dialects, and how much of the capture it does again.</summary>
internal sealed record TwinAttempt(Scenario Scenario, ImmutableArray<TwinInference> Inferences, TwinComparison Comparison);

/// <summary>Guesses dialects by trying them: a machine behaves like those by which its twin does most of what was captured, and sends least besides.</summary>
internal sealed class TwinTrials(TwinEvidence evidence, List<TwinMachine> machines, Dictionary<TwinMachine, TwinHabits> habits, TwinNetwork network, string name)
{
    private const int MaxRounds = 6;
    private const int MaxTried = 8; // machines whose dialects are tried one by one
    private const int MostForTrials = 5_000; // packets

    private readonly Dictionary<TwinMachine, NetBtDialect> _nodes = machines.ToDictionary(machine => machine, _ => NetBtDialect.Windows2000);
    private readonly Dictionary<TwinMachine, NameServerDialect> _servers = machines.ToDictionary(machine => machine, _ => NameServerDialect.Windows2000);

    /// <summary>What each machine was found to behave like.</summary>
    public List<TwinInference> Guesses { get; } = [];

    public TwinAttempt Best()
    {
        if (evidence.Packets.Count > MostForTrials)
        {
            foreach (var machine in machines)
                Guesses.Add(new TwinInference(TwinInferenceKind.Dialect, machine.Name, Certainty.Possible, Describe(machine, "w2k is taken: the capture is too long to try others", ["w2k"])));
            return Attempt();
        }

        var servers = machines.Where(machine => machine.IsNameServer).ToList();
        if (servers.Count > 0)
            Choose(servers, _servers, NameServerDialect.All, NameServerDialect.Windows2000, dialect => dialect.Name, "as a name server ");
        Choose(machines, _nodes, NetBtDialect.All, NetBtDialect.Windows2000, dialect => dialect.Name, "");
        return Attempt();
    }

    /// <summary>One dialect for all first; then another for each machine that others suit better.</summary>
    private void Choose<T>(List<TwinMachine> of, Dictionary<TwinMachine, T> chosen, ImmutableArray<T> all, T usual, Func<T, string> nameOf, string role)
        where T : class
    {
        var scores = new List<(T Dialect, long Score)>();
        foreach (var dialect in all)
        {
            of.ForEach(machine => chosen[machine] = dialect);
            scores.Add((dialect, Score(Attempt().Comparison)));
        }

        long most = scores.Max(one => one.Score);
        var best = scores.Where(one => one.Score == most).Select(one => one.Dialect).ToList();
        var taken = best.Contains(usual) ? usual : best[0];
        of.ForEach(machine => chosen[machine] = taken);
        foreach (var machine in of)
        {
            var equal = best;
            if (of.Count is > 1 and <= MaxTried)
                (taken, equal, most) = ChooseFor(machine, chosen, all, usual, most);
            string[] names = [.. equal.Select(nameOf)];
            bool isWhole = names.Length == 1 && scores.Count > 1;
            Guesses.Add(new TwinInference(TwinInferenceKind.Dialect, machine.Name, isWhole ? Certainty.Likely : Certainty.Possible, Describe(machine, role, names)));
        }
    }

    private (T Taken, List<T> Equal, long Most) ChooseFor<T>(TwinMachine machine, Dictionary<TwinMachine, T> chosen, ImmutableArray<T> all, T usual, long most)
        where T : class
    {
        var before = chosen[machine];
        var scores = new List<(T Dialect, long Score)>();
        foreach (var dialect in all)
        {
            chosen[machine] = dialect;
            scores.Add((dialect, dialect == before ? most : Score(Attempt().Comparison)));
        }

        most = scores.Max(one => one.Score);
        var equal = scores.Where(one => one.Score == most).Select(one => one.Dialect).ToList();
        var taken = equal.Contains(before) ? before : equal.Contains(usual) ? usual : equal[0];
        chosen[machine] = taken;
        return (taken, equal, most);
    }

    /// <summary>A packet that is done again counts most, one that is sent besides against it.</summary>
    private static long Score(TwinComparison comparison) => (comparison.Reproduced * 4L) - comparison.Extra;

    private string Describe(TwinMachine machine, string role, string[] names)
    {
        string switches = string.Join(", ", habits[machine].Applied(_nodes[machine]).Switches.Select(change => $"{change.Name} {change.Value}"));
        string seen = role.Length > 0 && role.StartsWith("as a", StringComparison.Ordinal) || switches.Length == 0 ? "" : $"; as its packets show, {switches}";
        if (role.StartsWith("w2k", StringComparison.Ordinal))
            return role + seen;
        return names.Length == 1
            ? $"{role}behaves like {names[0]}, with which more of its packets come again than with any other{seen}"
            : $"{role}behaves like any of {string.Join(", ", names)}: with all of them the same packets come again{seen}";
    }

    /// <summary>Losses show only when the twin does not lose what the capture did: each round knows those of the rounds before.</summary>
    private TwinAttempt Attempt()
    {
        var scenario = new Scenario
        {
            Name = name,
            Title = name,
            Description = "The twin of a capture: made from it, not written. Steps name the frames that they come from.",
            Dialect = new DialectChoice(NetBtDialect.Windows2000),
            Segments = network.Segments.IsEmpty ? [new ScenarioSegment("nothing", new Ipv4Subnet(new Ipv4Address(0x0A000000), 24), TimeSpan.FromMilliseconds(0.5))] : network.Segments,
            Routers = network.Routers,
            Hosts = [.. machines.Select(machine => network.MakeHost(machine, habits[machine], _nodes[machine], _servers[machine]))],
            End = evidence.End + TimeSpan.FromSeconds(1),
        };
        TwinAttempt? best = null;
        ImmutableArray<TwinInference> losses = [];
        for (int round = 0; round < MaxRounds; round++)
        {
            var builder = new TwinBuilder(evidence, machines, habits, scenario);
            var steps = builder.Build();
            var whole = scenario with { Steps = steps, End = steps.IsEmpty || steps[^1].At <= scenario.End ? scenario.End : steps[^1].At };
            ImmutableArray<TwinInference> inferences = [.. builder.Inferences.Where(one => one.Kind != TwinInferenceKind.Loss), .. losses];
            var comparison = new TwinComparer(evidence, habits, inferences, explains: false).Compare(whole);
            if (best is not null && Score(comparison) < Score(best.Comparison))
                break; // what was taken for losses was none
            best = new TwinAttempt(whole, inferences, comparison);
            if (builder.Losses.Count == 0)
                break;
            scenario = scenario with { Rules = [.. scenario.Rules, .. builder.Losses.Where(loss => !scenario.Rules.Any(known => known.Rule.Name == loss.Rule.Name))] };
            losses = [.. losses, .. builder.Inferences.Where(one => one.Kind == TwinInferenceKind.Loss && !losses.Contains(one))];
        }

        return best!;
    }
}
