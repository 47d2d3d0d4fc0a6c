using System.Globalization;
using System.Text;
using NbnsSim.Narrative;
using NbnsSim.Scenarios;
using NbnsSim.Tests.House;

namespace NbnsSim.Tests.Scenarios;

/// <summary>
/// The accounts of the built-in scenarios, sentence by sentence with the rule behind each, as somebody read them and found them true. Run with NBNSSIM_RECORD=1 to
/// write them anew, and read what has changed.
/// </summary>
public sealed class AccountTests
{
    /// <summary>A network that nobody reads an account of: it is counted, not told.</summary>
    private const int MaxHosts = 100;

    private static IEnumerable<string> Told() => BuiltInScenarios.Names.Where(name => BuiltInScenarios.Find(name)!.Hosts.Length <= MaxHosts);

    [TestCaseSource(nameof(Told))]
    public void TheAccountIsTheOneThatWasRead(string name)
    {
        var (_, history) = Run(name);
        var text = new StringBuilder();
        foreach (var act in history.Acts())
        {
            text.Append(CultureInfo.InvariantCulture, $"{(act.Time - Instant.Epoch).TotalSeconds:0.000}\n");
            foreach (var sentence in act.Sentences)
                text.Append(CultureInfo.InvariantCulture, $"    {sentence.Text} [{sentence.Rule?.Id ?? (sentence.Decisions.IsEmpty ? "the scenario" : "lost on its way")}]\n");
        }

        string file = Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Scenarios", "Accounts", name + ".txt");
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, text.ToString());
        Assert.That(text.ToString(), Is.EqualTo(File.ReadAllText(file)), "read it, and run with NBNSSIM_RECORD=1 where it is true");
    }

    /// <summary>A sentence tells decisions by its rule, of the machine that it names, about the names that it names; or a datagram that a decision sent and that was lost; or a link rule.</summary>
    [TestCaseSource(nameof(Told))]
    public void EverySentenceHasADecisionBehindIt(string name)
    {
        var (run, history) = Run(name);
        foreach (var sentence in history.Acts().SelectMany(act => act.Sentences))
        {
            var entries = sentence.Decisions.Select(number => history.Find(number)!).ToList();
            Assert.That(entries, Has.None.Null, sentence.Text);
            if (entries.Count == 0)
            {
                Assert.That(sentence.Rule, Is.Null, sentence.Text);
                Assert.That(run.Scenario.Rules.Select(rule => rule.Rule.Name).Concat(run.Scenario.Steps.OfType<AddRuleStep>().Select(step => step.Rule.Rule.Name)),
                    Has.Some.Matches<string>(rule => sentence.Text.Contains($"'{rule}'", StringComparison.Ordinal)), sentence.Text);
                continue;
            }

            if (sentence.Rule is null)
            {
                Assert.That(sentence.Text, Does.Contain(entries[0].Host).And.Contain("never hears").And.Contain(entries[0].Decision.Name.ToString()));
                continue;
            }

            Assert.That(entries.Select(entry => entry.Decision.Rule), Is.All.SameAs(sentence.Rule), sentence.Text);
            Assert.That(entries.Select(entry => entry.Host).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1), sentence.Text);
            if (sentence.Rule.Telling!.Contains("{host}", StringComparison.Ordinal))
                Assert.That(sentence.Text, Does.Contain(entries[0].Host));
            if (sentence.Rule.Telling.Contains("{name}", StringComparison.Ordinal))
            {
                foreach (var entry in entries)
                    Assert.That(sentence.Text, Does.Contain(entry.Decision.Name.ToString()));
            }
        }
    }

    /// <summary>What a scenario expects of decisions, its account tells: the mechanism of its title is in words too, unless the rule goes without saying.</summary>
    [TestCaseSource(nameof(Told))]
    public void TheAccountTellsTheMechanism(string name)
    {
        var (run, history) = Run(name);
        var told = history.Acts().SelectMany(act => act.Sentences).Select(sentence => sentence.Rule).ToHashSet();
        var mechanism = run.Check().Where(result => result.Outcome == ExpectationOutcome.Met).Select(result => result.Expectation).OfType<DecisionExpectation>()
            .Where(expected => expected.Count.Least > 0).Select(expected => expected.Rule).Distinct().ToList();
        Assert.That(mechanism, Is.Not.Empty);
        Assert.That(mechanism.Where(rule => rule.Telling is not null), Is.Not.Empty.And.SubsetOf(told));
    }

    private static (ScenarioRun Run, DecisionHistory History) Run(string name)
    {
        var run = new ScenarioRun(BuiltInScenarios.Find(name)!);
        var observer = new HistoryObserver(run.Simulator);
        run.Simulator.AddObserver(observer);
        run.Run();
        return (run, observer.History);
    }
}
