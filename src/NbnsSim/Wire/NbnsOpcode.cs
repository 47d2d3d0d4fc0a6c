namespace NbnsSim.Wire;

/// <summary>OPCODE, the four bits after R in the header (RFC 1002 §4.2.1.1; the R bit is not part of it).</summary>
public enum NbnsOpcode : byte
{
    /// <summary>0: name query or node status.</summary>
    Query = 0,

    /// <summary>5: registration, overwrite, challenge and conflict.</summary>
    Registration = 5,

    /// <summary>6: release.</summary>
    Release = 6,

    /// <summary>7: wait for acknowledgement (WACK).</summary>
    Wack = 7,

    /// <summary>8: refresh, as the opcode table of RFC 1002 §4.2.1.1 has it.</summary>
    Refresh = 8,

    /// <summary>9: refresh, as the diagram of RFC 1002 §4.2.4 has it; accepted, sent only by a dialect with RefreshOpCode 9.</summary>
    RefreshAlternate = 9,

    /// <summary>15: registration of a multi-homed name (MS-NBTE §2.2.2).</summary>
    MultihomedRegistration = 15,
}
