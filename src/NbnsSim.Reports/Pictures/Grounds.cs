using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Reports.Pictures;

/// <summary>What machines decided about packets: who sent one, by which rule, and what it led to where it arrived.</summary>
internal sealed class Grounds
{
    private readonly DecisionHistory _history;
    private readonly ILookup<long, HistoryEntry> _effects;
    private readonly Dictionary<long, long> _decisionOfFrame = [];

    /// <summary>Looks through a history.</summary>
    /// <param name="history">The history.</param>
    /// <param name="from">The number of the decision that sent the first packet that is asked about: what came before it is no effect of any.</param>
    public Grounds(DecisionHistory history, long from = 0)
    {
        _history = history;
        _effects = history.Entries.Where(entry => entry.Number >= from && entry.Decision.Cause is { Kind: DecisionCauseKind.Datagram, Decision: > 0 }).ToLookup(entry => entry.Decision.Cause.Decision);
        foreach (var entry in history.Entries)
        {
            if (entry.SentFrame > 0)
                _decisionOfFrame.TryAdd(entry.SentFrame, entry.Number);
        }
    }

    /// <summary>The decision behind a packet; 0 where none is known.</summary>
    public long DecisionOf(LadderPacket packet) => packet.Decision > 0 ? packet.Decision : _decisionOfFrame.GetValueOrDefault(packet.Frame);

    /// <summary>Its grounds: the sender's, then what changed something, then the rest.</summary>
    public IEnumerable<LadderGround> Of(LadderPacket packet)
    {
        long number = DecisionOf(packet);
        if (_history.Find(number) is { } sent)
            yield return Ground(sent);
        foreach (var effect in _effects[number].OrderByDescending(effect => effect.IsOutcome).ThenBy(effect => effect.Decision.Rule.Kind == DecisionKind.Ignored))
            yield return Ground(effect);
    }

    private LadderGround Ground(HistoryEntry entry) => new(entry.Decision.Rule, entry.Decision.Rule.Telling is null ? $"{entry.Host}: {entry.Decision.Rule.Sentence}" : _history.Describe(entry));
}
