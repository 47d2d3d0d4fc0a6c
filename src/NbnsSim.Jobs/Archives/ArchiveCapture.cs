using System.Globalization;
using NbnsSim.Captures;

namespace NbnsSim.Jobs.Archives;

/// <summary>A capture of an archive, put together from what its pieces came to.</summary>
internal sealed class ArchiveCapture
{
    public ArchiveCapture(int index, FileState state)
    {
        (Index, State) = (index, state);
        Problem = state.File is { Problem: null, Octets: 0 } ? "It is empty." : null;
        long? last = null;
        foreach (var (_, facts) in state.Pieces)
        {
            Damage ??= facts.Damage is { } damage ? new CaptureDamage(damage.Kind, damage.Offset, damage.Frame + Frames, damage.Detail) : null;
            DamageCount += facts.DamageCount;
            Problem ??= facts.Problem;
            Change ??= facts.Change;
            FramesOutOfOrder += facts.FramesOutOfOrder + (facts.FirstTime < last ? 1 : 0);
            last = facts.LastTime ?? last;
            FramesBefore.Add(Frames);
            Frames += facts.Frames;
            Records += facts.Records;
            FramesWithoutTime += facts.FramesWithoutTime;
            FirstRecordTime ??= facts.FirstRecordTime;
            Quoted += facts.Quoted;
            Encrypted += facts.Encrypted;
        }

        LastFrameTime = last;
    }

    /// <summary>Which one, from 0.</summary>
    public int Index { get; }

    public FileState State { get; }

    /// <summary>How many frames are before each piece.</summary>
    public List<long> FramesBefore { get; } = [];

    public long Frames { get; }

    public long Records { get; }

    public long FramesOutOfOrder { get; }

    public long FramesWithoutTime { get; }

    public long? FirstRecordTime { get; }

    public long? LastFrameTime { get; }

    public long Quoted { get; set; }

    public long Encrypted { get; set; }

    public long Lost { get; set; }

    public CaptureDamage? Damage { get; }

    public long DamageCount { get; }

    /// <summary>Why it is no capture; null for one.</summary>
    public string? Problem { get; }

    public string? Change { get; }

    /// <summary>The one before it with the same content.</summary>
    public ArchiveCapture? SameAs { get; set; }

    /// <summary>Whether its datagrams are read.</summary>
    public bool IsRead => SameAs is null && Records > 0;

    /// <summary>What its datagrams came to in the order of time.</summary>
    public long Datagrams { get; set; }

    public long FirstTime { get; set; } = long.MaxValue;

    public long LastTime { get; set; } = long.MinValue;

    /// <summary>How its clock is put right.</summary>
    public ClockMap Clock { get; set; } = ClockMap.None;

    /// <summary>The capture whose clock counts for it; null where it shares too little with any, so that its own does.</summary>
    public int? Group { get; set; }

    /// <summary>How many datagrams agree about its clock.</summary>
    public int Shared { get; set; }

    /// <summary>By how much its clock was ahead at its first datagram, in nanoseconds.</summary>
    public long OffsetAtFirst => -Clock.CorrectionAt(FirstRecordTime ?? 0);

    /// <summary>The same at its last frame.</summary>
    public long OffsetAtLast => -Clock.CorrectionAt(LastFrameTime ?? 0);

    /// <summary>Why not all of it was analysed; null where all was.</summary>
    public string? WhyNotAll => State.File.Problem ?? State.Failure;

    /// <summary>What is to be said of it, a sentence each.</summary>
    public IEnumerable<string> Remarks()
    {
        if (State.File.Problem is { } unread)
            yield return unread;
        if (State.Failure is { } failure)
            yield return string.Create(CultureInfo.InvariantCulture, $"Not analysed from octet {State.AnalysedOctets} on: {failure}");
        if (Problem is { } problem)
            yield return problem;
        if (Damage is { } damage)
            yield return damage.ToString();
        if (DamageCount > 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"{DamageCount:N0} damaged places in all.");
        if (FramesOutOfOrder > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{FramesOutOfOrder:N0} frames are earlier than the one before; they are read in the order of the file.");
        if (FramesWithoutTime > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{FramesWithoutTime:N0} frames have no time in it, and stand in 1970.");
        if (Lost > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{Lost:N0} fragmented datagrams are not whole.");
        if (Change is { } change)
            yield return change;
    }

    /// <summary>What an audit goes by, where this is for one.</summary>
    public AuditSpan? Audit { get; init; }

    /// <summary>Its pieces that have records, and how many frames are before each.</summary>
    public IEnumerable<(Piece Piece, long FramesBefore)> Runs => State.Pieces.Zip(FramesBefore).Where(one => one.First.Facts.Records > 0);

    /// <summary>Its datagrams in its order.</summary>
    /// <param name="folderOf">Where the files of a shard are.</param>
    /// <param name="pages">How many pages of payloads are kept.</param>
    /// <param name="keepsOpen">Whether files stay open.</param>
    public CaptureCursor Open(Func<string, string> folderOf, int pages, bool keepsOpen) => new(
        Index,
        [.. Runs.Select(run => (run.Piece.FolderIn(folderOf), run.FramesBefore))],
        FirstRecordTime ?? 0,
        Clock,
        pages,
        keepsOpen)
    {
        IsWanted = Audit is null ? null : Audit.Take,
    };
}
