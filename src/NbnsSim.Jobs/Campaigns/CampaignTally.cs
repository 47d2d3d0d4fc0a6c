using System.Text.Json;

namespace NbnsSim.Jobs.Campaigns;

/// <summary>What the runs of one scenario with one dialect came to. Tallies of blocks of seeds add up to the same in whatever order.</summary>
internal sealed class CampaignTally
{
    private const int ShownSeeds = 10;

    private readonly SortedDictionary<string, Failing> _failures = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, (long Runs, long Times)> _eventIds = [];
    private readonly Histogram _packets = new();
    private readonly Histogram _events = new();
    private readonly Histogram _settled = new();
    private readonly long[] _outcomes = new long[Enum.GetValues<CampaignOutcome>().Length];

    /// <summary>How many runs there were.</summary>
    public long Runs => _packets.Count;

    /// <summary>How many ended so.</summary>
    public long Of(CampaignOutcome outcome) => _outcomes[(int)outcome];

    /// <summary>Counts a run.</summary>
    public void Add(CampaignRun run)
    {
        _outcomes[(int)run.Outcome]++;
        _packets.Add(run.Packets);
        _events.Add(run.Events.Length);
        if (run.Settled >= 0)
            _settled.Add(run.Settled);
        foreach (var ids in run.Events.GroupBy(id => id))
            Count(ids.Key, 1, ids.Count());
        if (run.Outcome == CampaignOutcome.Met)
            return;
        var failing = FailingBy(run.Failure, run.Outcome);
        failing.Runs++;
        failing.Keep(run.Seed);
    }

    /// <summary>Counts the runs of another.</summary>
    public void Add(CampaignTally other)
    {
        for (int i = 0; i < _outcomes.Length; i++)
            _outcomes[i] += other._outcomes[i];
        _packets.Add(other._packets);
        _events.Add(other._events);
        _settled.Add(other._settled);
        foreach (var (id, (runs, times)) in other._eventIds)
            Count(id, runs, times);
        foreach (var (failure, those) in other._failures)
        {
            var failing = FailingBy(failure, those.Outcome);
            failing.Runs += those.Runs;
            foreach (ulong seed in those.Seeds)
                failing.Keep(seed);
        }
    }

    /// <summary>Writes it into an object that is open.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isWhole">Whether the histograms are to be there with every count.</param>
    /// <param name="commandOf">The command line that repeats the run of a seed; null for none.</param>
    public void Write(Utf8JsonWriter writer, bool isWhole, Func<ulong, string>? commandOf = null)
    {
        writer.WriteNumber("runs", Runs);
        foreach (var outcome in Enum.GetValues<CampaignOutcome>())
            writer.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString()), Of(outcome));
        _packets.Write(writer, "packets", isWhole);
        _events.Write(writer, "events", isWhole);
        _settled.Write(writer, "settledMs", isWhole);
        writer.WriteStartArray("eventIds");
        foreach (var (id, (runs, times)) in _eventIds)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", id);
            writer.WriteNumber("runs", runs);
            writer.WriteNumber("times", times);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("failures");
        foreach (var (failure, failing) in _failures)
        {
            writer.WriteStartObject();
            writer.WriteString("failure", failure);
            writer.WriteString("outcome", JsonNamingPolicy.CamelCase.ConvertName(failing.Outcome.ToString()));
            writer.WriteNumber("runs", failing.Runs);
            writer.WriteStartArray("seeds");
            foreach (ulong seed in failing.Seeds)
                writer.WriteNumberValue(seed);
            writer.WriteEndArray();
            if (commandOf is not null)
                writer.WriteString("repeat", commandOf(failing.Seeds.Min));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote whole.</summary>
    public static CampaignTally Read(JsonElement json)
    {
        var tally = new CampaignTally();
        foreach (var outcome in Enum.GetValues<CampaignOutcome>())
            tally._outcomes[(int)outcome] = json.GetProperty(JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString())).GetInt64();
        tally._packets.Add(Histogram.Read(json.GetProperty("packets")));
        tally._events.Add(Histogram.Read(json.GetProperty("events")));
        tally._settled.Add(Histogram.Read(json.GetProperty("settledMs")));
        foreach (var one in json.GetProperty("eventIds").EnumerateArray())
            tally.Count(one.GetProperty("id").GetInt32(), one.GetProperty("runs").GetInt64(), one.GetProperty("times").GetInt64());
        foreach (var one in json.GetProperty("failures").EnumerateArray())
        {
            var failing = tally.FailingBy(one.GetProperty("failure").GetString()!, Enum.Parse<CampaignOutcome>(one.GetProperty("outcome").GetString()!, ignoreCase: true));
            failing.Runs = one.GetProperty("runs").GetInt64();
            foreach (var seed in one.GetProperty("seeds").EnumerateArray())
                failing.Keep(seed.GetUInt64());
        }

        return tally;
    }

    private void Count(int id, long runs, long times)
    {
        var before = _eventIds.GetValueOrDefault(id);
        _eventIds[id] = (before.Runs + runs, before.Times + times);
    }

    private Failing FailingBy(string failure, CampaignOutcome outcome)
    {
        if (!_failures.TryGetValue(failure, out var failing))
            _failures.Add(failure, failing = new Failing(outcome));
        return failing;
    }

    /// <summary>The runs that failed in one way: how many, and the smallest of their seeds.</summary>
    private sealed class Failing(CampaignOutcome outcome)
    {
        public CampaignOutcome Outcome { get; } = outcome;

        public long Runs { get; set; }

        public SortedSet<ulong> Seeds { get; } = [];

        public void Keep(ulong seed)
        {
            Seeds.Add(seed);
            if (Seeds.Count > ShownSeeds)
                Seeds.Remove(Seeds.Max);
        }
    }
}
