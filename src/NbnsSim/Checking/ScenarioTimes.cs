using NbnsSim.Scenarios;

namespace NbnsSim.Checking;

/// <summary>A scenario's times, as they follow upon each other: those of its steps, of its link rules' beginnings and ends, and of its own end.</summary>
internal static class ScenarioTimes
{
    /// <summary>Gaps are made no shorter than this, but for none at all.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(2);

    /// <summary>All times, each once, in order.</summary>
    public static List<Instant> Of(Scenario scenario)
    {
        var times = new SortedSet<Instant> { scenario.End };
        foreach (var step in scenario.Steps)
        {
            times.Add(step.At);
            if (step is AddRuleStep add)
                Add(add.Rule);
        }

        foreach (var rule in scenario.Rules)
            Add(rule);
        times.Remove(Instant.Epoch);
        return [.. times];

        void Add(ScenarioRule rule)
        {
            times.Add(rule.Rule.Start);
            if (rule.Rule.End != Instant.MaxValue)
                times.Add(rule.Rule.End);
        }
    }

    /// <summary>How long it is from the time before to the one of that number; from the beginning to the first.</summary>
    public static TimeSpan GapOf(Scenario scenario, int number)
    {
        var times = Of(scenario);
        return number >= times.Count ? TimeSpan.Zero : times[number] - (number == 0 ? Instant.Epoch : times[number - 1]);
    }

    /// <summary>The scenario with another gap, all that comes later moved with it.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="number">The gap's number.</param>
    /// <param name="length">How long it is to be, which is shorter than it is; whole milliseconds are taken.</param>
    public static Scenario WithGap(Scenario scenario, int number, TimeSpan length)
    {
        var times = Of(scenario);
        var before = number == 0 ? Instant.Epoch : times[number - 1];
        var from = times[number];
        var less = (from - before) - TimeSpan.FromTicks(length.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond);
        return scenario with
        {
            End = Move(scenario.End),
            Steps = [.. scenario.Steps.Select(step => step is AddRuleStep add ? add with { At = Move(add.At), Rule = MoveRule(add.Rule) } : step with { At = Move(step.At) })],
            Rules = [.. scenario.Rules.Select(MoveRule)],
        };

        Instant Move(Instant time) => time == Instant.MaxValue || time < from ? time : time - less;

        ScenarioRule MoveRule(ScenarioRule rule) => rule with { Rule = rule.Rule with { Start = Move(rule.Rule.Start), End = Move(rule.Rule.End) } };
    }
}
