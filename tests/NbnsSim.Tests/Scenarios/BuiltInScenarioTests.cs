using NbnsSim.Protocol;
using NbnsSim.Scenarios;

namespace NbnsSim.Tests.Scenarios;

/// <summary>What the built-in scenarios expect, in every dialect they can be run in.</summary>
public sealed class BuiltInScenarioTests
{
    private static IEnumerable<TestCaseData> EveryScenarioInEveryDialect() =>
        from name in BuiltInScenarios.Names
        from dialect in NetBtDialect.All
        select new TestCaseData(name, dialect).SetName($"{name} in {dialect.Name}");

    [TestCaseSource(nameof(EveryScenarioInEveryDialect))]
    public void ItsExpectationsAreMet(string name, NetBtDialect dialect)
    {
        var run = new ScenarioRun(BuiltInScenarios.Find(name)!, dialect);
        DecisionWatch.Listen(run.Simulator);
        var results = run.Run();

        Assert.That(results.Where(result => result.Outcome is not (ExpectationOutcome.Met or ExpectationOutcome.NotApplicable)), Is.Empty);
        Assert.That(results.Where(result => result.Outcome == ExpectationOutcome.Met), Is.Not.Empty);
    }
}
