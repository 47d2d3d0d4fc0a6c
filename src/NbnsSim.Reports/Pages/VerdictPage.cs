using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Messages;
using NbnsSim.Protocol;

namespace NbnsSim.Reports;

/// <summary>
/// A verdict as one HTML file that needs nothing else: what a capture comes to, and for each incident who, what, how sure, how bad, what to do, what it is not, the
/// frames drawn as a ladder and listed with their octets, and a filter for Wireshark. <see cref="Add"/> the datagrams of a second reading, then
/// <see cref="Write"/>.
/// </summary>
public sealed class VerdictPage
{
    private const int MaxIncidents = 50;
    private const int MaxDrawn = 64; // frames of an incident; its filter has all

    internal const string Css =
        """
        :root{color-scheme:light dark;--ink:#1b1f24;--dim:#57606a;--line:#8c959f;--paper:#fff;--box:#f6f8fa;--mark:#0b5cad;--all:#8a4600;--bad:#a40e26}
        @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9da7b3;--line:#6e7681;--paper:#0d1117;--box:#161b22;--mark:#6cb6ff;--all:#f0a35e;--bad:#ff8b96}}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        main{max-width:60rem;margin:0 auto;padding:1rem}
        h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.2rem;margin:0 0 .5rem}
        section{background:var(--box);border:1px solid var(--line);border-radius:6px;padding:1rem;margin:1rem 0}
        dl{display:grid;grid-template-columns:8rem 1fr;gap:.3rem .8rem;margin:0 0 1rem}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
        @media(max-width:30rem){dl{grid-template-columns:1fr}dt{margin-top:.4rem}}
        .harm-Service,.harm-Security{color:var(--bad)}
        .scroll{overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:4px}
        svg text{fill:var(--ink);font:12px system-ui,sans-serif}
        svg .head{text-anchor:middle;font-weight:600;font-size:14px}svg .sub{text-anchor:middle;fill:var(--dim)}svg .time{fill:var(--dim)}svg .label{text-anchor:middle}
        svg .lane{stroke:var(--line)}svg .lane.all{stroke-dasharray:4 4}
        svg .arrow line{stroke:var(--mark);stroke-width:2}svg .arrow path{fill:var(--mark)}svg .arrow.all line{stroke:var(--all)}svg .arrow.all path{fill:var(--all)}
        svg .arrow:focus line,svg .arrow:hover line{stroke-width:4}
        table{border-collapse:collapse;font-size:.85rem;width:100%}th,td{text-align:left;padding:.2rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}
        code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}summary{cursor:pointer;padding:.3rem 0}
        @media print{@page{size:A4;margin:15mm}body{font-size:11pt}section{break-inside:avoid}.scroll{overflow:visible}svg{max-width:100%;height:auto}details{display:block}}
        """;

    private readonly Dictionary<long, EvidenceFrame?> _frames;
    private readonly string _title;
    private readonly Verdict _verdict;
    private readonly NetBtDialect? _dialect;
    private readonly WallClock _clock;
    private int _missing;

