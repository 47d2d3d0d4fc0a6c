using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Checking;
using NbnsSim.Reports.Pictures;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Reports.Checks;

/// <summary>A counterexample as files: a scenario that runs by itself, what happens in it, and a test that fails until it is mended.</summary>
/// <param name="counterexample">The counterexample.</param>
public sealed class CounterexampleFiles(Counterexample counterexample)
{
    private readonly Counterexample _found = counterexample ?? throw new ArgumentNullException(nameof(counterexample));

    /// <summary>Writes the scenario: <c>nbnssim run</c> plays it, <c>nbnssim check</c> finds the property broken without a further fault.</summary>
    /// <param name="output">Where to.</param>
    public void WriteScenario(Stream output) => _found.Scenario.Write(output);

    /// <summary>Writes what goes over the wire, as pcapng.</summary>
    /// <param name="output">Where to; closed afterwards.</param>
    public void WriteCapture(Stream output)
    {
        var run = new ScenarioRun(_found.Scenario);
        using var capture = CaptureTap.Attach(run.Simulator, output, new CaptureWriterOptions { Format = CaptureFormat.PcapNg });
        run.Run();
    }

    /// <summary>Writes a page with the drawing, the tables through time and the causes.</summary>
    /// <param name="output">Where to.</param>
    public void WriteHtml(TextWriter output)
    {
        var run = new ScenarioRun(_found.Scenario);
        var picture = RunPicture.Attach(run);
        picture.Draw(run.Run()).WriteHtml(output);
    }

    /// <summary>Writes the ladder and the account.</summary>
    /// <param name="output">Where to.</param>
    public void WriteText(TextWriter output)
    {
        var run = new ScenarioRun(_found.Scenario);
        var report = RunReport.Attach(run);
        report.Write(new ReportWriter(output), run.Run());
    }

    /// <summary>Writes a test in C# for NUnit that plays the scenario's file and fails while the property is broken.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="scenarioFile">The scenario's file, as the test is to find it.</param>
    public void WriteTest(TextWriter output, string scenarioFile)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(scenarioFile);
        output.Write(string.Create(CultureInfo.InvariantCulture, $$"""
            using System;
            using NbnsSim.Checking;
            using NbnsSim.Scenarios;
            using NUnit.Framework;

            public sealed class CounterexampleTests
            {
                // {{VisibleText.Escape(_found.Text)}}
                [Test]
                public void Holds()
                {
                    var scenario = Scenario.Load({{Quote(scenarioFile)}});
                    var property = CheckProperties.Find({{Quote(_found.Property.Name)}})!;
                    var result = new Checker(scenario, [property], new CheckOptions { MaxFaults = 0, Quiet = TimeSpan.Zero }).Run();
                    Assert.That(result.Counterexample?.Text, Is.Null);
                }
            }

            """));
    }

    /// <summary>Writes all of them: <c>scenario.json</c>, <c>run.txt</c>, <c>run.pcapng</c>, <c>run.html</c> and <c>CounterexampleTests.cs</c>.</summary>
    /// <param name="folder">Where to; it is there.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void WriteTo(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using (var file = File.Create(Path.Combine(folder, "scenario.json")))
            WriteScenario(file);
        WriteCapture(File.Create(Path.Combine(folder, "run.pcapng")));
        Text("run.txt", WriteText);
        Text("run.html", WriteHtml);
        Text("CounterexampleTests.cs", file => WriteTest(file, "scenario.json"));

        void Text(string name, Action<TextWriter> write)
        {
            using var file = new StreamWriter(Path.Combine(folder, name)) { NewLine = "\n" };
            write(file);
        }
    }

    private static string Quote(string text) => $"\"{VisibleText.Escape(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
