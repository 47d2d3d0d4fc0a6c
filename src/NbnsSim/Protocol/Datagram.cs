namespace NbnsSim.Protocol;

/// <summary>A UDP datagram on its way into an endpoint.</summary>
public readonly ref struct Datagram
{
    /// <summary>Describes a datagram.</summary>
    /// <param name="payload">The UDP payload.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">The address and port it was sent to.</param>
    /// <param name="isBroadcast">Whether it came by broadcast or multicast, as the link or the destination address shows; the packet's own B bit may lie.</param>
    /// <param name="interfaceIndex">Which of the endpoint's interfaces it came in on; 0 is the first.</param>
    /// <param name="decision">The number of the decision that sent it; 0 where that is not known.</param>
    public Datagram(ReadOnlySpan<byte> payload, Ipv4Endpoint source, Ipv4Endpoint destination, bool isBroadcast, int interfaceIndex = 0, long decision = 0)
    {
        Decision = decision;
        Payload = payload;
        Source = source;
        Destination = destination;
        IsBroadcast = isBroadcast;
        InterfaceIndex = interfaceIndex;
    }

    /// <summary>The UDP payload.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Who sent it; responses go back here (RFC 1002 §5.1).</summary>
    public Ipv4Endpoint Source { get; }

    /// <summary>The address and port it was sent to.</summary>
    public Ipv4Endpoint Destination { get; }

    /// <summary>Whether it came by broadcast or multicast.</summary>
    public bool IsBroadcast { get; }

    /// <summary>Which of the endpoint's interfaces it came in on; 0 is the first.</summary>
    public int InterfaceIndex { get; }

    /// <summary>The number of the decision that sent it (<see cref="Transmit.Decision"/>); 0 where that is not known, as of every datagram from outside.</summary>
    public long Decision { get; }
}
