namespace NbnsSim.Rules;

/// <summary>How well a rule is known.</summary>
public enum RuleBasis : byte
{
    /// <summary>A published text says so.</summary>
    Documented,

    /// <summary>Recorded traffic of real systems shows it; no text says so.</summary>
    Observed,

    /// <summary>Our own inference: it explains what is documented, and may be wrong.</summary>
    Inferred,
}
