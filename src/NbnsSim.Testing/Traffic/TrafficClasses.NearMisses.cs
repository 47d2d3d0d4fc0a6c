using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Traffic;

/// <content>What looks like trouble and is none.</content>
public static partial class TrafficClasses
{
    private static readonly TrafficTruth s_nothing = new();

    private static TrafficClass[] NearMisses =>
    [
        new("normal-broadcast", TrafficKind.NearMiss, "", "neighbours and nothing else, by broadcast", net =>
        {
            net.AddNeighbours(3, 6);
            return s_nothing with { Victim = net.Neighbours[0] };
        }),
        new("normal-server", TrafficKind.NearMiss, "", "neighbours and nothing else, at a name server", net =>
        {
            net.AddServer();
            net.AddNeighbours(3, 6);
            return s_nothing with { Victim = net.Neighbours[0] };
        }),
        new("two-segments", TrafficKind.NearMiss, "", "a machine with adapters in two segments", net =>
        {
            if (net.Maybe())
                net.AddServer();
            var second = net.AddSegment();
            net.AddNeighbours();
            net.AddNeighbours(1, 2, second);
            var one = net.AddPc([net.Lan, second], boot: net.Within(0.1, 20));
            net.Ask(net.Neighbours[0], new NetBiosName(one.Name, NameSuffix.Server), net.Within(40, 60));
            return s_nothing with { Victim = one };
        }),
        new("new-address", TrafficKind.NearMiss, "", "a machine that got another address", net =>
        {
            if (net.Maybe())
                net.AddServer();
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(0.1, 4));
            net.At(net.Within(20, 30), () => net.Node(one, "shuts down", (node, now) => node.Shutdown(now)));
            net.AddPc(one.Name, boot: net.Within(45, 60), adapter: one.Adapter);
            return s_nothing with { Victim = one };
        }),
        new("logoff-then-query", TrafficKind.NearMiss, "", "a user logs off and a machine that is there is asked for", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            string user = net.NewName();
            var one = net.AddPc(boot: net.Within(0.1, 4), dialect: NetBtDialect.WindowsNt4);
            net.At(net.Within(10, 15), () => net.Logon(one, user));
            net.At(net.Within(20, 30), () => net.Node(one, "logs off", (node, now) => node.Logoff(now, user)));
            net.Ask(net.Neighbours[0], new NetBiosName(one.Name, NameSuffix.Messenger), net.Within(45, 60));
            return s_nothing with { Victim = one };
        }),
        new("proxy-answers", TrafficKind.NearMiss, "", "a proxy answers for a machine elsewhere", net =>
        {
            var second = net.AddSegment();
            net.AddServer(second);
            net.AddNeighbours();
            var far = net.AddPc(segment: second, boot: net.Within(0.1, 4), with: options => options with { NodeType = OwnerNodeType.P });
            var proxy = net.AddPc(boot: net.Within(0.1, 4), with: options => options with { EnableProxy = true });
            var near = net.AddPc(boot: net.Within(0.1, 4), usesServer: false);
            var at = net.Within(20, 50);
            net.Ask(near, new NetBiosName(far.Name, NameSuffix.Server), at);
            net.Ask(near, new NetBiosName(far.Name, NameSuffix.Server), at + Seconds(20));
            return s_nothing with { Culprit = proxy, Victim = near };
        }) { Also = ["unreachable-address"] }, // who does not see the proxy ask cannot tell it from a machine that gives the wrong one of its addresses
        new("user-moves", TrafficKind.NearMiss, "", "a user goes from one machine to another", net =>
        {
            if (net.Maybe())
                net.AddServer();
            net.AddNeighbours();
            var (one, other) = (net.AddPc(boot: net.Within(0.1, 4)), net.AddPc(boot: net.Within(0.1, 4)));
            string user = net.NewName();
            net.At(net.Within(14, 25), () => net.Logon(one, user));
            net.At(net.Within(35, 45), () => net.Node(one, "logs off", (node, now) => node.Logoff(now, user)));
            net.At(net.Within(55, 70), () => net.Logon(other, user));
            return s_nothing with { Victim = one, Culprit = other };
        }),
        new("machine-replaced", TrafficKind.NearMiss, "", "a machine takes the place of one that shut down", net =>
        {
            if (net.Maybe())
                net.AddServer();
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(0.1, 4));
            net.At(net.Within(20, 30), () => net.Node(one, "shuts down", (node, now) => node.Shutdown(now)));
            var other = net.AddPc(one.Name, boot: net.Within(50, 65));
            return s_nothing with { Victim = one, Culprit = other };
        }),
        new("registered-anew", TrafficKind.NearMiss, "", "names are registered anew", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(0.1, 4), dialect: NetBtDialect.Windows2000);
            net.At(net.Within(30, 50), () => net.Node(one, "nbtstat -RR", (node, now) => node.Refresh(now)));
            return s_nothing with { Victim = one };
        }),
        new("server-answers-all", TrafficKind.NearMiss, "", "the name server answers for all", net =>
        {
            net.AddServer();
            net.AddNeighbours(4, 6);
            foreach (var one in net.Neighbours)
            {
                foreach (var other in net.Neighbours)
                    net.Ask(one, new NetBiosName(other.Name, NameSuffix.Server), net.Within(20, 80));
            }

            return s_nothing with { Victim = net.Neighbours[0], Culprit = net.Neighbours[1] };
        }),
        new("datagrams-twice", TrafficKind.NearMiss, "", "datagrams come twice", net =>
        {
            if (net.Maybe())
                net.AddServer();
            net.AddNeighbours(3, 5);
            net.Before(() => net.Simulator.AddRule(LinkRule.Duplicate("twice", 300_000, TimeSpan.FromMilliseconds(5))));
            return s_nothing with { Victim = net.Neighbours[0] };
        }),
        new("group-answers", TrafficKind.NearMiss, "", "members of a group answer together", net =>
        {
            net.AddNeighbours(3, 5);
            var group = new NetBiosName(net.Workgroup, net.OneOf(NameSuffix.DomainControllers, NameSuffix.BrowserElections));
            foreach (var member in net.Neighbours)
                net.At(net.Within(14, 25), () => net.Node(member, "joins", (node, now) => node.AddGroupName(now, group)));
            net.Ask(net.AddPc(boot: net.Within(0.1, 4)), group, net.Within(35, 60));
            return s_nothing with { Victim = net.Neighbours[0] };
        }),
        new("common-markers", TrafficKind.NearMiss, "", "markers that everybody has", net =>
        {
            net.AddNeighbours(3, 5);
            foreach (var one in net.Neighbours)
            {
                net.At(net.Within(14, 40), () => net.Node(one, "marker", (node, now) => node.AddGroupName(now, NetBiosName.MsBrowse)));
                net.At(net.Within(14, 40), () => net.Send(one, new NameRegistrationRequest(net.NewTransactionId(), new NetBiosName("__SAMBA__", NameSuffix.Workstation), Entry(one.Address), default, isBroadcast: true)));
            }

            return s_nothing with { Victim = net.Neighbours[0] };
        }),
        new("browser-elections", TrafficKind.NearMiss, "", "browsers hold elections", net =>
        {
            net.AddNeighbours(3, 5);
            var (elections, master) = (new NetBiosName(net.Workgroup, NameSuffix.BrowserElections), new NetBiosName(net.Workgroup, NameSuffix.MasterBrowser));
            foreach (var one in net.Neighbours)
            {
                net.At(net.Within(14, 30), () => net.Node(one, "elections", (node, now) => node.AddGroupName(now, elections)));
                net.At(net.Within(14, 40), () => net.Node(one, "marker", (node, now) => node.AddGroupName(now, NetBiosName.MsBrowse)));
                foreach (var name in (NetBiosName[])[elections, master, NetBiosName.MsBrowse])
                    net.Ask(one, name, net.Within(40, 95));
            }

            net.At(net.Within(14, 20), () => net.Node(net.Neighbours[0], "is master", (node, now) => node.AddName(now, master)));
            net.At(net.Within(30, 35), () => net.Node(net.Neighbours[1], "wants to be", (node, now) => node.AddName(now, master)));
            net.At(Seconds(50), () => net.Node(net.Neighbours[0], "steps back", (node, now) => node.DeleteName(now, master)));
            net.At(net.Within(56, 60), () => net.Node(net.Neighbours[2], "is master", (node, now) => node.AddName(now, master)));
            return s_nothing with { Victim = net.Neighbours[0], Culprit = net.Neighbours[1] };
        }) { HarmlessCauses = ["browser-election"] },
        new("separate-networks", TrafficKind.NearMiss, "", "one name in two segments without a name server", net =>
        {
            var second = net.AddSegment();
            net.AddNeighbours();
            net.AddNeighbours(1, 2, second);
            string name = net.NewName();
            var one = net.AddPc(name, boot: net.Within(0.1, 30));
            var other = net.AddPc(name, segment: second, boot: net.Within(0.1, 30));
            return s_nothing with { Victim = one, Culprit = other };
        }) { HarmlessCauses = ["separate-networks"] },
        new("power-failure", TrafficKind.NearMiss, "", "power fails, and a machine starts again", net =>
        {
            if (net.Maybe())
                net.AddServer();
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(0.1, 4));
            net.At(net.Within(20, 30), () => net.Simulator.Crash(one.Id));
            var again = net.Within(40, 60);
            net.At(again, () => net.Restart(one));
            return s_nothing with { Victim = one };
        }),
        new("unknown-name", TrafficKind.NearMiss, "", "a name that is not there", net =>
        {
            if (net.Maybe())
                net.AddServer();
            net.AddNeighbours();
            string name = net.NewName();
            foreach (var one in net.Neighbours)
            {
                net.Ask(one, new NetBiosName(name, NameSuffix.Server), net.Within(20, 50));
                net.Ask(one, new NetBiosName(name, NameSuffix.Server), net.Within(60, 90));
            }

            return s_nothing with { Victim = net.Neighbours[0] };
        }),
        new("small-inventory", TrafficKind.NearMiss, "", "somebody looks at a few machines", net =>
        {
            net.AddNeighbours(4, 6);
            var outsider = net.AddSilent();
            foreach (var one in net.Neighbours)
                net.At(net.Within(20, 60), () => net.Send(outsider, new NodeStatusRequest(net.NewTransactionId(), NetBiosName.Wildcard), one));
            return s_nothing with { Victim = net.Neighbours[0], Culprit = outsider };
        }),
        new("slow-server", TrafficKind.NearMiss, "", "a name server that is slow", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            net.Before(() => net.Simulator.AddRule(LinkRule.Delayed("slow", TimeSpan.FromMilliseconds(700), TimeSpan.FromMilliseconds(300)) with { From = net.Server!.Id }));
            return s_nothing with { Victim = net.Neighbours[0] };
        }),
        new("two-adapters-aware", TrafficKind.NearMiss, "", "two adapters on one segment that know one another", net =>
        {
            net.AddNeighbours();
            var one = net.AddPc([net.Lan, net.Lan], dialect: NetBtDialect.Windows2000, boot: net.Within(0.1, 20));
            net.Ask(net.Neighbours[0], new NetBiosName(one.Name, NameSuffix.Server), net.Within(40, 60));
            return s_nothing with { Victim = one };
        }) { Also = ["split-brain", "multihomed-self"] }, // before it names both of its addresses, it looks like two machines
    ];
}
