using System.Globalization;
using System.Text;
using System.Text.Json;
using NbnsSim.Jobs.Tables;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;

namespace NbnsSim.Jobs.Campaigns;

/// <summary>
/// Does a campaign. A shard is a block of seeds of one scenario and dialect: <c>runs.bin</c> has its runs one after the other, <c>tally.json</c> what they come to. The results are <c>campaign.json</c>
/// and the table of runs, in the order of scenarios, dialects and seeds.
/// </summary>
internal sealed class CampaignJob(CampaignSpec spec) : IJobWork
{
    private const int HostsOfAFullShard = 8;
    private const int MaxShards = 1_000_000;
    private const int RowsAtATime = 4_096;

    private readonly Lazy<Scenario[]> _scenarios = new(() => [.. spec.Scenarios.Select(scenario => CampaignFault.Overlay(scenario.Read(), spec.Faults))]);

    public IReadOnlyList<Shard> Next(IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyCollection<string> failed)
    {
        var blocks = new List<Shard>();
        var gone = failed.ToHashSet(StringComparer.Ordinal);
        for (int scenario = 0; scenario < spec.Scenarios.Length; scenario++)
        {
            ulong size = (ulong)Math.Max(1, (long)spec.SeedsPerShard * HostsOfAFullShard / Math.Max(HostsOfAFullShard, _scenarios.Value[scenario].Hosts.Length));
            if ((spec.LastSeed - spec.FirstSeed) / size >= (ulong)((MaxShards - blocks.Count) / spec.DialectCount))
                throw new JobException(string.Create(CultureInfo.InvariantCulture, $"The campaign has more than {MaxShards:N0} shards: ask for fewer seeds, or for more of them a shard."));
            for (int dialect = 0; dialect < spec.DialectCount; dialect++)
            {
                for (ulong first = spec.FirstSeed; ;)
                {
                    ulong last = spec.LastSeed - first < size ? spec.LastSeed : first + size - 1;
                    blocks.Add(new Block(scenario, dialect, first, last).ToShard());
                    if (last == spec.LastSeed)
                        break;
                    first = last + 1;
                }
            }
        }

        return [.. blocks.Where(shard => !committed.ContainsKey(shard.Id) && !gone.Contains(shard.Id))];
    }

    public string Run(Shard shard, string folder, CancellationToken stop)
    {
        var block = Block.Of(shard);
        var tally = new CampaignTally();
        using (var runs = new BinaryWriter(new BufferedStream(File.Create(Path.Combine(folder, "runs.bin")), 1 << 16), Encoding.UTF8))
        {
            for (ulong seed = block.First; ; seed++)
            {
                stop.ThrowIfCancellationRequested();
                var run = CampaignRun.Of(_scenarios.Value[block.Scenario], DialectOf(block), seed);
                run.Write(runs);
                tally.Add(run);
                if (seed == block.Last)
                    break;
            }
        }

        File.WriteAllBytes(Path.Combine(folder, "tally.json"), JsonTexts.Object(writer => tally.Write(writer, isWhole: true)));
        return Encoding.UTF8.GetString(JsonTexts.Object(writer =>
        {
            writer.WriteNumber("runs", tally.Runs);
            writer.WriteNumber("met", tally.Of(CampaignOutcome.Met));
        }));
    }

    public string Combine(
        IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyList<FailedShard> failed, Func<string, string> folderOf, string resultFolder, CancellationToken stop)
    {
        var tallies = new SortedDictionary<(int Scenario, int Dialect), CampaignTally>();
        using (var table = JobTables.Runs.CreateIn(resultFolder))
        {
            // in the order of scenarios, dialects and seeds
            foreach (var (cell, its, rows) in ReadAhead.Of(Read(committed.Values.OrderBy(shard => shard.Id, StringComparer.Ordinal), folderOf)))
            {
                stop.ThrowIfCancellationRequested();
                if (!tallies.TryGetValue(cell, out var tally))
                    tallies.Add(cell, tally = new CampaignTally());
                if (its is not null)
                    tally.Add(its);
                foreach (var row in rows)
                    table.Add(row);
            }

            table.Complete();
            long notRun = failed.Sum(shard => shard.Weight);
            if (table.Rows + notRun != spec.RunCount || tallies.Values.Sum(tally => tally.Runs) != table.Rows)
                throw new JobException(string.Create(CultureInfo.InvariantCulture, $"{spec.RunCount:N0} runs were asked for, and {table.Rows:N0} done and {notRun:N0} not: the shards do not add up."));
            File.WriteAllBytes(Path.Combine(resultFolder, "campaign.json"), JsonTexts.Object(writer => Write(writer, tallies, notRun, isWhole: true), isIndented: true));
            return Encoding.UTF8.GetString(JsonTexts.Object(writer => Write(writer, tallies, notRun, isWhole: false)));
        }
    }

