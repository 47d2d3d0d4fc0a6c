using System.CommandLine;
using System.Globalization;
using NbnsSim.Files;
using NbnsSim.Reports;
using NbnsSim.Scenarios;
using NbnsSim.Twins;

namespace NbnsSim.Cli.Commands;

/// <summary><c>state SCENARIO|CAPTURE --at TIME|FRAME</c>: every machine's tables at a moment, of a scenario's run or of a capture's twin.</summary>
internal static class StateCommand
{
    public static Command Create(Terminal terminal)
    {
        var input = ScenarioOrCapture.Argument();
        var at = new Option<string?>("--at") { HelpName = "TIME|FRAME", Description = "Seconds of the run, such as 40.5; of a capture a frame number, or +SECONDS of its twin's run; the end if not given." };
        var dialect = Choices.Dialect("What a scenario's hosts behave like that have no dialect of their own");
        var json = Choices.Json();
        var command = new Command("state", "Print every machine's tables at a moment: names, cache, what is under way, a name server's database.") { input, at, dialect, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(input)!;
            string? moment = parsed.GetValue(at);
            var found = ScenarioOrCapture.Open(terminal, path);
            var run = found.Twin is { } twin ? OfCapture(twin) : RunTo(new ScenarioRun(found.Scenario, Choices.FindDialect(parsed.GetValue(dialect))), moment is null ? found.Scenario.End : TimeOf(moment));
            terminal.Print(new StateReport(run), parsed.GetValue(json));
            return found.IsDamaged ? ExitCode.BadInput : ExitCode.Done;

            ScenarioRun OfCapture(CaptureTwin twin) => RunTo(new ScenarioRun(twin.Scenario), moment switch
            {
                null => twin.Scenario.End,
                _ when long.TryParse(moment, NumberStyles.None, CultureInfo.InvariantCulture, out long frame) =>
                    twin.TimeOf(frame) ?? throw new BadInputException($"{InputFiles.TitleOf(path)}: frame {frame} has no name service packet."),
                _ => TimeOf(moment.TrimStart('+')),
            });
        });
        return command;
    }

    private static Instant TimeOf(string text) =>
        ScenarioWhy.TryParseTime(text, out var time) ? time : throw new BadInputException($"'{text}' is no time of a run: expected seconds from 0.");

    private static ScenarioRun RunTo(ScenarioRun run, Instant time)
    {
        run.RunUntil(new Instant(time.Nanoseconds + 1)); // what is done at that time is done
        return run;
    }
}
