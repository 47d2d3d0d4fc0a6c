using System.Globalization;
using System.Text;
using System.Text.Json;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Jobs.Tables;
using NbnsSim.Scenarios;
using NbnsSim.Testing.Chaos;

namespace NbnsSim.Jobs.Chaos;

/// <summary>
/// Does a campaign of chaos. First shards are blocks of seeds; when all are done, the smallest seeds that fail by each property are made smaller, a shard each. The results are <c>chaos.json</c>,
/// <c>chaos.html</c>, the table of runs in the order of seeds, and a scenario file for each that was made smaller.
/// </summary>
/// <param name="spec">The campaign.</param>
/// <param name="generate">Makes the scenario of a seed; <see langword="null"/> for <see cref="ChaosScenario.Generate"/>.</param>
internal sealed class ChaosJob(ChaosSpec spec, Func<ulong, Scenario>? generate = null) : IJobWork
{
    private const int ShrunkSeeds = 3; // of each property
    private const string Blocks = "b";
    private const string Shrunk = "s";

    private readonly Func<ulong, Scenario> _generate = generate ?? (seed => ChaosScenario.Generate(seed, spec.Options));

    public IReadOnlyList<Shard> Next(IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyCollection<string> failed)
    {
        var gone = failed.ToHashSet(StringComparer.Ordinal);
        var blocks = AllBlocks().Where(shard => !committed.ContainsKey(shard.Id) && !gone.Contains(shard.Id)).ToList();
        return blocks.Count > 0 ? blocks : [.. ToShrink(committed).Where(shard => !committed.ContainsKey(shard.Id) && !gone.Contains(shard.Id))];
    }

    public string Run(Shard shard, string folder, CancellationToken stop)
    {
        string[] parts = shard.Id.Split('-', 3);
        return parts[0] == Blocks ? RunBlock(SeedOf(parts[1]), SeedOf(parts[2]), folder, stop) : RunShrink(SeedOf(parts[1]), parts[2], folder, stop);
    }

