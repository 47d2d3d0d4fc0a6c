using System.Globalization;
using System.Text.Json;
using NbnsSim.Checking;
using NbnsSim.Reports;
using NbnsSim.Rules;

namespace NbnsSim.Jobs.Chaos;

/// <summary>A summary of chaos as text.</summary>
internal static class ChaosText
{
    public static void Write(JsonElement summary, ReportWriter writer)
    {
        writer.WriteLine(
            $"{Networks(summary.GetProperty("runs").GetInt64())} of {Number(summary, "asked")} asked for, with up to {Number(summary, "maxHosts")} hosts, faults: {summary.GetProperty("faults").GetString()!.Replace(",", ", ", StringComparison.Ordinal)}. In {Number(summary, "met")} all held that "
            + $"must hold; {Number(summary, "broken")} broke a property, {Number(summary, "threw")} failed in the simulator; {Number(summary, "notRun")} not run.");
        writer.WriteLine($"Hosts {Spread(summary, "hosts", Group)}, packets {Spread(summary, "packets", Group)}, events {Spread(summary, "events", Group)}, seconds until all had settled "
            + $"{Spread(summary, "settledMs", Seconds)}: half of the networks have at most so many / 99 of 100. {Unsettled(summary)}");
        writer.WriteHeading("What was held");
        foreach (var held in summary.GetProperty("held").EnumerateObject())
            writer.WriteLine($"{held.Name,-28} {Group(held.Value.GetInt64()),12} {Word(held.Value.GetInt64())}");
        writer.WriteHeading("Rules");
        var never = summary.GetProperty("rulesNeverReached").EnumerateArray().Select(rule => rule.GetString()).ToList();
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{RuleBook.All.Length - never.Count} of {RuleBook.All.Length} rules decided something."));
        if (never.Count > 0)
            writer.WriteWrapped("never reached: ", string.Join(", ", never));
        WriteFailures(summary, writer);
    }

    /// <summary>So many networks.</summary>
    public static string Networks(long count) => $"{Group(count)} {Word(count)}";

    /// <summary>How many networks did not come to rest, of those in which all held: a run ends where something does not.</summary>
    public static string Unsettled(JsonElement summary)
    {
        long unsettled = summary.GetProperty("met").GetInt64() - summary.GetProperty("settledMs").GetProperty("count").GetInt64();
        return unsettled != 0 ? $"{Group(unsettled)} did not come to rest." : summary.GetProperty("failed").GetInt64() == 0 ? "All came to rest." : "All in which it held came to rest.";
    }

    private static void WriteFailures(JsonElement summary, ReportWriter writer)
    {
        var failures = summary.GetProperty("failures").EnumerateArray().ToList();
        if (failures.Count == 0)
            return;
        writer.WriteHeading("What failed");
        foreach (var failure in failures)
        {
            string property = failure.GetProperty("failure").GetString()!;
            var seeds = failure.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetRawText()).ToList();
            writer.WriteWrapped("", $"{property}, {Networks(failure.GetProperty("runs").GetInt64())}: seeds {string.Join(", ", seeds)}{(seeds.Count < failure.GetProperty("runs").GetInt64() ? " …" : "")}");
            writer.WriteLine($"  {failure.GetProperty("repeat").GetString()}");
            foreach (var small in summary.GetProperty("shrunk").EnumerateArray().Where(one => one.GetProperty("property").GetString() == property))
            {
                writer.WriteWrapped("  ", $"seed {small.GetProperty("seed").GetRawText()} made smaller, {Number(small, "hosts")} hosts, {Number(small, "steps")} steps, {Number(small, "rules")} link rules: {small.GetProperty("text").GetString()}");
                string file = $"results/{small.GetProperty("file").GetString()}";
                writer.WriteLine(CheckProperties.Find(property) is not null ? $"  nbnssim check {file}" : $"  nbnssim campaign {file} --seeds {small.GetProperty("seed").GetRawText()}..{small.GetProperty("seed").GetRawText()} --out JOB");
            }
        }
    }

    private static string Number(JsonElement json, string name) => Group(json.GetProperty(name).GetInt64());

    private static string Word(long count) => count == 1 ? "network" : "networks";

    private static string Group(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(long milliseconds) => (milliseconds / 1_000m).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Spread(JsonElement summary, string name, Func<long, string> show)
    {
        var histogram = summary.GetProperty(name);
        return histogram.GetProperty("count").GetInt64() == 0 ? "-" : $"{show(histogram.GetProperty("median").GetInt64())} / {show(histogram.GetProperty("p99").GetInt64())}";
    }
}
