using NbnsSim.Protocol;
using NbnsSim.Testing;

namespace NetworkTests;

/// <summary>What a user who logs on at two machines does to the first, by the era of Windows (KB Q131739).</summary>
public sealed class DuplicateUserNameTests
{
    [Test]
    public void OnNt35_TheFirstMachineLogs4320_AndHasTheNameInConflict()
    {
        var network = LogOnTwice(NetBtDialect.WindowsNt35);
        network.ShouldBeInConflict("ALPHA", "JSMITH<03>");
        network.ShouldNotHold("BRAVO", "JSMITH<03>");
        Assert.That(network.ShouldLog("ALPHA", 4320, rule: "N15.name-alone").Address, Is.EqualTo(NbnsSim.Ipv4Address.Parse("10.0.0.2")));
    }

    [Test]
    public void OnNt351_NothingIsLogged_AndTheFirstMachineKeepsTheName()
    {
        var network = LogOnTwice(NetBtDialect.WindowsNt351);
        network.ShouldLogNothing();
        network.ShouldDecide("B5.defend-unique", "ALPHA", "JSMITH<03>");
        Assert.That(network.ShouldHaveOneHolder("JSMITH<03>"), Is.EqualTo("ALPHA"));
    }

    [Test]
    public void WithANameServer_ItIsTheServerThatRefuses()
    {
        var network = new TestNetwork();
        network.AddNameServer("WINS", "10.0.0.9");
        var options = new NbnsSim.Nodes.EndNodeOptions { NameServers = [NbnsSim.Ipv4Address.Parse("10.0.0.9")] };
        network.AddMachine("ALPHA", "10.0.0.1", options);
        network.AddMachine("BRAVO", "10.0.0.2", options);
        LogOn(network);
        Assert.That(network.ShouldHaveOneHolder("JSMITH<03>"), Is.EqualTo("ALPHA"));
        network.ShouldAgree();
    }

    [Test]
    public void OnNt35_TheSecondMachineGetsTheName_WhereTheFirstIsCutOff()
    {
        var network = new TestNetwork(NetBtDialect.WindowsNt35);
        network.AddMachine("ALPHA", "10.0.0.1");
        network.AddMachine("BRAVO", "10.0.0.2");
        using (network.Partition("ALPHA"))
            LogOn(network);
        network.ShouldHold("ALPHA", "JSMITH<03>");
        network.ShouldHold("BRAVO", "JSMITH<03>");
        network.ShouldLogNothing();
    }

    private static TestNetwork LogOnTwice(NetBtDialect dialect)
    {
        var network = new TestNetwork(dialect);
        network.AddMachine("ALPHA", "10.0.0.1");
        network.AddMachine("BRAVO", "10.0.0.2");
        LogOn(network);
        return network;
    }

    private static void LogOn(TestNetwork network)
    {
        foreach (string machine in new[] { "ALPHA", "BRAVO" })
        {
            network.Boot(machine);
            network.ShouldSettle();
            network.Logon(machine, "JSMITH");
            network.ShouldSettle();
        }
    }
}
