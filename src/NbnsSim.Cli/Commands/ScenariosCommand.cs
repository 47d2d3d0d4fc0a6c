using System.CommandLine;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Commands;

/// <summary><c>scenarios</c>: what comes with the tool, to run and to start from.</summary>
internal static class ScenariosCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("NAME") { Description = "Print the file of this built-in scenario.", Arity = ArgumentArity.ZeroOrOne };
        var schema = new Option<bool>("--schema") { Description = "Print the JSON Schema of scenario files." };
        var json = Choices.Json("Print one JSON object a line for each scenario.");
        var command = new Command("scenarios", "List the built-in scenarios.") { name, schema, json };
        command.SetAction(parsed =>
        {
            var list = new ScenarioList([.. BuiltInScenarios.Names.Select(name => BuiltInScenarios.Find(name)!)]);
            if (parsed.GetValue(schema))
                terminal.Output.Write(BuiltInScenarios.Schema);
            else if (parsed.GetValue(name) is { } wanted)
                terminal.Output.Write(BuiltInScenarios.FindText(wanted) ?? throw new BadInputException(ScenarioList.DescribeMissing(wanted)));
            else if (parsed.GetValue(json))
                list.Write(terminal.Ndjson);
            else
            {
                list.Write(terminal.Report);
                terminal.Output.Write("\nRun one: nbnssim run q131739\n");
            }
        });
        return command;
    }
}
