using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Traffic;

/// <content>Attacks that the diagnosis is not scored with: for most of them it has no cause.</content>
public static partial class TrafficClasses
{
    private static TrafficClass[] Attacks =>
    [
        new("malformed-packets", TrafficKind.Attack, "malformed", "headers, labels, pointers and lengths that lead nowhere", net =>
        {
            net.AddNeighbours();
            var (one, outsider) = (net.AddPc(boot: net.Within(0.1, 4)), net.AddSilent());
            var at = net.Within(30, 60);
            var broken = MalformedPackets.Of(net.NewTransactionId(), new NetBiosName(one.Name, NameSuffix.Server));
            for (int i = 0; i < broken.Count; i++)
            {
                byte[] octets = broken[i];
                net.At(at + Seconds(0.4 * i), () => net.Send(outsider, octets, one));
            }

            return new TrafficTruth { Culprit = outsider, Attacker = outsider, Victim = one, Traces = [new(it => it.By(outsider)) { IsKey = true, IsTrouble = true }] };
        }),
        new("registration-flood", TrafficKind.Attack, "", "hundreds of names are registered with the name server within seconds", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            var outsider = net.AddSilent();
            var at = net.Within(20, 50);
            for (int i = (int)net.Next(200, 400); i > 0; i--)
            {
                var name = new NetBiosName(net.NewName(), NameSuffix.Server);
                ushort id = net.NewTransactionId();
                net.At(at += Seconds(0.01), () => net.Send(outsider, new NameRegistrationRequest(id, name, Entry(outsider.Address), new TimeToLive(300_000)), net.Server));
            }

            return new TrafficTruth
            {
                Culprit = outsider,
                Attacker = outsider,
                Victim = net.Server,
                Traces = [new(it => it.By(outsider) && it.Claims()) { IsKey = true, IsTrouble = true, Least = 200 }, new(it => it.To(outsider) && (it.Grants() || it.Refuses())) { IsOptional = true }],
            };
        }) { WhyUntold = "each registration is good by itself, and no text says how many names a machine may have" },
        new("node-status-amplification", TrafficKind.Attack, "", "node status requests in a victim's name: the answers, several times as long, go to it", net =>
        {
            net.AddNeighbours(4, 6);
            var (victim, outsider) = (net.AddSilent(), net.AddSilent());
            var at = net.Within(30, 50);
            for (int i = 0; i < 40; i++)
            {
                foreach (var reflector in net.Neighbours)
                {
                    ushort id = net.NewTransactionId();
                    net.At(at += Seconds(0.02), () => net.Send(outsider, new NodeStatusRequest(id, NetBiosName.Wildcard), reflector, bearing: victim.Address));
                }
            }

            return new TrafficTruth
            {
                Attacker = outsider,
                Victim = victim,
                Traces = [new(it => it.By(outsider)) { IsKey = true, IsTrouble = true, Least = 100 }, new(it => it.To(victim) && it.Kind == NbnsMessageKind.NodeStatusResponse) { IsTrouble = true }],
            };
        }) { WhyUntold = "the requests bear the victim's address, so that in the packets the victim asks" },
        new("spoofed-wack", TrafficKind.Attack, "", "WACKs in the name server's name hold up whoever registers", net => HeldUp(net, isSpoofed: true)) { WhyUntold = "the WACKs bear the name server's address, as its own do" },
        new("strangers-wack", TrafficKind.Attack, "", "WACKs from a machine that is no name server, to hold up whoever registers", net => HeldUp(net, isSpoofed: false)) { WhyUntold = "a name server with several addresses sends a WACK from another address as well" },
        new("spoofed-server-answers", TrafficKind.Attack, "", "answers in the name server's name, faster than its own", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            var (one, client, outsider) = (net.AddPc(boot: net.Within(0.1, 4)), net.AddPc(boot: net.Within(0.1, 4)), net.AddSilent());
            var name = new NetBiosName(one.Name, NameSuffix.Server);
            ushort id = (ushort)net.Next(8, 60_000);
            net.At(net.Within(30, 60), () =>
            {
                net.Node(client, "looks for a name", (node, now) => node.Query(now, name, id));
                for (int i = 0; i < 16; i++)
                    net.Send(outsider, new PositiveNameQueryResponse((ushort)(id - 8 + i), name, [Entry(outsider.Address)], new TimeToLive(300_000), fromNameServer: true), client, bearing: net.Server!.Address);
            });
            return new TrafficTruth
            {
                Attacker = outsider,
                Victim = client,
                Name = one.Name,
                Traces =
                [
                    new(it => it.By(outsider)) { IsKey = true, IsTrouble = true, Least = 16 },
                    new(it => it.IsAbout(name) && it.By(client, net.Server) && (it.Asks() || it.Answers())) { IsOptional = true },
                ],
            };
        }) { WhyUntold = "the answers bear the name server's address, as its own do" },
        new("false-name-server", TrafficKind.Attack, "poisoned-answers", "a machine was told a false name server (DHCP option 44), which answers for every name", net =>
        {
            net.AddServer();
            net.AddNeighbours(3, 5);
            var outsider = net.AddResponder(address => new Responder((message, isBroadcast) => isBroadcast ? null : message switch
            {
                NameQueryRequest => new PositiveNameQueryResponse(message.TransactionId, message.Name, [Entry(address)], new TimeToLive(300_000), fromNameServer: true),
                NameReleaseRequest release => new PositiveNameReleaseResponse(message.TransactionId, message.Name, release.Entry),
                SingleEntryMessage { Flags.IsResponse: false } claim => new PositiveNameRegistrationResponse(message.TransactionId, message.Name, claim.Entry, new TimeToLive(300_000)),
                _ => null,
            }));
            var client = net.AddPc(boot: net.Within(0.1, 4), with: options => options with { NameServers = [outsider.Address] });
            foreach (var other in net.Neighbours)
                net.Ask(client, new NetBiosName(other.Name, NameSuffix.Server), net.Within(20, 80));
            return new TrafficTruth
            {
                Culprit = outsider,
                Attacker = outsider,
                Victim = client,
                Traces =
                [
                    new(it => it.By(outsider) && it.Answers()) { IsKey = true, IsTrouble = true },
                    new(it => it.By(outsider) || (it.By(client) && it.To(outsider))) { IsOptional = true },
                ],
            };
        }),
        new("wpad-registration", TrafficKind.Attack, "", "WPAD is registered with the name server by a machine that is not meant to be the proxy", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            var outsider = net.AddSilent();
            var wpad = new NetBiosName("WPAD", NameSuffix.Workstation);
            ushort id = net.NewTransactionId();
            net.At(net.Within(10, 20), () => net.Send(outsider, new NameRegistrationRequest(id, wpad, Entry(outsider.Address), new TimeToLive(300_000)), net.Server));
            foreach (var one in net.Neighbours)
                net.Ask(one, wpad, net.Within(30, 80));
            return new TrafficTruth
            {
                Culprit = outsider,
                Attacker = outsider,
                Victim = net.Neighbours[0],
                Name = "WPAD",
                Traces = [new(it => it.IsAbout(wpad) && it.By(outsider)) { IsKey = true, IsTrouble = true }, new(it => it.IsAbout(wpad) && it.By(net.Server)), new(it => it.IsAbout(wpad) && it.Asks()) { IsOptional = true }],
            };
        }) { WhyUntold = "no packet says which machine is meant to be called WPAD" },
        new("poisoned-wpad", TrafficKind.Attack, "", "a machine answers for WPAD alone, which it never claimed", net =>
        {
            net.AddNeighbours(3, 4);
            var wpad = new NetBiosName("WPAD", NameSuffix.Workstation);
            var outsider = net.AddResponder(address => Responder.ToQueries((name, isBroadcast) => isBroadcast && name == wpad ? address : null, timeToLive: 165));
            foreach (var one in net.Neighbours)
                net.Ask(one, wpad, net.Within(14, 90));
            return new TrafficTruth
            {
                Culprit = outsider,
                Attacker = outsider,
                Victim = net.Neighbours[0],
                Name = "WPAD",
                Traces = [new(it => it.By(outsider) && it.Answers()) { IsKey = true, IsTrouble = true }, new(it => it.IsAbout(wpad) && it.Asks()) { IsOptional = true }],
            };
        }) { WhyUntold = "a proxy that does not register its name answers in the same way; it takes answers for several names to be told" },
        new("guessed-answers", TrafficKind.Attack, "", "answers for WPAD with one guessed id after the other, to a machine that asks for it", net =>
        {
            net.AddNeighbours();
            var (one, outsider) = (net.Neighbours[0], net.AddSilent());
            var wpad = new NetBiosName("WPAD", NameSuffix.Workstation);
            ushort id = (ushort)net.Next(100, 60_000);
            var at = net.Within(30, 60);
            net.At(at, () => net.Node(one, "looks for a name", (node, now) => node.Query(now, wpad, id)));
            for (int i = 0; i < 120; i++)
            {
                ushort guess = (ushort)(id - 60 + i);
                net.At(at + Seconds(0.005 * i), () => net.Send(outsider, new PositiveNameQueryResponse(guess, wpad, [Entry(outsider.Address)], new TimeToLive(300_000)), one));
            }

            return new TrafficTruth
            {
                Culprit = outsider,
                Attacker = outsider,
                Victim = one,
                Name = "WPAD",
                Traces = [new(it => it.By(outsider)) { IsKey = true, IsTrouble = true, Least = 60 }, new(it => it.IsAbout(wpad) && it.Asks()) { IsOptional = true }],
            };
        }) { WhyUntold = "answers whose question is not in the capture are common, and it takes answers for several names to be told" },
        new("forged-release-at-server", TrafficKind.Attack, "", "a release in the holder's name makes the name server forget who holds it", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            var (one, outsider) = (net.AddPc(boot: net.Within(0.1, 4)), net.AddSilent());
            var name = new NetBiosName(one.Name, NameSuffix.Server);
            ushort id = net.NewTransactionId();
            net.At(net.Within(30, 50), () => net.Send(outsider, new NameReleaseRequest(id, name, Entry(one.Address)), net.Server, bearing: one.Address));
            net.Ask(net.Neighbours[0], name, net.Within(60, 80));
            return new TrafficTruth
            {
                Attacker = outsider,
                Victim = one,
                Name = one.Name,
                Traces =
                [
                    new(it => it.IsAbout(name) && it.By(outsider)) { IsKey = true, IsTrouble = true },
                    new(it => it.IsAbout(name) && it.By(net.Server) && (it.Denies() || it.Kind == NbnsMessageKind.PositiveNameReleaseResponse)),
                    new(it => it.IsAbout(name)) { IsOptional = true },
                ],
            };
        }) { WhyUntold = "the release bears the holder's address, as its own does; of a datagram to one machine the MAC address may be a router's" },
        new("name-enumeration", TrafficKind.Attack, "", "the name server is asked for one likely name after the other", net =>
        {
            net.AddServer();
            net.AddNeighbours();
            var outsider = net.AddSilent();
            var at = net.Within(20, 50);
            string[] words = ["DC", "PDC", "BDC", "FILES", "FILESERVER", "PRINT", "MAIL", "EXCHANGE", "SQL", "BACKUP", "ADMIN", "WEB", "INTRANET", "PROXY", "WSUS", "TERMINAL"];
            foreach (string word in words)
            {
                for (int i = 0; i < 4; i++)
                {
                    var name = new NetBiosName(i == 0 ? word : FormattableString.Invariant($"{word}{i}"), NameSuffix.Server);
                    ushort id = net.NewTransactionId();
                    net.At(at += Seconds(0.05), () => net.Send(outsider, new NameQueryRequest(id, name), net.Server));
                }
            }

            return new TrafficTruth
            {
                Culprit = outsider,
                Attacker = outsider,
                Victim = net.Server,
                Traces = [new(it => it.By(outsider)) { IsKey = true, IsTrouble = true, Least = 60 }, new(it => it.By(net.Server) && it.To(outsider))],
            };
        }) { WhyUntold = "a machine with many dead mappings asks for as many names that are not there" },
    ];

    /// <summary>A node that registers is told to wait for an hour, by whoever guesses its transaction's id: here ids count up, so that one of sixteen is right.</summary>
    private static TrafficTruth HeldUp(TrafficNetwork net, bool isSpoofed)
    {
        net.AddServer();
        net.AddNeighbours();
        var (one, outsider) = (net.AddPc(boot: net.Within(0.1, 4), with: options => options with { NodeType = OwnerNodeType.P }), net.AddSilent());
        var name = new NetBiosName(net.NewName(), NameSuffix.Server);
        ushort id = (ushort)net.Next(8, 60_000);
        net.At(net.Within(30, 60), () =>
        {
            net.Node(one, "claims", (node, now) => node.AddName(now, name, id));
            for (int i = 0; i < 16; i++)
                net.Send(outsider, new WaitForAcknowledgementResponse((ushort)(id - 8 + i), name, new TimeToLive(3600), NbnsFlagWords.RegistrationRequest), one, bearing: isSpoofed ? net.Server!.Address : null);
        });
        return new TrafficTruth
        {
            Culprit = isSpoofed ? null : outsider,
            Attacker = outsider,
            Victim = one,
            Name = name.BaseName,
            Traces = [new(it => it.By(outsider)) { IsKey = true, IsTrouble = true, Least = 16 }, new(it => it.IsAbout(name)) { IsOptional = true }],
        };
    }
}
