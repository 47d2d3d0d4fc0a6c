using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.NameServers;
using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Reports;

/// <summary>
/// What happened in a simulation, for people: the ladder of what went over the wire, each machine's event log and name table, and an account of what happened
/// and why, made from the decisions of the machines. It knows what happens after it was attached.
/// </summary>
/// <example>
/// <code>
/// var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
/// var report = RunReport.Attach(run); // before the first step
/// run.Run();
/// Console.Write(report.Explain());
/// report.WriteLogs(new ReportWriter(Console.Out, width: 100));
/// </code>
/// </example>
public sealed class RunReport
{
    private const int MaxRows = 250;
    private const int MaxHosts = 12;
    private const int MaxAddresses = 8;
    private const int MaxRecords = 40;
    private const int MaxEvents = 10;

    private readonly Simulator _simulator;
    private readonly RunRecorder _recorder;
    private readonly ScenarioRun? _run;

    private RunReport(Simulator simulator, ScenarioRun? run)
    {
        (_simulator, _run) = (simulator, run);
        _recorder = new RunRecorder(simulator);
        simulator.AddObserver(_recorder);
    }

    /// <summary>What the machines decided; empty where the network was larger than can be told, more than a hundred hosts.</summary>
    public DecisionHistory History => _recorder.History;

