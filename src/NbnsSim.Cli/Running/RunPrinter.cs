using System.Globalization;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Cli.Running;

/// <summary>Prints a run for people: ladder, each machine's events and names, and the story with its grounds.</summary>
internal static class RunPrinter
{
    private const int MaxRows = 250;
    private const int MaxHosts = 12;
    private const int MaxAddresses = 8;
    private const int MaxRecords = 40;
    private const int MaxEvents = 10;

    /// <summary>Prints everything there is to see of a simulation that has run.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="run">The run, at its end.</param>
    /// <param name="recorder">What was recorded of it from its start.</param>
    public static void Print(Terminal terminal, ScenarioRun run, RunRecorder recorder)
    {
        if (recorder.IsDetailed)
            PrintLadder(terminal, recorder);
        else
            PrintCounts(terminal, run, recorder);
        PrintLogs(terminal, run.Simulator);
        if (!recorder.IsDetailed)
            return;
        PrintNames(terminal, run);
        PrintAccount(terminal, recorder);
    }

    /// <summary>A heading with a line that fills the width.</summary>
    public static void Heading(Terminal terminal, string title)
    {
        title = VisibleText.Escape(title);
        terminal.Output.WriteLine();
        terminal.Output.WriteLine(terminal.Paint($"── {title} {new string('─', Math.Max(2, terminal.Width - title.Length - 4))}", "1"));
    }

    /// <summary>Whose nbtstat a dialect has.</summary>
    public static NbtStatStyle StyleOf(NetBtDialect dialect) => dialect.Name == NetBtDialect.Windows2000.Name ? NbtStatStyle.Windows2000 : NbtStatStyle.WindowsNt;

    private static void PrintLadder(Terminal terminal, RunRecorder recorder)
    {
        Heading(terminal, "What went over the wire");
        var (lanes, steps, left) = Crop(recorder);
        terminal.Output.Write(Ladder.Render(lanes, steps, terminal.Width, terminal.Paint, maxRows: MaxRows));
        if (left > 0)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {left:N0} more hosts are left out here"));
        if (recorder.DroppedSteps > 0)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {recorder.DroppedSteps:N0} more datagrams; --capture and --json have them all"));
    }

