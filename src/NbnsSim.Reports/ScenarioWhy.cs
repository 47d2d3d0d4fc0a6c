using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;

namespace NbnsSim.Reports;

/// <summary>A scenario run so that causes can be followed; <see cref="CaptureWhy"/> does it for a capture.</summary>
public sealed class ScenarioWhy
{
    /// <summary>So many hosts are named where there is none of the name that was asked for.</summary>
    private const int MaxNamed = 20;

    private ScenarioWhy(DecisionHistory history, string host) => (History, Host) = (history, host);

    /// <summary>What all machines decided.</summary>
    public DecisionHistory History { get; }

    /// <summary>The machine, as the history calls it.</summary>
    public string Host { get; }

    /// <summary>Runs a scenario to its end.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="host">The machine whose names are asked for.</param>
    /// <param name="dialect">What hosts behave like that have no dialect of their own; null for the scenario's.</param>
    /// <param name="found">What was run; null where nothing was.</param>
    /// <param name="problem">That there is no such host, with those that there are; null where it is found.</param>
    /// <returns>Whether the scenario has such a host.</returns>
    public static bool TryRun(Scenario scenario, string host, NetBtDialect? dialect, [NotNullWhen(true)] out ScenarioWhy? found, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(host);
        (found, problem) = (null, null);
        var run = new ScenarioRun(scenario, dialect);
        if (run.Simulator.FindHost(host) is not { } id)
        {
            problem = $"There is no host '{host}' in '{scenario.Name}': {string.Join(", ", scenario.Hosts.Select(known => known.Name).Take(MaxNamed))}.";
            return false;
        }

        var observer = new HistoryObserver(run.Simulator);
        run.Simulator.AddObserver(observer);
        run.Run();
        found = new ScenarioWhy(observer.History, run.Simulator.NameOf(id));
        return true;
    }

    /// <summary>Reads a time of a run as people write it: seconds from 0, such as <c>40.5</c>, at most 1,000,000,000.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">The time.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParseTime(string text, out Instant time)
    {
        bool isTime = decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal seconds) && seconds is >= 0 and <= 1e9m;
        time = isTime ? new Instant((long)(seconds * 1_000_000_000m)) : default;
        return isTime;
    }
}
