using System.Reflection;
using NUnit;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace NbnsSim.Mutation;

/// <summary>The tests of the core, loaded once in this process and run as often as wanted.</summary>
internal sealed class TestHost : TestFilter, ITestListener
{
    private readonly NUnitTestAssemblyRunner _runner = new(new DefaultTestAssemblyBuilder());
    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);
    private bool _stopsAtFailure;

    /// <summary>Loads the tests of the namespaces that begin with one of <paramref name="namespaces"/>, without the slow ones.</summary>
    public TestHost(IReadOnlyCollection<string> namespaces)
    {
        _runner.Load(Assembly.Load("NbnsSim.Tests"), new Dictionary<string, object>(StringComparer.Ordinal) { [FrameworkPackageSettings.NumberOfTestWorkers] = 0, [FrameworkPackageSettings.SynchronousEvents] = true });
        Tests = [.. Leaves(_runner.LoadedTest!).Where(test => namespaces.Any(start => test.FullName.StartsWith(start, StringComparison.Ordinal)) && IsWanted(test))];
    }

    /// <summary>Told when a test, not a suite, starts.</summary>
    public event Action<ITest>? Started;

    /// <summary>Told when a test, not a suite, has finished.</summary>
    public event Action<ITestResult>? Finished;

    /// <summary>The tests, in the order in which they run.</summary>
    public IReadOnlyList<ITest> Tests { get; }

    /// <summary>The full name of the first test that failed in the last run.</summary>
    public string? Failed { get; private set; }

    /// <summary>Runs some of the tests; whether none failed.</summary>
    public bool Run(IEnumerable<ITest> tests, bool stopsAtFailure)
    {
        _chosen.Clear();
        foreach (var test in tests)
        {
            for (var part = test; part is not null && _chosen.Add(part.Id); part = part.Parent)
            {
            }
        }

        Failed = null;
        _stopsAtFailure = stopsAtFailure;
        if (_chosen.Count > 0)
            _runner.Run(this, this);
        return Failed is null;
    }

    public void TestStarted(ITest test)
    {
        if (!test.IsSuite)
            Started?.Invoke(test);
    }

    public void TestFinished(ITestResult result)
    {
        if (result.Test.IsSuite)
            return;
        Finished?.Invoke(result);
        if (result.ResultState.Status != TestStatus.Failed)
            return;
        Failed ??= result.Test.FullName;
        if (_stopsAtFailure)
            _runner.StopRun();
    }

    public void TestOutput(TestOutput output)
    {
    }

    public void SendMessage(TestMessage message)
    {
    }

    public override bool Pass(ITest test, bool negated) => _chosen.Contains(test.Id);

    public override bool Match(ITest test) => _chosen.Contains(test.Id);

    public override TNode AddToXml(TNode parentNode, bool recursive) => parentNode.AddElement("chosen");

    private static IEnumerable<ITest> Leaves(ITest test) => test.IsSuite ? test.Tests.SelectMany(Leaves) : [test];

    private static bool IsWanted(ITest test)
    {
        for (var part = test; part is not null; part = part.Parent)
        {
            if (part.RunState != RunState.Runnable || part.Properties[PropertyNames.Category].Contains("Slow"))
                return false;
        }

        return true;
    }
}
