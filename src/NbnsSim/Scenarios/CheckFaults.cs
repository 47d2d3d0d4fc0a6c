namespace NbnsSim.Scenarios;

/// <summary>What may go wrong when a scenario is checked, each as one fault.</summary>
[Flags]
public enum CheckFaults
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A datagram does not arrive at one receiver; or a broadcast at none.</summary>
    Loss = 1,

    /// <summary>A datagram arrives twice, the second time right behind the first.</summary>
    Duplicate = 2,

    /// <summary>A datagram is overtaken by the next one from the same sender to the same receiver, or arrives late.</summary>
    Reorder = 4,

    /// <summary>A datagram arrives with one octet changed.</summary>
    Corrupt = 8,

    /// <summary>A host stops, between two instants at which something happens, and does not come back.</summary>
    Crash = 16,

    /// <summary>A host restarts and has forgotten everything; an end node that was booted boots again.</summary>
    Restart = 32,

    /// <summary>A host is cut off from all others for a while.</summary>
    Partition = 64,

    /// <summary>An outsider sends a NAME RELEASE REQUEST for a name that a machine holds, in that machine's name: to it alone.</summary>
    ForgedRelease = 128,

    /// <summary>An outsider sends a NAME CONFLICT DEMAND for a name that a machine holds: to it alone.</summary>
    ForgedConflict = 256,
}
