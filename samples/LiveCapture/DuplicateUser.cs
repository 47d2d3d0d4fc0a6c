using NbnsSim;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.SharpPcap;
using NbnsSim.Simulation;
using SharpPcap;

namespace LiveCapture;

/// <summary>The network of KB Q131739: two Windows NT 3.5 machines, and one user who logs on to both.</summary>
internal static class DuplicateUser
{
    public static SimulatedDevice OpenDevice()
    {
        var simulator = new Simulator(seed: 131739);
        var lan = simulator.AddSegment("lan", Ipv4Subnet.Parse("10.0.0.0/24"), TimeSpan.FromMicroseconds(500));
        var alpha = AddMachine("ALPHA", "10.0.0.1", seed: 1);
        var bravo = AddMachine("BRAVO", "10.0.0.2", seed: 2);

        var device = new SimulatedDevice(simulator, lan);
        device.Open(new DeviceConfiguration());
        simulator.Command<EndNode>(alpha, "boot", (node, now) => node.Boot(now));
        simulator.Command<EndNode>(bravo, "boot", (node, now) => node.Boot(now));
        simulator.RunFor(TimeSpan.FromSeconds(30));
        simulator.Command<EndNode>(alpha, "log on JSMITH", (node, now) => node.Logon(now, "JSMITH"));
        simulator.RunFor(TimeSpan.FromSeconds(30));
        simulator.Command<EndNode>(bravo, "log on JSMITH", (node, now) => node.Logon(now, "JSMITH"));
        return device; // what has crossed the segment waits in its buffer, the rest happens while it is captured

        HostId AddMachine(string name, string address, ulong seed)
        {
            var node = new EndNode(name, EndNodeInterface.InSubnet(Ipv4Address.Parse(address)), new EndNodeOptions { Dialect = NetBtDialect.WindowsNt35, Workgroup = "OFFICE" }, seed);
            return simulator.AddHost(name, node, lan, Ipv4Address.Parse(address));
        }
    }
}
