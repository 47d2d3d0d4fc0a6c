namespace NbnsSim.Audit;

/// <summary>Whether the name server may be switched off.</summary>
public enum AuditAnswer : byte
{
    /// <summary>The capture is too short, or taken where too little passes, to tell.</summary>
    CannotTellYet,

    /// <summary>Nothing that the capture shows would break.</summary>
    Yes,

    /// <summary>Something would break.</summary>
    No,
}
