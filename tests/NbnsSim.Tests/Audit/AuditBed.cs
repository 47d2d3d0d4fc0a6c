using System.Collections.Immutable;
using NbnsSim.Audit;
using NbnsSim.Captures;
using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Audit;

/// <summary>
/// A network of several segments with a name server, drawn from a seed: machines of all node types, some of them proxies, who ask for one another's names. It runs with the
/// name server and without, and says which questions find a holder in each.
/// </summary>
internal sealed class AuditBed
{
    private static readonly Ipv4Address Server = Ipv4Address.Parse("10.0.0.2");
    private static readonly Instant FirstQuestion = Instant.FromMilliseconds(300_000);

    private readonly List<Machine> _machines = [];
    private readonly List<(int Client, NetBiosName Name, Instant At)> _questions = [];
    private readonly ulong _seed;
    private readonly int _segments;

    public AuditBed(ulong seed)
    {
        _seed = seed;
        var random = RandomStream.Derive(seed, "audit");
        _segments = 1 + (int)random.Next(3);
        int count = 3 + (int)random.Next(6);
        OwnerNodeType[] types = random.Chance(300_000) ? [OwnerNodeType.H] : [OwnerNodeType.B, OwnerNodeType.P, OwnerNodeType.M, OwnerNodeType.H];
        for (int i = 0; i < count; i++)
        {
            int segment = (int)random.Next((uint)_segments);
            _machines.Add(new Machine($"HOST{i}", segment, Ipv4Address.Parse($"10.0.{segment}.{10 + i}"))
            {
                Type = types[random.Next((uint)types.Length)],
                IsProxy = random.Chance(200_000),
                IsController = random.Chance(250_000),
                Workgroup = random.Chance(500_000) ? "NORTH" : "SOUTH",
            });
        }

        NetBiosName[] groups = [NetBiosName.Parse("NORTH<00>"), NetBiosName.Parse("SOUTH<00>"), NetBiosName.Parse("CORP<1C>"), NetBiosName.Parse("NOBODY<20>")];
        for (int i = 0; i < 3 * count; i++)
        {
            var name = random.Chance(300_000) ? groups[random.Next((uint)groups.Length)] : new NetBiosName(_machines[(int)random.Next((uint)count)].Name, random.Chance(500_000) ? NameSuffix.Server : NameSuffix.Workstation);
            _questions.Add(((int)random.Next((uint)count), name, FirstQuestion + TimeSpan.FromSeconds(60 * i)));
        }
    }

    /// <summary>The subnets of its segments.</summary>
    public ImmutableArray<Ipv4Subnet> Subnets => [.. Enumerable.Range(0, _segments).Select(Subnet)];

    public IReadOnlyList<Machine> Machines => _machines;

    /// <summary>The mirror port's capture of a run with the name server, judged.</summary>
    public WinsAuditVerdict Judge(WinsAuditOptions? options = null)
    {
        var audit = new WinsAudit(options);
        Feed(Run(hasServer: true).Capture, audit);
        return audit.Judge();
    }

    /// <summary>Feeds a capture to an audit, as far as it can be read.</summary>
    /// <returns>The last frame.</returns>
    public static long Feed(byte[] capture, WinsAudit audit)
    {
        using var datagrams = new DatagramReader(CaptureReader.Open(new MemoryStream(capture, writable: false)), new DatagramReaderOptions { SightingWindow = TimeSpan.FromMilliseconds(50) });
        while (datagrams.TryRead(out var one))
            audit.Observe(one.FrameNumber, one.Time, one.Source, one.Destination, CaptureFile.IsBroadcast(one), one.Payload);
        return datagrams.Capture.FrameCount;
    }

