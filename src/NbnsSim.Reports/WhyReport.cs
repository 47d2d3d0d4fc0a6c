using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Protocol;

namespace NbnsSim.Reports;

/// <summary>A chain of causes, in text or in NDJSON: each link with its rule, the last one first.</summary>
/// <param name="history">The history that it is from.</param>
/// <param name="chain">The chain; see <see cref="DecisionHistory.Why"/>.</param>
public sealed class WhyReport(DecisionHistory history, ImmutableArray<HistoryEntry> chain) : IReport
{
    /// <summary>What became of a name at a machine, back to its first cause; text says so where it decided nothing.</summary>
    /// <param name="history">What all machines decided.</param>
    /// <param name="host">The machine, as the history calls it.</param>
    /// <param name="name">The name.</param>
    /// <param name="until">Up to when; null for the end.</param>
    public WhyReport(DecisionHistory history, string host, NetBiosName name, Instant? until = null)
        : this(history, history.Why(host, name, until)) => Otherwise = NothingAbout(history, host, name, until);

    /// <summary>How a time is printed; of a run, in seconds.</summary>
    public Func<Instant, string> Moment { get; init; } = static time => (time - Instant.Epoch).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture).PadLeft(10);

    /// <summary>What text says where the chain is empty; null for nothing.</summary>
    public string? Otherwise { get; init; }

    /// <summary>What else is worth a word, which text has at its end.</summary>
    public IReadOnlyList<string> Hints { get; init; } = [];

    /// <summary>Whether there is no link: nothing was decided.</summary>
    public bool IsEmpty => chain.IsEmpty;

    /// <summary>Writes it as text, two lines or more a link.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (chain.IsEmpty && Otherwise is not null)
            writer.WriteLine(Otherwise);
        int width = chain.IsEmpty ? 0 : Moment(chain[0].Decision.Time).Length + 2;
        foreach (var link in Links())
        {
            writer.WriteWrapped(link.Time is { } time ? Moment(time) + "  " : new string(' ', width), link.Text);
            if (link.Ground.Length > 0)
                writer.WriteWrapped(new string(' ', width), link.Ground, ReportRole.Aside);
        }

        foreach (string hint in Hints)
            writer.WriteWrapped("→ ", hint);
    }

    /// <summary>The links in words, the last one first.</summary>
    internal IEnumerable<WhyLink> Links()
    {
        for (int i = 0; i < chain.Length; i++)
        {
            var link = chain[i];
            var decision = link.Decision;
            string text = i == 0 ? history.Describe(link) : $"← ({How(chain[i - 1].Decision.Cause.Kind)}) {history.Describe(link)}";
            if (decision.Tries > 1)
                text += string.Create(CultureInfo.InvariantCulture, $" Try {decision.Try} of {decision.Tries}.");
            yield return new WhyLink(decision.Time, text, $"{link.Host}, {decision.Rule.Id}, {decision.Rule.Basis.Word()}: {decision.Rule.Source}{Frames(link)}");
        }

        if (chain is [.., { Frame: not 0, Decision.Cause.Kind: DecisionCauseKind.Datagram } last])
        {
            yield return new WhyLink(null, string.Create(
                CultureInfo.InvariantCulture, $"← (by a datagram) Frame {last.Frame}, from {last.Decision.Peer.Address}: no node stands in that would have sent it."), "");
        }
    }

    /// <summary>Writes it as NDJSON, a decision a line.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var link in chain)
            ndjson.WriteDecision(link.Number, link.Host, link.Decision, link.Frame, link.SentFrame);
    }

    /// <summary>That nothing was decided about a name; who left its suffix out sees with which ones it would be.</summary>
    private static string NothingAbout(DecisionHistory history, string host, NetBiosName name, Instant? until)
    {
        var alike = history.Entries.Where(entry => entry.Host == host).Select(entry => entry.Decision.Name).Distinct()
            .Where(other => other.WithSuffix(name.Suffix) == name && !history.Why(host, other, until).IsEmpty).Order().ToList();
        return $"{host} decides nothing about {name}{(alike.Count == 0 ? "" : $", but it does about {string.Join(", ", alike)}")}.";
    }

    /// <summary>How the link led to the one printed before it.</summary>
    private static string How(DecisionCauseKind kind) => kind switch
    {
        DecisionCauseKind.Datagram => "by its datagram",
        DecisionCauseKind.Message => "by its message",
        DecisionCauseKind.Timer => "when its time ran out",
        DecisionCauseKind.Lifetime => "when the name's time came",
        DecisionCauseKind.Command => "as told",
        _ => "at once",
    };

    /// <summary>What of the capture shows it. What a captured host was told to do no capture shows: that is concluded from what it sent.</summary>
    private static string Frames(HistoryEntry link)
    {
        string sent = link.SentFrame == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"sends frame {link.SentFrame}");
        if (link.Frame == 0 || (link.Frame == link.SentFrame && link.Decision.Cause.Kind != DecisionCauseKind.None))
            return sent.Length == 0 ? "" : $"; {sent}";
        string seen = string.Create(CultureInfo.InvariantCulture, $"frame {link.Frame}");
        return link.Decision.Cause.Kind switch
        {
            DecisionCauseKind.None => $"; inferred from {seen}",
            DecisionCauseKind.Datagram => sent.Length == 0 ? $"; {seen}" : $"; {seen}, {sent}",
            _ => sent.Length == 0 ? "" : $"; {sent}",
        };
    }
}
