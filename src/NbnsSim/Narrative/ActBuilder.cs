using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Narrative;

/// <summary>
/// Puts one act together. What a machine decides several times over in one act, about the same name and with the same peer, is told once; what it decides about
/// several names by one rule is one sentence.
/// </summary>
internal sealed class ActBuilder(Instant time, DecisionHistory history)
{
    private readonly List<Line> _lines = [];
    private readonly Dictionary<(Rule Rule, string Host, Ipv4Address Peer), Line> _byRule = [];

    public void Add(HistoryEntry entry, List<string>? notHeardBy)
    {
        var decision = entry.Decision;
        if (decision.Rule.Telling is not null)
        {
            var key = (decision.Rule, entry.Host, decision.Peer.Address);
            if (!_byRule.TryGetValue(key, out var line))
            {
                _byRule[key] = line = new Line(entry);
                _lines.Add(line);
            }

            line.Numbers.Add(entry.Number);
            if (!line.Names.Contains(decision.Name))
                line.Names.Add(decision.Name);
        }

        foreach (string receiver in notHeardBy ?? [])
        {
            if (!_lines.Exists(line => line.Entry is null && line.Text == Unheard(entry, receiver)))
                _lines.Add(new Line(null) { Text = Unheard(entry, receiver), Numbers = { entry.Number } });
        }
    }

    /// <summary>The act; without sentences where a name's time came and the machine only asked what it asks every time.</summary>
    public Act Build() => new(
        time,
        _lines.TrueForAll(line => line.Entry?.Decision is { Rule.Kind: DecisionKind.Asked, Cause.Kind: DecisionCauseKind.Lifetime }) ? [] :
        [
            .. _lines.Select(line => line.Entry is { } entry
                ? new ActSentence(history.Fill(entry.Decision.Rule.Telling!, entry, line.Names), entry.Decision.Rule, [.. line.Numbers])
                : new ActSentence(line.Text, null, [.. line.Numbers])).DistinctBy(sentence => sentence.Text, StringComparer.Ordinal),
        ]);

    private static string Unheard(HistoryEntry entry, string receiver) => $"{receiver} never hears what {entry.Host} says about {entry.Decision.Name}.";

    private sealed class Line(HistoryEntry? entry)
    {
        public HistoryEntry? Entry => entry;

        public string Text { get; init; } = "";

        public List<NetBiosName> Names { get; } = [];

        public List<long> Numbers { get; } = [];
    }
}