    /// <summary>The pairs of client and name of which a question finds a holder with the name server, and does not without, and the machines that then hold none of their names.</summary>
    /// <param name="change">Changes machines for the run without; null to leave all as it is.</param>
    public (HashSet<(Ipv4Address Client, NetBiosName Name)> Questions, HashSet<Ipv4Address> Registrations) Broken(Action<Machine>? change = null)
    {
        var with = Run(hasServer: true);
        var without = Run(hasServer: false, change);
        var broken = new HashSet<(Ipv4Address, NetBiosName)>();
        for (int i = 0; i < _questions.Count; i++)
        {
            if (with.Found[i] && !without.Found[i])
                broken.Add((_machines[_questions[i].Client].Address, _questions[i].Name));
        }

        return (broken, [.. with.Holders.Except(without.Holders)]);
    }

    /// <summary>The same network as a scenario: its machines boot one after the other, then ask, each question with an empty cache.</summary>
    public Scenario ToScenario()
    {
        var boots = _machines.SelectMany((machine, i) => Steps(Instant.FromMilliseconds(i * 20_000), machine.Name,
            [NodeCommand.Boot, .. machine.IsController ? new[] { NodeCommand.AddGroupName } : []], NetBiosName.Parse("CORP<1C>")));
        var questions = _questions.SelectMany(question => Steps(question.At, _machines[question.Client].Name, [NodeCommand.PurgeCache, NodeCommand.Query], question.Name));
        return new Scenario
        {
            Name = $"audit-{_seed}",
            Title = $"audit {_seed}",
            Seed = _seed,
            Dialect = new DialectChoice(NetBtDialect.WindowsNt4),
            Segments = [.. Enumerable.Range(0, _segments).Select(i => new ScenarioSegment($"S{i}", Subnet(i), TimeSpan.FromMilliseconds(1)))],
            Routers = _segments == 1 ? [] : [new ScenarioRouter("router", [.. Enumerable.Range(0, _segments).Select(i => $"S{i}")], TimeSpan.FromMilliseconds(1))],
            Hosts =
            [
                new ScenarioHost { Name = "WINS", Group = "WINS", Roles = HostRoles.NameServer, Interfaces = [new ScenarioInterface("S0", Server)], NameServer = new NameServerOptions { Dialect = NameServerDialect.WinsNt4 } },
                .. _machines.Select(machine => new ScenarioHost
                {
                    Name = machine.Name,
                    Group = machine.Name,
                    Interfaces = [new ScenarioInterface($"S{machine.Segment}", machine.Address)],
                    Node = new EndNodeOptions
                    {
                        NodeType = machine.Type,
                        NameServers = machine.Type == OwnerNodeType.B ? [] : [Server],
                        Workgroup = machine.Workgroup,
                        EnableProxy = machine.IsProxy && machine.Type == OwnerNodeType.H,
                    },
                }),
            ],
            Steps = [.. boots.Concat(questions)],
            End = _questions[^1].At + TimeSpan.FromSeconds(60),
        };

        static IEnumerable<ScenarioStep> Steps(Instant at, string host, NodeCommand[] commands, NetBiosName name) =>
            commands.Select(command => new NodeStep(at, command) { Hosts = [host], Name = command is NodeCommand.Query or NodeCommand.AddGroupName ? name : default });
    }