    public string Combine(
        IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyList<FailedShard> failed, Func<string, string> folderOf, string resultFolder, CancellationToken stop)
    {
        var tally = new ChaosTally();
        var smaller = new List<string>();
        using (var table = JobTables.Runs.CreateIn(resultFolder))
        {
            foreach (string id in committed.Keys.Order(StringComparer.Ordinal)) // that of seeds
            {
                stop.ThrowIfCancellationRequested();
                if (id[0] != Blocks[0])
                {
                    smaller.Add(id);
                    continue;
                }

                using (var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folderOf(id), "tally.json"))))
                    tally.Add(ChaosTally.Read(json.RootElement));
                using var file = new BinaryReader(new BufferedStream(File.OpenRead(Path.Combine(folderOf(id), "runs.bin")), 1 << 16), Encoding.UTF8);
                for (long left = committed[id].Weight; left > 0; left--)
                {
                    var (run, faults) = ChaosRun.Read(file);
                    table.Add(RowOf(run, ChaosFaultNames.Text(faults)));
                }
            }

            table.Complete();
            long notRun = failed.Where(shard => shard.Id[0] == Blocks[0]).Sum(shard => shard.Weight);
            if (table.Rows + notRun != spec.RunCount || tally.Runs.Runs != table.Rows)
                throw new JobException(string.Create(CultureInfo.InvariantCulture, $"{spec.RunCount:N0} runs were asked for, and {table.Rows:N0} done and {notRun:N0} not: the shards do not add up."));
            foreach (string file in smaller.SelectMany(id => Directory.GetFiles(folderOf(id), "*.json")))
                File.Copy(file, Path.Combine(resultFolder, Path.GetFileName(file)));
            var details = smaller.ConvertAll(id => committed[id].Facts);
            File.WriteAllBytes(Path.Combine(resultFolder, "chaos.json"), JsonTexts.Object(writer => Write(writer, tally, notRun, details, isWhole: true), isIndented: true));
            byte[] summary = JsonTexts.Object(writer => Write(writer, tally, notRun, details, isWhole: false));
            using (var whole = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(resultFolder, "chaos.json"))))
            using (var page = new StreamWriter(Path.Combine(resultFolder, "chaos.html"), append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
                ChaosPage.Write(whole.RootElement, page);
            return Encoding.UTF8.GetString(summary);
        }
    }

    private string RunBlock(ulong first, ulong last, string folder, CancellationToken stop)
    {
        var tally = new ChaosTally();
        var failing = new SortedDictionary<string, List<ulong>>(StringComparer.Ordinal);
        using (var runs = new BinaryWriter(new BufferedStream(File.Create(Path.Combine(folder, "runs.bin")), 1 << 16), Encoding.UTF8))
        {
            for (ulong seed = first; ; seed++)
            {
                var run = ChaosRun.Of(_generate(seed), stop);
                run.Write(runs);
                tally.Add(run);
                if (run.Run.Outcome != CampaignOutcome.Met)
                {
                    if (!failing.TryGetValue(run.Run.Failure, out var seeds))
                        failing.Add(run.Run.Failure, seeds = []);
                    if (seeds.Count < ShrunkSeeds)
                        seeds.Add(seed);
                }

                if (seed == last)
                    break;
            }
        }

        File.WriteAllBytes(Path.Combine(folder, "tally.json"), JsonTexts.Object(writer => tally.Write(writer, isWhole: true)));
        return Encoding.UTF8.GetString(JsonTexts.Object(writer =>
        {
            foreach (var (property, seeds) in failing)
            {
                writer.WriteStartArray(property);
                foreach (ulong seed in seeds)
                    writer.WriteNumberValue(seed);
                writer.WriteEndArray();
            }
        }));
    }

    private string RunShrink(ulong seed, string property, string folder, CancellationToken stop)
    {
        if (ChaosRun.Shrink(_generate(seed), property, stop) is not var (scenario, broken))
            throw new JobException(string.Create(CultureInfo.InvariantCulture, $"Seed {seed} fails by {property} in a campaign and not by itself."));
        string file = string.Create(CultureInfo.InvariantCulture, $"failing-{property}-{seed}.json");
        using (var output = File.Create(Path.Combine(folder, file)))
            scenario.Write(output);
        return Encoding.UTF8.GetString(JsonTexts.Object(writer =>
        {
            writer.WriteString("property", property);
            writer.WriteNumber("seed", seed);
            writer.WriteString("file", file);
            writer.WriteNumber("hosts", scenario.Hosts.Length);
            writer.WriteNumber("steps", scenario.Steps.Length);
            writer.WriteNumber("rules", scenario.Rules.Length);
            writer.WriteString("text", broken.Text);
        }));
    }

    private void Write(Utf8JsonWriter writer, ChaosTally tally, long notRun, List<string> smaller, bool isWhole)
    {
        writer.WriteNumber("asked", spec.RunCount);
        writer.WriteNumber("notRun", notRun);
        writer.WriteNumber("failed", tally.Runs.Runs - tally.Runs.Of(CampaignOutcome.Met));
        writer.WriteNumber("firstSeed", spec.FirstSeed);
        writer.WriteNumber("lastSeed", spec.LastSeed);
        writer.WriteNumber("maxHosts", spec.Options.MaxHosts);
        writer.WriteString("faults", ChaosFaultNames.Text(spec.Options.Faults));
        writer.WriteTexts("dialects", spec.Options.Dialects.Select(dialect => dialect.Name));
        tally.Write(writer, isWhole, spec.CommandOf);
        writer.WriteStartArray("shrunk");
        foreach (string one in smaller)
            writer.WriteRawValue(one);
        writer.WriteEndArray();
    }

    private RunRow RowOf(CampaignRun run, string faults) => new()
    {
        Scenario = ChaosScenario.Name,
        Faults = faults,
        Seed = run.Seed,
        Held = run.Outcome == CampaignOutcome.Met,
        Broken = run.Broken,
        Packets = run.Packets,
        Events = run.Events.Length,
        Settled = run.Settled < 0 ? null : TimeSpan.FromMilliseconds(run.Settled),
        Repeat = spec.CommandOf(run.Seed),
    };

    private IEnumerable<Shard> AllBlocks()
    {
        ulong size = (ulong)spec.SeedsOfAShard;
        for (ulong first = spec.FirstSeed; ;)
        {
            ulong last = spec.LastSeed - first < size ? spec.LastSeed : first + size - 1;
            yield return new Shard(string.Create(CultureInfo.InvariantCulture, $"{Blocks}-{first:x16}-{last:x16}"), "{}", (long)(last - first + 1));
            if (last == spec.LastSeed)
                break;
            first = last + 1;
        }
    }

    /// <summary>The smallest seeds that fail by each property.</summary>
    private static IEnumerable<Shard> ToShrink(IReadOnlyDictionary<string, CommittedShard> committed)
    {
        var failing = new SortedDictionary<string, SortedSet<ulong>>(StringComparer.Ordinal);
        foreach (var (id, shard) in committed)
        {
            if (id[0] != Blocks[0])
                continue;
            using var json = JsonDocument.Parse(shard.Facts);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (!failing.TryGetValue(property.Name, out var seeds))
                    failing.Add(property.Name, seeds = []);
                seeds.UnionWith(property.Value.EnumerateArray().Select(seed => seed.GetUInt64()));
            }
        }

        return failing.SelectMany(property => property.Value.Take(ShrunkSeeds).Select(seed => new Shard(string.Create(CultureInfo.InvariantCulture, $"{Shrunk}-{seed:x16}-{property.Key}"), "{}", 1)));
    }

    private static ulong SeedOf(string hex) => ulong.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
