using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using SharpPcap;

namespace NbnsSim.SharpPcap.Tests;

/// <summary>Two NT 3.5 machines on a segment, ALPHA at 10.0.0.1 and BRAVO at 10.0.0.2, and a device on it.</summary>
internal sealed class SimulatedLan : IDisposable
{
    public SimulatedLan(DeviceConfiguration? configuration = null)
    {
        var options = new EndNodeOptions { Dialect = NetBtDialect.WindowsNt35 };
        Segment = Simulator.AddSegment("lan", Ipv4Subnet.Parse("10.0.0.0/24"), TimeSpan.FromMicroseconds(500));
        Alpha = Simulator.AddHost("ALPHA", new EndNode("ALPHA", EndNodeInterface.InSubnet(Ipv4Address.Parse("10.0.0.1")), options, 1), Segment, Ipv4Address.Parse("10.0.0.1"));
        Bravo = Simulator.AddHost("BRAVO", new EndNode("BRAVO", EndNodeInterface.InSubnet(Ipv4Address.Parse("10.0.0.2")), options, 2), Segment, Ipv4Address.Parse("10.0.0.2"));
        Device = new SimulatedDevice(Simulator, Segment);
        Device.Open(configuration ?? new DeviceConfiguration());
    }

    public Simulator Simulator { get; } = new(1);

    public SegmentId Segment { get; }

    public HostId Alpha { get; }

    public HostId Bravo { get; }

    public SimulatedDevice Device { get; }

    public void Logon(HostId host) => Simulator.Command<EndNode>(host, "log on JSMITH", (node, now) => node.Logon(now, "JSMITH"));

    public void Dispose() => Device.Dispose();
}
