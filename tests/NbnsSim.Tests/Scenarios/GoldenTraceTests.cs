using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Scenarios;

/// <summary>The trace of the main scenario, line by line.</summary>
public sealed class GoldenTraceTests
{
    [Test]
    public void TheTraceOfQ131739IsTheOneRecorded()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
        var trace = new StringWriter();
        run.Simulator.AddObserver(new TraceWriter(trace, TraceDetail.Timeouts));
        run.Run();

        using var stream = typeof(GoldenTraceTests).Assembly.GetManifestResourceStream("q131739.trace.txt")!;
        using var reader = new StreamReader(stream);
        string recorded = reader.ReadToEnd();
        string actual = trace.ToString();
        if (actual != recorded)
            File.WriteAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "q131739.trace.txt"), actual); // to look at, and to record when it is right
        Assert.That(actual, Is.EqualTo(recorded));
    }
}
