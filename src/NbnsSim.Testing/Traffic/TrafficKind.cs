namespace NbnsSim.Testing.Traffic;

/// <summary>What somebody who writes rules wants of a class of traffic.</summary>
public enum TrafficKind
{
    /// <summary>Somebody does harm on purpose, or prepares it: to be told.</summary>
    Attack,

    /// <summary>Something is set up wrongly, has failed or is in the way of something else: to be told, and nobody attacks.</summary>
    Fault,

    /// <summary>What looks like an attack or a fault and harms nobody: not to be told as one.</summary>
    NearMiss,
}
