using System.Globalization;
using NbnsSim.Audit;
using NbnsSim.Reports.Pictures;

namespace NbnsSim.Reports;

/// <summary>An audit as one HTML page that needs nothing else: the answer, a table of names and clients, the proofs, the predicted load and what the capture does not tell.</summary>
internal static class AuditPage
{
    private const int MaxCases = 500;

    public static void Write(TextWriter output, string title, WinsAuditVerdict verdict, WallClock clock)
    {
        using var page = PageWriter.Html(output);
        HtmlPage.Begin(page, $"{title}: may the name server be switched off?");
        page.Open("body").Open("main").Element("h1", "May the name server be switched off?").Element("p", verdict.Sentence);
        if (!verdict.Dependencies.IsEmpty)
            Questions(page, verdict);
        if (!verdict.Registrants.IsEmpty)
            Registrants(page, verdict);
        Proofs(page, verdict);
        if (!verdict.LmHosts.IsEmpty)
        {
            Begin(page, "lmhosts", "LMHOSTS for what breaks").Open("div", Scroll("Lines for LMHOSTS")).Open("pre").Open("code");
            foreach (string line in verdict.LmHosts)
                page.Text(line).Break();
            page.Close().Close().Close().Close();
        }

        if (!verdict.Roles.IsEmpty)
            List(page, "roles", "Domains and the browser", verdict.Roles.Select(AuditText.Describe));
        Load(page, verdict, clock);
        List(page, "gaps", "What the capture does not tell", verdict.Gaps.Select(gap => (gap.PreventsYes ? "Against a yes: " : "") + AuditText.Describe(gap)));
        Begin(page, "looked", "What was looked at").Element("p", title)
            .Element("p", $"{AuditText.Count(verdict.Datagrams, "name service packet")}{AuditText.Span(verdict, clock)}. {verdict.Vantage}")
            .Element("p", "The question is what happens when the name server is off and nothing else is changed. No capture shows what machines have in LMHOSTS files.").Close();
        page.Close().Close().Close();
    }

    private static void Questions(PageWriter page, WinsAuditVerdict verdict)
    {
        Begin(page, "questions", "Names and clients");
        Table(page, "Names and clients", "Name", "Client", "Without the name server", "Given", "Why", "Frames");
        foreach (var one in verdict.Dependencies.Take(MaxCases))
        {
            page.Open("tr").Element("th", one.Name.ToString(), "scope", "row").Element("td", AuditText.Who(one.Client, one.ClientName));
            Outcome(page, one.Outcome);
            page.Element("td", one.Given.IsEmpty ? "nothing" : string.Join(", ", one.Given)).Element("td", string.Join(" ", one.Grounds.Select(ground => ground.Text))).Element("td", AuditText.Frames(one.Frames)).Close();
        }

        page.Close().Close().Close();
        More(page, verdict.Dependencies.Length);
        page.Close();
    }

    private static void Registrants(PageWriter page, WinsAuditVerdict verdict)
    {
        Begin(page, "registrants", "Who registers with the name server");
        Table(page, "Who registers with the name server", "Machine", "Names", "Without the name server", "Why", "Frames");
        foreach (var one in verdict.Registrants.Take(MaxCases))
        {
            page.Open("tr").Element("th", AuditText.Who(one.Address, one.ComputerName), "scope", "row").Element("td", string.Join(", ", one.Names));
            Outcome(page, one.Outcome);
            page.Element("td", string.Join(" ", one.Grounds.Select(ground => ground.Text))).Element("td", AuditText.Frames(one.Frames)).Close();
        }

        page.Close().Close().Close();
        More(page, verdict.Registrants.Length);
        page.Close();
    }

    private static void Proofs(PageWriter page, WinsAuditVerdict verdict)
    {
        var open = verdict.Dependencies.Where(one => one.Outcome is AuditOutcome.Breaks or AuditOutcome.CannotTell).Take(MaxCases).ToList();
        var machines = verdict.Registrants.Where(one => one.Outcome is AuditOutcome.Breaks or AuditOutcome.CannotTell).Take(MaxCases).ToList();
        if (open.Count + machines.Count == 0)
            return;
        Begin(page, "proofs", "What breaks or is open: proofs, and what to do instead");
        foreach (var one in open)
            Proof(page, AuditText.Describe(one), one.Outcome, one.Grounds, one.Replacements, one.Frames);
        foreach (var one in machines)
            Proof(page, AuditText.Describe(one), one.Outcome, one.Grounds, one.Replacements, one.Frames);
        page.Close();
    }

