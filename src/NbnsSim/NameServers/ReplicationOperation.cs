using System.Collections.Immutable;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>An order that a server is carrying out: the associations that it has opened for it, and how far it has come.</summary>
/// <param name="order">The order.</param>
internal sealed partial class ReplicationOperation(ReplicationOrder order)
{
    public ReplicationOrder Order => order;

    public List<PartnerLink> Links { get; private init; } = [.. order.Partners.Select(partner => new PartnerLink(partner, 0, false, []))];

    /// <summary>Which of <see cref="Links"/> is waited for.</summary>
    public int At { get; set; } = -1;

    public ReplicationStep Step { get; set; }

    /// <summary>When the partner that is waited for is given up.</summary>
    public Instant Due { get; set; } = Instant.MaxValue;

    /// <summary>The decision that waits.</summary>
    public long Decision { get; set; }

    public List<WantedRecords> Wanted { get; private init; } = [];

    public int NextWanted { get; set; }

    /// <summary>What has come of <see cref="Wanted"/>, with the decision that sent it.</summary>
    public List<(long Decision, ImmutableArray<NameRecord> Records)> Received { get; private init; } = [];

    /// <summary>The highest version of the records that are being verified.</summary>
    public ulong Verified { get; set; }

    public ReplicationResult Result { get; set; } = new();

    public ReplicationOperation Clone() => new(order)
    {
        Links = [.. Links],
        At = At,
        Step = Step,
        Due = Due,
        Decision = Decision,
        Wanted = [.. Wanted],
        NextWanted = NextWanted,
        Received = [.. Received],
        Verified = Verified,
        Result = Result,
    };

    /// <summary>Carries an operation, or that there is none.</summary>
    public static void Carry(StateCodec codec, ref ReplicationOperation? operation)
    {
        bool isThere = operation is not null;
        codec.Carry(ref isThere);
        if (codec.IsReading)
            operation = null;
        if (!isThere)
            return;
        var order = ReplicationOrder.Carry(codec, operation?.Order);
        operation ??= new ReplicationOperation(order);
        operation.Carry(codec);
    }

    public bool HasSameStateAs(ReplicationOperation? other)
    {
        if (other is null || At != other.At || Step != other.Step || Due != other.Due || NextWanted != other.NextWanted || Verified != other.Verified
            || !order.HasSameStateAs(other.Order) || !Wanted.SequenceEqual(other.Wanted) || Received.Count != other.Received.Count || Links.Count != other.Links.Count)
            return false;
        for (int i = 0; i < Received.Count; i++)
        {
            if (!Received[i].Records.AsSpan().SequenceEqual(other.Received[i].Records.AsSpan()))
                return false;
        }

        for (int i = 0; i < Links.Count; i++)
        {
            if (Links[i] with { Map = [] } != other.Links[i] with { Map = [] } || !Links[i].Map.AsSpan().SequenceEqual(other.Links[i].Map.AsSpan()))
                return false;
        }

        return true;
    }
}

/// <summary>An association with a partner, its number, whether it stands, and what the partner knows.</summary>
internal readonly record struct PartnerLink(Ipv4Address Partner, long Association, bool IsUp, ImmutableArray<OwnerVersion> Map)
{
    /// <summary>Carries one.</summary>
    public static void Carry(StateCodec codec, ref PartnerLink link)
    {
        var (partner, association, isUp, map) = link;
        codec.Carry(ref partner);
        codec.Carry(ref association);
        codec.Carry(ref isUp);
        link = new PartnerLink(partner, association, isUp, ReplicationState.Carry(codec, map.IsDefault ? [] : map));
    }
}

/// <summary>Records that a partner is asked for.</summary>
internal readonly record struct WantedRecords(Ipv4Address Owner, ulong Least, ulong Most, int Link)
{
    /// <summary>Carries some.</summary>
    public static void Carry(StateCodec codec, ref WantedRecords wanted)
    {
        (var owner, ulong least, ulong most, int link) = wanted;
        codec.Carry(ref owner);
        codec.CarryVersion(ref least);
        codec.CarryVersion(ref most);
        codec.Carry(ref link);
        wanted = new WantedRecords(owner, least, most, link);
    }
}

/// <summary>What an operation waits for.</summary>
internal enum ReplicationStep : byte
{
    Association,
    Map,
    Records,
    Verification,
}
