using System.Collections.Immutable;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>Makes of a path a scenario that goes the same way by itself.</summary>
internal static class CounterexampleBuilder
{
    private const long Tick = TimeSpan.NanosecondsPerTick;

    /// <summary>Walks the path once more and writes down what goes wrong.</summary>
    /// <param name="start">The run that the path begins with.</param>
    /// <param name="violation">What does not hold at its end.</param>
    /// <param name="options">What may go wrong.</param>
    public static Counterexample Build(ScenarioRun start, CheckViolation violation, CheckOptions options)
    {
        var walk = new CheckWalk(start.Fork(), options, properties: []);
        var faults = ImmutableArray.CreateBuilder<CheckFault>();
        var rules = start.Scenario.Rules.ToBuilder();
        var passed = new List<NextDelivery>(); // those of the same 100 ns, which a rule of that time would look at first
        long tick = -1;
        var listed = new List<FaultOption>();
        var next = new List<NextDelivery>();
        int done = 0;
        while (done < violation.Path.Choices.Length)
        {
            var chosen = new List<FaultOption>();
            walk.ListFaults(listed);
            for (; done < violation.Path.Choices.Length && violation.Path.Choices[done].Position == walk.Position; done++)
                chosen.Add(listed[violation.Path.Choices[done].Rank]);
            walk.Run.Simulator.ListNext(next);
            if (next.Count > 0 && walk.Run.Simulator.NextEventTime!.Value.Nanoseconds / Tick is var now && now != tick)
            {
                tick = now;
                passed.Clear();
            }

            faults.AddRange(chosen.Select(fault => walk.Describe(fault)));
            foreach (var fault in chosen.Where(fault => fault.IsDelivery))
                rules.Add(RuleOf(walk, fault, passed, next));
            passed.AddRange(next);
            if (chosen.Count > 0)
                walk.Do([.. chosen]);
            else
                walk.Advance();
        }

        var scenario = start.Scenario with
        {
            Name = $"{start.Scenario.Name}-counterexample",
            Title = $"{start.Scenario.Title}: {violation.Property.Name} does not hold",
            Description = $"{violation.Text} {string.Join(" ", faults.Select(fault => $"{fault}."))}".TrimEnd(),
            Check = new ScenarioCheck { Properties = CheckProperties.Find(violation.Property.Name) is null ? [] : [violation.Property.Name], Quiet = TimeSpan.Zero }, // the quiet time is a part of it
            Rules = rules.ToImmutable(),
            Steps = walk.Run.Steps,
        };
        return new Counterexample(violation.Property, violation.Text, violation.At, faults.ToImmutable(), scenario);
    }

    private static ScenarioRule RuleOf(CheckWalk walk, in FaultOption fault, List<NextDelivery> passed, List<NextDelivery> next)
    {
        var rule = walk.RuleOf(fault);
        var (from, to) = (fault.From, fault.To);
        bool Fits(NextDelivery one) => one.From.Index == from && (to < 0 || one.To.Index == to) && one.Match == rule.Match;
        var simulator = walk.Run.Simulator;
        return new ScenarioRule(
            rule with { Skip = passed.Count(Fits), Count = next.Count(Fits) },
            new ScenarioScope(simulator.NameOf(new HostId(from)), null),
            to < 0 ? default : new ScenarioScope(simulator.NameOf(new HostId(to)), null));
    }
}
