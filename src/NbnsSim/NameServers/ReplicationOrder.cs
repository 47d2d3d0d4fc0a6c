using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>What a server has to do with partners, and has not begun yet. Immutable.</summary>
/// <param name="Kind">What.</param>
/// <param name="Partners">With whom.</param>
/// <param name="Decision">The decision to do it.</param>
internal sealed record ReplicationOrder(ReplicationOrderKind Kind, ImmutableArray<Ipv4Address> Partners, long Decision)
{
    /// <summary>How that decision leads to it.</summary>
    public DecisionCauseKind Cause { get; init; } = DecisionCauseKind.Consequence;

    /// <summary>Of a pull that a notification has set off: what the partner said that it knows.</summary>
    public ImmutableArray<OwnerVersion>? Map { get; init; }

    /// <summary>Whether a notification is to be passed on.</summary>
    public bool Propagates { get; init; }

    /// <summary>Where the notification began.</summary>
    public Ipv4Address Initiator { get; init; }

    /// <summary>The names that are to get new versions.</summary>
    public ImmutableArray<NetBiosName> Names { get; init; } = [];

    public bool HasSameStateAs(ReplicationOrder other) =>
        Kind == other.Kind && Propagates == other.Propagates && Initiator == other.Initiator && Map.HasValue == other.Map.HasValue
        && Partners.AsSpan().SequenceEqual(other.Partners.AsSpan()) && Names.AsSpan().SequenceEqual(other.Names.AsSpan())
        && (Map ?? []).AsSpan().SequenceEqual((other.Map ?? []).AsSpan());
}

internal enum ReplicationOrderKind : byte
{
    /// <summary>To pull from one partner because somebody says so.</summary>
    Pull,

    /// <summary>To pull from all partners because it is time to.</summary>
    PeriodicPull,

    /// <summary>To notify a partner.</summary>
    Push,

    /// <summary>To look an owner's records up that are due to be verified.</summary>
    Verification,

    /// <summary>To have an owner give records new versions.</summary>
    VersionBump,
}
