using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Traffic;

/// <content>What outsiders do, and what one machine does to a network.</content>
public static partial class TrafficClasses
{
    private static TrafficClass[] Outsiders =>
    [
        new("forged-release-broadcast", TrafficKind.Attack, "forged-demand", "a broadcast release with the holder's address", net =>
        {
            net.AddNeighbours();
            var (one, outsider) = (net.AddPc(boot: net.Within(0.1, 4)), net.AddSilent());
            var name = AnyNameOf(net, one);
            net.At(net.Within(30, 60), () => net.Send(outsider, new NameReleaseRequest(net.NewTransactionId(), name, Entry(one.Address))));
            return Forged(one, outsider, name);
        }),
        new("forged-release-false-source", TrafficKind.Attack, "forged-demand", "a broadcast release from a false address", net =>
        {
            net.AddNeighbours();
            var (one, outsider) = (net.AddPc(boot: net.Within(0.1, 4)), net.AddSilent());
            var name = AnyNameOf(net, one);
            net.At(net.Within(30, 60), () => net.Send(outsider, new NameReleaseRequest(net.NewTransactionId(), name, Entry(one.Address)), bearing: one.Address));
            return Forged(one, outsider, name) with { Culprit = null }; // its datagrams name the victim
        }),
        new("forged-release-unicast", TrafficKind.Attack, "forged-demand", "a release to the holder alone", net =>
        {
            net.AddNeighbours();
            var (one, outsider) = (net.AddPc(boot: net.Within(0.1, 4)), net.AddSilent());
            var name = AnyNameOf(net, one);
            net.At(net.Within(30, 60), () => net.Send(outsider, new NameReleaseRequest(net.NewTransactionId(), name, Entry(one.Address)), one));
            return Forged(one, outsider, name);
        }),
        new("forged-conflict-demand", TrafficKind.Attack, "forged-demand", "a conflict demand", net =>
        {
            net.AddNeighbours();
            var (one, outsider) = (net.AddPc(boot: net.Within(0.1, 4)), net.AddSilent());
            var name = AnyNameOf(net, one);
            net.At(net.Within(30, 60), () => net.Send(outsider, new NameConflictDemand(net.NewTransactionId(), name), one));
            return Forged(one, outsider, name);
        }),
        new("guessed-refusals", TrafficKind.Attack, "forged-demand", "refusals with guessed ids", net =>
        {
            net.AddNeighbours();
            var at = net.Within(10, 40);
            var (one, outsider) = (net.AddPc(boot: at), net.AddSilent());
            var name = new NetBiosName(one.Name, NameSuffix.Workstation);
            ushort first = net.NewTransactionId();
            for (int i = 0; i < 24; i++)
                net.At(at + Seconds(0.1 + (0.05 * i)), () => net.Send(outsider, new NegativeNameRegistrationResponse((ushort)(first + net.Next(0, 50_000)), name, NbnsRcode.ActiveError, Entry(outsider.Address)), one));
            return new TrafficTruth
            {
                Culprit = outsider,
                Attacker = outsider,
                Victim = one,
                Name = one.Name,
                Traces =
                [
                    new(it => it.IsAbout(name) && it.By(one) && it.Claims()) { IsOptional = true },
                    new(it => it.By(outsider) && it.Refuses()) { IsKey = true, IsTrouble = true, Least = 12 },
                ],
            };
        }),
        new("poisoned-answers", TrafficKind.Attack, "poisoned-answers", "whatever is asked for by broadcast", net =>
        {
            net.AddNeighbours();
            var outsider = net.AddResponder(address => Responder.ToQueries((name, isBroadcast) => isBroadcast && name.Suffix is NameSuffix.Workstation or NameSuffix.Server ? address : null, timeToLive: 165));
            int asked = (int)net.Next(4, 8);
            var nobodys = new List<string>();
            for (int i = 0; i < asked; i++)
            {
                nobodys.Add(net.NewName());
                net.Ask(net.Neighbours[i % net.Neighbours.Count], new NetBiosName(nobodys[^1], NameSuffix.Server), net.Within(14, 90));
            }

            return new TrafficTruth
            {
                Culprit = outsider,
                Attacker = outsider,
                Traces =
                [
                    new(it => it.By(outsider) && it.Answers()),
                    new(it => it.By(outsider) && it.Answers() && nobodys.Contains(it.Name.BaseName)) { IsKey = true, IsTrouble = true, Least = 4, IsOptional = true }, // an answer each; of one computer it may have the name
                ],
            };
        }),
        new("server-silent-at-start", TrafficKind.Fault, "server-silent", "it is down when all start", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            net.Before(() => net.Simulator.Crash(net.Server!.Id));
            return Silent(net, net.Neighbours[0]);
        }),
        new("server-silent-later", TrafficKind.Fault, "server-silent", "it goes down", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(20, 30));
            net.Before(() => net.At(default, () => { }));
            net.At(Seconds(15), () => net.Simulator.Crash(net.Server!.Id));
            return Silent(net, one);
        }),
        new("not-a-name-server", TrafficKind.Fault, "not-a-name-server", "an ordinary machine's address", net =>
        {
            net.AddNeighbours();
            var wrong = net.Neighbours[0];
            var one = net.AddPc(boot: net.Within(10, 20), with: options => options with { NameServers = [wrong.Address] });
            return Silent(net, one) with { Culprit = wrong };
        }),
        new("dead-registration", TrafficKind.Fault, "dead-registration", "a machine that shuts down leaves names with its name server", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(0.1, 4), dialect: NetBtDialect.WindowsNt4);
            if (net.Maybe())
                net.At(net.Within(8, 12), () => net.Logon(one, net.NewName()));
            net.At(net.Within(20, 30), () => net.Node(one, "shuts down", (node, now) => node.Shutdown(now)));
            var client = net.Neighbours[0];
            net.Ask(client, new NetBiosName(one.Name, NameSuffix.Messenger), net.Within(45, 60));
            return new TrafficTruth
            {
                Culprit = one,
                Victim = client,
                Name = one.Name,
                Traces =
                [
                    Holds(one, one.Name, net.Server) with { IsOptional = true },
                    new(it => it.By(one) && it.Releases()) { IsKey = true, Least = 2, IsOptional = true },
                    new(it => it.To(one) && it.Kind == NbnsMessageKind.PositiveNameReleaseResponse) { IsOptional = true }, // shows a release that the capture lacks
                    new(it => it.IsAbout(one.Name) && it.By(net.Server) && it.Answers()) { IsKey = true }, // no trouble to whoever does not see that the machine has gone
                ],
            };
        }),
        new("server-does-not-know", TrafficKind.Fault, "server-does-not-know", "the secondary does", net =>
        {
            var second = net.AddServer(isMain: false);
            net.AddServer();
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(0.1, 4), with: options => options with { NameServers = [second.Address], NodeType = OwnerNodeType.P });
            var client = net.AddPc(boot: net.Within(0.1, 4), dialect: NetBtDialect.Windows2000, with: options => options with { NameServers = [net.Server!.Address, second.Address] });
            net.Ask(client, new NetBiosName(one.Name, NameSuffix.Server), net.Within(30, 50));
            return new TrafficTruth
            {
                Culprit = net.Server,
                Victim = client,
                Name = one.Name,
                Traces =
                [
                    new(it => it.IsAbout(one.Name) && it.By(net.Server) && it.Denies()) { IsKey = true },
                    new(it => it.IsAbout(one.Name) && it.By(second) && it.Answers()) { IsKey = true },
                    new(it => it.IsAbout(one.Name) && it.By(client) && it.Asks()) { IsOptional = true },
                ],
            };
        }),
        new("broadcast-bit", TrafficKind.Fault, "broadcast-bit", "a query to one machine with B set", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(0.1, 4), dialect: NetBtDialect.Rfc1002, with: options => options with { NodeType = OwnerNodeType.P });
            var outsider = net.AddSilent();
            var name = new NetBiosName(one.Name, NameSuffix.Server);
            var at = net.Within(30, 60);
            ushort id = net.NewTransactionId();
            for (int i = 0; i < 3; i++)
                net.At(at + Seconds(1.5 * i), () => net.Send(outsider, new NameQueryRequest(id, name, isBroadcast: true), one));
            return new TrafficTruth
            {
                Culprit = outsider,
                Victim = one,
                Name = one.Name,
                Traces = [new(it => it.By(outsider) && it.Asks()) { IsKey = true, Least = 3 }, Holds(one, one.Name, net.Server) with { IsOptional = true }],
            };
        }),
        new("unreachable-address", TrafficKind.Fault, "unreachable-address", "of its own link or a container bridge", net =>
        {
            net.AddNeighbours();
            var behind = net.OneOf(Ipv4Address.Parse("169.254.17.4"), Ipv4Address.Parse("172.17.0.1"), Ipv4Address.Parse("0.0.0.0"), Ipv4Address.Parse("127.0.0.1"));
            var name = new NetBiosName(net.NewName(), NameSuffix.Server);
            var one = net.AddSilent(Responder.ToQueries((asked, _) => asked == name ? behind : null));
            net.Ask(net.Neighbours[0], name, net.Within(20, 60));
            return new TrafficTruth
            {
                Culprit = one,
                Victim = net.Neighbours[0],
                Name = name.BaseName,
                Traces = [new(it => it.By(one) && it.Answers()) { IsKey = true, IsTrouble = true }],
            };
        }),
        new("wrong-port", TrafficKind.Fault, "wrong-port", "always to 137", net =>
        {
            net.AddNeighbours();
            var name = new NetBiosName(net.NewName(), NameSuffix.Server);
            var one = net.AddResponder(address => Responder.ToQueries((asked, _) => asked == name ? address : null, Ipv4Endpoint.NameServicePort));
            var client = net.AddSilent();
            ushort id = net.NewTransactionId();
            ushort port = (ushort)net.Next(1024, 65535);
            var at = net.Within(20, 60);
            for (int i = 0; i < 3; i++)
                net.At(at + Seconds(0.25 * i), () => net.Send(client, new NameQueryRequest(id, name, isBroadcast: true), port: port));
            return new TrafficTruth
            {
                Culprit = one,
                Victim = client,
                Name = name.BaseName,
                Traces =
                [
                    new(it => it.By(one) && it.Answers()) { IsKey = true, IsTrouble = true },
                    new(it => it.By(client) && it.Asks()) { IsKey = true, IsOptional = true },
                ],
            };
        }),
        new("scope-mismatch", TrafficKind.Fault, "scope-mismatch", "who asks has one, who has the name has none", net =>
        {
            net.AddNeighbours();
            var one = net.AddPc(boot: net.Within(0.1, 4));
            var client = net.AddPc(boot: net.Within(0.1, 4), with: options => options with { Scope = NetBiosScope.Parse(net.NewName()) });
            net.Ask(client, new NetBiosName(one.Name, NameSuffix.Server), net.Within(20, 60));
            return new TrafficTruth
            {
                Culprit = client,
                Victim = one,
                Name = one.Name,
                Traces =
                [
                    new(it => it.IsAbout(one.Name) && it.By(one) && it.Claims()) { IsKey = true, IsOptional = true },
                    new(it => it.IsAbout(one.Name) && it.By(client) && it.Asks()) { IsKey = true },
                ],
            };
        }),
        new("sweep", TrafficKind.Attack, "sweep", "one after the other", net =>
        {
            net.AddNeighbours(1, 2);
            var outsider = net.AddSilent();
            var targets = Enumerable.Range(0, (int)net.Next(18, 40)).Select(_ => net.AddSilent()).ToArray();
            var at = net.Within(10, 30);
            foreach (var (target, i) in targets.Select((target, i) => (target, i)))
                net.At(at + Seconds(0.1 * i), () => net.Send(outsider, new NodeStatusRequest(net.NewTransactionId(), NetBiosName.Wildcard), target));
            return new TrafficTruth { Culprit = outsider, Attacker = outsider, Traces = [new(it => it.By(outsider) && it.Kind == NbnsMessageKind.NodeStatusRequest) { IsKey = true, IsTrouble = true, Least = 17 }] };
        }),
        new("query-flood", TrafficKind.Fault, "query-flood", "a name that nobody has", net =>
        {
            net.AddNeighbours();
            var one = net.Neighbours[0];
            string name = net.Maybe() ? "WPAD" : net.NewName();
            for (int i = 0; i < 14; i++)
                net.Ask(one, new NetBiosName(name, NameSuffix.Workstation), Seconds(14 + (6 * i)));
            return new TrafficTruth { Culprit = one, Name = name, Traces = [new(it => it.IsAbout(name) && it.By(one) && it.Asks()) { IsKey = true, IsTrouble = true, Least = 32 }] };
        }),
    ];

    private static NetBiosName AnyNameOf(TrafficNetwork net, TrafficHost host) => new(host.Name, net.OneOf(NameSuffix.Workstation, NameSuffix.Messenger, NameSuffix.Server));

    private static TrafficTruth Forged(TrafficHost victim, TrafficHost outsider, NetBiosName name) => new()
    {
        Culprit = outsider,
        Attacker = outsider,
        Victim = victim,
        Name = victim.Name,
        Traces =
        [
            new(it => it.IsAbout(name) && it.By(victim) && (it.Claims() || it.Answers())) { IsKey = true, IsOnce = true },
            new(it => it.IsAbout(name) && it.By(outsider)) { IsKey = true, IsTrouble = true },
        ],
    };

    private static TrafficTruth Silent(TrafficNetwork net, TrafficHost one) => new()
    {
        Culprit = net.Server,
        Victim = one,
        Traces =
        [
            new(it => it.By(one) && it.Claims() && !it.IsBroadcast) { IsKey = true, IsTrouble = true, Least = 3 },
            new(it => it.Claims() && !it.IsBroadcast && !it.By(one)) { IsOptional = true },
            new(it => !it.IsBroadcast && it.Asks()) { IsOptional = true },
        ],
    };
}