    /// <summary>Runs it.</summary>
    public (byte[] Capture, bool[] Found, HashSet<Ipv4Address> Holders) Run(bool hasServer, Action<Machine>? change = null)
    {
        var simulator = new Simulator(_seed);
        var segments = Enumerable.Range(0, _segments).Select(i => simulator.AddSegment($"S{i}", Subnet(i), TimeSpan.FromMilliseconds(1))).ToArray();
        if (segments.Length > 1)
            simulator.AddRouter("router", TimeSpan.FromMilliseconds(1), segments);
        var wins = simulator.AddHost("WINS", new NameServer(new NameServerOptions { Address = Server, Seed = _seed, Dialect = NameServerDialect.WinsNt4 }), segments[0], Server);
        if (!hasServer)
            simulator.Crash(wins);
        var stream = new MemoryStream();
        using var writer = new CaptureWriter(stream, leaveOpen: true);
        var tap = new CaptureTap(writer);
        foreach (var segment in segments)
            tap.Add(simulator, segment);
        simulator.AddObserver(tap);
        var hosts = new List<HostId>();
        var machines = new List<Machine>();
        foreach (var drawn in _machines)
        {
            var machine = drawn with { };
            change?.Invoke(machine);
            machines.Add(machine);
            var options = new EndNodeOptions
            {
                Dialect = NetBtDialect.WindowsNt4,
                NodeType = machine.Type,
                NameServers = machine.Type == OwnerNodeType.B ? [] : [Server],
                Workgroup = machine.Workgroup,
                EnableProxy = machine.IsProxy && machine.Type == OwnerNodeType.H,
                LmHosts = machine.LmHosts is null ? null : LmHostsFile.Parse(machine.LmHosts),
            };
            var attachment = new EndNodeInterface(machine.Address, Subnet(machine.Segment).BroadcastAddress, MacAddress.FromIpv4(machine.Address));
            hosts.Add(simulator.AddHost(machine.Name, new EndNode(machine.Name, [attachment], options, _seed + (ulong)hosts.Count), segments[machine.Segment], machine.Address));
        }

        foreach (var (host, machine) in hosts.Zip(machines))
        {
            simulator.Command<EndNode>(host, "boot", (node, now) => node.Boot(now));
            if (machine.IsController)
                simulator.Command<EndNode>(host, "join", (node, now) => node.AddGroupName(now, NetBiosName.Parse("CORP<1C>")));
            simulator.RunFor(TimeSpan.FromSeconds(20));
        }

        bool[] found = new bool[_questions.Count];
        for (int i = 0; i < found.Length; i++)
        {
            var (client, name, at) = _questions[i];
            simulator.RunUntil(at);
            var node = simulator.NodeOf(hosts[client])!;
            while (node.TryPollResult(out _))
            {
            }

            simulator.Command<EndNode>(hosts[client], "forget", (it, now) => it.PurgeCache(now)); // each question goes out on the wire
            OperationId id = default;
            simulator.Command<EndNode>(hosts[client], $"find {name}", (it, now) => id = it.Query(now, name));
            simulator.RunFor(TimeSpan.FromSeconds(50));
            while (node.TryPollResult(out var result))
                found[i] |= result.Id == id && result is { Outcome: OperationOutcome.Succeeded, Source: not NbnsSim.Nodes.AnswerSource.OwnName } && LeadsToAHolder(result, client);
        }

        writer.Dispose();
        return (stream.ToArray(), found, [.. hosts.Zip(machines).Where(one => Holds(one.First, one.Second.ComputerName)).Select(one => one.Second.Address)]);

        bool Holds(HostId host, NetBiosName name) => simulator.NodeOf(host)!.GetNameState(name) == LocalNameState.Registered;

        // 255.255.255.255 leads to whoever is in the group and hears broadcasts on the client's own segment, and to nobody else.
        bool LeadsToAHolder(OperationResult result, int client) => result.Entries.Any(entry => entry.Address != Ipv4Address.Broadcast)
            || hosts.Zip(machines).Any(one => one.Second.Segment == machines[client].Segment && one.Second != machines[client] && one.Second.Type != OwnerNodeType.P && Holds(one.First, result.Name));
    }

    private static Ipv4Subnet Subnet(int segment) => Ipv4Subnet.Parse($"10.0.{segment}.0/24");

    /// <summary>A machine.</summary>
    internal sealed record Machine(string Name, int Segment, Ipv4Address Address)
    {
        public OwnerNodeType Type { get; set; }

        public bool IsProxy { get; init; }

        public bool IsController { get; init; }

        public string Workgroup { get; init; } = "";

        public string? LmHosts { get; set; }

        public NetBiosName ComputerName => new(Name, NameSuffix.Workstation);
    }
}
