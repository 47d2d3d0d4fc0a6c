namespace NbnsSim.Protocol;

/// <summary>How one decision led to another.</summary>
public enum DecisionCauseKind : byte
{
    /// <summary>It stands at the beginning: somebody told the machine to.</summary>
    None,

    /// <summary>The machine was told to, by the decision that <see cref="DecisionCause.Decision"/> names.</summary>
    Command,

    /// <summary>A datagram came, which that decision sent; 0 where its sender said nothing, as every stranger does.</summary>
    Datagram,

    /// <summary>A timer ran out, which that decision started.</summary>
    Timer,

    /// <summary>The time of a name or a record has come, which that decision set: to be refreshed, tried again or aged.</summary>
    Lifetime,

    /// <summary>It follows from that decision at once, in the same machine.</summary>
    Consequence,

    /// <summary>A message of another machine came over a connection, which that decision sent.</summary>
    Message,
}
