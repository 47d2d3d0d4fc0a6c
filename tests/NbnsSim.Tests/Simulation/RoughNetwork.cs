using System.Security.Cryptography;
using System.Text;
using NbnsSim.Events;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Simulation;

/// <summary>Two segments of chattering, answering stations, with every kind of link rule, a crash and a restart.</summary>
internal static class RoughNetwork
{
    private const int Stations = 6;

    public static Simulator Build(ulong seed)
    {
        var simulator = new Simulator(seed);
        var one = simulator.AddSegment("one", Ipv4Subnet.Parse("10.1.0.0/24"), TimeSpan.FromMicroseconds(500));
        var two = simulator.AddSegment("two", Ipv4Subnet.Parse("10.2.0.0/24"), TimeSpan.FromMicroseconds(300));
        simulator.AddRouter("router", TimeSpan.FromMilliseconds(2), one, two);
        for (int i = 0; i < 2 * Stations; i++)
        {
            string net = i < Stations ? "10.1.0" : "10.2.0";
            string name = $"S{i}";
            var station = new Station { Answers = i % 3 == 0, Logs = i % 4 == 0 };
            station.Chatter(Instant.Epoch, simulator.DeriveStream(name), $"{net}.255");
            station.Plan(Instant.FromMilliseconds(i), 1000, 20, TimeSpan.FromMilliseconds(137), i < Stations ? "10.2.0.1" : "10.1.0.1");
            simulator.AddHost(name, station, i < Stations ? one : two, Ipv4Address.Parse($"{net}.{(i % Stations) + 1}"));
        }

        simulator.AddRule(LinkRule.Loss("loss", 100_000));
        simulator.AddRule(LinkRule.Delayed("delay", TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(9)) with { From = one });
        simulator.AddRule(LinkRule.Duplicate("duplicate", 50_000, TimeSpan.FromMilliseconds(3)));
        simulator.AddRule(LinkRule.Reorder("reorder", TimeSpan.FromMilliseconds(500), 100_000) with { To = two });
        simulator.AddRule(LinkRule.Corrupt("corrupt", 20_000) with { Match = new PacketMatch { Opcode = NbnsOpcode.Query } });
        simulator.AddRule(LinkRule.Partition("partition", one, two) with { Start = Instant.FromMilliseconds(1500), End = Instant.FromMilliseconds(2500) });
        simulator.AddRule(LinkRule.Hold("hold") with { To = new HostId(3), Start = Instant.FromMilliseconds(3000), End = Instant.FromMilliseconds(3500) });
        return simulator;
    }

    /// <summary>Runs five seconds, with a crash and a restart on the way.</summary>
    public static void Run(Simulator simulator)
    {
        simulator.RunFor(TimeSpan.FromSeconds(2));
        simulator.Crash(new HostId(1));
        simulator.RunFor(TimeSpan.FromSeconds(1));
        simulator.Restart(new HostId(1));
        simulator.RunFor(TimeSpan.FromSeconds(2));
    }

    public static string Trace(ulong seed)
    {
        var trace = new StringWriter();
        var simulator = Build(seed);
        simulator.AddObserver(new Recorder(trace));
        Run(simulator);
        return trace.ToString();
    }

    public static string Hash(string trace) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(trace)));

    /// <summary>All that observers are told, in words that no room but the simulator's has a say in.</summary>
    internal sealed class Recorder(TextWriter output) : SimulationObserver
    {
        public override void Sent(Simulator simulator, in SimulatedDatagram datagram) =>
            Write(simulator, $"{datagram.Number} {datagram.Source} > {datagram.Destination} {datagram.IsBroadcast} {Convert.ToHexString(datagram.Payload)}");

        public override void Carried(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame) =>
            Write(simulator, $"{datagram.Number} on {frame.Segment.Index}: {frame.Source} > {frame.Destination} {frame.TimeToLive} {frame.Identification}");

        public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex) =>
            Write(simulator, $"{datagram.Number} reaches {receiver.Index}/{interfaceIndex} from {frame.Source} {Convert.ToHexString(datagram.Payload)}");

        public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate) =>
            Write(simulator, $"{datagram.Number} {fate.Kind} {fate.Receiver?.Index} {fate.Rule?.Name} {fate.Delay.Ticks} {fate.Octet}");

        public override void Logged(Simulator simulator, HostId host, NetBtEvent logged) => Write(simulator, $"{host.Index} logs {logged.Id} {logged.Address}");

        public override void TimedOut(Simulator simulator, HostId host) => Write(simulator, $"{host.Index} times out");

        public override void HostChanged(Simulator simulator, HostId host, bool isUp) => Write(simulator, $"{host.Index} up {isUp}");

        public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded) => Write(simulator, $"{rule.Name} added {isAdded}");

        private void Write(Simulator simulator, FormattableString text) => output.Write(FormattableString.Invariant($"{simulator.Now.Nanoseconds} ") + FormattableString.Invariant(text) + "\n");
    }
}
