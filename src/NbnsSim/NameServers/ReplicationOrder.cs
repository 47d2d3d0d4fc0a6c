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

    /// <summary>Carries an order.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="order">The order; <see langword="null"/> where one is read.</param>
    public static ReplicationOrder Carry(StateCodec codec, ReplicationOrder? order)
    {
        var (kind, decision, cause) = (order?.Kind ?? default, order?.Decision ?? 0, order?.Cause ?? default);
        var (propagates, initiator, map) = (order?.Propagates ?? false, order?.Initiator ?? default, order?.Map);
        codec.Carry(ref kind, ReplicationOrderKind.VersionBump);
        var partners = codec.Carry(order?.Partners ?? [], sizeof(uint), static (StateCodec codec, ref Ipv4Address partner) => codec.Carry(ref partner));
        codec.Check(!partners.IsEmpty, "An order is about no partner");
        codec.CarryCause(ref decision);
        if (!codec.IsFingerprint)
            codec.Carry(ref cause, Enum.GetValues<DecisionCauseKind>()[^1]);
        codec.Carry(ref propagates);
        codec.Carry(ref initiator);
        bool hasMap = map is not null;
        codec.Carry(ref hasMap);
        if (hasMap)
            map = ReplicationState.Carry(codec, map ?? []);
        var names = ReplicationState.CarryNames(codec, order?.Names ?? []);
        return order ?? new ReplicationOrder(kind, partners, decision) { Cause = cause, Map = map, Propagates = propagates, Initiator = initiator, Names = names };
    }

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
