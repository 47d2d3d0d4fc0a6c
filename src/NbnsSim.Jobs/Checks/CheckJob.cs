using System.Globalization;
using System.Text;
using System.Text.Json;
using NbnsSim.Checking;
using NbnsSim.Reports;
using NbnsSim.Reports.Checks;

namespace NbnsSim.Jobs.Checks;

/// <summary>
/// Does a check. The first shard follows the run without a fault; each of the others has the first fault come at some of its steps. <c>states.bin</c> has the fingerprints that a shard saw, in order:
/// which of them several saw is known when all are there.
/// </summary>
internal sealed class CheckJob(CheckSpec spec) : IJobWork
{
    private const int StepsInShard = 8;
    private const string First = "first";
    private const string StatesFile = "states.bin";

    public IReadOnlyList<Shard> Next(IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyCollection<string> failed)
    {
        if (failed.Contains(First, StringComparer.Ordinal))
            return [];
        if (!committed.TryGetValue(First, out var first))
            return [new Shard(First, Data(0, 0), 1)];
        var facts = Facts(first);
        if (spec.Options.MaxFaults == 0 || facts.GetProperty("verdict").GetString() != nameof(CheckVerdict.OutOfBounds))
            return [];
        var gone = failed.ToHashSet(StringComparer.Ordinal);
        var shards = new List<Shard>();
        int steps = facts.GetProperty("firstSteps").GetInt32();
        for (int from = 0; from < steps; from += StepsInShard)
        {
            int to = Math.Min(from + StepsInShard, steps);
            string id = string.Create(CultureInfo.InvariantCulture, $"step-{from:D9}");
            if (!committed.ContainsKey(id) && !gone.Contains(id))
                shards.Add(new Shard(id, Data(from, to), to - from));
        }

        return shards;
    }

    public string Run(Shard shard, string folder, CancellationToken stop)
    {
        var states = new List<UInt128>();
        var result = Look(shard.Data, isFirst: shard.Id == First, states.Add, stop);
        stop.ThrowIfCancellationRequested();
        states.Sort();
        FingerprintFile.Write(Path.Combine(folder, StatesFile), states);
        return Encoding.UTF8.GetString(JsonTexts.Object(writer =>
        {
            writer.WriteString("data", shard.Data);
            writer.WriteString("verdict", result.Verdict.ToString());
            writer.WriteNumber("steps", result.Steps);
            writer.WriteNumber("firstSteps", result.FirstSteps);
            writer.WriteNumber("completeFaults", result.CompleteFaults);
            writer.WriteTexts("reached", result.Reached);
            if (result.Counterexample is not { } found)
                return;
            writer.WriteNumber("faults", found.Faults.Length);
            writer.WriteNumber("atNs", found.At.Nanoseconds);
        }));
    }

    public string Combine(
        IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyList<FailedShard> failed, Func<string, string> folderOf, string resultFolder, CancellationToken stop)
    {
        var shards = committed.Keys.Order(StringComparer.Ordinal).Select(id => (Id: id, Facts: Facts(committed[id]))).ToList();
        var checker = spec.Make(Range.All);
        var result = Sum(checker, shards, failed, FingerprintFile.CountDistinct([.. shards.Select(shard => Path.Combine(folderOf(shard.Id), StatesFile))], stop), stop);
        var report = new CheckReport(checker, result);
        using (var file = File.Create(Path.Combine(resultFolder, "check.ndjson")))
            report.Write(new NdjsonWriter(file));
        if (result.Counterexample is { } found)
            new CounterexampleFiles(found).WriteTo(resultFolder);
        return Encoding.UTF8.GetString(JsonTexts.Object(writer =>
        {
            writer.WriteString("verdict", result.Verdict.ToString());
            writer.WriteString("text", report.Verdict);
            writer.WriteNumber("states", result.States);
            writer.WriteNumber("steps", result.Steps);
            writer.WriteNumber("shards", shards.Count);
            writer.WriteNumber("notDone", failed.Count);
        }));
    }

    private CheckResult Sum(Checker checker, List<(string Id, JsonElement Facts)> shards, IReadOnlyList<FailedShard> failed, long states, CancellationToken stop)
    {
        var reached = shards.SelectMany(shard => shard.Facts.GetProperty("reached").EnumerateArray()).Select(name => name.GetString()!).ToHashSet(StringComparer.Ordinal);
        string[] sometimes = [.. checker.Properties.Where(property => property.Mode == CheckMode.Sometimes).Select(property => property.Name)];
        var broken = shards.Where(shard => shard.Facts.TryGetProperty("faults", out _))
            .OrderBy(shard => shard.Facts.GetProperty("faults").GetInt32()).ThenBy(shard => shard.Facts.GetProperty("atNs").GetInt64()).Select(shard => (JsonElement?)shard.Facts).FirstOrDefault();
        var parts = shards.Where(shard => shard.Id != First || shards.Count == 1 || spec.Options.MaxFaults == 0).ToList();
        int complete = failed.Count > 0 ? 0 : parts.Select(shard => shard.Facts.GetProperty("completeFaults").GetInt32()).DefaultIfEmpty(-1).Min();
        var result = new CheckResult
        {
            Verdict = complete < spec.Options.MaxFaults ? CheckVerdict.OutOfBounds : sometimes.All(reached.Contains) ? CheckVerdict.Holds : CheckVerdict.Vacuous,
            States = states,
            Steps = shards.Sum(shard => shard.Facts.GetProperty("steps").GetInt64()),
            CompleteFaults = complete,
            FirstSteps = shards.Max(shard => shard.Facts.GetProperty("firstSteps").GetInt32()),
            Reached = [.. sometimes.Where(reached.Contains)],
            NotReached = [.. sometimes.Where(name => !reached.Contains(name))],
        };
        if (broken is not { } facts)
            return result;
        string data = facts.GetProperty("data").GetString()!;
        return result with { Verdict = CheckVerdict.Broken, Counterexample = Look(data, isFirst: Read(data) is (0, 0), found: null, stop).Counterexample };
    }

    private CheckResult Look(string data, bool isFirst, Action<UInt128>? found, CancellationToken stop)
    {
        var (from, to) = Read(data);
        return spec.Make(from..to).Run(found: found, stop: stop) is var result && isFirst && result.Counterexample is null && spec.Options.MaxFaults > 0
            ? result with { Verdict = CheckVerdict.OutOfBounds } // the other shards do the rest
            : result;
    }

    private static JsonElement Facts(CommittedShard shard) => JsonElement.Parse(shard.Facts);

    private static string Data(int from, int to) => string.Create(CultureInfo.InvariantCulture, $"[{from},{to}]");

    private static (int From, int To) Read(string data)
    {
        var range = JsonElement.Parse(data);
        return (range[0].GetInt32(), range[1].GetInt32());
    }
}
