using NbnsSim.Wire;

namespace NbnsSim.Conformance;

/// <summary>How cases are run and judged.</summary>
public sealed record ConformanceOptions
{
    /// <summary>By whose documents.</summary>
    public ConformanceProfile Profile { get; init; }

    /// <summary>Whether a recommendation that is not followed, and a dialect that is not the profile's, counts as a failure.</summary>
    public bool Strict { get; init; }

    /// <summary>The peer's node type; null where it is not known: a case for some types alone is then run all the same.</summary>
    public OwnerNodeType? NodeType { get; init; }

    /// <summary>For how long a case may wait in one step where time is real; longer ones are not applicable.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where ids, fresh names and random octets come from.</summary>
    public ulong Seed { get; init; } = 1;
}
