using NbnsSim.Simulation;

namespace NbnsSim.Testing.Traffic;

/// <summary>A datagram as a capture has it.</summary>
/// <param name="Packet">The datagram.</param>
/// <param name="Time">When it was seen there.</param>
/// <param name="Frame">The link and IP headers there.</param>
/// <param name="Payload">The UDP payload there: a fault of the network may have changed it on the way.</param>
public readonly record struct TrafficSighting(TrafficPacket Packet, Instant Time, SimulatedFrame Frame, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The station that the frame came from.</summary>
    public MacAddress Mac => Frame.Source;
}
