using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Nodes;

/// <summary>RFC 1001 §15.2.3: an M node's claim at the name server does not cut short what the segment has to object.</summary>
public sealed class ConflictTimerTests
{
    [Test]
    [Reaches("N1.conflict-timer", "N1.unopposed")]
    public void RuleN1_ANameThatWasGrantedEarlyIsHeldWhenTheTimerHasRun()
    {
        var simulator = new Simulator();
        var segment = simulator.AddSegment("LAN", Ipv4Subnet.Parse("10.0.0.0/24"), TimeSpan.FromMilliseconds(1));
        var (place, server) = (Ipv4Address.Parse("10.0.0.1"), Ipv4Address.Parse("10.0.0.9"));
        var node = new EndNode("ALPHA", EndNodeInterface.InSubnet(place), new EndNodeOptions { NodeType = OwnerNodeType.M, NameServers = [server] });
        simulator.AddHost("WINS", new NameServer(new NameServerOptions { Address = server }), segment, server);
        var host = simulator.AddHost("ALPHA", node, segment, place);
        DecisionWatch.Listen(simulator);
        simulator.Command<EndNode>(host, "add", (one, now) => one.AddName(now, NbnsSim.Names.NetBiosName.Parse("ALPHA<20>")));
        simulator.RunFor(node.Options.Dialect.Timing.ConflictTimeout - TimeSpan.FromMilliseconds(1));
        Assert.That(node.GetName(0).State, Is.EqualTo(LocalNameState.Registering));
        simulator.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.That(node.GetName(0).State, Is.EqualTo(LocalNameState.Registered));
    }

    [Test]
    public void RuleN1_ABroadcastRefreshIsUnopposedWhenTheTimerHasRun_AndSaysSo()
    {
        var said = new DecisionCounter();
        var node = new EndNode("ALPHA", EndNodeInterface.InSubnet(Ipv4Address.Parse("10.0.0.1")), EndNodeOptions.Default) { Decisions = said };
        node.AddName(Instant.Epoch, NbnsSim.Names.NetBiosName.Parse("ALPHA<20>"));
        var now = Instant.Epoch;
        for (; node.PollTimeout() is { } due && node.GetName(0).State == LocalNameState.Registering; now = due)
            node.HandleTimeout(due);
        node.Refresh(now);
        while (node.Transactions.Any() && node.PollTimeout() is { } due)
            node.HandleTimeout(due);
        Assert.That(said.Last.Rule, Is.SameAs(NbnsSim.Rules.NodeRules.NobodyObjected));
    }
}
