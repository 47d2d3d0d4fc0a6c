using System.Collections.Immutable;
using NbnsSim.Scenarios;

namespace NbnsSim.Checking;

/// <summary>Every order of the commands that a scenario gives at one time.</summary>
internal static class CommandOrders
{
    /// <summary>How many orders there may be.</summary>
    public const int MaxOrders = 5_040;

    /// <summary>Lists the steps in every order, the scenario's own first; a step of several hosts is taken as one for each of them.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="MaxOrders"/>.</exception>
    public static ImmutableArray<ImmutableArray<ScenarioStep>> Of(Scenario scenario)
    {
        var orders = new List<ImmutableArray<ScenarioStep>> { ImmutableArray<ScenarioStep>.Empty };
        foreach (var group in scenario.Steps.SelectMany(Split).GroupBy(step => step.At))
        {
            var next = new List<ImmutableArray<ScenarioStep>>();
            foreach (var order in orders)
            {
                foreach (var permuted in Permute([.. group]))
                {
                    if (next.Count == MaxOrders)
                        throw new ArgumentException($"The commands of this scenario can go in more than {MaxOrders} orders.", nameof(scenario));
                    next.Add(order.AddRange(permuted));
                }
            }

            orders = next;
        }

        return [.. orders];
    }

    private static IEnumerable<ScenarioStep> Split(ScenarioStep step)
    {
        if (step.Hosts.Length < 2)
            return [step];
        return step.Hosts.Select((host, index) => step with { Hosts = [host], Id = index == 0 ? step.Id : null });
    }

    private static IEnumerable<ImmutableArray<ScenarioStep>> Permute(ImmutableArray<ScenarioStep> steps)
    {
        if (steps.Length < 2)
            return [steps];
        return steps.SelectMany((first, index) => Permute(steps.RemoveAt(index)).Select(rest => rest.Insert(0, first)));
    }
}
