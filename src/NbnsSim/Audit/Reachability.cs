using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Wire;
using static NbnsSim.Audit.SegmentMap;

namespace NbnsSim.Audit;

/// <summary>Whether a broadcast of one machine finds a name that another holds: what kind of node each is, and whether they are in one broadcast area.</summary>
internal sealed class Reachability
{
    /// <summary>How many members of a group are looked at whose place is not known; of more it is not known where they are.</summary>
    private const int MaxStrayMembers = 64;

    private readonly AuditTables _tables;
    private readonly Area?[] _areas;
    private readonly SegmentMap _segments;
    private readonly Dictionary<int, GroupMembers> _groups = [];

    public Reachability(AuditTables tables, SegmentMap segments)
    {
        (_tables, _segments) = (tables, segments);
        _areas = new Area?[tables.Hosts.Length];
        for (int i = 0; i < _areas.Length; i++)
            _areas[i] = segments.Of(tables.Hosts[i].Address);
    }

    private enum Hearing : byte
    {
        No,
        Maybe,
        Yes,
    }

    /// <summary>Where a host stands; null where that is not known.</summary>
    public Area? AreaOf(int host) => _areas[host];

    /// <summary>Whether, and why, a client finds a name without the name server that gave it these addresses.</summary>
    public Finding Find(int client, int name, ImmutableArray<Ipv4Address> given)
    {
        var asks = AsksByBroadcast(client, out var asking);
        if (given.Contains(Ipv4Address.Broadcast) || !given.Any(address => address.IsUnicast))
            return FindGroup(client, name, given, asks, asking);
        var grounds = ImmutableArray.CreateBuilder<AuditGround>();
        var reach = Hearing.No;
        bool isNear = false;
        bool isNodeType = asks == Hearing.No;
        var far = new List<Ipv4Address>();
        _tables.Steps += given.Length;
        foreach (var address in given)
        {
            int holder = _tables.FindHost(address);
            var relation = Between(_tables.Hosts[client].Address, _areas[client], address, holder < 0 ? _segments.Of(address) : _areas[holder]);
            if (relation == Relation.Other)
            {
                far.Add(address);
                continue;
            }

            var hears = Hears(holder, address, out var hearing);
            isNear |= relation == Relation.Same;
            isNodeType |= relation == Relation.Same && hears == Hearing.No;
            var one = hears == Hearing.No ? Hearing.No : relation == Relation.Unknown ? Hearing.Maybe : hears;
            if (one > reach)
                grounds.Clear();
            if (one < reach)
                continue;
            reach = one;
            if (relation == Relation.Unknown)
                grounds.Add(new AuditGround(AuditRules.SegmentNotSeen, $"Whether {_tables.Hosts[client].Address} and {address} are in one broadcast area is not seen.", []));
            else if (hears != Hearing.No)
                grounds.Add(Near(client, address));
            if (relation == Relation.Same || hears == Hearing.No)
                grounds.Add(hearing);
        }

        if (reach == Hearing.No && far.Count > 0)
            grounds.Insert(0, Far(client, far));
        var outcome = asks == Hearing.No || reach == Hearing.No ? AuditOutcome.Breaks
            : asks == Hearing.Yes && reach == Hearing.Yes ? AuditOutcome.GoesOn : AuditOutcome.CannotTell;
        if (outcome != AuditOutcome.Breaks || asks == Hearing.No)
            grounds.Insert(0, asking);
        if (asks == Hearing.No && reach == Hearing.Yes)
            grounds.RemoveRange(1, grounds.Count - 1); // that the holder would answer does not explain that nobody asks
        return new Finding(outcome, [.. grounds.Take(4)], isNear, isNodeType && isNear);
    }

