using NbnsSim.Events;
using NbnsSim.Nodes;
using NbnsSim.Protocol;

namespace NbnsSim.Testing.Tests;

/// <summary>Every assertion passes where it is true, and where it is not it says what is there and what happened.</summary>
public sealed class NetworkAssertionTests
{
    [Test]
    public void WhatIsTruePasses()
    {
        var network = LoggedOnTwice();
        network.ShouldBeInConflict("ALPHA", "JSMITH<03>");
        network.ShouldNotHold("BRAVO", "JSMITH<03>");
        network.ShouldHold("BRAVO", "BRAVO<20>");
        Assert.That(network.ShouldHaveOneHolder("ALPHA<00>"), Is.EqualTo("ALPHA"));
        Assert.That(network.ShouldLog("ALPHA", NetBtEventId.NameRelease).Address, Is.EqualTo(Ipv4Address.Parse("10.0.0.2")));
        Assert.That(network.ShouldDecide("E1.4320", "ALPHA", "JSMITH<03>").Host, Is.EqualTo("ALPHA"));
        NetworkInvariants.Check(network);
    }

    [Test]
    public void WhatIsFalse_SaysWhatIsThere_AndWhatHappened()
    {
        var network = LoggedOnTwice();
        Assert.Multiple(() =>
        {
            Fails(() => network.ShouldHold("ALPHA", "JSMITH<03>"), "ALPHA should have JSMITH<03> as Registered: it is Conflict.");
            Fails(() => network.ShouldBeInConflict("BRAVO", "JSMITH<03>"), "BRAVO should have JSMITH<03> as Conflict: it is not in its table.");
            Fails(() => network.ShouldNotHold("ALPHA", "ALPHA<20>"), "ALPHA holds ALPHA<20>.");
            Fails(() => network.ShouldHaveOneHolder("JSMITH<03>"), "Nobody holds JSMITH<03>.");
            Fails(() => network.ShouldHaveOneHolder("WORKGROUP<00>"), "Several hold WORKGROUP<00>: ALPHA, BRAVO.");
            Fails(() => network.ShouldLog("ALPHA", NetBtEventId.DuplicateName), "ALPHA does not log 4319: its log has 4320 by N15.name-alone.");
            Fails(() => network.ShouldLog("ALPHA", NetBtEventId.NameRelease, "B5.defend-unique"), "ALPHA does not log 4320 by B5.defend-unique: its log has 4320 by N15.name-alone.");
            Fails(() => network.ShouldLog("BRAVO", NetBtEventId.NameRelease), "BRAVO does not log 4320: its log has nothing.");
            Fails(network.ShouldLogNothing, "ALPHA logs 4320 about JSMITH<03>.");
            Fails(() => network.ShouldDecide("B5.defend-unique", "BRAVO"), "BRAVO does not decide anything by B5.defend-unique: ");
        });
    }

    [Test]
    public void ANetworkThatDoesNotComeToRest_IsSaidToBeBusy()
    {
        var network = new TestNetwork();
        network.AddMachine("ALPHA", "10.0.0.1");
        network.Boot("ALPHA");
        var failure = Assert.Throws<NetworkAssertionException>(() => network.ShouldSettle(within: TimeSpan.FromSeconds(1)));
        Assert.That(failure!.Message, Does.StartWith("The network does not come to rest: ALPHA registers."));
        network.ShouldSettle();
        network.ShouldHold("ALPHA", "ALPHA<20>");
    }

    [Test]
    public void UnknownMachinesAndRulesAreMistakesOfTheTest()
    {
        var network = new TestNetwork();
        Assert.Throws<ArgumentException>(() => network.Boot("NOBODY"));
        Assert.Throws<ArgumentException>(() => network.ShouldDecide("X9.no-such-rule"));
    }

    [Test]
    public void TheSameSeedGivesTheSameRun()
    {
        string first = LoggedOnTwice().Report.Explain();
        Assert.That(LoggedOnTwice().Report.Explain(), Is.EqualTo(first));
    }

    private static void Fails(Action assertion, string beginning)
    {
        var failure = Assert.Throws<NetworkAssertionException>(() => assertion());
        Assert.That(failure!.Message, Does.StartWith(beginning).And.Contain("JSMITH logs on at BRAVO"));
    }

    private static TestNetwork LoggedOnTwice()
    {
        var network = new TestNetwork(NetBtDialect.WindowsNt35);
        foreach (var (machine, address) in new[] { ("ALPHA", "10.0.0.1"), ("BRAVO", "10.0.0.2") })
            network.AddMachine(machine, address, new EndNodeOptions { Dialect = NetBtDialect.WindowsNt35, Workgroup = "WORKGROUP" });
        foreach (string machine in new[] { "ALPHA", "BRAVO" })
        {
            network.Boot(machine);
            network.ShouldSettle();
            network.Logon(machine, "JSMITH");
            network.ShouldSettle();
        }

        return network;
    }

    [Test]
    public void ANameServerAcrossARouterRefusesASecondOwner_AndNobodyAnswersWhileItIsDown()
    {
        var network = new TestNetwork();
        network.AddSegment("BRANCH", "10.0.1.0/24");
        network.AddNameServer("WINS", "10.0.0.9");
        var options = new NbnsSim.Nodes.EndNodeOptions { NameServers = [NbnsSim.Ipv4Address.Parse("10.0.0.9")] };
        network.AddMachine("ALPHA", "10.0.0.1", options);
        network.AddMachine("BRAVO", "10.0.1.1", options);
        foreach (string machine in new[] { "ALPHA", "BRAVO" })
        {
            network.Boot(machine);
            network.ShouldSettle();
            network.Logon(machine, "JSMITH");
            network.ShouldSettle();
        }

        Assert.That(network.ShouldHaveOneHolder("JSMITH<03>"), Is.EqualTo("ALPHA"));
        network.Crash("WINS");
        network.Crash("ALPHA");
        network.Logon("BRAVO", "JSMITH");
        network.RunFor(TimeSpan.FromSeconds(20));
        Assert.That(network.ShouldHaveOneHolder("JSMITH<03>"), Is.EqualTo("BRAVO"));
        network.Restart("ALPHA");
        Assert.That(() => network.ShouldHaveOneHolder("JSMITH<03>"), Throws.TypeOf<NetworkAssertionException>().With.Message.Contains("ALPHA, BRAVO"));
        Assert.That(() => network.AddMachine("FAR", "10.9.0.1"), Throws.ArgumentException);
    }
}
