using System.CommandLine;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Commands;

/// <summary><c>scenarios</c>: what comes with the tool, to run and to start from.</summary>
internal static class ScenariosCommand
{
    private const string Examples =
        """
        Examples:
          nbnssim scenarios
              what there is to run
          nbnssim scenarios q131739 > mine.json
              a scenario to change, then: nbnssim run mine.json
          nbnssim scenarios --schema > scenario.schema.json
              the JSON Schema of scenario files, for editors: beside mine.json, whose "$schema" names it
        """;

    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("NAME") { Description = "Print the file of this built-in scenario.", Arity = ArgumentArity.ZeroOrOne };
        var schema = new Option<bool>("--schema") { Description = "Print the JSON Schema of scenario files." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line for each scenario." };
        var command = new Command("scenarios", "List the built-in scenarios.") { name, schema, json };
        HelpWithExamples.Describe(command, Examples);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(schema))
                terminal.Output.Write(BuiltInScenarios.Schema);
            else if (parsed.GetValue(name) is { } wanted)
                terminal.Output.Write(BuiltInScenarios.FindText(wanted) ?? throw ScenarioFiles.NoSuch(wanted));
            else
                List(terminal, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static void List(Terminal terminal, bool asJson)
    {
        int width = BuiltInScenarios.Names.Max(name => name.Length);
        foreach (string name in BuiltInScenarios.Names)
        {
            var scenario = BuiltInScenarios.Find(name)!;
            if (asJson)
            {
                terminal.Ndjson.Write("scenario", scenario, static (json, it) =>
                {
                    json.WriteString("name", it.Name);
                    json.WriteString("title", it.Title);
                    json.WriteString("description", it.Description);
                    json.WriteStartArray("sources");
                    foreach (string source in it.Sources)
                        json.WriteStringValue(source);
                    json.WriteEndArray();
                    json.WriteString("dialect", it.Dialect.Preset.Name);
                });
                continue;
            }

            string head = name.PadRight(width);
            foreach (string line in TextColumns.Wrap(scenario.Title, terminal.Width - width - 2))
            {
                terminal.Report.Write(head, string.IsNullOrWhiteSpace(head) ? ReportRole.Plain : ReportRole.Title);
                terminal.Report.WriteLine($"  {line}");
                head = new string(' ', width);
            }
        }

        if (!asJson)
            terminal.Output.Write("\nRun one: nbnssim run q131739\n");
    }
}
