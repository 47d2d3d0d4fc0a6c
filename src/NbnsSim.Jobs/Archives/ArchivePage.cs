using System.Globalization;
using NbnsSim.Files;
using NbnsSim.Reports;
using NbnsSim.Reports.Pictures;

namespace NbnsSim.Jobs.Archives;

/// <summary>
/// The page of an archive: the verdict with its frames drawn, as <c>nbnssim diagnose --html</c> has it, and which captures it is of. It has at most <see cref="MostCharacters"/> characters, whatever the
/// archive is.
/// </summary>
internal static class ArchivePage
{
    public const string Name = "report.html";

    public const int MostCharacters = 4 << 20;

    private const int MostCaptures = 200;
    private const int LongestPath = 160;
    private const int LongestRemark = 400;

    /// <summary>Draws what the diagnosis shows.</summary>
    /// <param name="report">The diagnosis, complete.</param>
    /// <param name="captures">The captures.</param>
    /// <param name="archive">All captures as one, from their beginning: those datagrams that are shown are looked up.</param>
    /// <param name="stop">Ends it.</param>
    public static Picture Draw(DiagnosisReport report, IReadOnlyList<ArchiveCapture> captures, ArchiveReader archive, CancellationToken stop)
    {
        var drawn = report.Draw();
        while (!drawn.IsComplete && archive.TryRead(out var record, out var facts))
        {
            if ((archive.Datagrams & 0xFFF) == 0)
                stop.ThrowIfCancellationRequested();
            drawn.Add(facts, new FramePlace(End(captures[archive.Capture].State.File.Path, LongestPath), record.Frame));
        }

        return drawn.Draw();
    }

    /// <summary>Writes it.</summary>
    /// <param name="picture">The drawing.</param>
    /// <param name="captures">The captures, with what was read of them.</param>
    /// <param name="audit">What the audit came to; null where there was none.</param>
    /// <param name="folder">Where it goes.</param>
    public static void Write(Picture picture, IReadOnlyList<ArchiveCapture> captures, ArchiveAuditSummary? audit, string folder)
    {
        if (audit is not null)
            picture = picture.With(Of(audit));
        picture = picture.With(Of(captures));
        OutputStream.WriteText(Path.Combine(folder, Name), output => picture.WriteHtml(output, MostCharacters));
    }

    private static PictureTable Of(ArchiveAuditSummary audit) => new(
        "May the name server be switched off?", ["What becomes of it without one", "Questions and registrations"],
        [["breaks", Number(audit.Breaks)], ["cannot be told", Number(audit.CannotTell)], ["goes on by broadcast", Number(audit.GoesOn)], ["gets no worse", Number(audit.NoWorse)]],
        $"{audit.Sentence} The file {ArchiveAudit.TextName} has the rest.");

    /// <summary>The captures; of more than there is room for, first those of which there is something to say.</summary>
    private static PictureTable Of(IReadOnlyList<ArchiveCapture> captures)
    {
        var shown = captures.Count <= MostCaptures ? captures : [.. captures.OrderBy(capture => !capture.Remarks().Any() && capture.Clock.IsNone).Take(MostCaptures).OrderBy(capture => capture.Index)];
        return new PictureTable(
            "Captures", ["Capture", "Octets", "Frames", "Name service datagrams", "From", "To", "Clock", "What could not be read, and why"],
            [.. shown.Select(RowOf)],
            string.Create(CultureInfo.InvariantCulture, $"{(shown.Count < captures.Count ? $"{shown.Count:N0} of {captures.Count:N0} captures are shown, first those of which there is something to say. " : "")}The table captures has all of them, with SHA-256 and nanoseconds; frames of the drawings are numbers of the table datagrams."));
    }

    private static string[] RowOf(ArchiveCapture capture) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{capture.Index + 1}. {End(capture.State.File.Path, LongestPath)}"),
        Number(capture.State.Octets),
        Number(capture.Frames),
        Number(capture.Datagrams),
        Time(capture.Datagrams > 0 ? capture.FirstTime : null),
        Time(capture.Datagrams > 0 ? capture.LastTime : null),
        ClockOf(capture),
        capture.SameAs is { } same ? string.Create(CultureInfo.InvariantCulture, $"The same content as capture {same.Index + 1}, which counts.") : Beginning(string.Join(' ', capture.Remarks()), LongestRemark),
    ];

    private static string ClockOf(ArchiveCapture capture)
    {
        if (capture.Group is null)
            return capture.Records > 0 ? "its own" : "";
        if (capture.Clock.IsNone)
            return "as others have it";
        string ahead = Ahead(capture.OffsetAtFirst);
        return capture.OffsetAtLast == capture.OffsetAtFirst ? ahead : $"{ahead}, at its end {Ahead(capture.OffsetAtLast)}";
    }

    private static string Ahead(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(nanoseconds / 1e9):N3} s {(nanoseconds < 0 ? "behind" : "ahead")}");

    private static string Time(long? nanoseconds) =>
        nanoseconds is { } time ? WallClock.Utc.At(new Instant(time)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string End(string text, int most) => text.Length <= most ? text : $"…{text[^most..]}";

    private static string Beginning(string text, int most) => text.Length <= most ? text : $"{text[..most]}…";
}