    /// <summary>
    /// A normal group is answered with 255.255.255.255: whoever hears that on the client's own segment answers a broadcast query too, but for M nodes, which hold
    /// nothing without their name server.
    /// </summary>
    private Finding FindGroup(int client, int name, ImmutableArray<Ipv4Address> given, Hearing asks, AuditGround asking)
    {
        var group = given.Contains(Ipv4Address.Broadcast)
            ? new AuditGround(AuditRules.GroupIsBroadcast, "The answer is 255.255.255.255, which stays in the client's own segment.", [])
            : new AuditGround(AuditRules.AnswerLeadsNowhere, $"The answer is {string.Join(", ", given.Take(4))}, where no machine is.", []);
        var members = MembersOf(name);
        bool isHere = false;
        int mixed = -1;
        if (_areas[client] is { } area && members.ByArea.TryGetValue(area.Subnet, out var near))
            (isHere, mixed) = (near.Hears, near.Mixed);
        bool mayBeHere = members.Strays > 0 || (_areas[client] is null && members.ByArea.Count > 0);
        var here = new AuditGround(AuditRules.SameSegment, "Members of the group are in the client's segment and answer broadcasts.", isHere ? [members.ByArea[_areas[client]!.Value.Subnet].Frame] : []);
        if (isHere)
        {
            return asks switch
            {
                Hearing.Yes => new Finding(AuditOutcome.GoesOn, [asking, here], true, false),
                Hearing.No => new Finding(AuditOutcome.Breaks, [asking, here], true, true),
                _ => new Finding(AuditOutcome.CannotTell, [asking, here], true, false),
            };
        }

        if (mixed >= 0)
        {
            _ = Hears(mixed, _tables.Hosts[mixed].Address, out var hearing);
            return new Finding(AuditOutcome.Breaks, [hearing], true, true);
        }

        bool isOpen = mayBeHere && (asks != Hearing.Yes || members.HasStrayMixed || _areas[client] is null && members.HasMixed);
        if (isOpen)
            return new Finding(AuditOutcome.CannotTell, [asking, new AuditGround(AuditRules.SegmentNotSeen, "Whether members of the group are in the client's segment is not seen.", [])], false, false);
        if (asks != Hearing.Yes && members.Count == 0)
            return new Finding(AuditOutcome.CannotTell, [asking, new AuditGround(AuditRules.MembersNotSeen, "No member of the group is seen to register.", [])], false, false);
        return new Finding(AuditOutcome.NoWorse, [group], false, false);
    }

    /// <summary>Whether a client asks by broadcast once its name server is silent.</summary>
    private Hearing AsksByBroadcast(int client, out AuditGround ground)
    {
        ref readonly var host = ref _tables.Hosts[client];
        if (host is { AskedAll: not 0, Type: null or OwnerNodeType.P })
        {
            ground = new AuditGround(AuditRules.ClientSeenBroadcasting, $"{host.Address} is seen to ask by broadcast.", [host.AskedAll]);
            return Hearing.Yes;
        }

        ground = host.Type switch
        {
            OwnerNodeType.P => new AuditGround(AuditRules.ClientIsPointToPoint, $"{host.Address} is a P node: it never asks by broadcast.", [host.TypeFrame]),
            null => new AuditGround(AuditRules.ClientTypeNotSeen, $"What kind of node {host.Address} is, is not seen.", []),
            var type => new AuditGround(AuditRules.ClientFallsBack, string.Create(CultureInfo.InvariantCulture, $"{host.Address} is {Article(type)} {type} node and asks by broadcast."), [host.TypeFrame]),
        };
        return host.Type switch { OwnerNodeType.P => Hearing.No, null => Hearing.Maybe, _ => Hearing.Yes };
    }

    /// <summary>Whether a holder answers broadcasts for its name once the name server is off.</summary>
    private Hearing Hears(int holder, Ipv4Address address, out AuditGround ground)
    {
        var host = holder < 0 ? default : _tables.Hosts[holder];
        if (host.Type == OwnerNodeType.M)
        {
            ground = new AuditGround(AuditRules.HolderIsMixed, $"{address} is an M node: it cannot claim its names without a name server.", [host.TypeFrame]);
            return Hearing.No;
        }

        if (host.AnsweredAll != 0)
        {
            ground = new AuditGround(AuditRules.HolderSeenAnswering, $"{address} is seen to answer broadcasts.", [host.AnsweredAll]);
            return Hearing.Yes;
        }

        ground = host.Type switch
        {
            null => new AuditGround(AuditRules.HolderTypeNotSeen, $"Whether {address} answers broadcasts is not seen.", []),
            OwnerNodeType.P => new AuditGround(AuditRules.HolderIsPointToPoint, $"{address} is a P node: it hears no broadcast.", [host.TypeFrame]),
            var type => new AuditGround(AuditRules.HolderHears, string.Create(CultureInfo.InvariantCulture, $"{address} is {Article(type)} {type} node and answers broadcasts."), [host.TypeFrame]),
        };
        return host.Type switch { null => Hearing.Maybe, OwnerNodeType.P => Hearing.No, _ => Hearing.Yes };
    }

