using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Testing;

/// <summary>
/// A virtual network for tests: machines and name servers on one segment or several (<see cref="AddSegment"/>), time that goes only when it is told to, and a report of all that happens. The
/// assertions are in <see cref="NetworkAssertions"/>; invariants (<see cref="NetworkInvariants"/>) are checked after every step of time.
/// </summary>
public sealed class TestNetwork
{
    private readonly List<SegmentId> _segments = [];
    private readonly NetBtDialect _dialect;

    /// <summary>Makes an empty LAN.</summary>
    /// <param name="dialect">What machines behave like that are added without options; null for Windows NT 4.0.</param>
    /// <param name="subnet">The LAN's subnet; null for 10.0.0.0/24.</param>
    /// <param name="seed">What all randomness follows from.</param>
    public TestNetwork(NetBtDialect? dialect = null, Ipv4Subnet? subnet = null, ulong seed = 1)
    {
        Simulator = new Simulator(seed);
        _dialect = dialect ?? NetBtDialect.WindowsNt4;
        _segments.Add(Simulator.AddSegment("LAN", subnet ?? Ipv4Subnet.Parse("10.0.0.0/24"), TimeSpan.FromMilliseconds(1)));
        Report = RunReport.Attach(Simulator);
    }

    /// <summary>The simulation below, for link rules, observers and what else a test needs.</summary>
    public Simulator Simulator { get; }

    /// <summary>What happened so far.</summary>
    public RunReport Report { get; }

    /// <summary>Adds another segment, behind a router to the first: unicast passes, broadcasts do not.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="subnet">Its subnet, such as <c>10.0.1.0/24</c>.</param>
    /// <returns>The segment, for link rules.</returns>
    /// <exception cref="ArgumentException">The name is taken, or the subnet overlaps another's.</exception>
    public SegmentId AddSegment(string name, string subnet)
    {
        var segment = Simulator.AddSegment(name, Ipv4Subnet.Parse(subnet), TimeSpan.FromMilliseconds(1));
        Simulator.AddRouter($"router to {name}", TimeSpan.FromMilliseconds(1), _segments[0], segment);
        _segments.Add(segment);
        return segment;
    }

    /// <summary>Adds a machine; it is off until <see cref="Boot"/>.</summary>
    /// <param name="name">Its computer name.</param>
    /// <param name="address">Its address; it stands on the segment whose subnet that is in.</param>
    /// <param name="options">What it behaves like; null for the LAN's dialect as a B node.</param>
    public EndNode AddMachine(string name, string address, EndNodeOptions? options = null)
    {
        var place = Ipv4Address.Parse(address);
        var segment = SegmentOf(place);
        var subnet = Simulator.SubnetOf(segment);
        var node = new EndNode(
            name, [new EndNodeInterface(place, subnet.BroadcastAddress, MacAddress.FromIpv4(place))], options ?? new EndNodeOptions { Dialect = _dialect },
            RandomStream.Derive(Simulator.Seed, "host " + name).NextUInt64());
        Simulator.AddHost(name, node, segment, place);
        return node;
    }

    /// <summary>Adds a name server; it serves at once.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="address">Its address; it stands on the segment whose subnet that is in.</param>
    /// <param name="dialect">What it behaves like; null for WINS of Windows NT 4.0.</param>
    public NameServer AddNameServer(string name, string address, NameServerDialect? dialect = null)
    {
        var place = Ipv4Address.Parse(address);
        var server = new NameServer(new NameServerOptions
        {
            Address = place,
            Dialect = dialect ?? NameServerDialect.WinsNt4,
            Seed = RandomStream.Derive(Simulator.Seed, "host " + name).NextUInt64(),
        });
        Simulator.AddHost(name, server, SegmentOf(place), place);
        return server;
    }

    /// <summary>Starts a machine: it registers its names.</summary>
    /// <param name="machine">The machine's name.</param>
    public void Boot(string machine) => Command(machine, "boot", (node, now) => node.Boot(now));

    /// <summary>A user logs on at a machine.</summary>
    /// <param name="machine">The machine's name.</param>
    /// <param name="user">The user's name.</param>
    public void Logon(string machine, string user) => Command(machine, $"logon {user}", (node, now) => node.Logon(now, user));

    /// <summary>Has a machine do anything else.</summary>
    /// <param name="machine">The machine's name.</param>
    /// <param name="description">What, for people.</param>
    /// <param name="command">Does it.</param>
    public void Command(string machine, string description, Action<EndNode, Instant> command)
    {
        Simulator.Command(HostOf(machine), description, command);
        NetworkInvariants.Check(this);
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="duration">How much.</param>
    /// <exception cref="NetworkAssertionException">An invariant does not hold.</exception>
    public void RunFor(TimeSpan duration)
    {
        Simulator.RunFor(duration);
        NetworkInvariants.Check(this);
    }

    /// <summary>A machine or a name server fails: it hears, says and does nothing.</summary>
    /// <param name="host">Its name.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public void Crash(string host) => Simulator.Crash(HostOf(host));

    /// <summary>A machine or a name server comes back after <see cref="Crash"/> with what it knew.</summary>
    /// <param name="host">Its name.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public void Restart(string host) => Simulator.Restart(HostOf(host));

    /// <summary>A machine by its name.</summary>
    /// <param name="machine">The machine's name.</param>
    /// <exception cref="ArgumentException">There is no such machine.</exception>
    public EndNode NodeOf(string machine) => Simulator.NodeOf(HostOf(machine)) ?? throw new ArgumentException($"'{machine}' is no end node.", nameof(machine));

    private SegmentId SegmentOf(Ipv4Address address)
    {
        foreach (var segment in _segments)
        {
            if (Simulator.SubnetOf(segment).Contains(address))
                return segment;
        }

        throw new ArgumentException($"{address} is in no segment's subnet.", nameof(address));
    }

    internal HostId HostOf(string machine) => Simulator.FindHost(machine) ?? throw new ArgumentException($"There is no host '{machine}'.", nameof(machine));

    internal IEnumerable<HostId> Hosts() => Enumerable.Range(0, Simulator.HostCount).Select(host => new HostId(host));
}
