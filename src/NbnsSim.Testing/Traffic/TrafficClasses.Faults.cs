using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Traffic;

/// <content>The causes of the diagnosis that it is not scored with.</content>
public static partial class TrafficClasses
{
    private static TrafficClass[] Faults =>
    [
        new("odd-name", TrafficKind.Fault, "odd-name", "a machine whose name is not set registers blanks", net =>
        {
            net.AddNeighbours();
            var one = net.AddSilent();
            var blank = new NetBiosName(new string(' ', NetBiosName.BaseSize), NameSuffix.Workstation);
            var at = net.Within(20, 60);
            ushort id = net.NewTransactionId();
            for (int i = 0; i < 3; i++)
                net.At(at + Seconds(0.25 * i), () => net.Send(one, new NameRegistrationRequest(id, blank, Entry(one.Address), isBroadcast: true)));
            return new TrafficTruth { Culprit = one, Traces = [new(it => it.By(one)) { IsKey = true, IsTrouble = true }] };
        }),
        new("server-error", TrafficKind.Fault, "server-error", "the name server refuses with an error of its own", net =>
        {
            net.AddNeighbours();
            var rcode = net.OneOf(NbnsRcode.ServerFailure, NbnsRcode.FormatError, NbnsRcode.NotImplemented);
            var server = net.AddSilent(new Responder((message, isBroadcast) => !isBroadcast && message is SingleEntryMessage { Flags.IsResponse: false } claim
                ? new NegativeNameRegistrationResponse(message.TransactionId, message.Name, rcode, claim.Entry)
                : null));
            net.Servers.Add(server);
            var one = net.AddPc(boot: net.Within(5, 20), with: options => options with { NameServers = [server.Address] });
            return new TrafficTruth
            {
                Culprit = server,
                Victim = one,
                Traces = [new(it => it.By(server) && it.Refuses()) { IsKey = true, IsTrouble = true }, new(it => it.By(one) && it.To(server) && it.Claims()) { IsOptional = true }],
            };
        }),
        new("two-addresses", TrafficKind.NearMiss, "two-addresses", "adapters in two segments", net =>
        {
            net.AddServer();
            var second = net.AddSegment();
            net.AddNeighbours();
            var one = net.AddPc([net.Lan, second], dialect: NetBtDialect.Windows2000, boot: net.Within(0.1, 10));
            net.Ask(net.Neighbours[0], new NetBiosName(one.Name, NameSuffix.Server), net.Within(40, 60));
            return new TrafficTruth { Victim = one, Name = one.Name, Traces = [new(it => it.IsAbout(one.Name) && it.By(one) && it.Claims())] };
        }),
        new("release-seen", TrafficKind.NearMiss, "release-seen", "a user logs off who logged on before the capture began", net =>
        {
            net.AddNeighbours();
            string user = net.NewName();
            var one = net.AddPc(boot: net.Within(0.1, 4));
            net.At(net.Within(10, 12), () => net.Logon(one, user));
            net.At(net.Within(30, 60), () => net.Node(one, "logs off", (node, now) => node.Logoff(now, user)));
            return new TrafficTruth { Culprit = one, Name = user, CaptureFrom = Seconds(20), Traces = [new(it => it.IsAbout(user) && it.Releases()) { IsKey = true }] };
        }),
        new("not-enough", TrafficKind.Fault, "not-enough", "a refusal whose claim the capture lacks", net =>
        {
            net.AddNeighbours();
            var (one, other) = (net.AddSilent(), net.AddSilent());
            var name = new NetBiosName(net.NewName(), NameSuffix.Workstation);
            net.At(net.Within(30, 60), () => net.Send(one, new NegativeNameRegistrationResponse(net.NewTransactionId(), name, NbnsRcode.ActiveError, Entry(one.Address)), other));
            return new TrafficTruth { Culprit = one, Victim = other, Name = name.BaseName, Traces = [new(it => it.By(one)) { IsKey = true, IsTrouble = true }] };
        }) { Or = ["duplicate-computer", "stale-record"] }, // as sure as one refusal lets it be
    ];
}
