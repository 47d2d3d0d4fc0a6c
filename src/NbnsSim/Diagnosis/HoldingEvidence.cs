namespace NbnsSim.Diagnosis;

/// <summary>What shows that a host holds a name.</summary>
public enum HoldingEvidence : byte
{
    /// <summary>It claimed the name by broadcast and no refusal is in the capture (RFC 1002 §5.1.1.1: silence is consent).</summary>
    UnopposedClaim,

    /// <summary>It sent a NAME OVERWRITE DEMAND, which ends a successful claim (RFC 1002 §5.1.1.1).</summary>
    OverwriteDemand,

    /// <summary>A name server granted the registration (RFC 1002 §4.2.5).</summary>
    Granted,

    /// <summary>It refused somebody else the name (RFC 1002 §5.1.1.5).</summary>
    Defence,

    /// <summary>It answered a query for the name with its own address (RFC 1002 §4.2.13).</summary>
    QueryResponse,

    /// <summary>Its node status lists the name (RFC 1002 §4.2.18).</summary>
    NodeStatus,

    /// <summary>It refreshed the name (RFC 1002 §4.2.4).</summary>
    Refresh,
}

/// <summary>What ended a holding.</summary>
public enum HoldingEnd : byte
{
    /// <summary>Nothing in the capture.</summary>
    None,

    /// <summary>The holder released the name itself.</summary>
    Released,

    /// <summary>The holder was told of a conflict, or its node status shows the name in conflict.</summary>
    Conflict,

    /// <summary>A name server told the holder to release the name (RFC 1001 §15.5.3).</summary>
    ReleaseDemanded,

    /// <summary>The holder claimed the name again, or at a name server, and was refused.</summary>
    Refused,
}