    /// <summary>What shards wrote, in their order: the tally of each, and its runs, some at a time.</summary>
    private IEnumerable<((int Scenario, int Dialect) Cell, CampaignTally? Tally, RunRow[] Rows)> Read(IEnumerable<CommittedShard> shards, Func<string, string> folderOf)
    {
        foreach (var shard in shards)
        {
            var block = Block.Of(shard.Id);
            using (var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folderOf(shard.Id), "tally.json"))))
                yield return ((block.Scenario, block.Dialect), CampaignTally.Read(json.RootElement), []);
            using var file = new BinaryReader(new BufferedStream(File.OpenRead(Path.Combine(folderOf(shard.Id), "runs.bin")), 1 << 16), Encoding.UTF8);
            for (long left = shard.Weight; left > 0; left -= RowsAtATime)
            {
                var rows = new RunRow[Math.Min(left, RowsAtATime)];
                for (int i = 0; i < rows.Length; i++)
                    rows[i] = RowOf(block, CampaignRun.Read(file));
                yield return ((block.Scenario, block.Dialect), null, rows);
            }
        }
    }

    private void Write(Utf8JsonWriter writer, SortedDictionary<(int Scenario, int Dialect), CampaignTally> tallies, long notRun, bool isWhole)
    {
        long runs = tallies.Values.Sum(tally => tally.Runs);
        writer.WriteNumber("asked", spec.RunCount);
        writer.WriteNumber("runs", runs);
        writer.WriteNumber("notRun", notRun);
        writer.WriteNumber("failed", runs - tallies.Values.Sum(tally => tally.Of(CampaignOutcome.Met)));
        writer.WriteNumber("firstSeed", spec.FirstSeed);
        writer.WriteNumber("lastSeed", spec.LastSeed);
        writer.WriteTexts("faults", spec.Faults.Select(fault => fault.Text));
        writer.WriteStartArray("cells");
        foreach (var ((scenario, dialect), tally) in tallies)
        {
            string name = spec.Scenarios[scenario].Name;
            string? chosen = spec.DialectAt(dialect);
            writer.WriteStartObject();
            writer.WriteString("scenario", name);
            writer.WriteString("dialect", chosen ?? _scenarios.Value[scenario].Dialect.Preset.Name);
            tally.Write(writer, isWhole, seed => spec.CommandOf(name, chosen, seed));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private RunRow RowOf(Block block, CampaignRun run)
    {
        string scenario = spec.Scenarios[block.Scenario].Name;
        string? dialect = spec.DialectAt(block.Dialect);
        return new RunRow
        {
            Scenario = scenario,
            Dialect = dialect,
            Faults = spec.Faults.IsEmpty ? null : string.Join(',', spec.Faults),
            Seed = run.Seed,
            Held = run.Outcome == CampaignOutcome.Met,
            Broken = run.Broken,
            Packets = run.Packets,
            Events = run.Events.Length,
            Settled = run.Settled < 0 ? null : TimeSpan.FromMilliseconds(run.Settled),
            Repeat = spec.CommandOf(scenario, dialect, run.Seed),
        };
    }

    private NetBtDialect? DialectOf(Block block) => NetBtDialect.TryFind(spec.DialectAt(block.Dialect), out var dialect) ? dialect : null;

    /// <summary>Seeds of one scenario and one dialect, by their numbers in the spec. The shard's id says all: its order is that of the runs.</summary>
    private readonly record struct Block(int Scenario, int Dialect, ulong First, ulong Last)
    {
        public static Block Of(Shard shard) => Of(shard.Id);

        public static Block Of(string id)
        {
            string[] parts = id.Split('-');
            return new Block(
                int.Parse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), int.Parse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                ulong.Parse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), ulong.Parse(parts[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }

        public Shard ToShard() => new(string.Create(CultureInfo.InvariantCulture, $"{Scenario:x4}-{Dialect:x2}-{First:x16}-{Last:x16}"), "{}", (long)(Last - First + 1));
    }
}
