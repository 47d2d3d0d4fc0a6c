namespace NbnsSim.Nodes;

/// <summary>What is up with a name in a node's own table.</summary>
public enum LocalNameState : byte
{
    /// <summary>Being claimed: not yet defended, not yet answered for.</summary>
    Registering,

    /// <summary>Held.</summary>
    Registered,

    /// <summary>Being given up: no longer defended or answered for.</summary>
    Releasing,

    /// <summary>In conflict (RFC 1001 §15.1.3.5): of no use for anything but deleting it.</summary>
    Conflict,
}
