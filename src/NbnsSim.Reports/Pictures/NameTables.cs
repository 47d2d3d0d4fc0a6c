using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Rules;

namespace NbnsSim.Reports.Pictures;

/// <summary>
/// Every name table through time, as far as there is room, from who held which name when: a machine that has a name in it which the picture is about comes first.
/// </summary>
internal sealed class NameTables
{
    private const int MaxMoments = 400;
    private const int MaxSpans = 32; // of a name

    private NameTables(IReadOnlyList<NameRow> rows, IReadOnlyList<Instant> moments, IReadOnlyList<string> leftOut) => (Rows, Moments, LeftOut) = (rows, moments, leftOut);

    /// <summary>None.</summary>
    public static NameTables Empty { get; } = new([], [], []);

    /// <summary>The names, those of one machine together.</summary>
    public IReadOnlyList<NameRow> Rows { get; }

    /// <summary>When something changes, from the beginning to the end.</summary>
    public IReadOnlyList<Instant> Moments { get; }

    /// <summary>What there is no room for; a sentence each.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Makes them.</summary>
    /// <param name="holdings">Who held which name when.</param>
    /// <param name="history">The decisions that tell when a conflict ended; null for a capture that is only looked at.</param>
    /// <param name="since">When it all begins.</param>
    /// <param name="until">When it all ends.</param>
    /// <param name="isEvidence">Whether the picture is about a name.</param>
    /// <param name="records">What name servers had of names; null for nothing that is known.</param>
    public static NameTables Of(
        IReadOnlyList<NameHolding> holdings, DecisionHistory? history, Instant since, Instant until, Func<NetBiosName, bool> isEvidence, IEnumerable<NameRow>? records = null)
    {
        var choice = new NameChoice(holdings, records ?? [], isEvidence);
        var machines = choice.Shown.ToList();
        var shown = machines.SelectMany(machine => machine.Names.Where(name => name.Record is null).Select(name => (machine.Host, Name: name))).ToDictionary(one => (one.Host, one.Name.Name), one => one.Name);
        int index = 0;
        foreach (var holding in holdings)
        {
            if (shown.TryGetValue((holding.Host, holding.Name), out var name))
                name.Add(holding, index, MaxSpans + 1); // each is a state at least, and tells how the one before it ended
            index++;
        }

        var rows = shown.ToDictionary(pair => pair.Key, pair => SpansOf([.. pair.Value.Earliest(MaxSpans + 1)], history, until));
        EndConflicts(rows, history);
        var shownRows = new List<NameRow>();
        foreach (var (host, names) in machines)
        {
            shownRows.AddRange(names.Select(name => name.Record ?? new NameRow(host, name.Name, rows[(host, name.Name)].IsGroup, name.IsEvidence, rows[(host, name.Name)].Spans))
                .OrderBy(row => row.Name.ToString(), StringComparer.Ordinal));
        }

        var leftOut = new List<string>();
        if (choice.Names > shownRows.Count)
        {
            leftOut.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{shownRows.Count:N0} of {choice.Names:N0} names, of {machines.Count:N0} of {choice.Tables:N0} tables, are shown; of the others nothing stands out, or there is no room."));
        }

        int cut = 0;
        for (int i = 0; i < shownRows.Count; i++)
        {
            if (shownRows[i].Spans.Count <= MaxSpans)
                continue;
            shownRows[i] = shownRows[i] with { Spans = [.. shownRows[i].Spans.Take(MaxSpans)] };
            cut++;
        }

        if (cut > 0)
            leftOut.Add(string.Create(CultureInfo.InvariantCulture, $"Of {cut:N0} {(cut == 1 ? "name" : "names")} the first {MaxSpans} states are shown."));
        var changes = shownRows.SelectMany(row => row.Spans).SelectMany(span => span.To is { } to ? new[] { span.From, to } : [span.From])
            .Prepend(since).Append(until).Distinct().Order().ToList();
        if (changes.Count > MaxMoments)
        {
            leftOut.Add(string.Create(CultureInfo.InvariantCulture, $"The slider stops at {MaxMoments:N0} of {changes.Count:N0} moments."));
            changes = [.. Enumerable.Range(0, MaxMoments).Select(i => changes[(int)((long)i * (changes.Count - 1) / (MaxMoments - 1))])];
        }

        return new NameTables(shownRows, changes, leftOut);
    }

    /// <summary>The states of a name by time.</summary>
    private static (bool IsGroup, List<NameSpan> Spans) SpansOf(List<NameHolding> holdings, DecisionHistory? history, Instant until)
    {
        var spans = new List<NameSpan>();
        foreach (var holding in holdings)
        {
            if (spans is [.., { IsConflict: true } last] && (last.To is null || last.To > holding.Since.Time))
                spans[^1] = last with { To = holding.Since.Time, Ended = Id(holding.Since) };
            var shown = holding.Until?.Time ?? (history is null ? holding.LastSeen.Time : until);
            spans.Add(new NameSpan(NameStanding.Held, "registered", holding.Since.Time, shown, holding.Until?.Time, Id(holding.Since), holding.Until is { } end ? Id(end) : ""));
            if (holding.Until is { Rule.Kind: DecisionKind.Marked } marked)
                spans.Add(new NameSpan(NameStanding.Conflict, "in conflict", marked.Time, history is null ? marked.Time : until, null, Id(marked), ""));
        }

        return (holdings[0].IsGroup, spans);
    }

    /// <summary>A conflict lasts until the machine gives the name up, or starts with an empty table.</summary>
    private static void EndConflicts(Dictionary<(string Host, NetBiosName Name), (bool IsGroup, List<NameSpan> Spans)> spans, DecisionHistory? history)
    {
        var open = spans.Where(pair => pair.Value.Spans[^1] is { IsConflict: true, To: null }).Select(pair => pair.Key).ToHashSet();
        if (open.Count == 0 || history is null)
            return;
        foreach (var entry in history.Entries)
        {
            var rule = entry.Decision.Rule;
            bool empties = rule == NodeRules.Boot || rule == NodeRules.Crashes;
            if (!empties && rule.Kind != DecisionKind.GaveUp)
                continue;
            foreach (var key in empties ? open.Where(key => key.Host == entry.Host).ToList() : [(entry.Host, entry.Decision.Name)])
            {
                if (!open.Contains(key) || spans[key].Spans[^1] is var last && last.From >= entry.Decision.Time)
                    continue;
                spans[key].Spans[^1] = spans[key].Spans[^1] with { Shown = entry.Decision.Time, To = entry.Decision.Time, Ended = rule.Id };
                open.Remove(key);
            }
        }
    }

    private static string Id(NameMoment moment) => moment.Rule?.Id ?? "";
}
