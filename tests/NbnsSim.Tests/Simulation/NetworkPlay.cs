using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Simulation;

/// <summary>Plays a <see cref="NetworkPlan"/> with machines that are watched. It throws where one of them does not say what it does.</summary>
internal sealed class NetworkPlay
{
    private readonly NetworkPlan _plan;
    private readonly IDecisionSink? _listener;
    private readonly Simulator _simulator;
    private readonly List<(HostId Host, Func<WatchedEndpoint> Make)> _hosts = [];
    private readonly List<Ipv4Address> _serverAddresses = [];
    private readonly List<SegmentId> _segments = [];

    private NetworkPlay(NetworkPlan plan, DecisionCounter said, IDecisionSink? listener)
    {
        (_plan, Said, _listener, _simulator) = (plan, said, listener, new Simulator(plan.Seed));
        for (int i = 0; i < plan.Segments; i++)
            _segments.Add(_simulator.AddSegment($"LAN{i}", new Ipv4Subnet(new Ipv4Address(0x0A000000u + ((uint)i << 8)), 24), TimeSpan.FromMilliseconds(1)));
        if (plan.Segments > 1)
            _simulator.AddRouter("R", TimeSpan.FromMilliseconds(1), [.. _segments]);
        for (int i = 0; i < plan.Servers.Length; i++)
            _serverAddresses.Add(AddressOn(plan.Servers[i].Segment, 200 + i));
        for (int i = 0; i < plan.Machines.Length; i++)
        {
            if (plan.Machines[i].Serves is not null)
                _serverAddresses.Add(AddressOn(plan.Machines[i].Segment, 1 + i));
        }

        for (int i = 0; i < plan.Machines.Length; i++)
            AddMachine(i, plan.Machines[i]);
        for (int i = 0; i < plan.Servers.Length; i++)
        {
            var (server, place) = (plan.Servers[i], _serverAddresses[i]);
            Add($"SERVER{i}", () => MakeServer(server, place), [new HostInterface(SegmentOf(server.Segment), place)]);
        }

        for (int i = 0; i < plan.Faults.Length; i++)
            AddFault(i, plan.Faults[i]);
    }

    public DecisionCounter Said { get; }

    /// <summary>Plays it to its end, and ten minutes more.</summary>
    public static DecisionCounter Play(NetworkPlan plan, DecisionCounter? said = null, IDecisionSink? listener = null)
    {
        var play = new NetworkPlay(plan, said ?? new DecisionCounter(), listener);
        foreach (var step in plan.Steps)
            play.Step(step);
        play._simulator.RunFor(TimeSpan.FromMinutes(10));
        return play.Said;
    }

    /// <summary>Plays it to its end, and lets somebody look at the network after each step.</summary>
    public static void Play(NetworkPlan plan, Action<Simulator> look)
    {
        var play = new NetworkPlay(plan, new DecisionCounter(), null);
        foreach (var step in plan.Steps)
        {
            play.Step(step);
            look(play._simulator);
        }
    }

    private SegmentId SegmentOf(int segment) => _segments[segment % _segments.Count];

    private Ipv4Address AddressOn(int segment, int host) => new(0x0A000000u + ((uint)(segment % _segments.Count) << 8) + (uint)host);

    private void AddMachine(int index, MachinePlan machine)
    {
        var places = new List<HostInterface> { new(SegmentOf(machine.Segment), AddressOn(machine.Segment, 1 + index)) };
        if (machine.SecondSegment is { } second)
            places.Add(new HostInterface(SegmentOf(second), AddressOn(second, 50 + index)));
        var options = new EndNodeOptions
        {
            Dialect = DialectTurn.Apply(machine.Dialect with { }, machine.Turns),
            NodeType = machine.Type,
            NameServers = [.. _serverAddresses.Append(Ipv4Address.Parse("10.0.0.249")).Take(machine.KnownServers)],
            Workgroup = "LAB",
            EnableProxy = machine.IsProxy,
            EnableProxyRegCheck = machine.IsProxy,
            CacheCapacity = 4,
            MaxTransactions = 12,
        };
        EndNode Make() => new(machine.Name, [.. places.Select(place => EndNodeInterface.InSubnet(place.Address))], options, _plan.Seed + (ulong)index);
        Add($"{machine.Name}-{index}", machine.Serves is { } server
            ? () => new CompositeEndpoint(MakeServer(server, places[0].Address), Make(), [.. places.Select(place => place.Address)])
            : Make, places);
    }

    private NameServer MakeServer(ServerPlan server, Ipv4Address place)
    {
        var made = new NameServer(new NameServerOptions
        {
            Address = place,
            Dialect = DialectTurn.Apply(server.Dialect with { }, server.Turns),
            PullsFrom = server.HasPartners ? [.. _serverAddresses.Where(other => other != place)] : [],
            Notifies = server.HasPartners ? [.. _serverAddresses.Where(other => other != place)] : [],
            Seed = _plan.Seed,
            MaxNames = 12,
            MaxTransactions = 4,
            MaxScopes = 1,
            NamesPerSource = 6,
            MaxLogEntries = 4,
        });
        made.AddStatic(_simulator.Now, NetBiosName.Parse("HELD<03>"), NameRecordType.Unique, Ipv4Address.Parse("10.0.0.3"));
        return made;
    }

    private void Add(string name, Func<INbnsEndpoint> make, List<HostInterface> places)
    {
        WatchedEndpoint Watched() => new(name, make(), Said, _listener);
        _hosts.Add((_simulator.AddHost(name, Watched(), [.. places]), Watched));
    }

