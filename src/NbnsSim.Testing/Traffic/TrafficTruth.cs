using System.Collections.Immutable;

namespace NbnsSim.Testing.Traffic;

/// <summary>What is true of a network, known before anything is diagnosed.</summary>
public sealed record TrafficTruth
{
    /// <summary>Whom it comes from, as far as packets can tell; <see langword="null"/> where they cannot, or it comes from nobody.</summary>
    public TrafficHost? Culprit { get; init; }

    /// <summary>Whom it happens to.</summary>
    public TrafficHost? Victim { get; init; }

    /// <summary>The station that attacks, whatever address it puts on its datagrams; <see langword="null"/> where nobody does.</summary>
    public TrafficHost? Attacker { get; init; }

    /// <summary>The name, whatever its suffix; <see langword="null"/> where it is about none.</summary>
    public string? Name { get; init; }

    /// <summary>Which of what is sent shows it, by who sends it, about what, by which decision.</summary>
    public ImmutableArray<TrafficTrace> Traces { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>When the capture begins: what was sent before is not in it, as it is with most captures. Zero for the beginning.</summary>
    public TimeSpan CaptureFrom { get; init; }
}
