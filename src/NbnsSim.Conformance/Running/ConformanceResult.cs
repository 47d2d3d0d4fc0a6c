using System.Collections.Immutable;

namespace NbnsSim.Conformance;

/// <summary>What became of one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Words">What the peer did, or why the case was not run.</param>
/// <param name="Source">Of a dialect: which document says so, or where it was observed; else null.</param>
/// <param name="Profile">Of a dialect: whose way it is, such as <c>windows</c>; null where it is nobody's in particular.</param>
/// <param name="Expected">What passes, in words; empty where the case was not run.</param>
/// <param name="Exchange">All datagrams, in the order of time.</param>
/// <param name="Started">When the case began, on the clock of <see cref="ExchangePacket.Time"/>.</param>
public sealed record ConformanceResult(
    ConformanceCase Case,
    ConformanceVerdict Verdict,
    string Words,
    string? Source,
    string? Profile,
    string Expected,
    ImmutableArray<ExchangePacket> Exchange,
    Instant Started)
{
    /// <summary>The addresses of the runner's stations, A first.</summary>
    public ImmutableArray<Ipv4Address> Stations { get; init; } = [];

    /// <summary>Whether the peer answered nothing any more behind it.</summary>
    internal bool HasEndedPeer { get; init; }

    /// <summary>Id, verdict and words on one line.</summary>
    public override string ToString() => $"{Case.Id} {Verdict}: {Words}";
}
