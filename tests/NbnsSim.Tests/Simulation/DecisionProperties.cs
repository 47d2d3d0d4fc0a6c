using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Tests.Simulation;

/// <summary>
/// What decisions promise, over networks that nobody thought of: machines of any dialect with any switches, name servers, proxies and routers, faults on
/// the way, crashes, forged and broken datagrams. A failing network is made small before it is printed.
/// </summary>
public sealed class DecisionProperties
{
    private static Config Config => Config.QuickThrowOnFailure.WithMaxTest(1500).WithStartSize(5).WithEndSize(40).WithReplay(9, 1);

    /// <summary>Every datagram gives a decision, "not for us" included, and so does every change of a machine's state; what is sent or logged follows from one.</summary>
    [Test]
    public void EveryDatagramAndEveryChangeOfStateIsSaid()
    {
        var said = new DecisionCounter();
        PlayAll(said);
        Assert.That(said.Rules, Has.Count.GreaterThan(RuleBook.All.Length / 2), "the networks lead to most of what machines do");
    }

    /// <summary>One rule is kept silent: the property finds it, and what it shows is small enough to read.</summary>
    [TestCase("B5.defend-unique")]
    [TestCase("S5.not-found")]
    public void AMachineThatKeepsOneRuleToItselfIsFound_AndShownSmall(string silent)
    {
        var rule = RuleBook.Find(silent);
        Assert.That(rule, Is.Not.Null);
        NetworkPlan? smallest = null;
        var property = Prop.ForAll(NetworkPlans.Any, plan =>
        {
            var said = new DecisionCounter();
            try
            {
                NetworkPlay.Play(plan, said, new Discreet(said, rule!));
            }
            catch (InvalidOperationException)
            {
                smallest = plan; // the last one that fails is the smallest
                throw;
            }
        });
        string shown = Assert.Throws<Exception>(() => property.Check(Config), null!)!.Message;
        Assert.That(shown, Does.Contain("says nothing of").And.Contains(smallest!.ToString()));
        Assert.That(smallest.Steps.Length + smallest.Faults.Length, Is.LessThanOrEqualTo(3), shown);
        Assert.That(smallest.Machines.Length + smallest.Servers.Length, Is.LessThanOrEqualTo(2), shown);
    }

    /// <summary>Plays all networks, heard by somebody.</summary>
    internal static void PlayAll(DecisionCounter said) => Prop.ForAll(NetworkPlans.Any, plan => { NetworkPlay.Play(plan, said); }).Check(Config);

    private sealed class Discreet(DecisionCounter said, Rule silent) : IDecisionSink
    {
        public long Take(in Decision decision) => decision.Rule == silent ? said.Count : said.Take(decision);
    }
}
