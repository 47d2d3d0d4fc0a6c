namespace NbnsSim.Captures;

/// <summary>One of the things that a datagram was carried in: where and how a mirror port or a tunnel brought it.</summary>
public readonly record struct Carrier
{
    /// <summary>What it is.</summary>
    public CarrierKind Kind { get; init; }

    /// <summary>Which one of its kind, as <see cref="CarrierKind"/> says.</summary>
    public uint Id { get; init; }

    /// <summary>
    /// The VLAN that it names: a tag's own, or the one that an ERSPAN header says the mirrored frame was in; <see langword="null"/> for none.
    /// 0 is a tag that gives a priority and no VLAN (IEEE 802.1Q §9.6).
    /// </summary>
    public int? VlanId { get; init; }

    /// <summary>The end of a tunnel that the packet came from; 0.0.0.0 where it is no tunnel over IPv4.</summary>
    public Ipv4Address Source { get; init; }

    /// <summary>The end of a tunnel that the packet went to; 0.0.0.0 where it is no tunnel over IPv4.</summary>
    public Ipv4Address Destination { get; init; }

    /// <summary>The end of a tunnel that the packet came from, over IPv6; :: otherwise.</summary>
    public Ipv6Address SourceIpv6 { get; init; }

    /// <summary>The end of a tunnel that the packet went to, over IPv6; :: otherwise.</summary>
    public Ipv6Address DestinationIpv6 { get; init; }
}
