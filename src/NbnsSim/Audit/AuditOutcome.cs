namespace NbnsSim.Audit;

/// <summary>What becomes of a question, or of a registration, once the name server is off.</summary>
public enum AuditOutcome : byte
{
    /// <summary>It goes on by broadcast.</summary>
    GoesOn,

    /// <summary>It fails.</summary>
    Breaks,

    /// <summary>The capture does not show enough to say.</summary>
    CannotTell,

    /// <summary>The name server does not know the name today either: nothing gets worse.</summary>
    NoWorse,
}
