using System.Globalization;
using NbnsSim.Diagnosis;

namespace NbnsSim.Reports.Pictures;

/// <summary>The incidents of a page: each with its verdict, what it is not, and the filter that shows its frames.</summary>
internal static class HtmlIncidents
{
    private const int MaxIncidents = 50;
    private const int MaxCaptures = 4;

    public static void Write(PageWriter page, PictureContent picture)
    {
        for (int i = 0; i < picture.Incidents.Count && i < MaxIncidents; i++)
            Write(page, picture, picture.Incidents[i], i);
        if (picture.Incidents.Count > MaxIncidents)
            page.Element("p", string.Create(CultureInfo.InvariantCulture, $"{picture.Incidents.Count - MaxIncidents:N0} more incidents are left out here."));
    }

    private static void Write(PageWriter page, PictureContent picture, Incident incident, int index)
    {
        string id = $"i{HtmlPage.Text(index)}";
        page.Open("section", "aria-labelledby", id).Open("h2", "id", id).Text(VerdictText.Capital(incident.Cause.Title))
            .Open("span", "class", incident.Cause.Harm is Harm.Service or Harm.Security ? "how harm" : "how").Text($" ({VerdictText.Word(incident)})").Close().Close().Open("dl");
        foreach (var (head, text) in VerdictText.Lines(incident, picture.Clock.Span(incident.Since, incident.Until), picture.Dialect, int.MaxValue))
            page.Element("dt", head).Element("dd", text);
        page.Element("dt", "In Wireshark").Open("dd");
        if (picture.Places is not null)
            Places(page, picture.Places, incident);
        else
            HtmlPage.Filter(page, FrameRanges.Filter(incident.Frames));
        if (picture.FilterNote.Length > 0)
            page.Element("small", picture.FilterNote);
        page.Close().Close();
        if (index < picture.IncidentLadders.Count && incident.Frames.Length > CapturePicture.MaxDrawnFrames)
            page.Element("p", string.Create(CultureInfo.InvariantCulture, $"The first {CapturePicture.MaxDrawnFrames} of {incident.Frames.Length:N0} frames are drawn."), "class", "aside");
        if (index < picture.IncidentLadders.Count)
            HtmlWire.Draw(page, picture, picture.IncidentLadders[index], incident.Cause.Title, $"i{HtmlPage.Text(index)}r");
        page.Close();
    }

    /// <summary>A filter for each capture, as far as it is known where frames are.</summary>
    private static void Places(PageWriter page, IReadOnlyDictionary<long, FramePlace> places, Incident incident)
    {
        var captures = incident.Frames.Where(places.ContainsKey).Select(frame => places[frame]).GroupBy(place => place.Capture, StringComparer.Ordinal).ToList();
        foreach (var capture in captures.Take(MaxCaptures))
        {
            page.Element("small", capture.Key);
            HtmlPage.Filter(page, FrameRanges.Filter([.. capture.Select(place => place.Frame).Order()]));
        }

        int shown = captures.Take(MaxCaptures).Sum(capture => capture.Count());
        if (shown < incident.Frames.Length)
            page.Element("small", string.Create(CultureInfo.InvariantCulture, $"{shown:N0} of {incident.Frames.Length:N0} frames; the table of incidents has all."));
    }
}
