namespace NbnsSim.Diagnosis;

/// <summary>How sure a verdict is.</summary>
public enum Certainty : byte
{
    /// <summary>The frames do not exclude it, and do not show enough to say so.</summary>
    Possible,

    /// <summary>All that is needed is there; something that would settle it cannot be seen from where the capture was taken.</summary>
    Likely,

    /// <summary>The frames leave nothing else.</summary>
    Proven,
}
