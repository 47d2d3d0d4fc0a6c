using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Protocol;

namespace NbnsSim.Reports.Wireshark;

/// <summary>A verdict as comments on the frames that prove it, for <see cref="CaptureAnnotator"/>: Wireshark shows them with the packets.</summary>
/// <remarks>
/// <para>A frame has one comment for each incident that rests on it. It begins with <c>nbnssim</c>, the id of the cause and a colon; a line each says which frames, names
/// and machines, what happens there, which event a machine logs because of this very frame and by which rule, what to do, and on what text that rests. Filters
/// such as <c>frame.comment contains "same-user"</c> find them.</para>
/// <para>Names from the network are escaped by <see cref="VisibleText"/>, so that none begins a line of its own.</para>
/// </remarks>
public static class VerdictComments
{
    /// <summary>The most incidents that comments are written for, the gravest first.</summary>
    public const int MaxIncidents = 1_000;

    private const int MaxOfFrame = 8;
    private const int MaxLength = 16_000; // UTF-16 units, three octets each at most: pcapng holds 65,535
    private const int MaxShown = 6;

    /// <summary>The comments, by frame number.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="dialect">What the machines behave like, for the events that they log; null for every preset.</param>
    public static IReadOnlyDictionary<long, ImmutableArray<string>> Of(Verdict verdict, NetBtDialect? dialect = null)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        var comments = new Dictionary<long, List<string>>();
        var left = new Dictionary<long, int>();
        int number = 0;
        foreach (var incident in verdict.Incidents.Take(MaxIncidents))
        {
            number++;
            var texts = new Dictionary<string, string>(StringComparer.Ordinal); // most frames of an incident have the same
            foreach (long frame in incident.Frames)
            {
                if (!comments.TryGetValue(frame, out var those))
                    comments[frame] = those = [];
                if (those.Count == MaxOfFrame)
                {
                    left[frame] = left.GetValueOrDefault(frame) + 1;
                    continue;
                }

                string events = Events(incident, frame, dialect);
                if (!texts.TryGetValue(events, out string? text))
                    texts[events] = text = Text(incident, number, verdict.Incidents.Length, events);
                those.Add(text);
            }
        }

        foreach (var (frame, count) in left)
            comments[frame].Add(string.Create(CultureInfo.InvariantCulture, $"nbnssim: {count} more incidents rest on this frame."));
        return comments.ToDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray());
    }

    private static string Text(Incident incident, int number, int count, string events)
    {
        var cause = incident.Cause;
        string frames = string.Create(CultureInfo.InvariantCulture, $"{number} of {count}, {(incident.Frames.Length == 1 ? "frame" : "frames")} {VerdictText.List(incident.Frames.Select(frame => frame.ToString(CultureInfo.InvariantCulture)), 16)}");
        string text = Line($"nbnssim {cause.Id}", $"{cause.Title} ({VerdictText.Word(incident)})")
            + Line("Incident", frames)
            + Line("Names", VerdictText.Names(incident.Names))
            + Line("Machines", VerdictText.List(incident.Parties.Select(VerdictText.Describe)))
            + Line("What", cause.Meaning)
            + Line("Shown by", string.Join(" ", incident.Grounds.Take(MaxShown).Select(VerdictText.Sentence)))
            + events
            + Line("Not known", string.Join("; ", incident.Unknown.Take(MaxShown)))
            + Line("To do", cause.Advice)
            + Line("Source", cause.Source);
        return text.Length <= MaxLength ? text.TrimEnd('\n') : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength), "…");
    }

    /// <summary>The events that machines log because of a frame, each with its rule.</summary>
    private static string Events(Incident incident, long frame, NetBtDialect? dialect) => string.Concat(incident.Events
        .Where(one => one.Finding.Frames.Contains(frame) && (dialect is null ? !one.Finding.LoggedBy.IsEmpty : one.Finding.IsLoggedBy(dialect)))
        .Select(one => Line("Event", VerdictText.Event(one, dialect)) + Line("Rule", one.Finding.Event!.Rule.ToString()))
        .Distinct(StringComparer.Ordinal)
        .Take(MaxShown));

    private static string Line(string head, string text) => text.Length == 0 ? "" : $"{head}: {VisibleText.Escape(text)}\n";
}
