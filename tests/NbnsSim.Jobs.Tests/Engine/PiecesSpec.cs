using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NbnsSim.Jobs.Tests.Engine;

/// <summary>
/// A job whose work is easy to check: shard k writes k squared a few times; when all are done, each even one is asked for once more, with what the first came to. Its result is all files and facts in
/// the order of ids.
/// </summary>
/// <param name="Count">How many shards there are at first.</param>
/// <param name="Poison">The shard that always throws; -1 for none.</param>
internal sealed record PiecesSpec(int Count, int Poison = -1) : JobSpec
{
    public override string Kind => "pieces";

    /// <summary>Is told of each shard in the middle of its work, and may throw; no part of the spec.</summary>
    public Action<string>? Hook { get; init; }

    public override IJobWork CreateWork() => new Work(this);

    protected override void WriteProperties(Utf8JsonWriter writer)
    {
        writer.WriteNumber("count", Count);
        writer.WriteNumber("poison", Poison);
    }

    private sealed class Work(PiecesSpec spec) : IJobWork
    {
        public IReadOnlyList<Shard> Next(IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyCollection<string> failed)
        {
            var first = Enumerable.Range(0, spec.Count).Select(k => new Shard(string.Create(CultureInfo.InvariantCulture, $"a{k:000}"), $$"""{"k":{{k}}}""", k + 1)).ToList();
            var open = first.Where(shard => !committed.ContainsKey(shard.Id) && !failed.Contains(shard.Id, StringComparer.Ordinal)).ToList();
            return open.Count > 0 ? open : [.. first.Where((shard, k) => k % 2 == 0 && committed.ContainsKey(shard.Id)).Select(shard => shard with { Id = "b" + shard.Id, Data = committed[shard.Id].Facts })];
        }

        public string Run(Shard shard, string folder, CancellationToken stop)
        {
            Assert.That(Directory.EnumerateFileSystemEntries(folder), Is.Empty);
            using var data = JsonDocument.Parse(shard.Data);
            int k = data.RootElement.GetProperty("k").GetInt32();
            File.WriteAllText(Path.Combine(folder, "one.txt"), $"{k * k} of {shard.Id}\n");
            spec.Hook?.Invoke(shard.Id);
            if (k == spec.Poison)
                throw new InvalidDataException("the poison\u001b acts");
            Directory.CreateDirectory(Path.Combine(folder, "inner"));
            File.WriteAllText(Path.Combine(folder, "inner", "two.txt"), new string('x', k));
            return $$"""{"k":{{k}}, "square":{{k * k}}}""";
        }

        public string Combine(
            IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyList<FailedShard> failed, Func<string, string> folderOf, string resultFolder, CancellationToken stop)
        {
            var all = new StringBuilder();
            foreach (var shard in committed.Values.OrderBy(shard => shard.Id, StringComparer.Ordinal))
                all.Append(CultureInfo.InvariantCulture, $"{shard.Id} {shard.Weight} {shard.Facts} {File.ReadAllText(Path.Combine(folderOf(shard.Id), "one.txt"))}{File.ReadAllText(Path.Combine(folderOf(shard.Id), "inner", "two.txt"))}\n");
            foreach (var shard in failed)
                all.Append(CultureInfo.InvariantCulture, $"{shard.Id} {shard.Weight} failed after {shard.Attempts}: {shard.Reason}\n");
            File.WriteAllText(Path.Combine(resultFolder, "all.txt"), all.ToString());
            return $$"""{"done":{{committed.Values.Sum(shard => shard.Weight)}},"failed":{{failed.Sum(shard => shard.Weight)}}}""";
        }
    }
}
