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
        foreach (var group in scenario.Steps.SelectMany(Split).GroupBy(step => (step.At, Host: ofEachHost ? step.Hosts.FirstOrDefault() : null)))
        {
            long count = orders.Count;
            for (int left = group.Count(); left > 1 && count <= MaxOrders; left--)
                count *= left;
            if (count > MaxOrders)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The commands of {scenario.Name} can go in more than {MaxOrders:N0} orders."), nameof(scenario));
            ImmutableArray<ImmutableArray<ScenarioStep>> permuted = [.. Permute([.. group])];
            orders = [.. orders.SelectMany(order => permuted.Select(steps => order.AddRange(steps)))];
        }

        return [.. orders];
    }

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
