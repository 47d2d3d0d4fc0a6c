using System.Collections.Concurrent;
using NUnit.Framework.Interfaces;

[assembly: NbnsSim.Tests.SkipReasons]

namespace NbnsSim.Tests;

/// <summary>Says in the output of <c>dotnet test</c> why tests were skipped, each reason once; without it there is but a number.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class SkipReasonsAttribute : TestActionAttribute
{
    private static readonly ConcurrentDictionary<string, bool> Told = new(StringComparer.Ordinal);

    public override ActionTargets Targets => ActionTargets.Test;

    public override void AfterTest(ITest test)
    {
        var result = TestContext.CurrentContext.Result;
        if (result.Outcome.Status == TestStatus.Skipped && Told.TryAdd(result.Message ?? "", true))
            TestContext.Error.WriteLine($"SKIPPED {test.FullName} and whatever else this holds for: {result.Message}"); // as an error stream's, it is shown unasked
    }
}
