namespace NbnsSim.Testing.Traffic;

/// <summary>Who sent a frame.</summary>
public enum TrafficParty
{
    /// <summary>Whoever attacks, under whatever address.</summary>
    Attacker,

    /// <summary>Whom it comes from, without intent: the machine that is set up wrongly, or comes second.</summary>
    Culprit,

    /// <summary>Whom it happens to.</summary>
    Victim,

    /// <summary>The name server of the network, where it is none of those.</summary>
    NameServer,

    /// <summary>A machine that is in the same network and goes about its own affairs.</summary>
    Neighbour,

    /// <summary>Another machine of the case.</summary>
    Other,

    /// <summary>A machine of the background, or the background's name server.</summary>
    Background,
}
