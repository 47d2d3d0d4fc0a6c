using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>A record that meets a partner's of the same name: what the server makes of it.</summary>
internal sealed record ReplicationCase
{
    public required NameRecordType Type { get; init; }

    public required NameRecordState State { get; init; }

    public bool IsStatic { get; init; }

    /// <summary>Whose the record is: <c>own</c>, <c>other</c>, or <c>same</c> as the replica's.</summary>
    public required string Owner { get; init; }

    public required NameRecordType NewType { get; init; }

    public required NameRecordState NewState { get; init; }

    public bool NewIsStatic { get; init; }

    /// <summary>The replica's addresses: <c>same</c>, <c>other</c>, <c>less</c> or <c>more</c> than the record's.</summary>
    public required string Addresses { get; init; }

    public bool MigrateOn { get; init; }

    public bool IsDomain { get; init; }

    /// <summary>Whether there can be such addresses: a unique name has one, and a normal group none of its own.</summary>
    public bool IsPossible => Addresses switch
    {
        "less" => HasSeveral(Type),
        "more" => HasSeveral(NewType),
        _ => true,
    };

    public override string ToString() =>
        $"{Owner} {Type} {State}{(IsStatic ? " static" : "")} against {NewType} {NewState}{(NewIsStatic ? " static" : "")}, {Addresses} addresses{(MigrateOn ? ", migration on" : "")}{(IsDomain ? ", <1C>" : "")}";

    private static bool HasSeveral(NameRecordType type) => type is NameRecordType.InternetGroup or NameRecordType.Multihomed;

    public (string[] Old, string[] New) GetAddresses()
    {
        string[] old = ["10.1.0.1", "10.1.0.2"];
        string[] other = ["10.2.0.1", "10.2.0.2"];
        return Addresses switch
        {
            "same" when HasSeveral(Type) && HasSeveral(NewType) => (old, old),
            "same" => (old[..1], old[..1]),
            "less" => (old, old[..1]),
            "more" => (old[..1], [old[0], other[0]]),
            _ => (HasSeveral(Type) ? old : old[..1], HasSeveral(NewType) ? other : other[..1]),
        };
    }
}

/// <summary>Runs a <see cref="ReplicationCase"/> and says in a few words what has come of it.</summary>
internal sealed class ReplicationTrial
{
    public static readonly Ipv4Address PartnerA = Ipv4Address.Parse("10.0.1.250");
    public static readonly Ipv4Address PartnerB = Ipv4Address.Parse("10.0.2.250");

    private readonly ServerBench _bench;
    private readonly ReplicationCase _case;
    private readonly NameRecord _before;
    private readonly NameRecord _replica;

    public ReplicationTrial(NameServerDialect dialect, ReplicationCase one)
    {
        _case = one;
        _bench = new ServerBench(dialect, options => options with { MigrateOn = one.MigrateOn });
        var name = NetBiosName.Parse(one.IsDomain ? "LAB<1C>" : "LAB<20>");
        var (old, replica) = one.GetAddresses();
        var owner = one.Owner == "own" ? ServerBench.ServerAddress : one.Owner == "other" ? PartnerA : PartnerB;
        _bench.Server.Restore(_bench.Now, Record(name, one.Type, one.State, one.IsStatic, owner, 5, old));
        _before = _bench.Server.FindRecord(name)!;
        _replica = Record(name, one.NewType, one.NewState, one.NewIsStatic, PartnerB, 9, replica);
    }

    public ReplicationTrial(NameServerDialect dialect, NameRecord before, NameRecord replica)
    {
        _case = new ReplicationCase { Type = before.Type, State = before.State, Owner = "other", NewType = replica.Type, NewState = replica.State, Addresses = "other" };
        _bench = new ServerBench(dialect);
        _bench.Server.Restore(_bench.Now, before);
        _before = _bench.Server.FindRecord(before.Name)!;
        _replica = replica;
    }

    /// <summary>Every node that was asked whether it holds the name, each once.</summary>
    public SortedSet<string> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>Every node that was told to release it, each once.</summary>
    public SortedSet<string> Told { get; } = new(StringComparer.Ordinal);

