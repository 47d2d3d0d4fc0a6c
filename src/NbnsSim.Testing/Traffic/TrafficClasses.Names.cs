using NbnsSim.Messages;
using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Traffic;

/// <content>Names that are contested.</content>
public static partial class TrafficClasses
{
    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static NbEntry Entry(Ipv4Address address, bool isGroup = false) => new(new NbFlags(isGroup, OwnerNodeType.B), address);

    /// <summary>How somebody came to have a name, or shows that it has it.</summary>
    private static TrafficTrace Holds(TrafficHost holder, string name, TrafficHost? server = null, bool isKey = true) => new(it =>
        it.IsAbout(name) && ((it.By(holder) && (it.Claims() || it.Answers())) || (it.By(server) && it.To(holder) && it.Grants())))
    { IsKey = isKey, IsOnce = true };

    private static TrafficClass[] Conflicts =>
    [
        new("same-user-broadcast", TrafficKind.NearMiss, "same-user", "by broadcast", net =>
        {
            net.AddNeighbours();
            var (one, other) = (net.AddPc(boot: net.Within(0.1, 4)), net.AddPc(boot: net.Within(0.1, 4)));
            string user = net.NewName();
            net.At(net.Within(14, 25), () => net.Logon(one, user));
            net.At(net.Within(35, 60), () => net.Logon(other, user));
            return Rivals(one, other, user);
        }),
        new("same-user-server", TrafficKind.NearMiss, "same-user", "at a name server", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            var (one, other) = (net.AddPc(boot: net.Within(0.1, 4)), net.AddPc(boot: net.Within(0.1, 4)));
            string user = net.NewName();
            net.At(net.Within(14, 25), () => net.Logon(one, user));
            net.At(net.Within(35, 60), () => net.Logon(other, user));
            return RivalsAtServer(one, other, user, net.Server!);
        }),
        new("duplicate-computer-broadcast", TrafficKind.Fault, "duplicate-computer", "by broadcast", net =>
        {
            net.AddNeighbours();
            string name = net.NewName();
            var one = net.AddPc(name, boot: net.Within(0.1, 4));
            var other = net.AddPc(name, boot: net.Within(20, 60));
            return Rivals(one, other, name);
        }),
        new("duplicate-computer-server", TrafficKind.Fault, "duplicate-computer", "at a name server", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            string name = net.NewName();
            var one = net.AddPc(name, boot: net.Within(0.1, 4));
            var other = net.AddPc(name, boot: net.Within(20, 60));
            return RivalsAtServer(one, other, name, net.Server!);
        }),
        new("cloned-machines", TrafficKind.Fault, "cloned-machines", "one after the other", net =>
        {
            net.AddNeighbours(1, 2);
            string name = net.NewName();
            var first = net.AddPc(name, boot: net.Within(0.1, 4));
            var copies = Enumerable.Range(0, (int)net.Next(2, 5)).Select(i => net.AddPc(name, boot: net.Within(14 + (i * 12), 20 + (i * 12)))).ToArray();
            return new TrafficTruth
            {
                Culprit = copies[0],
                Victim = first,
                Name = name,
                Traces =
                [
                    Holds(first, name) with { IsOptional = true },
                    new(it => it.By(copies) && it.IsAbout(name) && it.Claims()),
                    new(it => it.By(first) && it.IsAbout(name) && it.Refuses()) { IsKey = true, IsTrouble = true, Least = 2 },
                ],
            };
        }) { Or = ["duplicate-computer"] },
        new("split-brain", TrafficKind.Fault, "split-brain", "a cut between two halves of a segment", net =>
        {
            net.AddNeighbours();
            string name = net.NewName();
            var one = net.AddPc(name, boot: net.Within(1, 8));
            var other = net.AddPc(name, boot: net.Within(1, 8));
            LinkRuleId cut = default;
            net.Before(() => cut = net.Simulator.AddRule(LinkRule.Partition("cut", one.Id, other.Id)));
            net.At(Seconds(30), () => net.Simulator.RemoveRule(cut));
            if (net.Maybe())
                net.Ask(net.Neighbours[0], new NetBiosName(name, NameSuffix.Server), net.Within(40, 60)); // it hears both, and tells the second
            return new TrafficTruth
            {
                Culprit = null,
                Victim = one,
                Name = name,
                Traces =
                [
                    Holds(one, name),
                    Holds(other, name),
                    new(it => it.IsAbout(name) && it.DemandsConflict()) { IsTrouble = true, IsSure = true },
                    new(it => it.IsAbout(name) && it.Answers()) { IsOptional = true },
                ],
            };
        }) { Or = ["duplicate-computer"] },
        new("group-clash-computer", TrafficKind.Fault, "group-unique-clash", "a computer called like the workgroup", net =>
        {
            net.AddNeighbours();
            var members = net.Neighbours.ToArray();
            var other = net.AddPc(net.Workgroup, boot: net.Within(20, 60), with: options => options with { Workgroup = net.NewName() });
            return new TrafficTruth
            {
                Culprit = other,
                Victim = members[0],
                Name = net.Workgroup,
                Traces =
                [
                    new(it => it.IsAbout(net.Workgroup) && it.By(members) && it.Claims()) { IsOnce = true, IsKey = true, IsOptional = true },
                    new(it => it.IsAbout(net.Workgroup) && it.By(other) && it.Claims() && it.Name.Suffix == NameSuffix.Workstation) { IsKey = true },
                    new(it => it.IsAbout(net.Workgroup) && it.Refuses()) { IsKey = true, IsTrouble = true },
                ],
            };
        }),
        new("group-clash-workgroup", TrafficKind.Fault, "group-unique-clash", "a workgroup called like a computer", net =>
        {
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(0.1, 4));
            var other = net.AddPc(boot: net.Within(20, 60), with: options => options with { Workgroup = one.Name });
            return new TrafficTruth
            {
                Culprit = other,
                Victim = one,
                Name = one.Name,
                Traces =
                [
                    new(it => it.IsAbout(one.Name) && it.By(one) && it.Claims() && it.Name.Suffix == NameSuffix.Workstation) { IsOnce = true, IsKey = true, IsOptional = true },
                    new(it => it.IsAbout(one.Name) && it.By(other) && it.Claims() && it.Name.Suffix == NameSuffix.Workstation) { IsKey = true },
                    new(it => it.IsAbout(one.Name) && it.By(one) && it.Refuses()) { IsKey = true, IsTrouble = true },
                ],
            };
        }),
        new("multihomed-self", TrafficKind.Fault, "multihomed-self", "two adapters on one segment", net =>
        {
            net.AddNeighbours();
            var one = net.AddPc([net.Lan, net.Lan], dialect: net.OneOf(NetBtDialect.WindowsNt35, NetBtDialect.WindowsNt351, NetBtDialect.WindowsNt4), boot: net.Within(0.1, 20));
            return new TrafficTruth
            {
                Culprit = one,
                Victim = one,
                Name = one.Name,
                Traces =
                [
                    new(it => it.IsAbout(one.Name) && it.By(one) && it.Claims() && it.Source.Address == one.Address) { IsKey = true, IsOnce = true, IsOptional = true, Least = 4 },
                    new(it => it.IsAbout(one.Name) && it.By(one) && it.Claims() && it.Source.Address != one.Address) { IsKey = true }, // what stops it comes to the machine itself only
                    new(it => it.IsAbout(one.Name) && it.By(one) && it.Refuses()),
                ],
            };
        }),
        new("lost-challenge-answers-lost", TrafficKind.Fault, "lost-challenge", "the holder's answers are lost", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            string user = net.NewName();
            var (one, other) = (net.AddPc(boot: net.Within(0.1, 4)), net.AddPc(boot: net.Within(0.1, 4)));
            net.Before(() => net.Simulator.AddRule(LinkRule.Loss("slow link") with { From = one.Id, To = net.Server!.Id, Match = new PacketMatch { Kind = NbnsMessageKind.PositiveNameQueryResponse } }));
            net.At(net.Within(14, 25), () => net.Logon(one, user));
            net.At(net.Within(35, 60), () => net.Logon(other, user));
            net.Ask(one, new NetBiosName(net.NewName(), NameSuffix.Server), net.Within(70, 95));
            return LostAtServer(one, other, user, net.Server!);
        }),
        new("lost-challenge-holder-off", TrafficKind.Fault, "lost-challenge", "the holder is off for a while", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            string name = net.NewName();
            var (one, other) = (net.AddPc(name, boot: net.Within(0.1, 4)), net.AddPc(name, boot: net.Within(40, 60)));
            LinkRuleId cut = default;
            net.At(Seconds(30), () => cut = net.Simulator.AddRule(LinkRule.Loss("cable out") with { From = net.Server!.Id, To = one.Id }));
            net.At(Seconds(80), () => net.Simulator.RemoveRule(cut));
            net.Ask(one, new NetBiosName(net.NewName(), NameSuffix.Server), net.Within(85, 95));
            return LostAtServer(one, other, name, net.Server!);
        }) { Also = ["duplicate-computer"] }, // it is one, and is told so where the name server gets lost, too, and the holder hears the broadcast
        new("stale-record-static", TrafficKind.Fault, "stale-record", "a static mapping to where nobody is", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(5, 30));
            var dead = net.NewAddress();
            net.Before(() => net.Simulator.Command<NameServer>(net.Server!.Id, "static", (server, now) =>
            {
                foreach (var suffix in (NameSuffix[])[NameSuffix.Workstation, NameSuffix.Messenger, NameSuffix.Server])
                    server.AddStatic(now, new NetBiosName(one.Name, suffix), NameRecordType.Unique, dead);
            }));
            return new TrafficTruth
            {
                Culprit = net.Server,
                Victim = one,
                Name = one.Name,
                Traces =
                [
                    new(it => it.IsAbout(one.Name) && it.By(one) && it.Claims() && !it.IsBroadcast),
                    new(it => it.IsAbout(one.Name) && it.Refuses()) { IsKey = true, IsTrouble = true },
                    new(it => it.By(net.Server) && !it.To(one)) { IsSure = true, IsOptional = true }, // who does not see what the server says to others cannot know that it asked nobody
                ],
            };
        }),
        new("stale-record-given-out", TrafficKind.Fault, "stale-record", "the old address is given out", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            string name = net.NewName();
            var file = new NetBiosName(name, NameSuffix.Server);
            var one = net.AddPc(boot: net.Within(0.1, 4), usesServer: false);
            var dead = net.NewAddress();
            net.Before(() => net.Simulator.Command<NameServer>(net.Server!.Id, "static", (server, now) => server.AddStatic(now, file, NameRecordType.Unique, dead)));
            net.At(net.Within(14, 25), () => net.Node(one, "claims", (node, now) => node.AddName(now, file)));
            net.Ask(net.Neighbours[0], file, net.Within(40, 60));
            return new TrafficTruth
            {
                Culprit = net.Server,
                Victim = one,
                Name = name,
                Traces =
                [
                    Holds(one, name) with { Least = 3 }, // that nobody objected shows after three tries (RFC 1002 §5.1.1.1)
                    new(it => it.IsAbout(name) && it.By(net.Server) && it.Answers()) { IsKey = true },
                    new(it => it.IsAbout(name) && it.To(net.Server) && it.Asks()) { IsOptional = true },
                ],
            };
        }),
        new("replication-conflict", TrafficKind.Fault, "replication-conflict", "two name servers, two holders", net =>
        {
            var second = net.AddServer(isMain: false, options: new NameServerOptions { Dialect = NameServerDialect.WinsNt35 });
            net.AddServer(options: new NameServerOptions { Dialect = NameServerDialect.WinsNt35 });
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(0.1, 4));
            var other = net.AddPc(boot: net.Within(0.1, 4), with: options => options with { NameServers = [second.Address] });
            string user = net.NewName();
            net.At(net.Within(14, 20), () => net.Logon(one, user));
            net.At(net.Within(22, 30), () => net.Logon(other, user));
            net.At(net.Within(45, 60), () => net.Simulator.Command<NameServer>(net.Server!.Id, "pull", (server, now) => server.Pull(now, second.Address)));
            return new TrafficTruth
            {
                Culprit = net.Server,
                Victim = one,
                Name = user,
                Traces =
                [
                    Holds(one, user, net.Server),
                    Holds(other, user, second, isKey: false),
                    new(it => it.IsAbout(user) && it.By(net.Server) && (it.Releases() || it.DemandsConflict())) { IsKey = true, IsTrouble = true },
                ],
            };
        }),
        new("group-release", TrafficKind.Fault, "group-release", "a member is told to give the group up", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            var group = new NetBiosName(net.Workgroup, NameSuffix.DomainControllers);
            var (one, other) = (net.AddPc(boot: net.Within(0.1, 4), dialect: NetBtDialect.WindowsNt4), net.AddPc(boot: net.Within(0.1, 4)));
            foreach (var member in (TrafficHost[])[one, other])
                net.At(net.Within(14, 25), () => net.Node(member, "joins", (node, now) => node.AddGroupName(now, group)));
            net.At(net.Within(35, 60), () => net.Send(net.Server!, new NameReleaseRequest(net.NewTransactionId(), group, Entry(one.Address, isGroup: true)), one));
            return new TrafficTruth
            {
                Culprit = net.Server,
                Victim = one,
                Name = net.Workgroup,
                Traces =
                [
                    new(it => it.IsAbout(group) && ((it.By(one) && it.Claims()) || (it.By(net.Server) && it.To(one) && it.Grants()))) { IsKey = true, IsOnce = true },
                    new(it => it.IsAbout(group) && it.By(net.Server) && it.Releases()) { IsKey = true, IsTrouble = true },
                ],
            };
        }),
        new("refused-by-policy", TrafficKind.Fault, "refused-by-policy", "a share that is used up", net =>
        {
            net.AddServer(options: new NameServerOptions { NamesPerSource = 4 });
            net.AddNeighbours(1, 2);
            var one = net.AddPc(boot: net.Within(0.1, 4));
            for (int i = 0; i < 4; i++)
            {
                var name = new NetBiosName(net.NewName(), NameSuffix.Server);
                net.At(net.Within(14, 50), () => net.Node(one, "claims", (node, now) => node.AddName(now, name)));
            }

            return new TrafficTruth
            {
                Culprit = net.Server,
                Victim = one,
                Traces =
                [
                    new(it => it.By(net.Server) && it.Refuses()) { IsKey = true, IsTrouble = true },
                    new(it => it.Claims() && !it.IsBroadcast) { IsOptional = true },
                ],
            };
        }),
        new("browser-election", TrafficKind.NearMiss, "browser-election", "a second master browser is refused", net =>
        {
            net.AddNeighbours();
            var master = new NetBiosName(net.Workgroup, NameSuffix.MasterBrowser);
            var (one, other) = (net.AddPc(boot: net.Within(0.1, 4)), net.AddPc(boot: net.Within(0.1, 4)));
            net.At(net.Within(14, 25), () => net.Node(one, "master", (node, now) => node.AddName(now, master)));
            net.At(net.Within(35, 60), () => net.Node(other, "master", (node, now) => node.AddName(now, master)));
            return new TrafficTruth
            {
                Culprit = other,
                Victim = one,
                Name = net.Workgroup,
                Traces =
                [
                    new(it => it.IsAbout(master) && it.By(one) && it.Claims()) { IsKey = true, IsOnce = true, IsOptional = true },
                    new(it => it.IsAbout(master) && it.By(other) && it.Claims()) { IsKey = true },
                    new(it => it.IsAbout(master) && it.Refuses()) { IsKey = true, IsTrouble = true },
                ],
            };
        }),
        new("moved", TrafficKind.NearMiss, "moved", "another address, the old one given back", net =>
        {
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(0.1, 4));
            var later = net.AddPc(one.Name, boot: net.Within(40, 60), adapter: one.Adapter);
            if (net.Maybe())
                net.At(net.Within(20, 30), () => net.Node(one, "shuts down", (node, now) => node.Shutdown(now)));
            else
                net.At(net.Within(20, 30), () => net.Simulator.Crash(one.Id));
            return new TrafficTruth { Victim = one, Name = one.Name, Traces = [Holds(one, one.Name), Holds(later, one.Name)] };
        }) { Or = ["two-addresses", ""] },
    ];

    private static TrafficTruth Rivals(TrafficHost one, TrafficHost other, string name) => new()
    {
        Culprit = other,
        Victim = one,
        Name = name,
        Traces =
        [
            Holds(one, name) with { IsOptional = true }, // the refusal shows it
            new(it => it.By(other) && it.IsAbout(name) && it.Claims()) { IsKey = true },
            new(it => it.By(one) && it.IsAbout(name) && it.Refuses()) { IsKey = true, IsTrouble = true },
            new(it => it.By(other) && it.IsAbout(name) && it.Releases()) { IsTrouble = true },
        ],
    };

    private static TrafficTruth RivalsAtServer(TrafficHost one, TrafficHost other, string name, TrafficHost server) => new()
    {
        Culprit = other,
        Victim = one,
        Name = name,
        Traces =
        [
            Holds(one, name, server) with { IsOptional = true }, // what it answers shows it
            new(it => it.By(other) && it.IsAbout(name) && it.Claims()) { IsKey = true },
            new(it => it.By(server) && it.IsAbout(name) && it.To(other) && it.Refuses()) { IsKey = true, IsTrouble = true },
            new(it => it.By(server) && it.IsAbout(name) && it.To(one) && it.Asks()),
            new(it => it.By(one) && it.IsAbout(name) && it.To(server) && it.Answers()),
            // That the server asked, and somebody is there: who sees neither that nor the WACK cannot tell it from an old record (RFC 1002 §5.1.4.1).
            new(it => it.IsAbout(name) && (it.Waits() || (it.By(server) && it.To(one) && it.Asks()) || (it.By(one) && it.To(server) && it.Answers()))) { IsSure = true, IsOptional = true },
            new(it => it.By(other) && it.IsAbout(name) && it.Releases() && it.IsBroadcast) { IsTrouble = true }, // at the server it is what everybody sends who logs off
            new(it => it.By(other) && it.IsAbout(name) && it.Releases()) { IsOptional = true },
        ],
    };

    private static TrafficTruth LostAtServer(TrafficHost one, TrafficHost other, string name, TrafficHost server) => new()
    {
        Culprit = other,
        Victim = one,
        Name = name,
        Traces =
        [
            Holds(one, name, server),
            new(it => it.By(other) && it.IsAbout(name) && it.Claims()),
            new(it => it.By(server) && it.IsAbout(name) && it.To(one) && it.Asks()) { IsKey = true, Least = 3 },
            new(it => it.By(one) && it.IsAbout(name) && it.To(server) && it.Answers()) { IsOptional = true },
            new(it => it.By(server) && it.IsAbout(name) && it.To(other) && it.Grants()) { IsKey = true },
            new(it => it.IsAbout(name) && it.Waits()) { IsOptional = true },
        ],
    };
}