    private static void Proof(
        PageWriter page, string what, AuditOutcome outcome, IReadOnlyList<AuditGround> grounds, IReadOnlyList<AuditReplacement> replacements, IReadOnlyList<long> frames)
    {
        page.Open("details").Element("summary", what).Open("dl");
        page.Element("dt", "Outcome").Element("dd", VerdictText.Capital(AuditText.Word(outcome)));
        foreach (var ground in grounds)
            page.Element("dt", "Because").Element("dd", AuditText.Describe(ground));
        foreach (var one in replacements)
        {
            page.Element("dt", "Instead").Open("dd").Text(AuditText.Describe(one));
            foreach (string line in one.Lines)
                page.Void("br").Element("code", line);
            page.Close();
        }

        page.Element("dt", "In Wireshark").Open("dd").Element("code", FrameRanges.Filter(frames)).Close().Close().Close();
    }

    private static void Load(PageWriter page, WinsAuditVerdict verdict, WallClock clock)
    {
        if (verdict.Segments.IsEmpty)
            return;
        Begin(page, "load", "Broadcasts, if all clients were B nodes");
        Table(page, "Predicted broadcasts", "Segment", "Clients", "Found at once", "Not found", "Registrations", "Releases", "Packets a second", "Octets a second", "Broadcasts now");
        foreach (var one in verdict.Segments.Take(MaxCases))
        {
            page.Open("tr").Element("th", AuditText.Place(one), "scope", "row");
            foreach (long number in (long[])[one.Clients, one.FoundAtOnce, one.NotFound, one.Registrations, one.Releases])
                page.Element("td", number.ToString("N0", CultureInfo.InvariantCulture));
            page.Element("td", AuditText.Rate(one.PacketsPerSecond)).Element("td", AuditText.Rate(one.OctetsPerSecond)).Element("td", one.SeenNow.ToString("N0", CultureInfo.InvariantCulture)).Close();
        }

        page.Close().Close().Close();
        if (verdict.BusiestMinutePackets > 0)
        {
            page.Element("p", $"Busiest minute, {clock.At(verdict.BusiestMinute).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} {clock.Zone(verdict.BusiestMinute)}: at most {AuditText.Count(verdict.BusiestMinutePackets, "packet")} in all segments together.");
        }

        foreach (var rule in verdict.LoadRules)
            page.Element("p", $"{rule.Sentence} ({rule.Basis.Word()}: {rule.Source})");
        page.Close();
    }

    private static void List(PageWriter page, string id, string heading, IEnumerable<string> texts)
    {
        Begin(page, id, heading).Open("ul");
        foreach (string text in texts.Take(MaxCases))
            page.Element("li", text);
        page.Close().Close();
    }

    private static PageWriter Begin(PageWriter page, string id, string heading) => page.Open("section", "aria-labelledby", id).Element("h2", heading, "id", id);

    private static void Table(PageWriter page, string label, params ReadOnlySpan<string> heads)
    {
        page.Open("div", Scroll(label)).Open("table").Open("thead").Open("tr");
        foreach (string head in heads)
            page.Element("th", head, "scope", "col");
        page.Close().Close().Open("tbody");
    }

    private static void Outcome(PageWriter page, AuditOutcome outcome)
    {
        if (outcome == AuditOutcome.Breaks)
            page.Element("td", AuditText.Word(outcome), "class", "harm");
        else
            page.Element("td", AuditText.Word(outcome));
    }

    private static void More(PageWriter page, int count)
    {
        if (count > MaxCases)
            page.Element("p", $"{AuditText.Count(count, "row")} in all; the CSV has them.");
    }

    private static string[] Scroll(string label) => ["class", "scroll", "tabindex", "0", "role", "region", "aria-label", label];
}
