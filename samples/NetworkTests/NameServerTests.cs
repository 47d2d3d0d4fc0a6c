using NbnsSim.Testing;
using NbnsSim.Wire;

namespace NetworkTests;

/// <summary>A name server alone, whose clients the test plays, and two that replicate.</summary>
public sealed class NameServerTests
{
    [Test]
    public void AnOwnerThatAnswersKeepsItsName()
    {
        var bench = new NameServerBench();
        bench.Claim("10.0.0.1", "FILES<20>").ShouldGrant("S1.added");
        var dispute = bench.Claim("10.0.0.2", "FILES<20>");
        dispute.ShouldAskToWait("S18.wack");
        dispute.ShouldChallenge("10.0.0.1");
        bench.Hold("10.0.0.1", "FILES<20>").ShouldRefuse(NbnsRcode.ActiveError, "S2.refused", to: "10.0.0.2");
        bench.Query("10.0.0.3", "FILES<20>").ShouldFind("10.0.0.1");
    }

    [Test]
    public void AnOwnerThatIsGoneLosesIt()
    {
        var bench = new NameServerBench();
        bench.Claim("10.0.0.1", "FILES<20>").ShouldGrant();
        bench.Claim("10.0.0.2", "FILES<20>").ShouldAskToWait();
        var later = bench.Pass(TimeSpan.FromSeconds(10));
        later.ShouldDecide("S2.owner-silent");
        later.ShouldGrant("S2.awarded", to: "10.0.0.2");
        bench.Query("10.0.0.3", "FILES<20>").ShouldFind("10.0.0.2");
        bench.Query("10.0.0.3", "NOBODY<20>").ShouldNotFind("S5.not-found");
    }

    [Test]
    public void PartnersThatWereCutOff_AgreeAfterwards()
    {
        var network = new TestNetwork();
        network.AddSegment("BRANCH", "10.0.1.0/24");
        network.AddNameServer("WINS1", "10.0.0.9", partners: "10.0.1.9");
        network.AddNameServer("WINS2", "10.0.1.9", partners: "10.0.0.9");
        network.AddMachine("ALPHA", "10.0.0.1", new NbnsSim.Nodes.EndNodeOptions { NameServers = [NbnsSim.Ipv4Address.Parse("10.0.0.9")] });
        using (network.Partition("LAN", "BRANCH"))
        {
            network.Boot("ALPHA");
            network.ShouldSettle();
            Assert.That(network.ServerOf("WINS2").Count, Is.Zero);
        }

        network.ShouldReplicate("WINS1", "WINS2");
        Assert.That(network.ServerOf("WINS2").Count, Is.EqualTo(network.ServerOf("WINS1").Count).And.GreaterThan(0));
        network.ShouldAgree();
    }
}