    private void AddFault(int index, FaultPlan fault)
    {
        LinkScope End(int? host) => host is { } one && one < _hosts.Count ? _hosts[one].Host : LinkScope.Any;
        var delay = TimeSpan.FromMilliseconds(fault.Delay);
        _simulator.AddRule(new LinkRule($"fault {index}", fault.Fault)
        {
            PartsPerMillion = fault.PartsPerMillion,
            From = End(fault.From),
            To = End(fault.To),
            Start = Instant.FromMilliseconds(fault.Start),
            End = Instant.FromMilliseconds(fault.Start + fault.Length),
            Delay = fault.Fault is LinkFault.Delay or LinkFault.Duplicate or LinkFault.Reorder ? delay : default,
            Jitter = fault.Fault == LinkFault.Delay ? delay : default,
        });
    }

    private void Step(NetworkStep step)
    {
        switch (step)
        {
            case Wait wait:
                _simulator.RunFor(TimeSpan.FromMilliseconds(wait.Milliseconds));
                break;
            case Fail fail:
                var (host, make) = _hosts[fail.Host % _hosts.Count];
                _simulator.Crash(host);
                _simulator.RunFor(TimeSpan.FromMilliseconds(fail.Milliseconds));
                _simulator.Restart(host, fail.Forgets ? make() : null);
                break;
            case Tell tell:
                var told = _hosts[tell.Machine % _plan.Machines.Length].Host;
                Do(told, tell, (machine, now) => Command(machine.Node!, now, tell));
                break;
            case Forge forge:
                Do(_hosts[forge.Host % _hosts.Count].Host, (machine, now) => Deliver(machine, now, forge));
                break;
            case Administer administer when FindServer(administer.Server) is { } server:
                Do(server, administer, (machine, now) => Manage(machine.NameServer!, now, administer));
                break;
            case Pull pull when FindServer(pull.Server) is { } server && FindServer(pull.From) is { } from:
                Do(server, pull, (machine, now) => machine.NameServer!.Pull(now, _simulator.AddressOf(from)));
                break;
            default:
                break; // no server in this network
        }
    }

    private HostId? FindServer(int index)
    {
        var servers = _hosts.Where(host => ((WatchedEndpoint)_simulator.EndpointOf(host.Host)).NameServer is not null).ToList();
        return servers.Count == 0 ? null : servers[index % servers.Count].Host;
    }

    private void Do(HostId host, NetworkStep step, Action<WatchedEndpoint, Instant> command) =>
        Do(host, (machine, now) => machine.Do(now, step.ToString(), () => command(machine, now)));

    private void Do(HostId host, Action<WatchedEndpoint, Instant> command) => _simulator.Command(host, "step", command);

    /// <summary>What a user or a program on a machine can want.</summary>
    public static void Command(EndNode node, Instant now, Tell tell)
    {
        var name = NetBiosName.Parse(tell.Name);
        var other = new Ipv4Address(0x0A000001u + (uint)(tell.Name.Length % 8));
        switch (tell.What)
        {
            case 0: node.Boot(now); break;
            case 1: node.AddName(now, name, tell.Id); break;
            case 2: node.AddGroupName(now, name, tell.Id); break;
            case 3: node.DeleteName(now, name, tell.Id); break;
            case 4: node.Logon(now, "USER", tell.Id); break;
            case 5: node.Logoff(now, "USER", tell.Id); break;
            case 6: node.Query(now, name, tell.Id); break;
            case 7: node.NodeStatus(now, other, null, tell.Id); break;
            case 8: node.Refresh(now); break;
            case 9: node.Shutdown(now); break;
            case 10: node.PreloadName(now, name, other); break;
            case 11: node.ChangeAddress(now, EndNodeInterface.InSubnet(other), tell.Name.Length % node.InterfaceCount); break;
            case 12: node.NodeStatus(now, name); break;
            default: node.PurgeCache(now); break;
        }
    }

    private static void Deliver(WatchedEndpoint machine, Instant now, Forge forge)
    {
        Span<byte> bytes = stackalloc byte[ForgedPacket.MaxLength];
        int length = forge.Packet.Write(bytes, machine.Sent);
        var source = forge.Source == 0 ? CompositeEndpoint.LocalNameServer : new Ipv4Address(0x0A000000u + forge.Source);
        int at = machine.NameServer is null ? forge.Interface : Math.Clamp(forge.Interface, 0, (machine.Node?.InterfaceCount ?? 1) - 1); // a server answers where it is told that something came in
        machine.HandleDatagram(now, new Datagram(
            bytes[..length], new Ipv4Endpoint(source, forge.Port), Ipv4Endpoint.NameService(forge.IsBroadcast ? Ipv4Address.Broadcast : source), forge.IsBroadcast, at));
    }

    private static void Manage(NameServer server, Instant now, Administer administer)
    {
        var name = NetBiosName.Parse(administer.Name);
        var address = Ipv4Address.Parse("10.0.0.7");
        switch (administer.What)
        {
            case 0: server.AddStatic(now, name, NameRecordType.Unique, address); break;
            case 1: server.Remove(now, name); break;
            case 2: server.CheckOwner(now, name); break;
            case 3: server.Revoke(now, name, NodeDemand.Release); break;
            case 4: server.Revoke(now, name, NodeDemand.Conflict); break;
            case 5: server.Replicas.BumpVersion(now, name, address); break;
            default: server.AddStatic(now, name, NameRecordType.InternetGroup, address); break;
        }
    }
}
