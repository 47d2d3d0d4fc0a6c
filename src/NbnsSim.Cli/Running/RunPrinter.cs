using System.Globalization;
using NbnsSim.Events;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Cli.Running;

/// <summary>Prints a run for people: ladder, each machine's events and names, and the story with its grounds.</summary>
internal static class RunPrinter
{
    private const int MaxRows = 250;
    private const int MaxHosts = 12;

    /// <summary>Prints everything there is to see of a simulation that has run.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="simulator">The simulation.</param>
    /// <param name="recorder">What was recorded of it from its start.</param>
    public static void Print(Terminal terminal, Simulator simulator, RunRecorder recorder)
    {
        PrintLadder(terminal, recorder);
        PrintLogs(terminal, simulator);
        PrintNames(terminal, simulator);
        PrintAccount(terminal, simulator, recorder);
    }

    /// <summary>A heading with a line that fills the width.</summary>
    public static void Heading(Terminal terminal, string title)
    {
        terminal.Output.WriteLine();
        terminal.Output.WriteLine(terminal.Paint($"── {title} {new string('─', Math.Max(2, terminal.Width - title.Length - 4))}", "1"));
    }

    /// <summary>Whose nbtstat a dialect has.</summary>
    public static NbtStatStyle StyleOf(NetBtDialect dialect) => dialect.Name == NetBtDialect.Windows2000.Name ? NbtStatStyle.Windows2000 : NbtStatStyle.WindowsNt;

    private static void PrintLadder(Terminal terminal, RunRecorder recorder)
    {
        Heading(terminal, "What went over the wire");
        var (lanes, steps, left) = Crop(recorder);
        terminal.Output.Write(Ladder.Render(lanes, steps, terminal.Width, terminal.Colour, maxRows: MaxRows));
        if (left > 0)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {left:N0} more hosts are left out here"));
        if (recorder.DroppedSteps > 0)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {recorder.DroppedSteps:N0} more datagrams; --capture and --json have them all"));
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
        var quiet = new List<string>();
        foreach (var host in Hosts(simulator))
        {
            var logged = simulator.Log.Where(entry => entry.Host == host).ToList();
            if (logged.Count == 0)
            {
                quiet.Add(simulator.NameOf(host));
                continue;
            }

            Heading(terminal, $"{simulator.NameOf(host)}: System log");
            for (int i = 0; i < logged.Count; i++)
            {
                if (i > 0)
                    terminal.Output.WriteLine();
                terminal.Output.Write(EventViewerText.Format(logged[i].Event, simulator.NameOf(host), Seconds(logged[i].Event.Time), Math.Min(terminal.Width, 80)));
            }
        }

        if (quiet.Count == 0)
            return;
        Heading(terminal, quiet.Count == 1 ? $"{quiet[0]}: System log" : "System logs of the others");
        string who = quiet.Count > MaxHosts ? string.Create(CultureInfo.InvariantCulture, $"{quiet.Count:N0} hosts") : List(quiet);
        terminal.Output.WriteLine($"NetBT logged nothing on {who}.");
    }

    private static void PrintNames(Terminal terminal, Simulator simulator)
    {
        foreach (var host in Hosts(simulator).Take(MaxHosts))
        {
            if (simulator.EndpointOf(host) is not EndNode node)
                continue;
            Heading(terminal, $"{simulator.NameOf(host)}: nbtstat -n");
            for (int i = 0; i < node.InterfaceCount; i++)
                terminal.Output.Write(NbtStat.FormatLocalNames(node.GetInterface(i).Address, node.Options.Scope, node.GetNameRows(i), StyleOf(node.Options.Dialect), "Local Area Connection"));
        }
    }

    private static void PrintAccount(Terminal terminal, Simulator simulator, RunRecorder recorder)
    {
        var dialects = Hosts(simulator).ToDictionary(simulator.NameOf, host => (simulator.EndpointOf(host) as EndNode)?.Options.Dialect ?? NetBtDialect.Rfc1002, StringComparer.Ordinal);
        var (story, grounds) = Account.Tell(recorder.Facts, host => dialects.GetValueOrDefault(host, NetBtDialect.Rfc1002), terminal.Width);
        Heading(terminal, "What happened");
        terminal.Output.Write(story);
        if (grounds.Length == 0)
            return;
        Heading(terminal, "What is known, and what is our inference");
        terminal.Output.Write(grounds);
    }

    private static IEnumerable<HostId> Hosts(Simulator simulator) => Enumerable.Range(0, simulator.HostCount).Select(host => new HostId(host));

    private static string Seconds(Instant time) => string.Create(CultureInfo.InvariantCulture, $"{(time - Instant.Epoch).TotalSeconds:0.000} s");

    private static string List(List<string> names) => names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";
}
