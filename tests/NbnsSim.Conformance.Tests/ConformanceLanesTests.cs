using NbnsSim.Conformance.Benches;

namespace NbnsSim.Conformance.Tests;

/// <summary>Several benches at once give what one gives.</summary>
public sealed class ConformanceLanesTests
{
    private static readonly SimulatedSubject Server = new() { Role = ConformanceRole.Server };

    [Test]
    public void ThreeLanes_GiveTheResultsOfOne_InTheSameOrder()
    {
        var cases = ConformanceCatalogue.Select("s5.1.4", ConformanceRole.Server);
        using var alone = new SimulatedBench(Server);
        var expected = new ConformanceRunner(alone, new ConformanceOptions()).Run(cases).Select(result => result.ToString()).ToList();
        var benches = Enumerable.Range(0, 3).Select(_ => new SimulatedBench(Server)).ToList();
        var found = ConformanceLanes.Run(benches, new ConformanceOptions(), cases, CancellationToken.None).Select(result => result.ToString()).ToList();
        Assert.That(expected, Has.Count.GreaterThan(20));
        Assert.That(found, Is.EqualTo(expected));
    }

    [Test]
    public void Stopped_GivesNoFurtherResult()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.That(ConformanceLanes.Run([new SimulatedBench(Server)], new ConformanceOptions(), ConformanceCatalogue.All, stop.Token), Is.Empty);
    }

    [Test]
    public void WhoStopsReading_IsNotWaitedForByTheRest()
    {
        var first = ConformanceLanes.Run([new SimulatedBench(Server), new SimulatedBench(Server)], new ConformanceOptions(), ConformanceCatalogue.Select("s5.1.4", ConformanceRole.Server), CancellationToken.None).First();
        Assert.That(first.Case.Clause, Is.EqualTo("s5.1.4"));
    }

    [Test]
    public void ABenchThatFails_IsTheReadersToHear()
    {
        var broken = new SimulatedBench(Server with { Wrap = _ => throw new InvalidOperationException("broken") });
        Assert.That(() => ConformanceLanes.Run([broken], new ConformanceOptions(), ConformanceCatalogue.Select("s5.1.4", ConformanceRole.Server), CancellationToken.None).Count(), Throws.InvalidOperationException);
    }
}
