using System.CommandLine;
using NbnsSim.Files;
using NbnsSim.Names;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Commands;

/// <summary><c>why SCENARIO|CAPTURE HOST NAME</c>: the chain of causes behind what became of a name at a host.</summary>
internal static class WhyCommand
{
    public static Command Create(Terminal terminal)
    {
        var input = new Argument<string>("SCENARIO|CAPTURE") { Description = "The name of a built-in scenario (nbnssim scenarios), a file with a scenario or a capture, or '-' for standard input.", HelpName = "SCENARIO|CAPTURE" };
        input.CompletionSources.Add([.. BuiltInScenarios.Names]);
        var host = new Argument<string>("HOST") { Description = "The machine; in a capture its computer name or an address of its.", HelpName = "HOST" };
        var name = Choices.Argument("NAME", "The name, such as 'JSMITH<03>'.", text => NetBiosName.TryParse(text, out var given)
            ? given
            : throw new FormatException($"'{text}' is no NetBIOS name: expected up to 15 characters and a suffix, such as 'JSMITH<03>'."));
        var at = Choices.At(
            "Up to this time of the run, in seconds, or this frame or time of the capture; the end if not given.",
            "a time of a run such as 40 or 40.5, nor a frame number or time of a capture");
        var dialect = Choices.Dialect("What hosts behave like that have no dialect of their own, w2k for those of a capture if not given");
        var local = Choices.Local();
        var json = Choices.Json("Print one JSON object a line for each link.");
        var command = new Command("why", "Trace what became of a name at a host back to its first cause.") { input, host, name, at, dialect, local, json };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(name);
            string path = parsed.GetValue(input)!;
            var behaviour = Choices.FindDialect(parsed.GetValue(dialect));
            bool isDamaged = false;
            var report = BuiltInScenarios.Find(path) is { } builtIn ? OfRun(builtIn) : OfFile();
            terminal.Print(report, parsed.GetValue(json));
            return isDamaged ? ExitCode.BadInput : report.IsEmpty ? ExitCode.No : ExitCode.Done;

            WhyReport OfRun(Scenario scenario)
            {
                string? end = parsed.GetResult(at)?.Tokens[^1].Value;
                Instant? until = end is null ? null : ScenarioWhy.TryParseTime(end, out var time) ? time : throw new BadInputException($"'{end}' is no time of a run: expected seconds from 0.");
                return ScenarioWhy.TryRun(scenario, parsed.GetValue(host)!, behaviour, out var why, out string? problem)
                    ? new WhyReport(why.History, why.Host, wanted, until)
                    : throw new BadInputException(problem);
            }

            WhyReport OfFile()
            {
                if (path != InputFiles.StandardInput && !Path.Exists(path))
                    throw new BadInputException(ScenarioList.DescribeMissing(path));
                using var file = CaptureStreams.Rewindable(terminal.OpenFile(path));
                if (!CaptureStreams.IsCapture(file, out string? problem))
                    return Scenario.IsLikely(file) ? OfRun(Scenario.Read(file, InputFiles.TitleOf(path))) : throw new BadInputException($"{InputFiles.TitleOf(path)} is neither a capture nor a scenario. {problem}");
                using var captures = new Captures(terminal, [path], rereads: true, open: _ => file);
                var passes = captures.Passes();
                var hosts = passes.FindHosts(asked: null, out _);
                var machine = hosts.TryFind(parsed.GetValue(host)!, out var found, out string? missing) ? found : throw new BadInputException($"{captures.Title}: {missing}");
                var why = new CaptureWhy(passes, hosts, machine, behaviour, parsed.GetValue(at) ?? default, Choices.Clock(terminal, parsed.GetValue(local)));
                isDamaged = captures.SayWhatIsDamaged(passes);
                return why.Tell(wanted, other => $": --dialect {other.Name}");
            }
        });
        return command;
    }
}
