using System.Collections.Immutable;
using NbnsSim.Names;

namespace NbnsSim.Diagnosis;

/// <summary>A verdict on something that a capture shows: one, however many names, tries and hosts it touches.</summary>
public sealed record Incident
{
    /// <summary>What is behind it.</summary>
    public required Cause Cause { get; init; }

    /// <summary>How sure that is.</summary>
    public required Certainty Certainty { get; init; }

    /// <summary>The names concerned, in the order in which they came; at most <see cref="MaxListed"/>.</summary>
    public required ImmutableArray<NetBiosName> Names { get; init; }

    /// <summary>The machines concerned, at most <see cref="MaxListed"/>: first whom it comes from, as far as it comes from one.</summary>
    public required ImmutableArray<IncidentParty> Parties { get; init; }

    /// <summary>The frames that show it, in order: what shows the holder of a name, what happened to the name, and all repeats; at most <see cref="MaxFrames"/>.</summary>
    public required ImmutableArray<long> Frames { get; init; }

    /// <summary>When the first of them was captured.</summary>
    public required Instant Since { get; init; }

    /// <summary>When the last of them was.</summary>
    public required Instant Until { get; init; }

    /// <summary>What the frames show, and what speaks for the cause; a sentence each.</summary>
    public required ImmutableArray<string> Grounds { get; init; }

    /// <summary>Which causes it is not, and why.</summary>
    public ImmutableArray<RuledOutCause> RuledOut { get; init; } = [];

    /// <summary>What the capture does not show that would settle it; a phrase each.</summary>
    public ImmutableArray<string> Unknown { get; init; } = [];

    /// <summary>Which events machines log because of it.</summary>
    public ImmutableArray<PredictedEvent> Events { get; init; } = [];

    /// <summary>How many findings, such as refusals or releases, went into it.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The most of anything that is listed but frames.</summary>
    public const int MaxListed = 64;

    /// <summary>The most frames that are listed.</summary>
    public const int MaxFrames = 1024;
}

/// <summary>A machine that has to do with an incident.</summary>
/// <param name="Address">Its address; of several the first seen. 0.0.0.0 for one that the capture does not show.</param>
/// <param name="ComputerName">What it is called, as far as its packets tell; <see langword="null"/> where they do not.</param>
/// <param name="Mac">Its network adapter, as far as its broadcasts or its node status tell.</param>
public sealed record IncidentParty(Ipv4Address Address, string? ComputerName, MacAddress? Mac);

/// <summary>A cause that an incident does not have.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Because">Why not; a phrase.</param>
public sealed record RuledOutCause(Cause Cause, string Because);

/// <summary>An event that a machine would have logged.</summary>
/// <param name="Host">The machine; 0.0.0.0 for whoever holds the name.</param>
/// <param name="Name">The name.</param>
/// <param name="Finding">What was found: it has the event, its rule and who logs it.</param>
public sealed record PredictedEvent(Ipv4Address Host, NetBiosName Name, Finding Finding);
