using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Cli.Running;

/// <summary>What a scenario is, and whether what it expects came true.</summary>
internal static class ScenarioPrinter
{
    /// <summary>Name, title, who takes part, and what it is about.</summary>
    public static void PrintHeader(Terminal terminal, ScenarioRun run)
    {
        var scenario = run.Scenario;
        var output = terminal.Output;
        Wrap(terminal, $"{scenario.Name}: {scenario.Title}", "1");
        string hosts = scenario.Hosts.Length > 6
            ? string.Create(CultureInfo.InvariantCulture, $"{scenario.Hosts.Length:N0} hosts")
            : string.Join(", ", scenario.Hosts.Select(host => $"{host.Name} {host.Interfaces[0].Address}{(host.Dialect is { } own ? $" ({own.Make().Title})" : "")}"));
        Wrap(terminal, string.Create(CultureInfo.InvariantCulture, $"{hosts}; {run.Dialect.Title}; seed {run.Simulator.Seed}"), "");
        if (scenario.Description.Length > 0)
        {
            output.WriteLine();
            Wrap(terminal, scenario.Description, "");
            if (scenario.Dialect.Make() is var told && told.Name != run.Dialect.Name)
                Wrap(terminal, $"So it goes with {told.Title}; this is {run.Dialect.Title}, and may go otherwise.", "");
        }

        if (!scenario.Sources.IsEmpty)
            Wrap(terminal, $"Sources: {string.Join(", ", scenario.Sources)}", "2");
    }

    /// <summary>How many expectations were met; each that was not, with what was seen instead.</summary>
    public static void PrintResults(Terminal terminal, ScenarioRun run, ImmutableArray<ExpectationResult> results)
    {
        if (results.IsEmpty)
            return;
        RunPrinter.Heading(terminal, "Expectations");
        int met = results.Count(result => result.Outcome == ExpectationOutcome.Met);
        int applicable = results.Count(result => result.Outcome != ExpectationOutcome.NotApplicable);
        string others = (results.Length - applicable) switch
        {
            0 => "",
            1 => "; 1 is about another dialect",
            var count => string.Create(CultureInfo.InvariantCulture, $"; {count} are about other dialects"),
        };
        terminal.Output.WriteLine(terminal.Paint(
            string.Create(CultureInfo.InvariantCulture, $"{met} of {applicable} met{others}"), met == applicable ? "32" : "31"));
        foreach (var result in results.Where(result => result.Outcome == ExpectationOutcome.NotMet))
        {
            string because = result.Expectation.Because is { } reason ? $" Expected because {reason}." : "";
            Wrap(terminal, string.Create(
                CultureInfo.InvariantCulture, $"NOT MET, line {result.Expectation.Line}: {result.Expectation.Description}. Seen: {result.Seen}.{because}"), "31");
        }
    }

    /// <summary>The first line of <c>run --json</c>.</summary>
    public static void WriteStart(Terminal terminal, ScenarioRun run) => JsonLines.Write(terminal, "run", run, static (json, it) =>
    {
        json.WriteString("scenario", it.Scenario.Name);
        json.WriteString("title", it.Scenario.Title);
        json.WriteString("dialect", it.Dialect.Name);
        json.WriteNumber("seed", it.Simulator.Seed);
        json.WriteStartArray("hosts");
        for (int host = 0; host < it.Simulator.HostCount; host++)
        {
            var id = new HostId(host);
            json.WriteStartObject();
            json.WriteString("name", it.Simulator.NameOf(id));
            json.WriteString("address", it.Simulator.AddressOf(id).ToString());
            if (it.NodeOf(id) is { } node)
                json.WriteString("dialect", node.Options.Dialect.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>An object for each expectation, and one that sums them up.</summary>
    public static void WriteResults(Terminal terminal, ImmutableArray<ExpectationResult> results)
    {
        foreach (var result in results)
        {
            JsonLines.Write(terminal, "expectation", result, static (json, it) =>
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

        JsonLines.Write(terminal, "result", results, static (json, it) =>
        {
            json.WriteNumber("met", it.Count(result => result.Outcome == ExpectationOutcome.Met));
            json.WriteNumber("notMet", it.Count(result => result.Outcome == ExpectationOutcome.NotMet));
            json.WriteNumber("notApplicable", it.Count(result => result.Outcome == ExpectationOutcome.NotApplicable));
        });
    }

    private static void Wrap(Terminal terminal, string text, string style)
    {
        foreach (string line in TextColumns.Wrap(text, terminal.Width))
            terminal.Output.WriteLine(terminal.Paint(line, style));
    }
}
