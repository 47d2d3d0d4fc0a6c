using System.CommandLine;
using System.Globalization;
using NbnsSim.Cli.Running;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Commands;

/// <summary><c>why SCENARIO|CAPTURE HOST NAME</c>: the chain of causes behind what became of a name at a host.</summary>
internal static class WhyCommand
{
    private const string Examples =
        """
        Examples:
          nbnssim why q131739 ALPHA 'JSMITH<03>'
              from event 4320 back to the logon that began it, each link with its rule
          nbnssim why q131739 ALPHA 'JSMITH<03>' --at 40
              how things stood at 40 seconds: how ALPHA got the name
          nbnssim why mine.json WINS 'FILES<20>' --dialect nt4
              a scenario of one's own, and a name server
          nbnssim why trouble.pcapng 10.0.0.1 'JSMITH<03>' --dialect nt3.5
              a capture: nodes of that dialect stand in for its hosts, and each link names its frame
          nbnssim why trouble.pcapng ALPHA 'JSMITH<03>' --at 1200
              up to frame 1200; or to a time, as in 'nbnssim replay --help'
        """;

    public static Command Create(Terminal terminal)
    {
        var input = new Argument<string>("SCENARIO|CAPTURE") { Description = "The name of a built-in scenario (nbnssim scenarios), a file with a scenario or a capture, or '-' for standard input.", HelpName = "SCENARIO|CAPTURE" };
        input.CompletionSources.Add([.. BuiltInScenarios.Names]);
        var host = new Argument<string>("HOST") { Description = "The machine; in a capture its computer name or an address of its.", HelpName = "HOST" };
        var name = new Argument<string>("NAME") { Description = "The name, such as 'JSMITH<03>'.", HelpName = "NAME" };
        var at = new Option<string?>("--at") { Description = "Up to this time of the run, in seconds, or this frame or time of the capture; the end if not given.", HelpName = "TIME|FRAME" };
        var dialect = Dialects.Option("What hosts behave like that have no dialect of their own, w2k for those of a capture if not given", standard: null);
        var local = Clocks.Option();
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line for each link." };
        var command = new Command("why", "Trace what became of a name at a host back to its first cause.") { input, host, name, at, dialect, local, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(at) is { } point && !ReplayPoint.TryParse(point, out _))
                result.AddError($"'{point}' is neither a time of a run such as 40 or 40.5, nor a frame number or time of a capture such as 14:31:00, 2024-02-29T14:31:00, 1709217060.5 or +90.5.");
        });
        HelpWithExamples.Describe(command, Examples);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(input)!;
            var chosen = parsed.GetValue(dialect) is { } title ? Dialects.Find(title) : null;
            var clock = Clocks.Of(terminal, parsed.GetValue(local));
            var wanted = NetBiosName.TryParse(parsed.GetValue(name)!, out var parsedName)
                ? parsedName
                : throw new BadInputException($"'{parsed.GetValue(name)}' is no NetBIOS name: expected up to 15 characters and a suffix, such as 'JSMITH<03>'.");
            return Print(terminal, Tell(terminal, path, parsed.GetValue(host)!, parsed.GetValue(at), chosen, clock), wanted, parsed.GetValue(json));
        });
        return command;
    }

    private static WhyAccount Tell(Terminal terminal, string path, string host, string? at, NetBtDialect? dialect, WallClock clock)
    {
        if (BuiltInScenarios.Find(path) is { } builtIn)
            return Tell(builtIn, host, at, dialect);
        if (path != "-" && !File.Exists(path))
            throw ScenarioFiles.NoSuch(path);
        using var file = CaptureFiles.OpenTwice(terminal, path);
        return CaptureFiles.IsCapture(file, path) ? CaptureWhy.Tell(terminal, path, file, host, at, dialect, clock) : Tell(ScenarioFiles.Read(file, path), host, at, dialect);
    }

    /// <summary>Runs a scenario.</summary>
    private static WhyAccount Tell(Scenario scenario, string host, string? at, NetBtDialect? dialect)
    {
        var run = new ScenarioRun(scenario, dialect);
        var machine = run.Simulator.FindHost(host) is { } id
            ? run.Simulator.NameOf(id)
            : throw new BadInputException($"There is no host '{host}' in '{scenario.Name}': {string.Join(", ", scenario.Hosts.Select(known => known.Name).Take(20))}.");
        Instant? until = null;
        if (at is not null)
        {
            until = decimal.TryParse(at, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal seconds) && seconds is >= 0 and <= 1e9m
                ? new Instant((long)(seconds * 1_000_000_000m))
                : throw new BadInputException($"'{at}' is no time of a run: expected seconds from 0.");
        }

        var observer = new HistoryObserver(run.Simulator);
        run.Simulator.AddObserver(observer);
        run.Run();
        return new WhyAccount(
            observer.History, machine, until, time => (time - Instant.Epoch).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture).PadLeft(10), _ => [], IsDamaged: false);
    }

    private static int Print(Terminal terminal, WhyAccount told, in NetBiosName name, bool asJson)
    {
        var chain = told.History.Why(told.Host, name, told.Until);
        var report = new WhyReport(told.History, chain) { Moment = told.Moment };
        if (asJson)
        {
            report.Write(terminal.Ndjson);
        }
        else
        {
            if (chain.IsEmpty)
                terminal.Report.WriteLine($"{told.Host} decides nothing about {name}.");
            report.Write(terminal.Report);
            foreach (string hint in told.Hints(name))
                terminal.Report.WriteWrapped("→ ", hint);
        }

        return told.IsDamaged ? ExitCode.BadInput : chain.IsEmpty ? ExitCode.No : ExitCode.Done;
    }
}
