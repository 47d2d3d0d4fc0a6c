namespace NbnsSim.Protocol;

/// <summary>Where a datagram that an endpoint wrote is to go.</summary>
/// <param name="Destination">The address and port to send to; the subnet's broadcast address when <paramref name="IsBroadcast"/>.</param>
/// <param name="Length">How many octets of the buffer the datagram takes.</param>
/// <param name="IsBroadcast">Whether every station on the segment is to get it.</param>
/// <param name="InterfaceIndex">Which of the endpoint's interfaces sends it; 0 is the first.</param>
/// <param name="SourcePort">The UDP port it leaves from; 137 unless a client asked otherwise.</param>
/// <param name="Decision">The number of the decision that sends it, where somebody listens to <see cref="INbnsEndpoint.Decisions"/>; else 0.</param>
public readonly record struct Transmit(
    Ipv4Endpoint Destination,
    int Length,
    bool IsBroadcast = false,
    int InterfaceIndex = 0,
    ushort SourcePort = Ipv4Endpoint.NameServicePort,
    long Decision = 0);
