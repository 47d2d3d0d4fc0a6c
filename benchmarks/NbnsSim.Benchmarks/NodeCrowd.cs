using System.Diagnostics.CodeAnalysis;
using System.Diagnostics;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Benchmarks;

/// <summary>
/// The memory of H nodes in one simulation: <c>nodes [COUNT]</c>, a million unless told. Each has registered its computer's name, <c>&lt;00&gt;</c>
/// and <c>&lt;20&gt;</c>, with a name server that grants everything and keeps nothing, and waits to refresh them.
/// </summary>
internal static class NodeCrowd
{
    /// <returns>Octets a node.</returns>
    public static double Run(int nodes)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var simulator = new Simulator();
        simulator.Reserve(nodes + 1);
        var subnet = Ipv4Subnet.Parse("10.0.0.0/8");
        var lan = simulator.AddSegment("lan", subnet, TimeSpan.FromMicroseconds(50));
        var server = new Ipv4Address(subnet.Network.Value + 1);
        simulator.AddHost("WINS", new Granter(), lan, server);
        var options = new EndNodeOptions { Dialect = NetBtDialect.WindowsNt4, NameServers = [server], ReportsResults = false };
        for (uint i = 0; i < nodes; i++)
        {
            var address = new Ipv4Address(server.Value + 1 + i);
            var node = new EndNode(FormattableString.Invariant($"PC{i:D7}"), EndNodeInterface.InSubnet(address, subnet.PrefixLength), options, simulator.Seed);
            simulator.Command<EndNode>(simulator.AddHost(null, node, lan, address), "register", static (node, now) =>
            {
                node.AddName(now, node.ComputerName);
                node.AddName(now, node.ComputerName.WithSuffix(NameSuffix.Server));
            });
            simulator.RunFor(TimeSpan.FromMicroseconds(100));
        }

        simulator.RunFor(TimeSpan.FromSeconds(1));
        long memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(FormattableString.Invariant(
            $"{nodes:N0} H nodes with two names each: {memory / 1e6:F0} MB, {(double)memory / nodes:F0} octets a node with the simulator's share; working set {Process.GetCurrentProcess().WorkingSet64 / 1e6:F0} MB; {simulator.DeliveryCount:N0} deliveries"));
        GC.KeepAlive(simulator);
        return (double)memory / nodes;
    }

    private sealed class Granter : INbnsEndpoint
    {
        private readonly Queue<(Ipv4Endpoint To, ushort Id, NetBiosName Name, NbEntry Entry)> _answers = new();

        public void HandleDatagram(Instant now, in Datagram datagram)
        {
            if (!datagram.IsBroadcast && NbnsPacket.TryParse(datagram.Payload, out var packet) && !packet.IsResponse && packet.HasRecord && packet.Name.TryGetName(out var name))
                _answers.Enqueue((datagram.Source, packet.TransactionId, name, packet.Record.FirstEntry));
        }

        public void HandleTimeout(Instant now)
        {
        }

        public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
        {
            transmit = default;
            if (!_answers.TryDequeue(out var answer))
                return false;
            transmit = new Transmit(answer.To, NbnsEncoder.WriteResponse(buffer, answer.Id, NbnsFlagWords.RegistrationResponse, answer.Name, 518_400, answer.Entry));
            return true;
        }

        public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
        {
            logged = null;
            return false;
        }

        public Instant? PollTimeout() => null;

        public INbnsEndpoint Fork() => new Granter();
    }
}