    public static NameRecord Record(
        NetBiosName name, NameRecordType type, NameRecordState state, bool isStatic, Ipv4Address owner, ulong version, params ReadOnlySpan<string> addresses)
    {
        var list = ImmutableArray.CreateBuilder<NameRecordAddress>();
        foreach (string address in addresses)
            list.Add(new NameRecordAddress(ServerBench.Ip(type == NameRecordType.NormalGroup ? "255.255.255.255" : address), owner, Instant.MaxValue, OwnerNodeType.H));
        return new NameRecord { Name = name, Type = type, State = state, IsStatic = isStatic, Owner = owner, Version = version, Addresses = list.ToImmutable() };
    }

    /// <summary>Has the server take the replica of an Internet group: <c>keep</c>, <c>replace</c> or <c>merge</c>, as the members' owners have it too.</summary>
    public string RunMembers()
    {
        _bench.Server.Replicas.Receive(_bench.Now, [_replica]);
        var after = _bench.Server.FindRecord(_before.Name)!;
        if (after.Owner == ServerBench.ServerAddress)
            return Members(after).SetEquals(Members(_before).Union(Members(_replica))) ? "merge" : after.ToString();
        var same = after.Owner == _before.Owner ? _before : _replica;
        return after.Version != same.Version || !Members(after).SetEquals(Members(same)) ? after.ToString() : same == _before ? "keep" : "replace";
    }

    /// <summary>Has the server take the replica.</summary>
    /// <param name="answer">What a node does that is asked: <c>silent</c>, <c>holds</c>, <c>holds-others</c> or <c>denies</c>.</param>
    public string Run(string answer)
    {
        var result = _bench.Server.Replicas.Receive(_bench.Now, [_replica]);
        for (var sent = _bench.Drain(); sent.Count > 0;)
        {
            var next = new List<Sent>();
            foreach (var packet in sent)
            {
                bool isQuestion = packet.Opcode == NbnsOpcode.Query;
                (isQuestion ? Asked : Told).Add(packet.To.Address.ToString());
                next.AddRange(!isQuestion ? _bench.Releases(packet) : answer switch
                {
                    "silent" => _bench.Pass(TimeSpan.FromSeconds(1)),
                    "denies" => _bench.Denies(packet),
                    "holds-others" => _bench.Holds(packet, "10.9.0.1", "10.9.0.2"),
                    _ => _bench.Holds(packet, packet.To.Address.ToString()),
                });
            }

            sent = next.Count > 0 ? next : _bench.Pass(TimeSpan.FromMinutes(1));
        }

        return $"{(Told.Count > 0 ? "release, " : "")}{Outcome()}{(result.NotifiesPartners ? ", push" : "")}";
    }

    private string Outcome()
    {
        var after = _bench.Server.FindRecord(_before.Name)!;
        bool isSame = (after.Type, after.State, after.IsStatic, after.Owner) == (_before.Type, _before.State, _before.IsStatic, _before.Owner);
        if (isSame && after.Version == _before.Version && Texts(after).SetEquals(Texts(_before)))
            return "keep";
        if (_case is { Type: NameRecordType.InternetGroup, NewType: NameRecordType.InternetGroup, State: NameRecordState.Active, NewState: NameRecordState.Active }
            && _case.Owner != "same" && after.State == NameRecordState.Active && Texts(after).SetEquals(Texts(_before).Union(Texts(_replica), StringComparer.Ordinal)))
        {
            return "union";
        }

        if (Replaces(after))
            return "replace";
        if (isSame && after.Owner == ServerBench.ServerAddress && after.Version > _before.Version && after.Version == _bench.Server.Version && Texts(after).IsSubsetOf(Texts(_before)))
            return "renew";
        return $"{after} (before: {_before}; replica: {_replica})";
    }

    private bool Replaces(NameRecord after) =>
        (after.Type, after.State, after.IsStatic, after.Owner, after.Version) == (_replica.Type, _replica.State, _replica.IsStatic, _replica.Owner, _replica.Version)
        && Texts(after).SetEquals(Texts(_replica));

    private static HashSet<(Ipv4Address, Ipv4Address)> Members(NameRecord record) => [.. record.Addresses.Select(one => (one.Owner, one.Address))];

    private static HashSet<string> Texts(NameRecord record) => record.Addresses.Select(one => one.Address.ToString()).ToHashSet(StringComparer.Ordinal);
}
