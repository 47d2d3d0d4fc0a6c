using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Reports;

/// <summary>Which packets of a capture are wanted.</summary>
/// <param name="Names">Those about such a name; null for any.</param>
/// <param name="Host">Those from or to this address; null for any.</param>
public readonly record struct PacketFilter(NetBiosNameFilter? Names, Ipv4Address? Host)
{
    /// <summary>Whether a packet is wanted.</summary>
    /// <param name="datagram">The datagram that carries it.</param>
    public bool Includes(in CapturedDatagram datagram) =>
        (Host is not { } host || (!datagram.IsIpv6 && (datagram.Source.Address == host || datagram.Destination.Address == host)))
        && (Names is null || (NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _) && packet.Name.TryGetName(out var name) && Names.Includes(name)));

    /// <summary>What there is none of: <c>no name service packet is about a name JSMITH and from or to 10.0.0.2</c>.</summary>
    public override string ToString() =>
        $"no name service packet{(Names is null ? "" : $" is about a name {Names}")}{(Host is not { } host ? "" : Names is null ? $" is from or to {host}" : $" and from or to {host}")}";
}
