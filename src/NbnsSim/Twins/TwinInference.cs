using NbnsSim.Diagnosis;

namespace NbnsSim.Twins;

/// <summary>What an inference of a twin is about.</summary>
public enum TwinInferenceKind : byte
{
    /// <summary>Which addresses are one machine's.</summary>
    Machine,

    /// <summary>A segment, and which addresses are on it.</summary>
    Segment,

    /// <summary>What kind of node a machine is, and whom it asks.</summary>
    NodeType,

    /// <summary>What a machine behaves like.</summary>
    Dialect,

    /// <summary>A name that a machine held before the capture began.</summary>
    HeldName,

    /// <summary>A record that a name server had before the capture began.</summary>
    Record,

    /// <summary>A datagram that was lost on its way to one machine.</summary>
    Loss,

    /// <summary>A machine that came back without its names.</summary>
    Restart,

    /// <summary>A datagram that no machine of the twin sends by itself: it is sent as it was captured.</summary>
    Injected,
}

/// <summary>Something in a twin that the capture does not say in so many words.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Host">Whose it is; empty where it is nobody's in particular.</param>
/// <param name="Certainty">How sure it is.</param>
/// <param name="Text">The inference and what it rests on, in a sentence without its period.</param>
public sealed record TwinInference(TwinInferenceKind Kind, string Host, Certainty Certainty, string Text)
{
    /// <summary>The frame that it is about; 0 where it is about none.</summary>
    public long Frame { get; init; }

    /// <summary>Why a datagram is sent as it was captured; <see langword="null"/> for an inference of another kind.</summary>
    internal string? Why { get; init; }
}
