using System.Collections.Immutable;
using System.Numerics;
using NbnsSim.Diagnosis;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;

namespace NbnsSim.Twins;

/// <summary>The network of a twin: segments that its machines' addresses and broadcasts show, with a router between them all, and the machines on them.</summary>
internal sealed class TwinNetwork
{
    private const int UsualPrefix = 24;
    private const int LongestPrefix = 30; // room for two hosts
    private static readonly TimeSpan RouterLatency = TimeSpan.FromTicks(1);

    private readonly List<Ipv4Subnet> _subnets = [];
    private readonly Dictionary<TwinMachine, ImmutableArray<ScenarioInterface>> _places = [];

    public TwinNetwork(TwinEvidence evidence, IReadOnlyList<TwinMachine> machines, List<TwinInference> inferences)
    {
        foreach (var group in evidence.Packets.Where(packet => packet.BroadcastAddress != default && packet.BroadcastAddress != Ipv4Address.Broadcast && packet.BroadcastAddress.IsUnicast).GroupBy(packet => packet.BroadcastAddress))
            AddBroadcast(group.Key, group.Select(packet => packet.Source).Distinct(), inferences);
        foreach (var machine in machines)
        {
            ImmutableArray<ScenarioInterface> places = [.. machine.Addresses.Where(address => address.IsUnicast).Select(Place).OfType<ScenarioInterface>()];
            if (!places.IsEmpty)
                _places[machine] = places;
            else
                inferences.Add(new TwinInference(TwinInferenceKind.Segment, machine.Name, Certainty.Proven, $"{machine.Addresses[0]} is no host's address: there is no machine for it"));
        }

        Latency = FastestAnswer(evidence);
    }

    /// <summary>How long a datagram takes across a segment: so little that every answer can be as fast as the fastest of the capture.</summary>
    private TimeSpan Latency { get; }

    public bool Has(TwinMachine machine) => _places.ContainsKey(machine);

    public ImmutableArray<ScenarioSegment> Segments => [.. _subnets.Select(subnet => new ScenarioSegment(subnet.ToString(), subnet, Latency))];

    public ImmutableArray<ScenarioRouter> Routers => _subnets.Count < 2 ? [] : [new ScenarioRouter("router", [.. _subnets.Select(subnet => subnet.ToString())], RouterLatency)];

    public ScenarioHost MakeHost(TwinMachine machine, TwinHabits habits, NetBtDialect node, NameServerDialect server)
    {
        bool isNode = !machine.IsNameServer || machine.HeldNames.Count > 0 || machine.Exchanges.Exists(exchange => TwinExchange.ClassOf(exchange.First.Kind) is RequestClass.Claim or RequestClass.Status || exchange.First.IsBroadcast);
        return new ScenarioHost
        {
            Name = machine.Name,
            Group = machine.Name,
            Roles = (isNode ? HostRoles.Node : HostRoles.None) | (machine.IsNameServer ? HostRoles.NameServer : HostRoles.None),
            Interfaces = _places[machine],
            Dialect = habits.Applied(node),
            Node = new EndNodeOptions { NodeType = machine.NodeType, NameServers = [.. machine.NameServers], Scope = machine.Scope, EnableProxy = machine.IsProxy },
            NameServer = new NameServerOptions { Dialect = habits.Applied(server), RequestsPerSecond = habits.Load?.PerSecond ?? 0 },
            HeldNames = isNode ? [.. machine.HeldNames] : [],
            Records = [.. machine.Records.Values],
        };
    }

    private static TimeSpan FastestAnswer(TwinEvidence evidence)
    {
        var fastest = TimeSpan.FromMilliseconds(1);
        foreach (var exchange in evidence.Exchanges)
        {
            foreach (var answer in exchange.Answers)
            {
                var taken = answer.Time - exchange.First.Time;
                fastest = taken < fastest ? taken : fastest;
            }
        }

        return TimeSpan.FromTicks(Math.Max(1, fastest.Ticks / 8));
    }

    /// <summary>RFC 922 §7: a broadcast address ends with ones. The subnet is at most as long as they are, at least as long as its senders need, and a /24 where that fits.</summary>
    private void AddBroadcast(Ipv4Address broadcast, IEnumerable<Ipv4Address> senders, List<TwinInference> inferences)
    {
        int ones = BitOperations.TrailingZeroCount(~broadcast.Value);
        int needed = 2;
        int count = 0;
        foreach (var sender in senders)
        {
            int bits = 32 - BitOperations.LeadingZeroCount(sender.Value ^ broadcast.Value);
            if (bits > ones || bits == 0)
                continue;
            needed = Math.Max(needed, bits);
            count++;
        }

        if (count == 0)
            return;
        int prefix = Math.Min(32 - needed, ones >= 32 - UsualPrefix ? UsualPrefix : LongestPrefix);
        var subnet = new Ipv4Subnet(broadcast, prefix);
        if (_subnets.RemoveAll(other => other.Overlaps(subnet) && other.PrefixLength > prefix) == 0 && _subnets.Exists(other => other.Overlaps(subnet)))
            return;
        _subnets.Add(subnet);
        bool isExact = 32 - prefix == ones;
        inferences.Add(new TwinInference(TwinInferenceKind.Segment, "", isExact ? Certainty.Proven : Certainty.Likely,
            $"{subnet} is a segment: {count} {(count == 1 ? "machine broadcasts" : "machines broadcast")} to {broadcast}{(isExact ? "" : ", which allows a larger one too")}"));
    }

    private ScenarioInterface? Place(Ipv4Address address)
    {
        foreach (var subnet in _subnets)
        {
            if (subnet.Contains(address))
                return IsHost(subnet, address) ? new ScenarioInterface(subnet.ToString(), address) : null;
        }

        for (int prefix = UsualPrefix; prefix <= LongestPrefix; prefix++)
        {
            var made = new Ipv4Subnet(address, prefix);
            if (IsHost(made, address) && !_subnets.Exists(made.Overlaps))
            {
                _subnets.Add(made);
                return new ScenarioInterface(made.ToString(), address);
            }
        }

        return null;
    }

    private static bool IsHost(Ipv4Subnet subnet, Ipv4Address address) => address != subnet.Network && address != subnet.BroadcastAddress;
}
