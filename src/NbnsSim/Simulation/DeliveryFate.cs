namespace NbnsSim.Simulation;

/// <summary>What happened to a datagram on its way to one receiver, other than that it arrived in time.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Receiver">The receiver; null where there is none.</param>
/// <param name="Rule">The rule that did it, or null.</param>
/// <param name="Delay">How much later it arrives, for <see cref="DeliveryFateKind.Delayed"/> and <see cref="DeliveryFateKind.Duplicated"/>.</param>
/// <param name="Octet">Which octet was changed, for <see cref="DeliveryFateKind.Corrupted"/>.</param>
public readonly record struct DeliveryFate(DeliveryFateKind Kind, HostId? Receiver, LinkRule? Rule = null, TimeSpan Delay = default, int Octet = 0);

/// <summary>What can happen to a datagram on its way to one receiver.</summary>
public enum DeliveryFateKind : byte
{
    /// <summary>Lost by a rule.</summary>
    Lost,

    /// <summary>Lost by a rule that cuts the two off from each other.</summary>
    CutOff,

    /// <summary>Lost: no host has the address. Nothing answers (no ICMP, no ARP).</summary>
    NoSuchHost,

    /// <summary>Lost: no routers lead to the receiver's segment.</summary>
    NoRoute,

    /// <summary>Lost: the host has crashed.</summary>
    HostDown,

    /// <summary>It arrives later.</summary>
    Delayed,

    /// <summary>A copy arrives as well.</summary>
    Duplicated,

    /// <summary>It is kept back for the next one to overtake it.</summary>
    Reordered,

    /// <summary>One of its octets was changed.</summary>
    Corrupted,

    /// <summary>It is kept until the rule ends.</summary>
    Held,

    /// <summary>It was kept and arrives now.</summary>
    Released,
}
