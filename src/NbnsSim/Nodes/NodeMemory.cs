using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>What a node remembers beside its own names: parts that most simulated nodes never have. Made when there is something.</summary>
internal sealed class NodeMemory
{
    /// <summary>What a node that remembers nothing remembers; never changed.</summary>
    public static readonly NodeMemory Empty = new();

    /// <summary>Remote names.</summary>
    public NameCache Cache = new();

    /// <summary>Which name server it turns to.</summary>
    public ServerSelection Servers = new();

    /// <summary>What the name server has not answered on one of several interfaces.</summary>
    public NameDebts Debts = new();

    /// <summary>When names were last released and registered anew.</summary>
    public Instant RenewedAt = Instant.MinValue;

    /// <summary>When the first of its timers is due.</summary>
    public Instant DueAt => Servers.DueAt < Debts.DueAt ? Servers.DueAt : Debts.DueAt;

    public NodeMemory Fork() => new() { Cache = Cache.Fork(), Servers = Servers, Debts = Debts.Fork(), RenewedAt = RenewedAt };

    /// <summary>Carries all of it.</summary>
    public void Carry(StateCodec codec, EndNodeOptions options)
    {
        Cache.Carry(codec);
        Servers.Carry(codec, options);
        Debts.Carry(codec);
        var again = RenewedAt + Renewing.RenewalGap;
        if (codec.IsFingerprint)
            codec.CarryUntil(ref again);
        else
            codec.Carry(ref RenewedAt);
    }

    public bool HasSameStateAs(NodeMemory other) =>
        Cache.HasSameStateAs(other.Cache) && Servers.HasSameStateAs(other.Servers) && Debts.HasSameStateAs(other.Debts) && RenewedAt == other.RenewedAt;
}
