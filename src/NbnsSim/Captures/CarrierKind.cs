namespace NbnsSim.Captures;

/// <summary>What a datagram was carried in, besides the frame and the IP packet that every datagram has.</summary>
public enum CarrierKind : byte
{
    /// <summary>A VLAN tag (IEEE 802.1Q, 802.1ad, or 0x9100 before that) or Cisco's ISL; <see cref="Carrier.Id"/> is the VLAN.</summary>
    Vlan,

    /// <summary>A provider backbone bridge (IEEE 802.1ah); <see cref="Carrier.Id"/> is the service (I-SID).</summary>
    BackboneBridge,

    /// <summary>MPLS (RFC 3032); <see cref="Carrier.Id"/> is the innermost label.</summary>
    Mpls,

    /// <summary>A PPPoE session (RFC 2516); <see cref="Carrier.Id"/> is the session.</summary>
    Pppoe,

    /// <summary>IEEE 802.11; no identifier.</summary>
    Wireless,

    /// <summary>IPv4 or IPv6 in IP (RFC 2003, RFC 4213); no identifier.</summary>
    Ip,

    /// <summary>GRE (RFC 2784, RFC 2890), also PPTP's (RFC 2637); <see cref="Carrier.Id"/> is the key, 0 without one.</summary>
    Gre,

    /// <summary>A mirror port's ERSPAN, type I, II or III; <see cref="Carrier.Id"/> is the session, 0 in type I.</summary>
    Erspan,

    /// <summary>VXLAN (RFC 7348); <see cref="Carrier.Id"/> is the network (VNI).</summary>
    Vxlan,

    /// <summary>GENEVE (RFC 8926); <see cref="Carrier.Id"/> is the network (VNI).</summary>
    Geneve,

    /// <summary>L2TP version 2 (RFC 2661) or 3 (RFC 3931); <see cref="Carrier.Id"/> is the session.</summary>
    L2tp,

    /// <summary>Ethernet in IP (RFC 3378); no identifier.</summary>
    EtherIp,

    /// <summary>A packet sniffer's stream (TZSP), as MikroTik's routers and wireless controllers send it; no identifier.</summary>
    Tzsp,
}
