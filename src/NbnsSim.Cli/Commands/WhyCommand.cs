using System.CommandLine;
using NbnsSim.Names;
using NbnsSim.Protocol;
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
        var name = new Argument<string>("NAME") { Description = "The name, such as 'JSMITH<03>'.", HelpName = "NAME" };
        var at = Choices.At(
            "Up to this time of the run, in seconds, or this frame or time of the capture; the end if not given.",
            "a time of a run such as 40 or 40.5, nor a frame number or time of a capture");
        var dialect = Dialects.Option("What hosts behave like that have no dialect of their own, w2k for those of a capture if not given", standard: null);
        var local = Choices.Local();
        var json = Choices.Json("Print one JSON object a line for each link.");
        var command = new Command("why", "Trace what became of a name at a host back to its first cause.") { input, host, name, at, dialect, local, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(input)!;
            var chosen = parsed.GetValue(dialect) is { } title ? Dialects.Find(title) : null;
            var clock = Choices.Clock(terminal, parsed.GetValue(local));
            var wanted = NetBiosName.TryParse(parsed.GetValue(name)!, out var parsedName)
                ? parsedName
                : throw new BadInputException($"'{parsed.GetValue(name)}' is no NetBIOS name: expected up to 15 characters and a suffix, such as 'JSMITH<03>'.");
            return Tell(terminal, path, new Question(parsed.GetValue(host)!, wanted, parsed.GetValue(at), chosen, clock, parsed.GetValue(json)));
        });
        return command;
    }

    private static int Tell(Terminal terminal, string path, Question question)
    {
        if (BuiltInScenarios.Find(path) is { } builtIn)
            return TellRun(terminal, builtIn, question);
        if (path != "-" && !File.Exists(path))
            throw ScenarioFiles.NoSuch(path);
        using var file = CaptureFiles.OpenTwice(terminal, path);
        return CaptureFiles.IsCapture(file, path) ? TellCapture(terminal, path, file, question) : TellRun(terminal, ScenarioFiles.Read(file, path), question);
    }

    private static int TellRun(Terminal terminal, Scenario scenario, Question question)
    {
        Instant? until = question.At is not { } at ? null
            : ScenarioWhy.TryParseTime(at, out var time) ? time : throw new BadInputException($"'{at}' is no time of a run: expected seconds from 0.");
        if (!ScenarioWhy.TryRun(scenario, question.Host, question.Dialect, out var why, out string? problem))
            throw new BadInputException(problem);
        var chain = why.History.Why(why.Host, question.Name, until);
        return Print(terminal, new WhyReport(why.History, chain), chain.IsEmpty, why.Host, question, []);
    }

    private static int TellCapture(Terminal terminal, string path, Stream file, Question question)
    {
        var passes = CaptureFiles.Passes(terminal, path, file);
        var hosts = passes.FindHosts(asked: null, out _);
        var why = new CaptureWhy(
            passes, hosts, CaptureFiles.FindHost(hosts, question.Host, path), question.Dialect, question.At is { } at && ReplayPoint.TryParse(at, out var point) ? point : default, question.Clock);
        bool damaged = CaptureFiles.ReportDamage(terminal, path, passes.Damage, passes.DamageCount);
        var chain = why.History.Why(why.Host, question.Name, why.Until);
        int code = Print(
            terminal, new WhyReport(why.History, chain) { Moment = why.Moment }, chain.IsEmpty, why.Host, question, why.Hints(question.Name, other => $": --dialect {other.Name}"));
        return damaged ? ExitCode.BadInput : code;
    }

    private static int Print(Terminal terminal, WhyReport report, bool isEmpty, string host, Question question, IEnumerable<string> hints)
    {
        if (question.AsJson)
        {
            report.Write(terminal.Ndjson);
        }
        else
        {
            if (isEmpty)
                terminal.Report.WriteLine($"{host} decides nothing about {question.Name}.");
            report.Write(terminal.Report);
            foreach (string hint in hints)
                terminal.Report.WriteWrapped("→ ", hint);
        }

        return isEmpty ? ExitCode.No : ExitCode.Done;
    }

    /// <summary>What was asked.</summary>
    private sealed record Question(string Host, NetBiosName Name, string? At, NetBtDialect? Dialect, WallClock Clock, bool AsJson);
}
