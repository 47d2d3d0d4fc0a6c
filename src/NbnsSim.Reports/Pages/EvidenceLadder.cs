using System.Globalization;

namespace NbnsSim.Reports;

/// <summary>
/// The frames behind an incident as a drawing: a lane for each machine and one for everybody, an arrow for each frame. The drawing says in words what it shows, and
/// each arrow can be reached by keyboard and has its description and octets as its title.
/// </summary>
internal static class EvidenceLadder
{
    private const int MaxLanes = 8;
    private const int Top = 52;
    private const int Row = 40;
    private const int Lane = 250;
    private const int Margin = 150;

    public static void Write(PageWriter page, string id, string what, IReadOnlyList<EvidenceFrame> frames, Func<Ipv4Address, string?> nameOf, Func<Instant, string> moment)
    {
        var lanes = new List<Ipv4Address>();
        foreach (var frame in frames)
        {
            Add(frame.Source);
            if (!frame.IsBroadcast)
                Add(frame.Destination);
        }

        int everybody = frames.Any(frame => frame.IsBroadcast) ? lanes.Count : -1;
        int count = lanes.Count + (everybody >= 0 ? 1 : 0);
        int width = Margin + (Lane * count);
        int height = Top + (Row * frames.Count) + 16;
        page.Open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", $"Drawing of {what}")
            .Open("svg", "role", "group", "aria-labelledby", id, "viewBox", $"0 0 {Text(width)} {Text(height)}", "width", Text(width), "height", Text(height))
            .Element("title", $"{frames.Count.ToString(CultureInfo.InvariantCulture)} frames between {count.ToString(CultureInfo.InvariantCulture)} lanes: {what}", "id", id);
        for (int i = 0; i < count; i++)
        {
            string x = PageWriter.Number(X(i));
            page.Void("line", "x1", x, "y1", "44", "x2", x, "y2", Text(height - 8), "class", i == everybody ? "lane all" : "lane");
            page.Element("text", i == everybody ? "everybody" : nameOf(lanes[i]) ?? lanes[i].ToString(), "x", x, "y", "18", "class", "head");
            if (i != everybody && nameOf(lanes[i]) is not null)
                page.Element("text", lanes[i].ToString(), "x", x, "y", "36", "class", "sub");
        }

        for (int i = 0; i < frames.Count; i++)
        {
            var frame = frames[i];
            int from = lanes.IndexOf(frame.Source);
            int to = frame.IsBroadcast ? everybody : lanes.IndexOf(frame.Destination);
            if (from < 0 || to < 0)
                continue;
            int y = Top + (Row * i) + 26;
            double start = X(from);
            double end = X(to) + (to > from ? -4 : 4);
            page.Open("g", "class", frame.IsBroadcast ? "arrow all" : "arrow", "tabindex", "0", "role", "img", "aria-label", $"Frame {Text(frame.Number)}, {moment(frame.Time)}: {frame.Description}, from {frame.Source} to {(frame.IsBroadcast ? "everybody" : frame.Destination)}")
                .Element("title", $"Frame {Text(frame.Number)}: {frame.Description}\n{frame.Octets}")
                .Element("text", $"{moment(frame.Time)}  #{Text(frame.Number)}", "x", "4", "y", Text(y + 4), "class", "time")
                .Void("line", "x1", PageWriter.Number(start), "y1", Text(y), "x2", PageWriter.Number(end), "y2", Text(y))
                .Void("path", "d", to > from ? $"M {PageWriter.Number(end - 8)} {Text(y - 5)} l 9 5 l -9 5 z" : $"M {PageWriter.Number(end + 8)} {Text(y - 5)} l -9 5 l 9 5 z")
                .Element("text", frame.Words, "x", PageWriter.Number((start + end) / 2), "y", Text(y - 7), "class", "label")
                .Close();
        }

        page.Close().Close();

        void Add(Ipv4Address address)
        {
            if (!lanes.Contains(address) && lanes.Count < MaxLanes)
                lanes.Add(address);
        }
    }

    private static double X(int lane) => Margin + (Lane * lane) + (Lane / 2.0);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
