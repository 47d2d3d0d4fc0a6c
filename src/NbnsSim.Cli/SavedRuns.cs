using System.CommandLine;
using NbnsSim.Files;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli;

/// <summary>What a command that runs scenarios has to do with runs in files: <c>--save-at TIME FILE</c> and <c>--from FILE</c>.</summary>
internal sealed class SavedRuns
{
    private readonly Option<string[]> _saveAt = new("--save-at")
    {
        Description = "Save the run as it is at this time, in seconds, to this file, from which --from goes on.",
        HelpName = "TIME FILE",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _from = new("--from") { Description = "Go on with a run that --save-at has saved, in place of SCENARIO.", HelpName = "FILE" };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="scenario">Its scenario.</param>
    /// <param name="ofScenario">What a saved run has already.</param>
    public SavedRuns(Command command, Argument<string?> scenario, params Option[] ofScenario)
    {
        command.Add(_saveAt);
        command.Add(_from);
        command.Refuse("Expected SCENARIO, or --from with the file of a saved run.", result => result.GetResult(scenario) is not { Tokens.Count: > 0 } && result.GetResult(_from) is null);
        command.Refuse("--from goes on with the scenario that was saved: leave SCENARIO out.", result => result.GetResult(scenario) is { Tokens.Count: > 0 } && result.GetResult(_from) is not null);
        command.Refuse(
            $"--from goes on as it was saved: leave {string.Join(", ", ofScenario.Select(option => option.Name))} and --save-at out.",
            result => result.GetResult(_from) is not null && ofScenario.Append(_saveAt).Any(option => result.GetResult(option) is { Implicit: false }));
        command.Refuse(result => result.GetResult(_saveAt) is { Implicit: false, Tokens: [var time, _] } && !ScenarioWhy.TryParseTime(time.Value, out _)
            ? [$"'{time.Value}' is no time of a run: expected seconds from 0, and a file."]
            : []);
    }

    /// <summary>The run that is to go on; null where a scenario is to be run from its start.</summary>
    /// <exception cref="BadInputException">The file has none.</exception>
    public ScenarioRun? Open(ParseResult parsed, Terminal terminal)
    {
        if (parsed.GetValue(_from) is not { } path)
            return null;
        using var input = terminal.OpenFile(path);
        try
        {
            return ScenarioRun.Load(input);
        }
        catch (StateException e)
        {
            throw new BadInputException($"'{path}': {e.Message}");
        }
    }

    /// <summary>Saves a run when its time has come, where that is wanted.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="run">The run.</param>
    /// <param name="text">The text of its scenario.</param>
    /// <param name="file">What that is called.</param>
    /// <exception cref="BadInputException">The scenario ends before.</exception>
    public void Save(ParseResult parsed, ScenarioRun run, byte[] text, string file)
    {
        if (parsed.GetValue(_saveAt) is not [var when, var path])
            return;
        if (!ScenarioWhy.TryParseTime(when, out var time) || time >= run.Scenario.End) // that it can be read, the command line was held to
            throw new BadInputException($"--save-at {when}: the scenario ends at {run.Scenario.End}, and there is nothing to go on with then.");
        run.RunUntil(time);
        using var output = OutputStream.Create(path);
        run.Save(output, text, file);
    }
}