    /// <summary>Prepares a page.</summary>
    /// <param name="title">What the capture is called.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="dialect">What the machines behave like, for the events that they log; null for every preset.</param>
    /// <param name="clock">How times are printed; null for UTC.</param>
    public VerdictPage(string title, Verdict verdict, NetBtDialect? dialect = null, WallClock? clock = null)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(verdict);
        (_title, _verdict, _dialect, _clock) = (title, verdict, dialect, clock ?? WallClock.Utc);
        _frames = verdict.Incidents.Take(MaxIncidents).SelectMany(incident => incident.Frames.Take(MaxDrawn)).Distinct().ToDictionary(frame => frame, _ => (EvidenceFrame?)null);
        _missing = _frames.Count;
    }

    /// <summary>Whether it has every frame that it shows, so that the second reading can end.</summary>
    public bool IsComplete => _missing == 0;

    /// <summary>Takes a datagram of the capture's second reading in; only those that prove something are kept.</summary>
    /// <param name="datagram">The datagram.</param>
    public void Add(in CapturedDatagram datagram)
    {
        if (datagram.IsIpv6 || !_frames.TryGetValue(datagram.FrameNumber, out var known) || known is not null)
            return;
        var (_, verb, subject, _) = PacketWords.Describe(datagram.Payload);
        _missing--;
        _frames[datagram.FrameNumber] = new EvidenceFrame(
            datagram.FrameNumber, datagram.Time, datagram.Source.Address, datagram.Destination.Address, Replay.CaptureFile.IsBroadcast(datagram),
            NbnsDescription.Describe(datagram.Payload), $"{verb} {subject}", Convert.ToHexStringLower(datagram.Payload));
    }

    /// <summary>Writes the page.</summary>
    /// <param name="output">Where to; it stays open.</param>
    public void Write(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var page = new PageWriter(output);
        page.Open("html", "lang", "en").Open("head")
            .Void("meta", "charset", "utf-8").Void("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
            .Element("title", $"{_title}: verdict").Style(Css).Close();
        page.Open("body").Open("main").Element("h1", "Verdict").Element("p", VerdictText.Sentence(_verdict, null));
        int number = 0;
        foreach (var incident in _verdict.Incidents.Take(MaxIncidents))
            Section(page, incident, ++number);
        if (_verdict.Incidents.Length > MaxIncidents)
            page.Element("p", $"{(_verdict.Incidents.Length - MaxIncidents).ToString(CultureInfo.InvariantCulture)} more are left out here.");
        page.Open("section").Element("h2", "What was looked at").Element("p", _title)
            .Element("p", $"{_verdict.Hosts.ToString(CultureInfo.InvariantCulture)} addresses, {_verdict.Names.ToString(CultureInfo.InvariantCulture)} names. {_verdict.Vantage}")
            .Element("p", "What was sent is taken as received: a capture does not show what was lost behind it.").Close();
        page.Close().Close().Close();
    }

    private void Section(PageWriter page, Incident incident, int number)
    {
        string id = $"i{number.ToString(CultureInfo.InvariantCulture)}";
        page.Open("section", "aria-labelledby", id).Element("h2", VerdictText.Capital(incident.Cause.Title), "id", id).Open("dl");
        Line("How sure", VerdictText.Word(incident), $"harm-{incident.Cause.Harm}");
        if (!incident.Names.IsEmpty)
            Line("Names", string.Join(", ", incident.Names));
        if (!incident.Parties.IsEmpty)
            Line("Machines", string.Join(", ", incident.Parties.Select(VerdictText.Describe)));
        Line("When", $"{Day(incident.Since)} {Moment(incident.Since)}{(incident.Until > incident.Since ? $" to {(Day(incident.Until) == Day(incident.Since) ? "" : Day(incident.Until) + " ")}{Moment(incident.Until)}" : "")} {_clock.Zone(incident.Since)}");
        Line("What", incident.Cause.Meaning);
        Line("Shown by", string.Join(" ", incident.Grounds.Select(VerdictText.Sentence)));
        foreach (string logged in VerdictText.Events(incident, _dialect))
            Line("Event", logged);
        if (!incident.Unknown.IsEmpty)
            Line("Not known", string.Join("; ", incident.Unknown) + ".");
        if (!incident.RuledOut.IsEmpty)
            Line("It is not", string.Join("; ", incident.RuledOut.Select(other => $"{other.Cause.Id} ({other.Because})")) + ".");
        Line("To do", incident.Cause.Advice);
        if (incident.Cause.Source.Length > 0)
            Line("Source", incident.Cause.Source);
        page.Element("dt", "In Wireshark").Open("dd").Element("code", FrameRanges.Filter(incident.Frames)).Close().Close();

        var frames = incident.Frames.Take(MaxDrawn).Select(frame => _frames.GetValueOrDefault(frame)).OfType<EvidenceFrame>().ToList();
        if (incident.Frames.Length > MaxDrawn)
            page.Element("p", string.Create(CultureInfo.InvariantCulture, $"The first {MaxDrawn} of {incident.Frames.Length:N0} frames are drawn."));
        if (frames.Count > 0)
        {
            EvidenceLadder.Write(page, id + "-drawing", incident.Cause.Title, frames, NameOf, Moment);
            page.Open("details").Element("summary", "The frames and their octets").Open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Frames").Open("table").Open("thead").Open("tr");
            foreach (string head in (string[])["Frame", "Time", "From", "To", "What", "Octets"])
                page.Element("th", head, "scope", "col");
            page.Close().Close().Open("tbody");
            foreach (var frame in frames)
            {
                page.Open("tr").Element("td", frame.Number.ToString(CultureInfo.InvariantCulture)).Element("td", Moment(frame.Time)).Element("td", frame.Source.ToString())
                    .Element("td", frame.IsBroadcast ? "everybody" : frame.Destination.ToString()).Element("td", frame.Description).Open("td").Element("code", frame.Octets).Close().Close();
            }

            page.Close().Close().Close().Close();
        }

        page.Close();

        void Line(string head, string text, string kind = "")
        {
            page.Element("dt", head);
            if (kind.Length > 0)
                page.Element("dd", text, "class", kind);
            else
                page.Element("dd", text);
        }

        string? NameOf(Ipv4Address address) => incident.Parties.FirstOrDefault(party => party.Address == address)?.ComputerName;
    }

    private string Day(Instant time) => _clock.At(time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Moment(Instant time) => _clock.At(time).ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
