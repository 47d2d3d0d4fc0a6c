using System.Globalization;
using NbnsSim.Checking;
using NbnsSim.Scenarios;

namespace NbnsSim.Reports.Checks;

/// <summary>What a check found: for people, with the run that breaks a property, and for programs.</summary>
/// <param name="checker">The check.</param>
/// <param name="result">What it came to.</param>
public sealed class CheckReport(Checker checker, CheckResult result) : IReport
{
    private readonly Checker _checker = checker ?? throw new ArgumentNullException(nameof(checker));
    private readonly CheckResult _result = result ?? throw new ArgumentNullException(nameof(result));

    /// <inheritdoc/>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var scenario = _checker.Scenario;
        writer.WriteWrapped("", scenario.Title.Length == 0 ? scenario.Name : $"{scenario.Name}: {scenario.Title}", ReportRole.Title);
        writer.WriteWrapped("", $"{scenario.Dialect.Make().Title}; {Bounds}");
        writer.WriteLine();
        writer.WriteWrapped("", Verdict, _result.Verdict == CheckVerdict.Holds ? ReportRole.Positive : ReportRole.Negative);
        if (Reductions is { Length: > 0 } reductions)
            writer.WriteWrapped("", reductions);
        writer.WriteHeading("Properties");
        foreach (var property in _checker.Properties)
            writer.WriteWrapped($"{Standing(property),-15} {property.Name}: ", $"{property.Sentence} ({property.Source})", RoleOf(property));
        if (_result.Counterexample is { } found)
            WriteRun(writer, found);
    }

    /// <inheritdoc/>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        ndjson.Write("check", this, static (json, it) =>
        {
            json.WriteString("scenario", it._checker.Scenario.Name);
            json.WriteString("dialect", it._checker.Scenario.Dialect.Make().Name);
            json.WriteString("verdict", it._result.Verdict.ToString());
            json.WriteTexts("faultKinds", CheckFaultNames.Of(it._checker.Options.Faults));
            json.WriteNumber("maxFaults", it._checker.Options.MaxFaults);
            json.WriteNumber("completeFaults", it._result.CompleteFaults);
            json.WriteBoolean("anyOrder", it._checker.Options.AnyOrder);
            json.WriteNumber("states", it._result.States);
            json.WriteNumber("steps", it._result.Steps);
            json.WriteBoolean("partialOrder", it._result.IsPartialOrder);
            json.WriteNumber("pairsTried", it._result.PairsTried);
            json.WriteStartArray("alike");
            foreach (var group in it._result.Alike)
            {
                json.WriteStartArray();
                foreach (string host in group)
                    json.WriteStringValue(host);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            if (it._result.NotReduced.Length > 0)
                json.WriteString("notReduced", it._result.NotReduced);
            json.WriteStartArray("properties");
            foreach (var property in it._checker.Properties)
            {
                json.WriteStartObject();
                json.WriteString("name", property.Name);
                json.WriteString("mode", property.Mode.ToString());
                json.WriteString("sentence", property.Sentence);
                json.WriteString("source", property.Source);
                json.WriteString("standing", it.Standing(property));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (it._result.Counterexample is not { } found)
                return;
            json.WriteStartObject("counterexample");
            json.WriteString("property", found.Property.Name);
            json.WriteString("text", found.Text);
            json.WriteMoment(found.At);
            json.WriteStartArray("faults");
            foreach (var fault in found.Faults)
            {
                json.WriteStartObject();
                json.WriteMoment(fault.At);
                json.WriteString("kind", CheckFaultNames.Of(fault.Kind).Single());
                if (fault.From.Length > 0)
                    json.WriteString("from", fault.From);
                if (fault.Host.Length > 0)
                    json.WriteString("host", fault.Host);
                json.WriteString("text", fault.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private string Bounds
    {
        get
        {
            var options = _checker.Options;
            string faults = options.MaxFaults == 0 || options.Faults == CheckFaults.None
                ? "nothing goes wrong"
                : string.Create(CultureInfo.InvariantCulture, $"up to {options.MaxFaults} fault{(options.MaxFaults == 1 ? "" : "s")} ({string.Join(", ", CheckFaultNames.Of(options.Faults))}) until {options.FaultsUntil.ToShortString()} s");
            string order = options.AnyOrder ? "commands of one time in every order" : "commands in the scenario's order";
            return $"{faults}; {order}; then {options.Quiet.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s in which nothing is done; seed {_checker.Scenario.Seed}";
        }
    }

    /// <summary>What was left out besides what had been seen, and why not more.</summary>
    private string Reductions
    {
        get
        {
            var said = new List<string>();
            if (_result.IsPartialOrder)
                said.Add(string.Create(CultureInfo.InvariantCulture, $"What happens at one time counts as a set: {_result.PairsTried:N0} {(_result.PairsTried == 1 ? "pair that meets" : "pairs that meet")} at a machine led to one state in both orders."));
            foreach (var group in _result.Alike)
                said.Add($"{string.Join(", ", group[..^1])} and {group[^1]} are alike and may change places.");
            if (_result.NotReduced.Length > 0)
                said.Add($"{(_result.IsPartialOrder ? "No machines change places" : "Nothing counts as a set, and no machines change places")}: {_result.NotReduced}.");
            return string.Join(" ", said);
        }
    }

    /// <summary>What it came to, in one or two sentences.</summary>
    public string Verdict
    {
        get
        {
            string states = string.Create(CultureInfo.InvariantCulture, $"{_result.States:N0} state{(_result.States == 1 ? "" : "s")}");
            return _result.Verdict switch
            {
                CheckVerdict.Holds => $"Holds for all {states} within these bounds.",
                CheckVerdict.Broken => $"{_result.Counterexample!.Property.Name} does not hold: {_result.Counterexample.Text} {Fewest(_result.Counterexample.Faults.Length, states)}",
                CheckVerdict.Vacuous => $"Nothing is broken in {states}, but {string.Join(" and ", _result.NotReached)} was reached in none: the proof is vacuous.",
                _ => $"A bound was reached: nothing is broken in {states}; {Complete(_result.CompleteFaults)}.",
            };
        }
    }

    private static string Complete(int faults) => faults switch
    {
        -1 => "not even the run without a fault was followed to its end",
        0 => "complete for runs without a fault",
        1 => "complete for runs with up to 1 fault",
        _ => string.Create(CultureInfo.InvariantCulture, $"complete for runs with up to {faults} faults"),
    };

    private static string Fewest(int faults, string states) => faults switch
    {
        0 => $"No fault is needed for it. {states} were looked at.",
        1 => $"One fault does it; without one all holds. {states} were looked at.",
        _ => string.Create(CultureInfo.InvariantCulture, $"{faults} faults do it; with fewer all holds. {states} were looked at."),
    };

    private string Standing(CheckProperty property) =>
        property.Mode == CheckMode.Sometimes ? _result.Reached.Contains(property.Name, StringComparer.Ordinal) ? "reached" : "not reached"
        : _result.Counterexample?.Property == property ? "broken"
        : _result.Verdict is CheckVerdict.Holds or CheckVerdict.Vacuous ? "holds"
        : "not seen broken";

    private ReportRole RoleOf(CheckProperty property) => _result.Counterexample?.Property == property ? ReportRole.Negative : ReportRole.Plain;

    private static void WriteRun(ReportWriter writer, Counterexample found)
    {
        writer.WriteHeading("What goes wrong");
        if (found.Faults.IsEmpty)
            writer.WriteLine("nothing");
        foreach (var fault in found.Faults)
            writer.WriteWrapped("", fault.ToString());
        var run = new ScenarioRun(found.Scenario with { End = found.At, Steps = [.. found.Scenario.Steps.Where(step => step.At <= found.At)] });
        var report = RunReport.Attach(run);
        report.Write(writer, run.Run());
    }
}
