using System.Globalization;
using NbnsSim.Messages;

namespace NbnsSim.Reports.Pictures;

/// <summary>The drawing of a page, and each of its lines in words, with rules, clauses, frames and octets.</summary>
internal static class HtmlWire
{
    private const int MaxOctets = 1_024;
    private const int MaxPackets = 4;

    public static void Write(PageWriter page, PictureContent picture, LadderDrawing drawing, string title, string prefix, Instant? parts = null)
    {
        if (drawing.Lines.Count == 0)
            return;
        page.Open("section", "aria-labelledby", prefix + "-title").Element("h2", title, "id", prefix + "-title");
        Draw(page, picture, drawing, title, prefix, parts: parts);
        page.Close();
    }

    public static void Draw(PageWriter page, PictureContent picture, LadderDrawing drawing, string title, string prefix, string others = "The other lines, with rules and octets", Instant? parts = null)
    {
        if (drawing.Lines.Count == 0)
            return;
        page.Open("div", "class", "wire").Open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", $"Drawing: {title}");
        LadderSvg.Write(page, drawing, picture.Clock, prefix, title, time => HtmlNames.MomentOf(picture.Names, time), parts: parts);
        page.Close().Open("div", "class", "panel", "tabindex", "0", "role", "region", "aria-label", $"The line that is pointed at: {title}")
            .Element("p", "Point at an arrow, or go to one with Tab and on with the arrow keys: here are its rules, clauses, frames and octets.", "class", "aside").Close().Close();
        foreach (string left in drawing.LeftOut)
            page.Element("p", left, "class", "aside");
        List(page, picture, drawing, prefix, isEvidence: true, "What proves it, line by line, with rules and octets");
        List(page, picture, drawing, prefix, isEvidence: false, others);
    }

    private static void List(PageWriter page, PictureContent picture, LadderDrawing drawing, string prefix, bool isEvidence, string summary)
    {
        if (!drawing.Lines.Any(line => line.Row?.IsEvidence == isEvidence))
            return;
        page.Open("details", "class", isEvidence ? "proof" : "rest")
            .Element("summary", summary).Open("ol", "class", "packets");
        for (int i = 0; i < drawing.Lines.Count; i++)
        {
            if (drawing.Lines[i] is { Row: { } row } line && row.IsEvidence == isEvidence)
                Item(page, picture, drawing, line, row, prefix + HtmlPage.Text(i));
        }

        page.Close().Close();
    }

    private static void Item(PageWriter page, PictureContent picture, LadderDrawing drawing, LadderLine line, LadderRow row, string id)
    {
        page.Open("li", "id", id).Open("p").Element("b", row.Label).Close()
            .Element("p", $"{picture.Clock.Full(row.Step.Time)}{Frames(picture, row)}: {LineWords.Parties(drawing, row)}", "class", "aside");
        if (line.Grounds.Count > 0)
        {
            page.Open("ul", "class", "rules");
            foreach (var ground in line.Grounds)
            {
                page.Open("li").Text(ground.Text).Text(" ").Open("small").Text($"{ground.Rule.Id}, {ground.Rule.Basis.Word()}: {ground.Rule.Source}.");
                if (row.IsEvidence && !ground.Text.EndsWith(ground.Rule.Sentence, StringComparison.Ordinal))
                    page.Text(" " + ground.Rule.Sentence);
                page.Close().Close();
            }

            page.Close();
        }

        foreach (var packet in row.Packets.DistinctBy(packet => Convert.ToHexString(packet.Octets), StringComparer.Ordinal).Take(MaxPackets))
        {
            page.Element("p", $"{NbnsDescription.Describe(packet.Octets)}, from {packet.Source} to {packet.Destination}")
                .Open("p").Element("code", Hex(packet.Octets)).Close();
        }

        page.Close();
    }

    /// <summary>The frames of a line; of several captures as one, with the capture of the first.</summary>
    private static string Frames(PictureContent picture, LadderRow row)
    {
        if (LineWords.Frames(row) is not { Length: > 0 } frames)
            return "";
        return picture.Places?.TryGetValue(row.Packets.First(packet => packet.Frame > 0).Frame, out var place) == true
            ? string.Create(CultureInfo.InvariantCulture, $", datagram {frames[1..]} (frame {place.Frame} of {place.Capture})")
            : $", frame {frames[1..]}";
    }

    private static string Hex(byte[] octets) => string.Join(' ', octets.Take(MaxOctets).Chunk(4).Select(Convert.ToHexStringLower)) + (octets.Length > MaxOctets ? " …" : "");
}
