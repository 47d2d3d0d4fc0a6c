using NbnsSim.Scenarios;

namespace NbnsSim.Reports;

/// <summary>What scenarios there are, in text or in NDJSON.</summary>
/// <param name="scenarios">The scenarios.</param>
public sealed class ScenarioList(IReadOnlyList<Scenario> scenarios) : IReport
{
    /// <summary>That there is no scenario of a name, what may have been meant, and what there is: a line each.</summary>
    /// <param name="name">What somebody asked for.</param>
    public static IEnumerable<string> DescribeMissing(string name) =>
    [
        $"There is no scenario and no file '{name}'.{Suggestion.For(name, BuiltInScenarios.Names)}",
        "Built-in scenarios ('nbnssim scenarios' says what each shows):",
        .. TextColumns.Wrap(string.Join(", ", BuiltInScenarios.Names), 90).Select(line => "  " + line),
    ];

    /// <summary>Writes each name with its title as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int width = scenarios.Select(scenario => scenario.Name.Length).DefaultIfEmpty().Max();
        foreach (var scenario in scenarios)
        {
            string head = scenario.Name.PadRight(width);
            foreach (string line in TextColumns.Wrap(scenario.Title, Math.Max(20, writer.Width - width - 2)))
            {
                writer.Write(head, string.IsNullOrWhiteSpace(head) ? ReportRole.Plain : ReportRole.Title);
                writer.WriteLine($"  {line}");
                head = new string(' ', width);
            }
        }
    }

    /// <summary>Writes them as NDJSON.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var scenario in scenarios)
        {
            ndjson.Write("scenario", scenario, static (json, it) =>
            {
                json.WriteString("name", it.Name);
                json.WriteString("title", it.Title);
                json.WriteString("description", it.Description);
                json.WriteTexts("sources", it.Sources);
                json.WriteString("dialect", it.Dialect.Preset.Name);
            });
        }
    }
}
