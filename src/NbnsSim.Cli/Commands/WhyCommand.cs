using System.CommandLine;
using System.Globalization;
using NbnsSim.Cli.Running;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Commands;

/// <summary><c>why SCENARIO HOST NAME</c>: the chain of causes behind what became of a name at a host.</summary>
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
        """;

    public static Command Create(Terminal terminal)
    {
        var scenario = new Argument<string>("SCENARIO") { Description = "The name of a built-in scenario (nbnssim scenarios), a file, or '-' for standard input.", HelpName = "SCENARIO" };
        scenario.CompletionSources.Add([.. BuiltInScenarios.Names]);
        var host = new Argument<string>("HOST") { Description = "The machine.", HelpName = "HOST" };
        var name = new Argument<string>("NAME") { Description = "The name, such as 'JSMITH<03>'.", HelpName = "NAME" };
        var at = new Option<double?>("--at") { Description = "Up to this time of the run, in seconds; its end if not given.", HelpName = "SECONDS" };
        var dialect = Dialects.Option("What hosts behave like that have no dialect of their own", standard: null);
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line for each link." };
        var command = new Command("why", "Trace what became of a name at a host back to its first cause.") { scenario, host, name, at, dialect, json };
        HelpWithExamples.Describe(command, Examples);
        command.SetAction(parsed => Run(
            terminal, ScenarioFiles.Open(terminal, parsed.GetValue(scenario)!), parsed.GetValue(host)!, parsed.GetValue(name)!, parsed.GetValue(at),
            parsed.GetValue(dialect) is { } chosen ? Dialects.Find(chosen) : null, parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, Scenario scenario, string host, string name, double? at, NetBtDialect? dialect, bool asJson)
    {
        var run = new ScenarioRun(scenario, dialect);
        var machine = run.Simulator.FindHost(host) is { } id
            ? run.Simulator.NameOf(id)
            : throw new BadInputException($"There is no host '{host}' in '{scenario.Name}': {string.Join(", ", scenario.Hosts.Select(known => known.Name).Take(20))}.");
        if (!NetBiosName.TryParse(name, out var wanted))
            throw new BadInputException($"'{name}' is no NetBIOS name: expected up to 15 characters and a suffix, such as 'JSMITH<03>'.");
        if (at is < 0 or double.NaN or > 1e9)
            throw new BadInputException($"{at.Value.ToString(CultureInfo.InvariantCulture)} is no time of a run: expected seconds from 0.");
        var observer = new HistoryObserver(run.Simulator);
        run.Simulator.AddObserver(observer);
        run.Run();
        var chain = observer.History.Why(machine, wanted, at is { } seconds ? Instant.Epoch + TimeSpan.FromSeconds(seconds) : null);
        if (chain.IsEmpty)
        {
            if (!asJson)
                terminal.Output.WriteLine($"{VisibleText.Escape(machine)} decides nothing about {wanted}.");
            return ExitCode.No;
        }

        for (int i = 0; i < chain.Length; i++)
        {
            if (asJson)
                RunJson.WriteDecision(terminal, chain[i].Number, chain[i].Host, chain[i].Decision);
            else
                Print(terminal, observer.History, chain[i], i == 0 ? "" : How(chain[i - 1].Decision.Cause.Kind));
        }

        return ExitCode.Done;
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

    private static void Print(Terminal terminal, DecisionHistory history, HistoryEntry link, string how)
    {
        var decision = link.Decision;
        string head = $"{(decision.Time - Instant.Epoch).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture),10}  ";
        string text = how.Length == 0 ? history.Describe(link) : $"← ({how}) {history.Describe(link)}";
        if (decision.Tries > 1)
            text += string.Create(CultureInfo.InvariantCulture, $" Try {decision.Try} of {decision.Tries}.");
        foreach (string line in TextColumns.Wrap(text, Math.Max(20, terminal.Width - head.Length)))
        {
            terminal.Output.WriteLine(head + line);
            head = new string(' ', head.Length);
        }

        foreach (string line in TextColumns.Wrap($"{link.Host}, {decision.Rule.Id}, {JsonLines.Word(decision.Rule.Basis)}: {decision.Rule.Source}", Math.Max(20, terminal.Width - head.Length)))
            terminal.Output.WriteLine(terminal.Paint(head + line, "2"));
    }
}
