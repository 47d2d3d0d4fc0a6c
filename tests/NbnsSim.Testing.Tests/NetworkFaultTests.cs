using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;

namespace NbnsSim.Testing.Tests;

/// <summary>Losses and partitions, partners, and the invariants that tell what they leave behind.</summary>
public sealed class NetworkFaultTests
{
    [Test]
    public void APartitionGivesANameTwoOwners_AndAgreeingFindsThem()
    {
        var network = TwoMachines(seed: 5);
        network.Boot("ALPHA");
        network.ShouldAgree();
        using (var partition = network.Partition("ALPHA", "BRAVO"))
        {
            network.Command("BRAVO", "add ALPHA<20>", (node, now) => node.AddName(now, NetBiosName.Parse("ALPHA<20>")));
            network.ShouldSettle();
            partition.Mend();
        }

        Assert.That(
            network.ShouldAgree,
            Throws.TypeOf<NetworkAssertionException>().With.Message.StartsWith("ALPHA and BRAVO both have ALPHA<20>.\nThe network's seed is 5.\n"));
    }

    [Test]
    public void WhatIsLost_IsLostInItsDirectionOnly_UntilItIsMended()
    {
        var network = TwoMachines();
        network.Boot("ALPHA");
        network.ShouldSettle();
        var loss = network.Lose(100, from: "ALPHA", to: "BRAVO");
        network.Command("BRAVO", "add ALPHA<20>", (node, now) => node.AddName(now, NetBiosName.Parse("ALPHA<20>")));
        network.ShouldSettle();
        network.ShouldHold("BRAVO", "ALPHA<20>");
        network.ShouldDecide("B5.defend-unique", "ALPHA", "ALPHA<20>");
        loss.Mend();
        loss.Mend();
        network.Command("BRAVO", "add ALPHA<03>", (node, now) => node.AddName(now, NetBiosName.Parse("ALPHA<03>")));
        network.ShouldSettle();
        network.ShouldNotHold("BRAVO", "ALPHA<03>");
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Lose(101));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Lose(double.NaN));
        Assert.Throws<ArgumentException>(() => network.Partition("NOWHERE"));
    }

    [Test]
    public void AMachineAndItsNameServerThatDisagree_AreFound()
    {
        var network = WithServer(out var server);
        network.Boot("ALPHA");
        network.ShouldAgree();
        network.CommandServer("WINS", "remove ALPHA<20>", (it, now) => it.Remove(now, NetBiosName.Parse("ALPHA<20>")));
        Assert.That(network.ShouldAgree, Throws.TypeOf<NetworkAssertionException>().With.Message.StartsWith("ALPHA has ALPHA<20> registered with its name server, which does not have it so."));

        network = WithServer(out server);
        network.Boot("ALPHA");
        network.ShouldAgree();
        using (network.Lose(100, from: "ALPHA"))
        {
            network.Command("ALPHA", "delete ALPHA<03>", (node, now) => node.DeleteName(now, NetBiosName.Parse("ALPHA<03>")));
            network.ShouldSettle();
        }

        Assert.That(network.ShouldAgree, Throws.TypeOf<NetworkAssertionException>().With.Message.StartsWith("WINS has ALPHA<03> at ALPHA, which has no such name."));
        Assert.That(server.FindRecord(NetBiosName.Parse("ALPHA<03>")), Is.Not.Null);
    }

    [Test]
    public void AClaimThatDoesNotEnd_IsFound()
    {
        var network = TwoMachines();
        network.LongestClaim = TimeSpan.FromMilliseconds(200);
        network.Boot("ALPHA");
        Assert.That(() => network.RunFor(TimeSpan.FromSeconds(2)), Throws.TypeOf<NetworkAssertionException>().With.Message.Match("^ALPHA claims ALPHA<..> and does not come to an end."));
    }

    [Test]
    public void PartnersComeToAgree_AndSayWhereTheyDoNot()
    {
        var network = new TestNetwork();
        network.AddSegment("BRANCH", "10.0.1.0/24");
        network.AddNameServer("WINS1", "10.0.0.9", partners: "10.0.1.9");
        network.AddNameServer("WINS2", "10.0.1.9", NameServerDialect.Windows2000, "10.0.0.9");
        network.AddMachine("ALPHA", "10.0.0.1", new EndNodeOptions { NameServers = [Ipv4Address.Parse("10.0.0.9")] });
        var partition = network.Partition("LAN", "BRANCH");
        network.Boot("ALPHA");
        network.ShouldSettle();
        Assert.That(
            () => network.ShouldReplicate("WINS1", "WINS2", TimeSpan.FromMinutes(1)), Throws.TypeOf<NetworkAssertionException>().With.Message.StartsWith("WINS1 and WINS2 do not come to agree: ALPHA<"));
        partition.Mend();
        network.RunFor(TimeSpan.FromMinutes(2));
        network.Pull("WINS2", from: "WINS1");
        network.ShouldReplicate("WINS1", "WINS2", TimeSpan.FromMinutes(5));
        network.ShouldAgree();
        Assert.Throws<ArgumentException>(() => network.Pull("WINS2", from: "ALPHA"));
    }

    private static TestNetwork TwoMachines(ulong seed = 1)
    {
        var network = new TestNetwork(seed: seed);
        network.AddMachine("ALPHA", "10.0.0.1");
        network.AddMachine("BRAVO", "10.0.0.2");
        network.Boot("BRAVO");
        network.ShouldSettle();
        return network;
    }

    private static TestNetwork WithServer(out NameServer server)
    {
        var network = new TestNetwork();
        server = network.AddNameServer("WINS", "10.0.0.9", new NameServerOptions { Dialect = NameServerDialect.WinsNt4 });
        network.AddMachine("ALPHA", "10.0.0.1", new EndNodeOptions { Dialect = NetBtDialect.WindowsNt4, NameServers = [Ipv4Address.Parse("10.0.0.9")] });
        return network;
    }
}