    /// <summary>Begins to watch a simulation.</summary>
    /// <param name="simulator">The simulation.</param>
    public static RunReport Attach(Simulator simulator)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        return new RunReport(simulator, null);
    }

    /// <summary>Begins to watch a scenario's run.</summary>
    /// <param name="run">The run, before its first step.</param>
    public static RunReport Attach(ScenarioRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new RunReport(run.Simulator, run);
    }

    /// <summary>The account: what happened, a line or more for each act, behind its time in seconds; then the rules that it stands on.</summary>
    /// <param name="width">The columns to fit in; at least 60.</param>
    /// <returns>Lines that end with <c>\n</c>.</returns>
    public string Explain(int width = 100)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var writer = new ReportWriter(text, width);
        var (story, grounds) = AccountText.Write(History.Acts(), width);
        writer.WriteBlock(story);
        WriteDropped(writer);
        if (grounds.Length > 0)
            writer.WriteLine();
        writer.WriteBlock(grounds);
        return text.ToString();
    }

    /// <summary>Writes everything; of a scenario's run, what the scenario is too.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (_run is not null)
            ScenarioReport.WriteHeader(writer, _run);
        WriteLadder(writer);
        WriteLogs(writer);
        if (!_recorder.IsDetailed)
            return;
        WriteNames(writer);
        WriteAccount(writer);
    }

    /// <summary>Writes everything, and whether what a scenario expects came true.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="results">What became of each expectation.</param>
    public void Write(ReportWriter writer, ImmutableArray<ExpectationResult> results)
    {
        Write(writer);
        ScenarioReport.WriteResults(writer, results);
    }

    /// <summary>Writes who told whom what: a ladder, or where the network is too large for one, how many datagrams there were of each kind.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteLadder(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteHeading("What went over the wire");
        if (!_recorder.IsDetailed)
        {
            WriteCounts(writer);
            return;
        }

        var (all, happened) = _recorder.Ladder();
        var (lanes, steps, left) = LadderCrop.Keep(all, happened, MaxHosts);
        Ladder.Write(writer, lanes, steps, MaxRows);
        if (left > 0)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {left:N0} more hosts are left out here"));
        if (_recorder.DroppedSteps > 0)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {_recorder.DroppedSteps:N0} more datagrams; a capture and the NDJSON have them all"));
    }

    /// <summary>Writes each machine's event log, as Event Viewer shows it.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteLogs(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var logs = _simulator.Log.ToLookup(entry => entry.Host, entry => entry.Event);
        foreach (var log in logs.OrderBy(log => log.Key.Index).Take(MaxHosts))
        {
            string host = _simulator.NameOf(log.Key);
            writer.WriteHeading($"{host}: System log");
            bool first = true;
            foreach (var logged in log.Take(MaxEvents))
            {
                if (!first)
                    writer.WriteLine();
                first = false;
                writer.WriteBlock(EventViewerText.Format(logged, host, $"{RunSeconds.Of(logged.Time)} s", Math.Min(writer.Width, 80)));
            }

            if (log.Count() > MaxEvents)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {log.Count() - MaxEvents:N0} more events; the NDJSON has them all"));
        }

        if (logs.Count > MaxHosts)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… and the logs of {logs.Count - MaxHosts:N0} more hosts; the NDJSON has them all"));
        var quiet = _simulator.Hosts().Where(host => !logs.Contains(host)).Select(_simulator.NameOf).ToList();
        if (quiet.Count == 0)
            return;
        writer.WriteHeading(logs.Count == 0 ? "System logs" : quiet.Count == 1 ? $"{quiet[0]}: System log" : "System logs of the others");
        string who = quiet.Count > MaxHosts ? string.Create(CultureInfo.InvariantCulture, $"{quiet.Count:N0} hosts") : List(quiet);
        writer.WriteLine($"NetBT logged nothing on {who}.");
    }

    /// <summary>Writes each machine's name table, as nbtstat shows it, and what name servers have registered.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteNames(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var host in _simulator.Hosts().Take(MaxHosts))
        {
            if (_simulator.NameServerOf(host) is { } server)
                WriteRecords(writer, _simulator.NameOf(host), server);
            if (_simulator.NodeOf(host) is not { } node || node.IsShutDown || !_simulator.IsUp(host))
                continue;
            writer.WriteHeading($"{_simulator.NameOf(host)}: nbtstat -n");
            for (int i = 0; i < node.InterfaceCount; i++)
                writer.WriteBlock(NbtStat.FormatLocalNames(node.GetInterface(i).Address, node.Options.Scope, node.GetNameRows(i), StyleOf(node.Options.Dialect), "Local Area Connection"));
        }
    }

    /// <summary>Writes the account under its headings; see <see cref="Explain"/>.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteAccount(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var (story, grounds) = AccountText.Write(History.Acts(), writer.Width);
        writer.WriteHeading("What happened");
        writer.WriteBlock(story);
        WriteDropped(writer);
        if (grounds.Length == 0)
            return;
        writer.WriteHeading("What is known, and what is our inference");
        writer.WriteBlock(grounds);
    }

    /// <summary>Whose nbtstat a dialect has.</summary>
    internal static NbtStatStyle StyleOf(NetBtDialect dialect) => dialect.Name == NetBtDialect.Windows2000.Name ? NbtStatStyle.Windows2000 : NbtStatStyle.WindowsNt;

    private void WriteDropped(ReportWriter writer)
    {
        if (History.DroppedCount > 0)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {History.DroppedCount:N0} more decisions; the NDJSON has them all"));
    }

    private void WriteCounts(ReportWriter writer)
    {
        PacketSummary.WriteKinds(writer, _recorder.Counts);
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_simulator.SentCount,14:N0}  datagrams in all, taken in {_simulator.DeliveryCount:N0} times"));

        writer.WriteHeading("What became of the names");
        var rows = _simulator.Hosts().SelectMany(host => _simulator.NodeOf(host)?.GetNameRows() ?? []).GroupBy(row => (row.Name.Suffix, row.IsGroup, row.Status));
        foreach (var row in rows.OrderBy(row => row.Key.Suffix).ThenBy(row => row.Key.IsGroup).ThenBy(row => row.Key.Status))
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Count(),14:N0}  <{(byte)row.Key.Suffix:X2}> {(row.Key.IsGroup ? "group" : "unique"),-6} {row.Key.Status}"));
        writer.WriteLine("The NDJSON has them host by host.");
    }

    private static void WriteRecords(ReportWriter writer, string host, NameServer server)
    {
        writer.WriteHeading($"{host}: names registered with it");
        var records = server.GetRecords();
        if (records.IsEmpty)
            writer.WriteLine("None.");
        foreach (var record in records.Take(MaxRecords))
        {
            string addresses = string.Join(", ", record.Addresses.Take(MaxAddresses).Select(member => member.Address));
            string more = record.Addresses.Length > MaxAddresses ? string.Create(CultureInfo.InvariantCulture, $" and {record.Addresses.Length - MaxAddresses} more") : "";
            writer.WriteWrapped($"   {record.Name.PaddedBaseName}<{(byte)record.Name.Suffix:X2}>  {record.Type,-14}  {record.State,-9}  ", addresses + more);
        }

        if (records.Length > MaxRecords)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   … {records.Length - MaxRecords:N0} more"));
    }


    private static string List(List<string> names) => names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";
}
