using NbnsSim.Events;
using NbnsSim.Narrative;
using NbnsSim.Rules;

namespace NbnsSim.Reports.Pictures;

/// <summary>What stands out in a history, and what led to it: the events that were logged; where there is none, what went into conflict; else what was refused or failed.</summary>
internal sealed class Standing
{
    private const int MaxRoots = 40;

    private readonly DecisionHistory _history;
    private readonly HashSet<long> _decisions;

    public Standing(DecisionHistory history)
    {
        _history = history;
        Roots = Choose(history);
        var links = Roots.SelectMany(root => history.ChainOf(root)).ToList();
        _decisions = [.. links.Select(link => link.Number)];
        Frames = links.SelectMany(link => new[] { link.Frame, link.SentFrame }).Where(frame => frame > 0).ToHashSet();
        EventCount = history.Entries.Count(entry => entry.Decision.Event is not null);
    }

    /// <summary>What stands out, in the order of time.</summary>
    public IReadOnlyList<HistoryEntry> Roots { get; }

    /// <summary>The frames that led to it.</summary>
    public IReadOnlySet<long> Frames { get; }

    /// <summary>How many events were logged in all.</summary>
    public int EventCount { get; }

    /// <summary>Whether a decision led to what stands out.</summary>
    public bool Has(long decision) => _decisions.Contains(decision);

    /// <summary>What stands out, in a sentence for each.</summary>
    /// <param name="tense">What a machine does with an event: <c>logs</c>, <c>would have logged</c>.</param>
    /// <param name="most">How many.</param>
    public string Sentence(string tense, int most = 2)
    {
        if (EventCount == 0)
            return "";
        string all = string.Join("; ", Roots.Take(most).Select(root => $"{root.Host} {tense} event {Event(root).Id} about {Event(root).Name}, from {Event(root).Address}"));
        return EventCount > most ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{all}; and {EventCount - most:N0} more.") : all + ".";
    }

    /// <summary>The chain of causes behind each, one for each machine and name.</summary>
    /// <param name="most">How many.</param>
    public IReadOnlyList<PictureChain> Chains(int most) =>
    [
        .. Roots.DistinctBy(root => (root.Host, root.Decision.Name, root.Decision.Rule)).Take(most)
            .Select(root => new PictureChain(_history.Describe(root), [.. new WhyReport(_history, _history.ChainOf(root)).Links()])),
    ];

    /// <summary>The events as Event Viewer shows them.</summary>
    /// <param name="clock">How times are printed.</param>
    /// <param name="tense">What a machine does with an event.</param>
    /// <param name="most">How many.</param>
    public IReadOnlyList<PictureEvent> Events(PictureClock clock, string tense, int most) =>
    [
        .. Roots.Where(root => root.Decision.Event is not null).Take(most).Select(root => new PictureEvent(
            $"{root.Host} {tense} {Event(root).Id} about {Event(root).Name}",
            EventViewerText.Format(Event(root), root.Host, clock.Full(root.Decision.Time), 72),
            $"{root.Decision.Rule.Sentence} ({root.Decision.Rule.Id}, {root.Decision.Rule.Basis.Word()}: {root.Decision.Rule.Source})")),
    ];

    private static NetBtEvent Event(HistoryEntry entry) => entry.Decision.Event!;

    private static List<HistoryEntry> Choose(DecisionHistory history)
    {
        foreach (var wanted in (Func<HistoryEntry, bool>[])[
            entry => entry.Decision.Event is not null,
            entry => entry.Decision.Rule.Kind == DecisionKind.Marked,
            entry => entry.Decision.Rule.Kind is DecisionKind.Refused or DecisionKind.Failed])
        {
            var found = history.Entries.Where(wanted).Take(MaxRoots).ToList();
            if (found.Count > 0)
                return found;
        }

        return [];
    }
}
