using System.Collections.Immutable;
using NbnsSim.Diagnosis;

namespace NbnsSim.Audit;

/// <summary>Whether the name server may be switched off, and all that the answer rests on.</summary>
public sealed record WinsAuditVerdict
{
    /// <summary>The answer.</summary>
    public required AuditAnswer Answer { get; init; }

    /// <summary>The answer in a sentence or two.</summary>
    public required string Sentence { get; init; }

    /// <summary>Who asks a name server for what: what breaks first, then what cannot be told, what goes on, and what gets no worse; by client and name.</summary>
    public required ImmutableArray<NameDependency> Dependencies { get; init; }

    /// <summary>Who registers names there, in the same order.</summary>
    public required ImmutableArray<AuditRegistrant> Registrants { get; init; }

    /// <summary>The name servers.</summary>
    public required ImmutableArray<AuditServer> Servers { get; init; }

    /// <summary>Names by which domains and the browser work.</summary>
    public required ImmutableArray<AuditRole> Roles { get; init; }

    /// <summary>The broadcast areas and the load that is predicted for each; the last may be of those whose place is not known.</summary>
    public required ImmutableArray<AuditSegment> Segments { get; init; }

    /// <summary>The rules by which the load is predicted.</summary>
    public required ImmutableArray<AuditRule> LoadRules { get; init; }

    /// <summary>The most broadcasts that all segments together would have had within one minute of the capture's clock.</summary>
    public required long BusiestMinutePackets { get; init; }

    /// <summary>When that minute began.</summary>
    public required Instant BusiestMinute { get; init; }

    /// <summary>What the capture cannot tell.</summary>
    public required ImmutableArray<AuditGap> Gaps { get; init; }

    /// <summary>An LMHOSTS file for what breaks: each line once, in order of names.</summary>
    public required ImmutableArray<string> LmHosts { get; init; }

    /// <summary>Where the capture was taken, by its name service packets.</summary>
    public required Vantage Vantage { get; init; }

    /// <summary>When the first datagram was captured.</summary>
    public required Instant Since { get; init; }

    /// <summary>When the last datagram was captured.</summary>
    public required Instant Until { get; init; }

    /// <summary>How many name service packets could be read.</summary>
    public required long Datagrams { get; init; }

    /// <summary>How long the capture is.</summary>
    public TimeSpan Length => Until - Since;

    /// <summary>How many dependencies and registrants have an outcome.</summary>
    /// <param name="outcome">The outcome.</param>
    public int Count(AuditOutcome outcome) => Dependencies.Count(one => one.Outcome == outcome) + Registrants.Count(one => one.Outcome == outcome);
}
