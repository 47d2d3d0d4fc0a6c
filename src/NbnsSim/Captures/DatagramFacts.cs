using System.Buffers.Binary;

namespace NbnsSim.Captures;

/// <summary>
/// What a captured datagram is apart from the capture that it came from: all that <see cref="SightingFilter"/> and <see cref="Diagnosis.CaptureDiagnosis"/> go by. It can be noted in one place and looked
/// at in another.
/// </summary>
public readonly ref struct DatagramFacts
{
    /// <summary>The number that it is told by: its frame's, or another that grows with each datagram.</summary>
    public long FrameNumber { get; init; }

    /// <summary>When its frame was captured.</summary>
    public Instant Time { get; init; }

    /// <summary>Whether it came over IPv6: of <see cref="Source"/> and <see cref="Destination"/> only the ports hold then.</summary>
    public bool IsIpv6 { get; init; }

    /// <summary>Who sent it.</summary>
    public Ipv4Endpoint Source { get; init; }

    /// <summary>Whom it was sent to.</summary>
    public Ipv4Endpoint Destination { get; init; }

    /// <summary>The identification of its IPv4 header (RFC 791 §3.1); 0 over IPv6.</summary>
    public ushort Identification { get; init; }

    /// <summary>Whether it went to several hosts, as far as link and addresses tell: <see cref="CapturedDatagram.IsBroadcast"/>.</summary>
    public bool IsBroadcast { get; init; }

    /// <summary>Whether the capture tells which station or group it was for.</summary>
    public bool HasLink { get; init; }

    /// <summary>Whether <see cref="Payload"/> lacks its end.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The station that put it on the link; null where the capture does not say.</summary>
    public MacAddress? SourceMac { get; init; }

    /// <summary>A number for the VLAN or virtual network that it was in, by all of its tags and network numbers; 0 where nothing tells.</summary>
    public uint Domain { get; init; }

    /// <summary>What it carries, as far as it was captured.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The facts of a datagram.</summary>
    /// <param name="datagram">The datagram; what is returned is good as long as it is.</param>
    public static DatagramFacts Of(in CapturedDatagram datagram) => new()
    {
        FrameNumber = datagram.FrameNumber,
        Time = datagram.Time,
        IsIpv6 = datagram.IsIpv6,
        Source = datagram.Source,
        Destination = datagram.Destination,
        Identification = datagram.IsIpv6 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(datagram._ip[4..]),
        IsBroadcast = datagram.IsBroadcast,
        HasLink = datagram.DestinationMac is not null,
        IsTruncated = datagram.IsTruncated,
        SourceMac = datagram.SourceMac,
        Domain = BroadcastDomain.Of(datagram.Carriers),
        Payload = datagram.Payload,
    };
}
