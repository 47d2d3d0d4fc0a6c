using System.Diagnostics.CodeAnalysis;
using NbnsSim.Wire;

namespace NbnsSim.Protocol;

/// <summary>
/// A UDP datagram on its way into an endpoint, with what its octets say: they are parsed once, here, whoever looks at them afterwards. The parser takes all that it can
/// follow and says in <see cref="NbnsPacket.Anomalies"/> what is odd about it; whether that is taken or refused is for a rule of the endpoint.
/// </summary>
public readonly ref struct Datagram
{
    private readonly NbnsPacket _packet;
    private readonly NbnsParseError _error;

    /// <summary>Describes a datagram, and reads its payload.</summary>
    /// <param name="payload">The UDP payload.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">The address and port it was sent to.</param>
    /// <param name="isBroadcast">Whether it came by broadcast or multicast, as the link or the destination address shows; the packet's own B bit may lie.</param>
    /// <param name="interfaceIndex">Which of the endpoint's interfaces it came in on; 0 is the first.</param>
    /// <param name="decision">The number of the decision that sent it; 0 where that is not known.</param>
    public Datagram(ReadOnlySpan<byte> payload, Ipv4Endpoint source, Ipv4Endpoint destination, bool isBroadcast, int interfaceIndex = 0, long decision = 0)
    {
        IsReadable = NbnsPacket.TryParseLenient(payload, out _packet, out _error);
        Decision = decision;
        Payload = payload;
        Source = source;
        Destination = destination;
        IsBroadcast = isBroadcast;
        InterfaceIndex = interfaceIndex;
    }

    /// <summary>The UDP payload.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Whether the payload can be read to the end as a packet of the name service.</summary>
    public bool IsReadable { get; }

    /// <summary>What the payload says; where it is not <see cref="IsReadable"/>, as much as could be read.</summary>
    [UnscopedRef]
    public ref readonly NbnsPacket Packet => ref _packet;

    /// <summary>Why the payload cannot be read, and from which octet on; none where it can.</summary>
    public NbnsParseError Error => _error;

    /// <summary>Who sent it; responses go back here (RFC 1002 §5.1).</summary>
    public Ipv4Endpoint Source { get; }

    /// <summary>The address and port it was sent to.</summary>
    public Ipv4Endpoint Destination { get; }

    /// <summary>Whether it came by broadcast or multicast.</summary>
    public bool IsBroadcast { get; }

    /// <summary>Which of the endpoint's interfaces it came in on; 0 is the first.</summary>
    public int InterfaceIndex { get; private init; }

    /// <summary>The number of the decision that sent it (<see cref="Transmit.Decision"/>); 0 where that is not known, as of every datagram from outside.</summary>
    public long Decision { get; private init; }

    /// <summary>The same datagram for a receiver that hears it on another of its interfaces.</summary>
    internal Datagram On(int interfaceIndex) => this with { InterfaceIndex = interfaceIndex };

    /// <summary>The same datagram, once it is known which decision sent it.</summary>
    internal Datagram Of(long decision) => this with { Decision = decision };
}
