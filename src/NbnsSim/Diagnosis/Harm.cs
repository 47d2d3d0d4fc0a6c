namespace NbnsSim.Diagnosis;

/// <summary>What an incident does to a network.</summary>
public enum Harm : byte
{
    /// <summary>Nothing: it is how the protocol works, or only looks like trouble.</summary>
    None,

    /// <summary>Traffic, delays or lines in a log, and nothing that stops working.</summary>
    Nuisance,

    /// <summary>Somebody has lost a name, cannot be found, or does not find others.</summary>
    Service,

    /// <summary>Somebody takes names or traffic that belong to others, or tries to.</summary>
    Security,
}
