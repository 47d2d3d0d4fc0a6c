namespace NbnsSim.Diagnosis;

/// <summary>How a statement about a network is known; never mixed up.</summary>
public enum Basis : byte
{
    /// <summary>A frame of the capture says so.</summary>
    Observed,

    /// <summary>It follows from frames by a rule of a published document.</summary>
    Documented,

    /// <summary>We conclude it, mostly from what the capture does not contain.</summary>
    Inferred,
}
