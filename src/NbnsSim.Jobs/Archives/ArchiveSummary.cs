using System.Globalization;
using System.Text.Json;
using NbnsSim.Reports;

namespace NbnsSim.Jobs.Archives;

/// <summary>What an archive came to, in numbers: the summary of its job, as JSON.</summary>
internal sealed record ArchiveSummary
{
    public const int MostNamed = 1_000;

    private const int MostShown = 20;

    /// <summary>How many inputs there are.</summary>
    public int Captures { get; init; }

    /// <summary>How many of them have the content of one before them, which counts once.</summary>
    public int SameContent { get; init; }

    /// <summary>How many are no captures, such as a text among them.</summary>
    public int NoCaptures { get; init; }

    /// <summary>How many have damaged places.</summary>
    public int Damaged { get; init; }

    /// <summary>How many octets the inputs had when they were listed, and how many of them belong to shards that were done: the same number where all were.</summary>
    public long Octets { get; init; }

    public long OctetsDone { get; init; }

    public long Frames { get; init; }

    /// <summary>How many records the shards said that they wrote, and how many were read: always the same number.</summary>
    public long RecordsWritten { get; init; }

    public long RecordsRead { get; init; }

    public long Datagrams { get; init; }

    public long RepeatedSightings { get; init; }

    public long LostFragmentedDatagrams { get; init; }

    public long QuotedDatagrams { get; init; }

    public long EncryptedFrames { get; init; }

    /// <summary>How many captures have clocks that were put right by the datagrams that they share with others.</summary>
    public int ClocksPutRight { get; init; }

    /// <summary>How many captures ran at the time of others with which they share too few datagrams to compare clocks: in what order things happened there and here rests on the clocks.</summary>
    public int ClocksNotCompared { get; init; }

    public int Incidents { get; init; }

    public int Findings { get; init; }

    public int Holdings { get; init; }

    /// <summary>What the diagnosis comes to, in a sentence.</summary>
    public string Headline { get; init; } = "";

    /// <summary>Whether the name server may be switched off; null where that was not asked.</summary>
    public ArchiveAuditSummary? Audit { get; init; }

    /// <summary>The inputs of which something was not analysed, at most <see cref="MostNamed"/> of them, and how many there are.</summary>
    public IReadOnlyList<NotAnalysed> NotAnalysed { get; init; } = [];

    public int NotAnalysedInAll { get; init; }

    /// <summary>Reads what a job returned.</summary>
    /// <param name="summary">The JSON.</param>
    public static ArchiveSummary Of(JsonElement summary) => ArchiveJson.Read(summary.GetRawText(), ArchiveJson.Default.ArchiveSummary);

    /// <summary>Writes it as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        writer.WriteLine(Line($"{Count(Captures, "file")} as one, as seen on the wire"), ReportRole.Title);
        writer.WriteHeading("Verdict");
        writer.WriteWrapped("", Headline);
        if (Audit is not null)
        {
            writer.WriteHeading("May the name server be switched off?");
            writer.WriteWrapped("", Audit.Sentence);
        }

        writer.WriteHeading("Looked at");
        writer.WriteWrapped("", Line($"{Count(Captures, "file")} with {Count(Octets, "octet")}, {Count(OctetsDone, "octet")} of them analysed; {Count(Frames, "frame")}, {Count(Datagrams, "name service datagram")}."));
        writer.WriteWrapped("", Line($"Sums: {Count(RecordsWritten, "record")} written by shards, {RecordsRead:N0} read; {Count(Findings, "finding")}, {Count(Holdings, "holding")}, {Count(Incidents, "incident")}."));
        if (SameContent > 0)
            writer.WriteWrapped("", Line($"{Count(SameContent, "file has", "files have")} the content of another, which counts once."));
        if (NoCaptures > 0)
            writer.WriteWrapped("", Line($"{Count(NoCaptures, "file is", "files are")} no capture."));
        if (Damaged > 0)
            writer.WriteWrapped("", Line($"{Count(Damaged, "file is", "files are")} damaged: the table of captures says where."));
        if (RepeatedSightings > 0)
            writer.WriteWrapped("", Line($"{Count(RepeatedSightings, "frame shows", "frames show")} a datagram that was captured before, which counts once."));
        if (ClocksPutRight > 0)
            writer.WriteWrapped("", Line($"{Count(ClocksPutRight, "file has", "files have")} a clock that was put right by the datagrams that others saw too: the table of captures says by how much."));
        if (ClocksNotCompared > 0)
            writer.WriteWrapped("", Line($"{Count(ClocksNotCompared, "file shares", "files share")} too few datagrams with others of the same time to compare clocks: what is before what there rests on the clocks."));
        if (LostFragmentedDatagrams > 0)
            writer.WriteWrapped("", Line($"{Count(LostFragmentedDatagrams, "fragmented datagram is", "fragmented datagrams are")} not whole."));
        foreach (var one in NotAnalysed.Take(MostShown))
            writer.WriteWrapped("! ", Line($"{one.Path}, from octet {one.From} on: {one.Reason}"));
        if (NotAnalysedInAll > MostShown)
            writer.WriteLine(Line($"… {NotAnalysedInAll:N0} files in all of which something was not analysed"));
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Count(long count, string one, string? many = null) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");
}

/// <summary>An input of which something was not analysed.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="From">From which octet on.</param>
/// <param name="Reason">Why.</param>
internal sealed record NotAnalysed(string Path, long From, string Reason);
