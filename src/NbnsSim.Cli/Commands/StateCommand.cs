using System.CommandLine;
using NbnsSim.Files;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Commands;

/// <summary><c>state SCENARIO|CAPTURE --at TIME|FRAME</c>: every machine's tables at a moment, of a scenario's run or of a capture's twin.</summary>
internal static class StateCommand
{
    public static Command Create(Terminal terminal)
    {
        var input = ScenarioOrCapture.Argument();
        var at = new Option<string?>("--at") { HelpName = "TIME|FRAME", Description = "Seconds of the run, such as 40.5, or a frame of its capture, '#12'; of a capture a frame number, or +SECONDS of its twin's run; the end if not given." };
        var dialect = Choices.Dialect("What a scenario's hosts behave like that have no dialect of their own");
        var json = Choices.Json();
        var command = new Command("state", "Print every machine's tables at a moment: names, cache, what is under way, a name server's database.") { input, at, dialect, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(input)!;
            var behaviour = Choices.FindDialect(parsed.GetValue(dialect));
            var found = ScenarioOrCapture.Open(terminal, path);
            bool isThere = found.Twin is { } twin
                ? RunMoment.TryFind(twin, parsed.GetValue(at), out var time, out string? problem)
                : RunMoment.TryFind(found.Scenario, behaviour, parsed.GetValue(at), out time, out problem);
            if (!isThere)
                throw new BadInputException($"{InputFiles.TitleOf(path)}: {problem}");
            var run = new ScenarioRun(found.Scenario, found.Twin is null ? behaviour : null);
            run.RunUntil(new Instant(time.Nanoseconds + 1)); // what is done at that time is done
            terminal.Print(new StateReport(run), parsed.GetValue(json));
            return found.IsDamaged ? ExitCode.BadInput : ExitCode.Done;
        });
        return command;
    }
}
