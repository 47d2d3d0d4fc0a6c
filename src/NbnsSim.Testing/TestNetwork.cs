using System.Collections.Immutable;
using System.Globalization;
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
/// <example>
/// <code>
/// var network = new TestNetwork(NetBtDialect.WindowsNt351);
/// network.AddMachine("ALPHA", "10.0.0.1");
/// network.AddMachine("BRAVO", "10.0.0.2");
/// foreach (string machine in new[] { "ALPHA", "BRAVO" })
/// {
///     network.Boot(machine);
///     network.ShouldSettle();
///     network.Logon(machine, "JSMITH");
///     network.ShouldSettle();
/// }
///
/// network.ShouldHold("ALPHA", "JSMITH&lt;03&gt;");
/// network.ShouldDecide("B5.defend-unique", "ALPHA", "JSMITH&lt;03&gt;");
/// network.ShouldLogNothing();
/// </code>
/// </example>
public sealed class TestNetwork
{
    private readonly List<SegmentId> _segments = [];
    private readonly NetBtDialect _dialect;
    private readonly ClaimWatch _claims = new();
    private int _faultCount;

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

    /// <summary>How long a machine may take to claim a name, as an invariant: <see cref="NetworkInvariants.LongestClaim"/> unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public TimeSpan LongestClaim
    {
        get;
        set => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A claim takes some time.");
    } = NetworkInvariants.LongestClaim;

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
    /// <param name="partners">The addresses of its replication partners: it pulls from each and notifies each. A partnership goes both ways only if the other names this one too.</param>
    public NameServer AddNameServer(string name, string address, NameServerDialect? dialect = null, params ReadOnlySpan<string> partners)
    {
        var others = ImmutableArray.CreateBuilder<Ipv4Address>(partners.Length);
        foreach (string partner in partners)
            others.Add(Ipv4Address.Parse(partner));
        var addresses = others.ToImmutable();
        return AddNameServer(name, address, new NameServerOptions { Dialect = dialect ?? NameServerDialect.WinsNt4, PullsFrom = addresses, Notifies = addresses });
    }

    /// <summary>Adds a name server; it serves at once.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="address">Its address; it stands on the segment whose subnet that is in.</param>
    /// <param name="options">How it is set up; its address and seed are the network's to give.</param>
    public NameServer AddNameServer(string name, string address, NameServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var place = Ipv4Address.Parse(address);
        var server = new NameServer(options with { Address = place, Seed = RandomStream.Derive(Simulator.Seed, "host " + name).NextUInt64() });
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

    /// <summary>Has a name server do something: pull, push, add a static record.</summary>
    /// <param name="server">The name server's name.</param>
    /// <param name="description">What, for people.</param>
    /// <param name="command">Does it.</param>
    public void CommandServer(string server, string description, Action<NameServer, Instant> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        _ = ServerOf(server);
        Simulator.Command(HostOf(server), description, command);
        NetworkInvariants.Check(this);
    }

    /// <summary>A name server pulls from another (MS-WINSRA §3.2.5.1): what comes of it takes time.</summary>
    /// <param name="server">The name server that pulls.</param>
    /// <param name="from">The name server that it pulls from.</param>
    public void Pull(string server, string from)
    {
        var partner = ServerOf(from).Options.Address;
        CommandServer(server, $"pull from {from}", (it, now) => it.Pull(now, partner));
    }

    /// <summary>Lets time pass. Invariants are looked at at least once a minute of it.</summary>
    /// <param name="duration">How much.</param>
    /// <exception cref="NetworkAssertionException">An invariant does not hold.</exception>
    public void RunFor(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var until = Simulator.Now + duration;
        var look = LongestClaim < TimeSpan.FromMinutes(1) ? LongestClaim : TimeSpan.FromMinutes(1);
        do
        {
            var next = Simulator.Now + look;
            Simulator.RunUntil(next < until ? next : until);
            NetworkInvariants.Check(this);
            if (_claims.Look(Simulator, LongestClaim) is { } endless)
                throw NetworkAssertions.Failure(this, endless);
        }
        while (Simulator.Now < until);
    }

    /// <summary>Datagrams get lost.</summary>
    /// <param name="percent">How many of a hundred; which, follows from the seed.</param>
    /// <param name="from">The host or segment that sends; null for any.</param>
    /// <param name="to">The host or segment that should receive; null for any.</param>
    /// <returns>What to mend it by.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is not 0 to 100.</exception>
    /// <exception cref="ArgumentException">There is no such host or segment.</exception>
    public NetworkFault Lose(double percent, string? from = null, string? to = null)
    {
        if (!(percent is >= 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "Expected 0 to 100.");
        var rule = LinkRule.Loss(FaultName("loss"), (uint)Math.Round(percent * (LinkRule.Always / 100.0)));
        return new NetworkFault(Simulator, rule with { From = ScopeOf(from), To = ScopeOf(to) });
    }

    /// <summary>Two hosts or segments hear nothing of each other, neither datagrams nor what name servers replicate.</summary>
    /// <param name="one">A host or a segment.</param>
    /// <param name="other">Another; null for everybody.</param>
    /// <returns>What to mend it by.</returns>
    /// <exception cref="ArgumentException">There is no such host or segment.</exception>
    public NetworkFault Partition(string one, string? other = null) =>
        new(Simulator, LinkRule.Partition(FaultName("partition"), ScopeOf(one), ScopeOf(other)));

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

    /// <summary>A name server by its name.</summary>
    /// <param name="server">The name server's name.</param>
    /// <exception cref="ArgumentException">There is no such name server.</exception>
    public NameServer ServerOf(string server) => Simulator.NameServerOf(HostOf(server)) ?? throw new ArgumentException($"'{server}' is no name server.", nameof(server));

    private string FaultName(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind} {++_faultCount}");

    private LinkScope ScopeOf(string? place) =>
        place is null ? LinkScope.Any
        : Simulator.FindHost(place) is { } host ? host
        : Simulator.FindSegment(place) is { } segment ? LinkScope.Of(segment)
        : throw new ArgumentException($"There is no host and no segment '{place}'.", nameof(place));

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
