using System.Collections.Immutable;
using NbnsSim.Diagnosis;
using NbnsSim.Protocol;

namespace NbnsSim.Reports.Pictures;

/// <summary>The records that a picture is written from.</summary>
internal sealed record PictureContent
{
    /// <summary>What it is called.</summary>
    public required string Title { get; init; }

    /// <summary>What it comes to.</summary>
    public required string Headline { get; init; }

    /// <summary>The frames that prove it.</summary>
    public required ImmutableArray<long> EvidenceFrames { get; init; }

    /// <summary>Shows them in Wireshark; null where there are none.</summary>
    public string? WiresharkFilter => EvidenceFrames.IsEmpty ? null : FrameRanges.Filter(EvidenceFrames);

    /// <summary>In which capture the frames are; empty where that goes without saying.</summary>
    public string FilterNote { get; init; } = "";

    /// <summary>Where frames are whose numbers are of several captures as one; null where they are of one.</summary>
    public IReadOnlyDictionary<long, FramePlace>? Places { get; init; }

    /// <summary>Tables besides.</summary>
    public IReadOnlyList<PictureTable> Tables { get; init; } = [];

    /// <summary>Under the headline: what it is about, where it comes from.</summary>
    public required IReadOnlyList<string> Summary { get; init; }

    /// <summary>How times are printed.</summary>
    public required PictureClock Clock { get; init; }

    /// <summary>What is behind it, the gravest first.</summary>
    public required IReadOnlyList<Incident> Incidents { get; init; }

    /// <summary>What the machines behave like, for the events that incidents mean; null for every preset.</summary>
    public NetBtDialect? Dialect { get; init; }

    /// <summary>Who told whom what.</summary>
    public required LadderDrawing Ladder { get; init; }

    /// <summary>The same for each incident by itself; empty where one drawing is enough.</summary>
    public IReadOnlyList<LadderDrawing> IncidentLadders { get; init; } = [];

    /// <summary>Every name table through time.</summary>
    public required NameTables Names { get; init; }

    /// <summary>The events.</summary>
    public required IReadOnlyList<PictureEvent> Events { get; init; }

    /// <summary>The causes behind them.</summary>
    public required IReadOnlyList<PictureChain> Chains { get; init; }

    /// <summary>The account, an act a line.</summary>
    public IReadOnlyList<(Instant Time, string Text)> Account { get; init; } = [];

    /// <summary>What was looked at, what was left out; a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
