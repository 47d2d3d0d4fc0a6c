using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Scenarios;

namespace NbnsSim.Checking;

/// <summary>Every order of the commands that a scenario gives at one time.</summary>
internal static class CommandOrders
{
    /// <summary>How many orders there may be.</summary>
    public const int MaxOrders = 5_040;

    /// <summary>Lists the steps in every order, the scenario's own first; a step of several hosts is taken as one for each of them.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="ofEachHost">Whether only the order counts in which each host is told things, so that of those that differ in whose turn it is there is one.</param>
    /// <exception cref="ArgumentException">There are more than <see cref="MaxOrders"/>.</exception>
    public static ImmutableArray<ImmutableArray<ScenarioStep>> Of(Scenario scenario, bool ofEachHost)
    {
        var orders = new List<ImmutableArray<ScenarioStep>> { ImmutableArray<ScenarioStep>.Empty };
        foreach (var group in scenario.Steps.SelectMany(Split).GroupBy(step => step.At))
        {
            var next = new List<ImmutableArray<ScenarioStep>>();
            foreach (var order in orders)
            {
                foreach (var permuted in ofEachHost ? PermuteEach([.. group]) : Permute([.. group]))
                {
                    if (next.Count == MaxOrders)
                        throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The commands of {scenario.Name} can go in more than {MaxOrders:N0} orders."), nameof(scenario));
                    next.Add(order.AddRange(permuted));
                }
            }

            orders = next;
        }

        return [.. orders];
    }

    /// <summary>Every order of each host's steps, host after host.</summary>
    private static IEnumerable<ImmutableArray<ScenarioStep>> PermuteEach(ImmutableArray<ScenarioStep> steps) =>
        steps.GroupBy(step => step.Hosts.FirstOrDefault()).Aggregate(
            (IEnumerable<ImmutableArray<ScenarioStep>>)[[]], (orders, host) => orders.SelectMany(order => Permute([.. host]).Select(permuted => order.AddRange(permuted))));

    /// <summary>A step of several hosts as one for each of them.</summary>
    public static IEnumerable<ScenarioStep> Split(ScenarioStep step)
    {
        if (step.Hosts.Length < 2)
            return [step];
        return step.Hosts.Select((host, index) => step with { Hosts = [host], Id = index == 0 ? step.Id : null });
    }

    /// <summary>Some items in every order, their own first.</summary>
    public static IEnumerable<ImmutableArray<T>> Permute<T>(ImmutableArray<T> items)
    {
        if (items.Length < 2)
            return [items];
        return items.SelectMany((first, index) => Permute(items.RemoveAt(index)).Select(rest => rest.Insert(0, first)));
    }
}
