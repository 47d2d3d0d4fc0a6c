using System.Globalization;
using System.Text.Json;
using NbnsSim.Reports;

namespace NbnsSim.Jobs.Campaigns;

/// <summary>A campaign's summary as text.</summary>
internal static class CampaignText
{
    private const int ShownFailures = 20;

    public static void Write(JsonElement summary, ReportWriter writer)
    {
        var cells = summary.GetProperty("cells").EnumerateArray().ToList();
        string faults = string.Join(", ", summary.GetProperty("faults").EnumerateArray().Select(fault => fault.GetString()));
        writer.WriteLine(
            $"{Number(summary, "runs")} runs of {Number(summary, "asked")} asked for{(faults.Length == 0 ? "" : $", with {faults} on every link")}: {Sum("met")} as expected, "
            + $"{Sum("notMet")} not as expected, {Sum("broken")} against an invariant, {Sum("threw")} failed in the simulator; {Number(summary, "notRun")} not run.");
        writer.WriteHeading("Runs");
        Row[] rows =
        [
            new("scenario", "dialect", "runs", "failed", "packets", "events", "settled"),
            .. cells.Select(cell => new Row(
                Text(cell, "scenario"), Text(cell, "dialect"), Number(cell, "runs"), Group(cell.GetProperty("runs").GetInt64() - cell.GetProperty("met").GetInt64()),
                Spread(cell.GetProperty("packets"), Group), Spread(cell.GetProperty("events"), Group), Spread(cell.GetProperty("settledMs"), Seconds))),
        ];
        foreach (var row in rows)
        {
            writer.WriteLine(
                $"{row.Scenario.PadRight(Width(one => one.Scenario))}  {row.Dialect.PadRight(Width(one => one.Dialect))}  {row.Runs.PadLeft(Width(one => one.Runs))}  "
                + $"{row.Failed.PadLeft(Width(one => one.Failed))}  {row.Packets.PadLeft(Width(one => one.Packets))}  {row.Events.PadLeft(Width(one => one.Events))}  {row.Settled.PadLeft(Width(one => one.Settled))}");
        }

        writer.WriteLine("Packets, events and seconds until the network came to rest after the last step: half of the runs have at most so many / 99 of 100.");
        WriteFailures(cells, writer);

        string Sum(string name) => Group(cells.Sum(cell => cell.GetProperty(name).GetInt64()));
        int Width(Func<Row, string> of) => rows.Max(row => VisibleText.Escape(of(row)).Length);
    }

    private static void WriteFailures(List<JsonElement> cells, ReportWriter writer)
    {
        var failures = cells.SelectMany(cell => cell.GetProperty("failures").EnumerateArray().Select(failure => (Cell: cell, Failure: failure)))
            .OrderByDescending(one => one.Failure.GetProperty("runs").GetInt64()).ToList(); // stable: else in the order of the campaign
        if (failures.Count == 0)
            return;
        writer.WriteHeading("What failed");
        foreach (var (cell, failure) in failures.Take(ShownFailures))
        {
            string kind = Text(failure, "outcome") switch { "broken" => "against an invariant: ", "threw" => "the simulation failed by ", _ => "" };
            writer.WriteWrapped("", $"{Text(cell, "scenario")}, {Text(cell, "dialect")}, {Number(failure, "runs")} of {Number(cell, "runs")} runs: {kind}{Text(failure, "failure")}");
            var seeds = failure.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetRawText()).ToList();
            writer.WriteWrapped("  ", $"seeds {string.Join(", ", seeds)}{(seeds.Count < failure.GetProperty("runs").GetInt64() ? " …" : "")}");
            writer.WriteLine($"  {Text(failure, "repeat")}");
        }

        if (failures.Count > ShownFailures)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"and {failures.Count - ShownFailures:N0} more ways to fail, in campaign.json"));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string Number(JsonElement json, string name) => Group(json.GetProperty(name).GetInt64());

    private static string Group(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(long milliseconds) => (milliseconds / 1_000m).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Spread(JsonElement histogram, Func<long, string> show) => histogram.GetProperty("count").GetInt64() == 0
        ? "-"
        : $"{show(histogram.GetProperty("median").GetInt64())} / {show(histogram.GetProperty("p99").GetInt64())}";

    private sealed record Row(string Scenario, string Dialect, string Runs, string Failed, string Packets, string Events, string Settled);
}
