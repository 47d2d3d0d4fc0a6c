using System.Text.Json;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Rules;

namespace NbnsSim.Jobs.Chaos;

/// <summary>What runs of chaos came to. Tallies of blocks of seeds add up to the same in whatever order.</summary>
internal sealed class ChaosTally
{
    private readonly SortedDictionary<string, long> _held = new(StringComparer.Ordinal);
    private readonly Histogram _hosts = new();
    private readonly long[] _decisions = new long[RuleBook.All.Length];
    private readonly long[] _deciding = new long[RuleBook.All.Length]; // in how many runs

    /// <summary>What came of them as of any campaign's runs.</summary>
    public CampaignTally Runs { get; } = new();

    /// <summary>Counts a run.</summary>
    public void Add(ChaosRun run)
    {
        Runs.Add(run.Run);
        _hosts.Add(run.Hosts);
        foreach (string property in run.Held)
            Hold(property, 1);
        for (int i = 0; i < _decisions.Length; i++)
        {
            _decisions[i] += run.Decisions[i];
            _deciding[i] += run.Decisions[i] > 0 ? 1 : 0;
        }
    }

    /// <summary>Counts the runs of another.</summary>
    public void Add(ChaosTally other)
    {
        Runs.Add(other.Runs);
        _hosts.Add(other._hosts);
        foreach (var (property, runs) in other._held)
            Hold(property, runs);
        for (int i = 0; i < _decisions.Length; i++)
        {
            _decisions[i] += other._decisions[i];
            _deciding[i] += other._deciding[i];
        }
    }

    /// <summary>Writes it into an object that is open.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isWhole">Whether the histograms are to be there with every count.</param>
    /// <param name="commandOf">The command line that repeats the run of a seed; null for none.</param>
    public void Write(Utf8JsonWriter writer, bool isWhole, Func<ulong, string>? commandOf = null)
    {
        Runs.Write(writer, isWhole, commandOf);
        _hosts.Write(writer, "hosts", isWhole);
        writer.WriteStartObject("held");
        foreach (var (property, runs) in _held)
            writer.WriteNumber(property, runs);
        writer.WriteEndObject();
        writer.WriteStartArray("rules");
        for (int i = 0; i < _decisions.Length; i++)
        {
            if (_decisions[i] == 0)
                continue;
            writer.WriteStartObject();
            writer.WriteString("rule", RuleBook.All[i].Id);
            writer.WriteNumber("runs", _deciding[i]);
            writer.WriteNumber("times", _decisions[i]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteTexts("rulesNeverReached", RuleBook.All.Where((_, i) => _decisions[i] == 0).Select(rule => rule.Id));
    }

    /// <summary>Reads what <see cref="Write"/> wrote whole.</summary>
    public static ChaosTally Read(JsonElement json)
    {
        var tally = new ChaosTally();
        tally.Runs.Add(CampaignTally.Read(json));
        tally._hosts.Add(Histogram.Read(json.GetProperty("hosts")));
        foreach (var held in json.GetProperty("held").EnumerateObject())
            tally.Hold(held.Name, held.Value.GetInt64());
        var indexes = RuleBook.All.Select((rule, i) => (rule.Id, i)).ToDictionary(one => one.Id, one => one.i, StringComparer.Ordinal);
        foreach (var one in json.GetProperty("rules").EnumerateArray())
        {
            int i = indexes[one.GetProperty("rule").GetString()!];
            (tally._deciding[i], tally._decisions[i]) = (one.GetProperty("runs").GetInt64(), one.GetProperty("times").GetInt64());
        }

        return tally;
    }

    private void Hold(string property, long runs) => _held[property] = _held.GetValueOrDefault(property) + runs;
}
