namespace NbnsSim.Diagnosis;

/// <summary>Where a capture was taken, by what is in it.</summary>
public enum VantageKind : byte
{
    /// <summary>Nothing that was sent to one host alone: a machine in the segment that nobody spoke to, or a switch port without a mirror.</summary>
    BroadcastsOnly,

    /// <summary>All that was sent to one host alone has one machine in it: the capture was taken there, or at its port.</summary>
    OneHost,

    /// <summary>Datagrams between several pairs of hosts: a mirror port, a hub, a router.</summary>
    ManyHosts,
}

/// <summary>Where a capture was taken, and so what it can show. Inferred from who speaks to whom in it.</summary>
/// <param name="Kind">The kind of place.</param>
/// <param name="Host">Of <see cref="VantageKind.OneHost"/>: the machine.</param>
/// <param name="Other">The other machine where only two speak, so that it may be either; 0.0.0.0 where it is clear.</param>
/// <param name="Broadcasts">How many datagrams went to every station.</param>
/// <param name="Unicasts">How many went to one host.</param>
public readonly record struct Vantage(VantageKind Kind, Ipv4Address Host, Ipv4Address Other, long Broadcasts, long Unicasts)
{
    /// <summary>Whether the capture would show what is sent to a host alone.</summary>
    /// <param name="host">The host.</param>
    public bool SeesWhatIsSentTo(Ipv4Address host) => Kind switch
    {
        VantageKind.BroadcastsOnly => false,
        VantageKind.OneHost => host == Host || host == Other,
        _ => true,
    };

    /// <summary>In a sentence.</summary>
    public override string ToString() => Kind switch
    {
        VantageKind.BroadcastsOnly => "Only broadcasts are in it: what one machine says to another alone, refusals included, cannot be seen from there.",
        VantageKind.OneHost when Other != default => $"Only what {Host} and {Other} say to one another, and broadcasts, are in it: what others say to one another cannot be seen from there.",
        VantageKind.OneHost => $"It was taken at {Host}, or where its traffic passes: broadcasts, and what {Host} sends and gets; what others say to one another cannot be seen from there.",
        _ => "It shows what several machines say to one another: a mirror port, a router or the like.",
    };
}
