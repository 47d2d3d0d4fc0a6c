using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace NbnsSim.Tests;

/// <summary>
/// The test leads the machines on its bench to decisions by these rules; it fails where they make none. Of a test with several cases all of them together do, and the
/// last one says so. The table of rules lists it beside each of them.
/// </summary>
/// <param name="rules">The ids.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReachesAttribute(params string[] rules) : Attribute, ITestAction
{
    private const string CasesRun = "CasesRun";

    public IReadOnlyList<string> Rules => rules;

    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test)
    {
        var whole = WholeOf(test).Properties;
        if (whole.Get(DecisionWatch.Key) is null)
            whole.Set(DecisionWatch.Key, new DecisionCounter());
        test.Properties.Set(DecisionWatch.Key, whole.Get(DecisionWatch.Key)!);
    }

    public void AfterTest(ITest test)
    {
        var whole = WholeOf(test);
        int run = (whole.Properties.Get(CasesRun) as int? ?? 0) + 1;
        whole.Properties.Set(CasesRun, run);
        if (run == whole.TestCaseCount)
            Assert.That(((DecisionCounter)whole.Properties.Get(DecisionWatch.Key)!).Rules.Select(rule => rule.Id), Is.SupersetOf(rules));
    }

    private static ITest WholeOf(ITest test) => test.Parent is ParameterizedMethodSuite cases ? cases : test;
}
