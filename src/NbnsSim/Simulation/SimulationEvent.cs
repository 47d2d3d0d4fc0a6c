namespace NbnsSim.Simulation;

/// <summary>What the queue holds: twelve octets.</summary>
internal struct SimulationEvent
{
    public int Packet;
    public int Target;
    public ushort Detail;
    public SimulationEventKind Kind;
}

internal enum SimulationEventKind : byte
{
    /// <summary>A broadcast reaches all stations of segment Target.</summary>
    FanOut,

    /// <summary>A datagram reaches interface Target; the rules are yet to be looked at.</summary>
    Arrival,

    /// <summary>A datagram reaches interface Target, having passed the rules.</summary>
    LateArrival,

    /// <summary>A datagram that rule Detail kept back for another to overtake it reaches interface Target.</summary>
    OvertakenArrival,

    /// <summary>A datagram for interface Target is passed on to segment Detail by a router.</summary>
    Hop,

    /// <summary>The timer of host Target goes off.</summary>
    Timer,

    /// <summary>The first message of stream Target arrives.</summary>
    Message,

    /// <summary>Rule Target ends.</summary>
    RuleEnd,
}
