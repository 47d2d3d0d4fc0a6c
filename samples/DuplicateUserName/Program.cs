// KB Q131739 in a dozen lines: one user logs on to two Windows NT 3.5 machines on one segment. The second machine is refused the
// user's name, releases it all the same, and the first machine logs NetBT event 4320 and puts its name into conflict.
//
//   dotnet run --project samples/DuplicateUserName -- [nt3.5 | nt3.51 | nt4 | w2k | rfc1002]
using NbnsSim;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Simulation;

if (!NetBtDialect.TryFind(args.FirstOrDefault("nt3.5"), out var dialect))
{
    Console.Error.WriteLine($"'{args[0]}' is no dialect: expected {string.Join(", ", NetBtDialect.All.Select(known => known.Name))}.");
    return 2;
}

var network = new Simulator(seed: 1);
var segment = network.AddSegment("LAN", Ipv4Subnet.Parse("10.0.0.0/24"), TimeSpan.FromMilliseconds(1));
var options = new EndNodeOptions { Dialect = dialect, Workgroup = "WORKGROUP" };
var alpha = AddMachine("ALPHA", "10.0.0.1");
var bravo = AddMachine("BRAVO", "10.0.0.2");

network.AddObserver(new TraceWriter(Console.Out));

// The user logs on at ALPHA, and a minute later at BRAVO.
foreach (var machine in new[] { alpha, bravo })
{
    network.Command<EndNode>(machine, "boot", (node, now) => node.Boot(now));
    network.RunFor(TimeSpan.FromSeconds(30));
    network.Command<EndNode>(machine, "logon JSMITH", (node, now) => node.Logon(now, "JSMITH"));
    network.RunFor(TimeSpan.FromSeconds(30));
}

foreach (var logged in network.Log)
    Console.Write($"\nIn the log of {network.NameOf(logged.Host)}:\n{EventViewerText.Format(logged.Event)}");
if (network.Log.Count == 0)
    Console.WriteLine($"\nNo event is logged: {dialect.Title} does not take the release for its own.");
foreach (var machine in new[] { alpha, bravo })
{
    var node = (EndNode)network.EndpointOf(machine);
    Console.Write($"\n{network.NameOf(machine)}> nbtstat -n\n{NbtStat.FormatLocalNames(node.Address, node.Options.Scope, node.GetNameRows())}");
}

return 0;

HostId AddMachine(string name, string address)
{
    var node = new EndNode(name, EndNodeInterface.InSubnet(Ipv4Address.Parse(address)), options, network.Seed);
    return network.AddHost(name, node, segment, node.Address);
}
