namespace NbnsSim.Events;

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

/// <summary>A rule by which a node acts, as data: what a tool prints when it explains why something happened.</summary>
/// <param name="Name">The rule's name; for a switch of a dialect, the property's name.</param>
/// <param name="Basis">How well it is known.</param>
/// <param name="Source">The text that it rests on, such as <c>RFC 1002 §5.1.1.5</c>; for an inference, what it explains.</param>
/// <param name="Explanation">The rule in a sentence.</param>
public sealed record NetBtRule(string Name, RuleBasis Basis, string Source, string Explanation)
{
    /// <summary>Name, basis and source on one line.</summary>
    public override string ToString() => $"{Name} ({(Basis switch { RuleBasis.Documented => "documented", RuleBasis.Observed => "observed", _ => "inferred" })}: {Source})";
}
