using NbnsSim.Diagnosis;
using NbnsSim.Narrative;
using NbnsSim.Protocol;

namespace NbnsSim.Reports.Pictures;

/// <summary>What a picture of a capture is made of, besides its packets.</summary>
internal sealed record CaptureContent
{
    /// <summary>What it is called.</summary>
    public required string Title { get; init; }

    /// <summary>What it comes to.</summary>
    public required string Headline { get; init; }

    /// <summary>Under the headline.</summary>
    public IReadOnlyList<string> Summary { get; init; } = [];

    /// <summary>What was looked at.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>How times are printed.</summary>
    public required WallClock Clock { get; init; }

    /// <summary>When the capture begins.</summary>
    public required Instant Since { get; init; }

    /// <summary>When it ends.</summary>
    public required Instant Until { get; init; }

    /// <summary>What is behind what it shows.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Who held which name when.</summary>
    public required IReadOnlyList<NameHolding> Holdings { get; init; }

    /// <summary>What the machines behave like; null for every preset.</summary>
    public NetBtDialect? Dialect { get; init; }

    /// <summary>What stand-ins decided; null where the capture is only looked at.</summary>
    public DecisionHistory? History { get; init; }

    /// <summary>What of it stands out.</summary>
    public Standing? Standing { get; init; }

    /// <summary>Whose packets are shown beside what proves something; null for nobody's.</summary>
    public Func<Ipv4Address, bool>? Context { get; init; }

    /// <summary>What an address is called; null where that is not known.</summary>
    public required Func<Ipv4Address, string?> NameOf { get; init; }
}
