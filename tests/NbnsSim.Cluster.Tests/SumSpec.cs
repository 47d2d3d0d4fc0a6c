using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NbnsSim.Jobs;

namespace NbnsSim.Cluster.Tests;

/// <summary>
/// A small job whose every octet follows from its seed: shards write some octets each, a second round of shards depends on the facts of the first, and the results are all of
/// them in order, with their sum. What happens in it is told to whoever listens under its name, who may also make it fail.
/// </summary>
internal sealed record SumSpec(string Name, int Shards, int Seed) : JobSpec
{
    public static readonly JobKind OfKind = new("sum", e => new SumSpec(e.GetProperty("name").GetString()!, e.GetProperty("shards").GetInt32(), e.GetProperty("seed").GetInt32()));

    /// <summary>Told of each step: <c>next</c>, <c>run ID</c>, <c>ran ID</c>, <c>combine</c>.</summary>
    public static readonly ConcurrentDictionary<string, Action<string, CancellationToken>> Listeners = new(StringComparer.Ordinal);

    public override string Kind => "sum";

    public override IJobWork CreateWork() => new Work(this);

    protected override void WriteProperties(Utf8JsonWriter writer)
    {
        writer.WriteString("name", Name);
        writer.WriteNumber("shards", Shards);
        writer.WriteNumber("seed", Seed);
    }

    private void Tell(string step, CancellationToken stop = default)
    {
        if (Listeners.TryGetValue(Name, out var listener))
            listener(step, stop);
    }

    private sealed class Work(SumSpec spec) : IJobWork
    {
        public IReadOnlyList<Shard> Next(IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyCollection<string> failed)
        {
            spec.Tell("next");
            var first = Enumerable.Range(0, spec.Shards).Select(i => new Shard($"a{i:000}", $"{i}", i + 1)).ToList();
            bool IsOpen(Shard shard) => !committed.ContainsKey(shard.Id) && !failed.Contains(shard.Id, StringComparer.Ordinal);
            if (first.Any(IsOpen))
                return [.. first.Where(IsOpen)];
            // what the second round is follows from what the first came to
            return [.. first.Where(s => committed.ContainsKey(s.Id) && Sum(committed[s.Id].Facts) % 3 == 0).Select(s => s with { Id = "b" + s.Id[1..], Data = $"{Sum(committed[s.Id].Facts)}" }).Where(IsOpen)];
        }

        public string Run(Shard shard, string folder, CancellationToken stop)
        {
            spec.Tell($"run {shard.Id}", stop);
            byte[] octets = SHA256.HashData(Encoding.UTF8.GetBytes($"{spec.Seed} {shard.Id} {shard.Data}"));
            File.WriteAllBytes(Path.Combine(folder, "octets"), octets);
            spec.Tell($"ran {shard.Id}", stop);
            return $$"""{"sum":{{octets.Sum(o => o)}}}""";
        }

        public string Combine(
            IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyList<FailedShard> failed, Func<string, string> folderOf, string resultFolder, CancellationToken stop)
        {
            spec.Tell("combine", stop);
            using var all = File.Create(Path.Combine(resultFolder, "all"));
            foreach (string id in committed.Keys.Order(StringComparer.Ordinal))
                all.Write(File.ReadAllBytes(Path.Combine(folderOf(id), "octets")));
            string lost = string.Concat(failed.Select(f => $" {f.Id} ({f.Reason})"));
            return string.Create(CultureInfo.InvariantCulture, $$"""{"shards":{{committed.Count}},"weight":{{committed.Values.Sum(c => c.Weight)}},"sum":{{committed.Values.Sum(c => Sum(c.Facts))}},"lost":"{{lost}}"}""");
        }

        private static long Sum(string facts)
        {
            using var document = JsonDocument.Parse(facts);
            return document.RootElement.GetProperty("sum").GetInt64();
        }
    }

    /// <summary>What one thread alone makes of it, without any engine: the octets of the results and the summary.</summary>
    public (byte[] All, string Summary) Alone(string folder)
    {
        var work = CreateWork();
        var committed = new Dictionary<string, CommittedShard>(StringComparer.Ordinal);
        while (work.Next(committed, []) is { Count: > 0 } next)
        {
            foreach (var shard in next)
                committed.Add(shard.Id, new CommittedShard(shard.Id, work.Run(shard, Directory.CreateDirectory(Path.Combine(folder, shard.Id)).FullName, CancellationToken.None), shard.Weight));
        }

        string results = Directory.CreateDirectory(Path.Combine(folder, "results")).FullName;
        string summary = work.Combine(committed, [], id => Path.Combine(folder, id), results, CancellationToken.None);
        return (File.ReadAllBytes(Path.Combine(results, "all")), summary);
    }
}