    private static void PrintCounts(Terminal terminal, ScenarioRun run, RunRecorder recorder)
    {
        var output = terminal.Output;
        Heading(terminal, "What went over the wire");
        for (int kind = 0; kind < recorder.Counts.Length; kind++)
        {
            if (recorder.Counts[kind] > 0)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{recorder.Counts[kind],14:N0}  {((NbnsMessageKind)kind).Title()}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Simulator.SentCount,14:N0}  datagrams in all, taken in {run.Simulator.DeliveryCount:N0} times"));

        Heading(terminal, "What became of the names");
        var rows = Hosts(run.Simulator).SelectMany(host => run.NodeOf(host)?.GetNameRows() ?? []).GroupBy(row => (row.Name.Suffix, row.IsGroup, row.Status));
        foreach (var row in rows.OrderBy(row => row.Key.Suffix).ThenBy(row => row.Key.IsGroup).ThenBy(row => row.Key.Status))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Count(),14:N0}  <{(byte)row.Key.Suffix:X2}> {(row.Key.IsGroup ? "group" : "unique"),-6} {row.Key.Status}"));
        output.WriteLine("Host by host: --json");
    }

    /// <summary>Keeps the hosts that did something first, as many as there is room for, and their segments.</summary>
    private static (List<LadderLane> Lanes, List<LadderStep> Steps, int Left) Crop(RunRecorder recorder)
    {
        if (recorder.Lanes.Count <= MaxHosts)
            return (recorder.Lanes, recorder.Steps, 0);
        var kept = new SortedSet<int>();
        foreach (var step in recorder.Steps)
        {
            foreach (int lane in (int[])[step.From, step.To])
            {
                if (kept.Count < MaxHosts)
                    kept.Add(lane);
            }
        }

        var index = kept.Select((lane, i) => (lane, i)).ToDictionary(pair => pair.lane, pair => pair.i);
        return (
            [.. kept.Select(lane => recorder.Lanes[lane])],
            [.. recorder.Steps.Where(step => index.ContainsKey(step.From) && index.ContainsKey(step.To)).Select(step => step with { From = index[step.From], To = index[step.To] })],
            recorder.Lanes.Count - kept.Count);
    }

    private static void PrintLogs(Terminal terminal, Simulator simulator)
    {
        var logs = simulator.Log.ToLookup(entry => entry.Host, entry => entry.Event);
        foreach (var log in logs.OrderBy(log => log.Key.Index).Take(MaxHosts))
        {
            string host = simulator.NameOf(log.Key);
            Heading(terminal, $"{host}: System log");
            bool first = true;
            foreach (var logged in log.Take(MaxEvents))
            {
                if (!first)
                    terminal.Output.WriteLine();
                first = false;
                terminal.Output.Write(EventViewerText.Format(logged, host, Seconds(logged.Time), Math.Min(terminal.Width, 80)));
            }

            if (log.Count() > MaxEvents)
                terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {log.Count() - MaxEvents:N0} more events; --json has them all"));
        }

        if (logs.Count > MaxHosts)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… and the logs of {logs.Count - MaxHosts:N0} more hosts; --json has them all"));
        var quiet = Hosts(simulator).Where(host => !logs.Contains(host)).Select(simulator.NameOf).ToList();
        if (quiet.Count == 0)
            return;
        Heading(terminal, logs.Count == 0 ? "System logs" : quiet.Count == 1 ? $"{quiet[0]}: System log" : "System logs of the others");
        string who = quiet.Count > MaxHosts ? string.Create(CultureInfo.InvariantCulture, $"{quiet.Count:N0} hosts") : List(quiet);
        terminal.Output.WriteLine($"NetBT logged nothing on {who}.");
    }

    private static void PrintNames(Terminal terminal, ScenarioRun run)
    {
        var simulator = run.Simulator;
        foreach (var host in Hosts(simulator).Take(MaxHosts))
        {
            if (run.NameServerOf(host) is { } server)
                PrintRecords(terminal, simulator.NameOf(host), server);
            if (run.NodeOf(host) is not { } node || node.IsShutDown || !simulator.IsUp(host))
                continue;
            Heading(terminal, $"{simulator.NameOf(host)}: nbtstat -n");
            for (int i = 0; i < node.InterfaceCount; i++)
                terminal.Output.Write(NbtStat.FormatLocalNames(node.GetInterface(i).Address, node.Options.Scope, node.GetNameRows(i), StyleOf(node.Options.Dialect), "Local Area Connection"));
        }
    }

    private static void PrintRecords(Terminal terminal, string host, NameServer server)
    {
        Heading(terminal, $"{host}: names registered with it");
        var records = server.GetRecords();
        if (records.IsEmpty)
            terminal.Output.WriteLine("None.");
        foreach (var record in records.Take(MaxRecords))
        {
            string head = $"   {record.Name.PaddedBaseName}<{(byte)record.Name.Suffix:X2}>  {record.Type,-14}  {record.State,-9}  ";
            string addresses = string.Join(", ", record.Addresses.Take(MaxAddresses).Select(member => member.Address));
            string more = record.Addresses.Length > MaxAddresses ? string.Create(CultureInfo.InvariantCulture, $" and {record.Addresses.Length - MaxAddresses} more") : "";
            foreach (string line in TextColumns.Wrap(addresses + more, terminal.Width - head.Length))
            {
                terminal.Output.WriteLine(head + line);
                head = new string(' ', head.Length);
            }
        }

        if (records.Length > MaxRecords)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   … {records.Length - MaxRecords:N0} more"));
    }

    private static void PrintAccount(Terminal terminal, RunRecorder recorder)
    {
        var (story, grounds) = AccountText.Write(recorder.History.Acts(), terminal.Width);
        Heading(terminal, "What happened");
        terminal.Output.Write(story);
        if (recorder.History.DroppedCount > 0)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {recorder.History.DroppedCount:N0} more decisions; --json has them all"));
        if (grounds.Length == 0)
            return;
        Heading(terminal, "What is known, and what is our inference");
        terminal.Output.Write(grounds);
    }

    private static IEnumerable<HostId> Hosts(Simulator simulator) => Enumerable.Range(0, simulator.HostCount).Select(host => new HostId(host));

    private static string Seconds(Instant time) => string.Create(CultureInfo.InvariantCulture, $"{(time - Instant.Epoch).TotalSeconds:0.000} s");

    private static string List(List<string> names) => names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";
}
