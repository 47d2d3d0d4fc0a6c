using NbnsSim.Names;
using NbnsSim.Simulation;

namespace NbnsSim.Testing.Traffic;

/// <summary>A class of traffic that was played with a seed: what was on the wire, and what is true of it.</summary>
public sealed class TrafficRun
{
    private readonly TrafficNetwork _network;

    internal TrafficRun(TrafficClass of, ulong seed, TrafficNetwork network, TrafficTruth truth)
    {
        (Class, Seed, _network, Truth) = (of, seed, network, truth);
        Mirror = [.. network.Tap.Mirror.Where(sighting => sighting.Time >= Instant.Epoch + truth.CaptureFrom)];
    }

    /// <summary>What it is.</summary>
    public TrafficClass Class { get; }

    /// <summary>What it was made from.</summary>
    public ulong Seed { get; }

    /// <summary>What is true of it.</summary>
    public TrafficTruth Truth { get; }

    /// <summary>The simulation, at its end.</summary>
    public Simulator Simulator => _network.Simulator;

    /// <summary>The name server of all but the background, where there is one.</summary>
    public TrafficHost? Server => _network.Server;

    /// <summary>All that are meant to be name servers, the background's among them.</summary>
    public IReadOnlyList<TrafficHost> Servers => _network.Servers;

    /// <summary>Machines of the same network that have nothing to do with it.</summary>
    public IReadOnlyList<TrafficHost> Neighbours => _network.Neighbours;

    /// <summary>The machines of the background, its name server among them.</summary>
    public IReadOnlyCollection<TrafficHost> Background => _network.Background.Values;

    /// <summary>What was sent, in order, whether or not the capture had begun.</summary>
    public IEnumerable<TrafficPacket> Packets => _network.Tap.Mirror.Select(sighting => sighting.Packet);

    /// <summary>What a mirror port of all segments shows, where a datagram that a router passes on is seen once.</summary>
    public IReadOnlyList<TrafficSighting> Mirror { get; }

    /// <summary>What a machine sends and gets.</summary>
    /// <param name="host">The machine.</param>
    public IReadOnlyList<TrafficSighting> At(HostId host) => _network.Tap.At(host);

    /// <summary>Whether a machine that claimed a name from a name server three times got no response at all: with datagrams lost, that comes about.</summary>
    /// <param name="name">The name.</param>
    /// <param name="server">The name server.</param>
    public bool IsUnanswered(NetBiosName name, Ipv4Address server) => Packets.Where(it => it.Name == name && it.Destination.Address == server && it.Claims()).GroupBy(it => it.Request)
        .Any(tries => tries.Count() >= 3 && !At(tries.Key.Sender).Any(seen => seen.Packet.Source.Address == server && seen.Packet.TransactionId == tries.Key.Id && seen.Packet.Name == name));

    /// <summary>Says what is true of a datagram.</summary>
    /// <param name="packet">The datagram.</param>
    public TrafficLabel LabelOf(TrafficPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        var party = PartyOf(packet.Sender);
        return new TrafficLabel(RoleOf(packet, party), party, party == TrafficParty.Attacker, _network.Hosts[packet.Sender].Name);
    }

    private TrafficParty PartyOf(HostId sender) =>
        sender == Truth.Attacker?.Id ? TrafficParty.Attacker
        : sender == Truth.Culprit?.Id ? TrafficParty.Culprit
        : sender == Truth.Victim?.Id ? TrafficParty.Victim
        : sender == Server?.Id ? TrafficParty.NameServer
        : _network.Background.ContainsKey(sender) ? TrafficParty.Background
        : Neighbours.Any(one => one.Id == sender) ? TrafficParty.Neighbour
        : TrafficParty.Other;

    /// <summary>What the background does is no part of it, whatever it looks like: it has other names, and a name server of its own.</summary>
    private TrafficRole RoleOf(TrafficPacket packet, TrafficParty party)
    {
        if (party == TrafficParty.Background)
            return TrafficRole.Background;
        var role = TrafficRole.Other;
        foreach (var trace in Truth.Traces)
        {
            if (!trace.Shows(packet))
                continue;
            if (!trace.IsOptional)
                return TrafficRole.Evidence;
            role = TrafficRole.Supporting;
        }

        return role;
    }
}
