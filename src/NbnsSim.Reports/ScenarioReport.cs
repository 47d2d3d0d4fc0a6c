using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Scenarios;

namespace NbnsSim.Reports;

/// <summary>What a scenario is, and whether what it expects came true.</summary>
internal static class ScenarioReport
{
    /// <summary>Name, title, who takes part, and what it is about.</summary>
    public static void WriteHeader(ReportWriter writer, ScenarioRun run)
    {
        var scenario = run.Scenario;
        writer.WriteWrapped("", $"{scenario.Name}: {scenario.Title}", ReportRole.Title);
        string hosts = scenario.Hosts.Length > 6
            ? string.Create(CultureInfo.InvariantCulture, $"{scenario.Hosts.Length:N0} hosts")
            : string.Join(", ", scenario.Hosts.Select(host => $"{host.Name} {host.Interfaces[0].Address}{(host.Dialect is { } own ? $" ({own.Make().Title})" : "")}"));
        writer.WriteWrapped("", string.Create(CultureInfo.InvariantCulture, $"{hosts}; {run.Dialect.Title}; seed {run.Simulator.Seed}"));
        if (scenario.Description.Length > 0)
        {
            writer.WriteLine();
            writer.WriteWrapped("", scenario.Description);
            if (scenario.Dialect.Make() is var told && told.Name != run.Dialect.Name)
                writer.WriteWrapped("", $"So it goes with {told.Title}; this is {run.Dialect.Title}, and may go otherwise.");
        }

        if (!scenario.Sources.IsEmpty)
            writer.WriteWrapped("", $"Sources: {string.Join(", ", scenario.Sources)}", ReportRole.Aside);
    }

    /// <summary>How many expectations were met; each that was not, with what was seen instead.</summary>
    public static void WriteResults(ReportWriter writer, ImmutableArray<ExpectationResult> results)
    {
        if (results.IsEmpty)
            return;
        writer.WriteHeading("Expectations");
        int met = results.Count(result => result.Outcome == ExpectationOutcome.Met);
        int applicable = results.Count(result => result.Outcome != ExpectationOutcome.NotApplicable);
        string others = (results.Length - applicable) switch
        {
            0 => "",
            1 => "; 1 is about another dialect",
            var count => string.Create(CultureInfo.InvariantCulture, $"; {count} are about other dialects"),
        };
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{met} of {applicable} met{others}"), met == applicable ? ReportRole.Positive : ReportRole.Negative);
        foreach (var result in results.Where(result => result.Outcome == ExpectationOutcome.NotMet))
        {
            string because = result.Expectation.Because is { } reason ? $" Expected because {reason}." : "";
            writer.WriteWrapped("", string.Create(
                CultureInfo.InvariantCulture, $"NOT MET, line {result.Expectation.Line}: {result.Expectation.Description}. Seen: {result.Seen}.{because}"), ReportRole.Negative);
        }
    }

    /// <summary>What a run is: its scenario, its seed, who takes part.</summary>
    public static void WriteStart(NdjsonWriter ndjson, ScenarioRun run) => ndjson.Write("run", run, static (json, it) =>
    {
        json.WriteString("scenario", it.Scenario.Name);
        json.WriteString("title", it.Scenario.Title);
        json.WriteString("dialect", it.Dialect.Name);
        json.WriteNumber("seed", it.Simulator.Seed);
        json.WriteStartArray("hosts");
        foreach (var host in it.Simulator.Hosts())
        {
            json.WriteStartObject();
            json.WriteString("name", it.Simulator.NameOf(host));
            json.WriteString("address", it.Simulator.AddressOf(host).ToString());
            if (it.NodeOf(host) is { } node)
                json.WriteString("dialect", node.Options.Dialect.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>An object for each expectation, and one that sums them up.</summary>
    public static void WriteResults(NdjsonWriter ndjson, ImmutableArray<ExpectationResult> results)
    {
        foreach (var result in results)
        {
            ndjson.Write("expectation", result, static (json, it) =>
            {
                json.WriteString("outcome", it.Outcome switch
                {
                    ExpectationOutcome.Met => "met",
                    ExpectationOutcome.NotMet => "notMet",
                    ExpectationOutcome.NotApplicable => "notApplicable",
                    _ => "pending",
                });
                json.WriteNumber("line", it.Expectation.Line);
                json.WriteString("expected", it.Expectation.Description);
                json.WriteString("seen", it.Seen);
                if (it.Expectation.Because is { } because)
                    json.WriteString("because", because);
            });
        }

        ndjson.Write("result", results, static (json, it) =>
        {
            json.WriteNumber("met", it.Count(result => result.Outcome == ExpectationOutcome.Met));
            json.WriteNumber("notMet", it.Count(result => result.Outcome == ExpectationOutcome.NotMet));
            json.WriteNumber("notApplicable", it.Count(result => result.Outcome == ExpectationOutcome.NotApplicable));
        });
    }
}
