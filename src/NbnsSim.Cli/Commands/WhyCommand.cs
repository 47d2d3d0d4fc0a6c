using System.CommandLine;
using System.Globalization;
using NbnsSim.Cli.Running;
using NbnsSim.Names;
using NbnsSim.Narrative;
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
        for (int i = 0; i < chain.Length; i++)
        {
            if (asJson)
                RunJson.WriteDecision(terminal, chain[i].Number, chain[i].Host, chain[i].Decision, chain[i].Frame, chain[i].SentFrame);
            else
                Print(terminal, told, chain[i], i == 0 ? "" : How(chain[i - 1].Decision.Cause.Kind));
        }

        if (!asJson)
        {
            if (chain.IsEmpty)
                terminal.Output.WriteLine($"{VisibleText.Escape(told.Host)} decides nothing about {name}.");
            else if (chain[^1] is { Frame: not 0, Decision.Cause.Kind: DecisionCauseKind.Datagram } last)
                Lines(terminal, new string(' ', told.Moment(last.Decision.Time).Length + 2), string.Create(CultureInfo.InvariantCulture, $"← (by a datagram) Frame {last.Frame}, from {last.Decision.Peer.Address}: no node stands in that would have sent it."), "");
            foreach (string hint in told.Hints(name))
                Lines(terminal, "→ ", hint, "");
        }

        return told.IsDamaged ? ExitCode.BadInput : chain.IsEmpty ? ExitCode.No : ExitCode.Done;
    }

    /// <summary>How the link led to the one printed before it.</summary>
    private static string How(DecisionCauseKind kind) => kind switch
    {
        DecisionCauseKind.Datagram => "by its datagram",
        DecisionCauseKind.Timer => "when its time ran out",
        DecisionCauseKind.Lifetime => "when the name's time came",
        DecisionCauseKind.Command => "as told",
        _ => "at once",
    };

    private static void Print(Terminal terminal, WhyAccount told, HistoryEntry link, string how)
    {
        var decision = link.Decision;
        string head = told.Moment(decision.Time) + "  ";
        string text = how.Length == 0 ? told.History.Describe(link) : $"← ({how}) {told.History.Describe(link)}";
        if (decision.Tries > 1)
            text += string.Create(CultureInfo.InvariantCulture, $" Try {decision.Try} of {decision.Tries}.");
        Lines(terminal, head, text, "");
        Lines(terminal, new string(' ', head.Length), $"{link.Host}, {decision.Rule.Id}, {JsonLines.Word(decision.Rule.Basis)}: {decision.Rule.Source}{Frames(link)}", "2");
    }

    /// <summary>What of the capture shows it. What a captured host was told to do no capture shows: that is concluded from what it sent.</summary>
    private static string Frames(HistoryEntry link)
    {
        string sent = link.SentFrame == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"sends frame {link.SentFrame}");
        if (link.Frame == 0 || (link.Frame == link.SentFrame && link.Decision.Cause.Kind != DecisionCauseKind.None))
            return sent.Length == 0 ? "" : $"; {sent}";
        string seen = string.Create(CultureInfo.InvariantCulture, $"frame {link.Frame}");
        return link.Decision.Cause.Kind switch
        {
            DecisionCauseKind.None => $"; inferred from {seen}",
            DecisionCauseKind.Datagram => sent.Length == 0 ? $"; {seen}" : $"; {seen}, {sent}",
            _ => sent.Length == 0 ? "" : $"; {sent}",
        };
    }

    private static void Lines(Terminal terminal, string head, string text, string style)
    {
        foreach (string line in TextColumns.Wrap(text, Math.Max(20, terminal.Width - head.Length)))
        {
            terminal.Output.WriteLine(style.Length == 0 ? head + line : terminal.Paint(head + line, style));
            head = new string(' ', head.Length);
        }
    }
}
