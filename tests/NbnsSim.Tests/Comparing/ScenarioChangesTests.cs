using NbnsSim.Comparing;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Comparing;

/// <summary>Changes of a scenario in a word each.</summary>
public sealed class ScenarioChangesTests
{
    private static readonly string[] Changes =
    [
        "dialect=nt4", "ALPHA.dialect=rfc1002", "noNameReleaseOnDemand", "ALPHA.releaseDemand=conflictOnNameAndAddress", "broadcastRetryCount=1", "ALPHA.nodeType=B", "nodeType=H", "loss=5%", "ALPHA.loss=100%",
        "repair=all", "remove=ALPHA", "seed=9", "wins=none", "wins+=10.0.0.99", "ALPHA.wins=none", "wins=10.0.0.98", "serverDialect=nt4", "sendsWack=false",
    ];

    /// <summary>Whatever was changed can be written, and what is read again does the same: the file that <c>--out</c> writes replays.</summary>
    [Test]
    public void AChangedScenarioIsOneThatAFileCanHold([ValueSource(nameof(Small))] string name, [ValueSource(nameof(Changes))] string change)
    {
        Scenario changed;
        try
        {
            changed = ScenarioChanges.Apply(BuiltInScenarios.Find(name)!, change);
        }
        catch (FormatException e)
        {
            Assert.That(e.Message, Does.Match(@"[Tt]here is no|is no name server|is on no segment"), "this scenario has not what is changed, and that is said");
            return;
        }

        using var file = new MemoryStream();
        changed.Write(file);
        var comparison = new WhatIf(changed, Scenario.Parse(file.ToArray(), "changed.json")).Compare();
        Assert.That((comparison.IsSame, comparison.Effects.Length), Is.EqualTo((true, 0)));
    }

    [Test]
    public void ADialectOfAll_IsThatOfMachinesWithTheirOwnToo_AndSwitchesStay()
    {
        var scenario = ScenarioChanges.Apply(Wins, "ALPHA.dialect=nt3.5", "ALPHA.noNameReleaseOnDemand", "dialect=nt4");
        var alpha = Host(scenario, "ALPHA").Dialect!.Make();
        Assert.That((alpha.Name, alpha.NoNameReleaseOnDemand, scenario.Dialect.Preset.Name), Is.EqualTo(("nt4", true, "nt4")));
    }

    [Test]
    public void OneHostsSwitchIsItsOwn()
    {
        var scenario = ScenarioChanges.Apply(Wins, "alpha.releaseDemand=conflictOnNameAndAddress");
        Assert.That(Host(scenario, "ALPHA").Dialect!.Make().ReleaseDemand, Is.EqualTo(ReleaseDemandRule.ConflictOnNameAndAddress));
        Assert.That(Host(scenario, "BRAVO").Dialect, Is.Null);
    }

    [Test]
    public void WithoutWins_ServersAreOff_AndNodesStayAsTheyWere()
    {
        var scenario = ScenarioChanges.Apply(Wins, "wins=none");
        Assert.That(Host(scenario, "WINS").Roles, Is.EqualTo(HostRoles.None));
        Assert.That(Host(scenario, "ALPHA").Node, Is.EqualTo(Host(Wins, "ALPHA").Node).Or.Property("NameServers").EqualTo(Host(Wins, "ALPHA").Node.NameServers));
    }

    [Test]
    public void AServersDialectIsChangedByItsName()
    {
        Assert.That(Host(ScenarioChanges.Apply(Wins, "WINS.dialect=nt4"), "WINS").NameServer.Dialect, Is.EqualTo(NameServerDialect.WinsNt4));
        Assert.That(Host(ScenarioChanges.Apply(Wins, "sendsWack=false"), "WINS").NameServer.Dialect.SendsWack, Is.False);
    }

    [Test]
    public void AHostsNodeTypeIsChanged() => Assert.That(Host(ScenarioChanges.Apply(Wins, "ALPHA.nodeType=p"), "ALPHA").Node.NodeType, Is.EqualTo(OwnerNodeType.P));

    [TestCase("dialekt=nt4", "there is nothing called 'dialekt' to change", "Did you mean 'dialect'?")]
    [TestCase("dialect=nt5", "There is no dialect 'nt5': expected 'rfc1002'", "or 'ws2025'")]
    [TestCase("dialect", "'dialect' needs a value behind '='", "")]
    [TestCase("ALHPA.dialect=nt4", "there is no host 'ALHPA'", "Did you mean 'ALPHA'?")]
    [TestCase("remove=DELTTA", "there is no host 'DELTTA'", "Did you mean 'DELTA'?")]
    [TestCase("releaseDemand=maybe", "'releaseDemand' cannot be 'maybe': expected '", "conflictOnName")]
    [TestCase("broadcastRetryCount=0", "'broadcastRetryCount' cannot be '0': expected a number from 1 to 65535", "")]
    [TestCase("noNameReleaseOnDemnd", "there is nothing called 'noNameReleaseOnDemnd'", "Did you mean 'noNameReleaseOnDemand'?")]
    [TestCase("nodeType=Q", "'Q' is no node type", "")]
    [TestCase("nodeType=1", "'1' is no node type", "")]
    [TestCase("loss=lots", "'lots' is no loss", "25%")]
    [TestCase("ALPHA.seed=1", "'seed' is of the whole network", "")]
    [TestCase("repair=ALPHA", "There is no 'ALPHA' to repair: expected 'all' or 'WINS'", "")]
    [TestCase("cut=ALPHA", "'ALPHA' are no two sides", "ALPHA/BRAVO")]
    [TestCase("cut=ALPHA/west", "there is no host 'west'", "")]
    [TestCase("wins+=10.9.0.1", "10.9.0.1 is on no segment", "'10.1.0.0/24' or '10.2.0.0/24'")]
    [TestCase("wins+=10.1.0.255", "10.1.0.255 is no host's address", "")]
    [TestCase("dialect+=nt4", "Only 'wins' can be added to", "")]
    [TestCase("WINS.nodeType=H", "WINS is no node", "")]
    [TestCase("ALPHA.sendsWack", "ALPHA is no name server: expected 'WINS'", "")]
    [TestCase("", "there is nothing called ''", "")]
    [TestCase("seed=-1", "'-1' is no seed", "")]
    public void WhatIsNoChangeIsSaid_WithWhatThereIs(string change, string said, string also)
    {
        var mistake = Assert.Throws<FormatException>(() => ScenarioChanges.Apply(Wins, "seed=2", change))!;
        Assert.That(mistake.Message, Does.StartWith($"'{change}': ").And.Contain(said).And.Contain(also));
    }

    private static IEnumerable<string> Small => BuiltInScenarios.Names.Where(name => !name.StartsWith("power-cut", StringComparison.Ordinal)); // a thousand machines

    private static Scenario Wins => BuiltInScenarios.Find("wins-retirement")!;

    private static ScenarioHost Host(Scenario scenario, string name) => scenario.Hosts.Single(host => host.Name == name);
}
