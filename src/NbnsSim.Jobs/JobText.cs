using System.Globalization;
using System.Text.Json;
using NbnsSim.Reports;

namespace NbnsSim.Jobs;

/// <summary>Jobs in words.</summary>
public static class JobText
{
    private const int ShownFailures = 20;

    /// <summary>Writes what a job came to: its kind's summary, what was not analysed and why, and where the results are.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="result">What it came to.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(JobSpec spec, JobResult result, ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(writer);
        using (var summary = JsonDocument.Parse(result.Summary))
            spec.WriteSummary(summary.RootElement, writer);
        if (!result.Failed.IsEmpty)
        {
            writer.WriteHeading("Not analysed");
            foreach (var failed in result.Failed.Take(ShownFailures))
                writer.WriteWrapped($"{failed.Id}  ", string.Create(CultureInfo.InvariantCulture, $"{Amount(failed.Weight, spec.WeightUnit)}, tried {failed.Attempts} times: {failed.Reason}"));
            if (result.Failed.Length > ShownFailures)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"and {result.Failed.Length - ShownFailures:N0} more shards"));
            writer.WriteLine("Give the same command again to try them again.");
        }

        writer.WriteLine();
        writer.WriteLine($"Results: {result.Folder}");
    }

    /// <summary>Writes what a job came to as a line of NDJSON: <c>job</c>, with the kind's own summary in it.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="result">What it came to.</param>
    /// <param name="ndjson">Where to.</param>
    public static void Write(JobSpec spec, JobResult result, NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(ndjson);
        ndjson.Write("job", (Spec: spec, Result: result), static (json, it) =>
        {
            json.WriteString("kind", it.Spec.Kind);
            json.WriteString("id", it.Spec.Id);
            json.WriteString("results", it.Result.Folder);
            json.WritePropertyName("summary");
            json.WriteRawValue(it.Result.Summary);
            json.WriteStartArray("notAnalysed");
            foreach (var failed in it.Result.Failed)
            {
                json.WriteStartObject();
                json.WriteString("shard", failed.Id);
                json.WriteNumber("weight", failed.Weight);
                json.WriteNumber("attempts", failed.Attempts);
                json.WriteString("reason", failed.Reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>How far a job is, on one line: <c>campaign: 12,000 of 100,000 runs (12 %), 350 a second, 4 min 11 s left, 1 shard failed</c>.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="progress">How far it is.</param>
    public static string Line(JobSpec spec, JobProgress progress)
    {
        ArgumentNullException.ThrowIfNull(spec);
        string percent = progress.WeightTotal == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({Math.Floor(progress.WeightDone * 100.0 / progress.WeightTotal):0} %)");
        string failed = progress.ShardsFailed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {progress.ShardsFailed:N0} {(progress.ShardsFailed == 1 ? "shard" : "shards")} failed");
        string rate = progress.Rate <= 0 ? "" : $", {Amount((long)progress.Rate, spec.WeightUnit, isRate: true)} a second";
        string left = progress.IsCombining ? ", putting the results together" : progress.Remaining is { } time && time > TimeSpan.Zero ? $", {Duration(time)} left" : "";
        return VisibleText.Escape($"{spec.Kind}: {Of(progress.WeightDone, progress.WeightTotal, spec.WeightUnit)}{percent}{rate}{left}{failed}");
    }

    private static string Of(long done, long total, string unit) =>
        unit == "octets" ? $"{Octets(done)} of {Octets(total)}" : string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {total:N0} {unit}");

    private static string Amount(long weight, string unit, bool isRate = false) =>
        unit == "octets" ? Octets(weight) : string.Create(CultureInfo.InvariantCulture, $"{weight:N0}{(isRate ? "" : $" {unit}")}");

    private static string Octets(long octets) => octets switch
    {
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{octets / 1_024.0:0.0} KiB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{octets / 1_048_576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{octets / 1_073_741_824.0:0.0} GiB"),
    };

    private static string Duration(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalDays} d {time.Hours} h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s"),
    };
}
