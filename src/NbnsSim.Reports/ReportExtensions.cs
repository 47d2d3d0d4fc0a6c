using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Reports;

/// <summary>Reports of what there is already.</summary>
public static class ReportExtensions
{
    /// <summary>
    /// What happened in a scenario's run up to now, and why. The scenario is played once more for it: a run of the same scenario, dialect and seed is the same.
    /// What somebody did to the run's simulator by hand is not in it; for that, <see cref="RunReport.Attach(ScenarioRun)"/> before the first step.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="width">The columns to fit in; at least 60.</param>
    /// <returns>Lines that end with <c>\n</c>.</returns>
    public static string Explain(this ScenarioRun run, int width = 100)
    {
        ArgumentNullException.ThrowIfNull(run);
        var again = new ScenarioRun(run.Scenario, run.Dialect, run.Simulator.Seed);
        var report = RunReport.Attach(again);
        while ((again.StepCount < run.StepCount || again.Simulator.Now < run.Simulator.Now) && again.Step())
        {
        }

        return report.Explain(width);
    }

    /// <summary>The hosts of a simulation, in the order in which they were added.</summary>
    internal static IEnumerable<HostId> Hosts(this Simulator simulator) => Enumerable.Range(0, simulator.HostCount).Select(host => new HostId(host));
}