    private AuditGround Near(int client, Ipv4Address holder)
    {
        if (_tables.Hosts[client].Address == holder)
            return new AuditGround(AuditRules.SameSegment, $"{holder} is its own address.", []);
        var area = _areas[client];
        string place = area is { } known ? $"{known}{(known.Frame == 0 ? ", as given" : $", by broadcasts to {known.Broadcast}")}" : "not known which";
        return new AuditGround(AuditRules.SameSegment, $"{_tables.Hosts[client].Address} and {holder} are in one broadcast area ({place}).", area is { Frame: > 0 } ? [area.Value.Frame] : []);
    }

    private AuditGround Far(int client, List<Ipv4Address> holders)
    {
        long[] frames = [.. new[] { _areas[client]?.Frame ?? 0 }.Concat(holders.Take(4).Select(one => _segments.Of(one)?.Frame ?? 0)).Where(frame => frame > 0).Distinct().Order()];
        string who = string.Join(", ", holders.Take(4)) + (holders.Count > 4 ? " and others" : "");
        return new AuditGround(AuditRules.OtherSegment, $"{who} {(holders.Count == 1 ? "is" : "are")} not in the broadcast area of {_tables.Hosts[client].Address}{(_areas[client] is { } area ? $" ({area})" : "")}.", [.. frames]);
    }

    /// <summary>Where the members of a group are: looked up once for a name, however many ask.</summary>
    private GroupMembers MembersOf(int name)
    {
        if (_groups.TryGetValue(name, out var members))
            return members;
        members = new GroupMembers();
        for (int at = _tables.Names[name].FirstHolder; at >= 0; at = _tables.Pairs[at].NextHolder)
        {
            _tables.Steps++;
            ref readonly var pair = ref _tables.Pairs[at];
            if (pair.Refused > pair.Granted)
                continue;
            ref readonly var host = ref _tables.Hosts[pair.Host];
            members.Count++;
            bool isMixed = host.Type == OwnerNodeType.M;
            members.HasMixed |= isMixed;
            if (_areas[pair.Host] is not { } area)
            {
                members.Strays = Math.Min(members.Strays + 1, MaxStrayMembers);
                members.HasStrayMixed |= isMixed;
                continue;
            }

            var near = members.ByArea.GetValueOrDefault(area.Subnet, (Hears: false, Mixed: -1, Frame: 0));
            if (!near.Hears && Hears(pair.Host, host.Address, out _) == Hearing.Yes)
                near = (true, near.Mixed, pair.Registered != 0 ? pair.Registered : pair.Granted != 0 ? pair.Granted : pair.HeldAll);
            if (isMixed)
                near.Mixed = pair.Host;
            members.ByArea[area.Subnet] = near;
        }

        return _groups[name] = members;
    }

    private static string Article(OwnerNodeType? type) => type is OwnerNodeType.H or OwnerNodeType.M ? "an" : "a";

    /// <summary>What becomes of a question, why, whether a holder is near, and whether other node types would mend it.</summary>
    internal readonly record struct Finding(AuditOutcome Outcome, ImmutableArray<AuditGround> Grounds, bool IsNear, bool NodeTypeMends);

    private sealed class GroupMembers
    {
        public Dictionary<Ipv4Subnet, (bool Hears, int Mixed, long Frame)> ByArea { get; } = [];

        public int Count { get; set; }

        public int Strays { get; set; }

        public bool HasStrayMixed { get; set; }

        public bool HasMixed { get; set; }
    }
}
