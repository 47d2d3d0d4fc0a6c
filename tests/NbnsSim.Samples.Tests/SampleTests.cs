using System.Reflection;

namespace NbnsSim.Samples.Tests;

/// <summary>Each sample runs as a user would run it, and prints what it is there to show.</summary>
[NonParallelizable] // they share the console
public sealed class SampleTests
{
    [Test]
    public void DuplicateUserNameShowsTheEventAndTheConflict()
    {
        var (code, output, _) = Run("DuplicateUserName");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(output, Does.Contain("In the log of ALPHA:").And.Contain("Event ID: 4320"));
            Assert.That(output, Does.Contain("JSMITH         <03>  UNIQUE      Conflict"));
            Assert.That(output, Does.Not.Contain("In the log of BRAVO:"));
        });
    }

    [Test]
    public void DuplicateUserNameOnNt351LogsNothing()
    {
        var (code, output, _) = Run("DuplicateUserName", "nt3.51");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(output, Does.Contain("No event is logged"));
            Assert.That(output, Does.Not.Contain("Conflict"));
        });
    }

    [Test]
    public void DuplicateUserNameNamesTheDialectsItKnows()
    {
        var (code, _, error) = Run("DuplicateUserName", "nt9");

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("'nt9' is no dialect: expected rfc1002, nt3.5, nt3.51, nt4, w2k"));
    }

    [Test]
    public void NameServerKeepsItsNames()
    {
        using var probe = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        string port = ((System.Net.IPEndPoint)probe.Client.LocalEndPoint!).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        probe.Dispose();
        var (code, output, _) = Run("NameServer", port);

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(output, Does.Contain("first run: 0 name(s) in the file").And.Contain("second run: 1 name(s) in the file"));
            Assert.That(output, Does.Contain("FILESERVER<20> is at 127.0.0.1"));
        });
    }

    [Test]
    public void CaptureReplayExplainsTheEvent()
    {
        var (code, output, _) = Run("CaptureReplay");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(output, Does.Contain("Event ID: 4320"));
            Assert.That(output, Does.Contain("inferred"));
            Assert.That(output, Does.Contain(" 0 different"));
            Assert.That(output, Does.Contain("JSMITH         <03>  UNIQUE      Conflict"));
        });
    }

    [Test]
    public void CaptureReplayNamesTheHostsOfTheCapture()
    {
        var (code, _, error) = Run("CaptureReplay", Path.Combine(AppContext.BaseDirectory, "duplicate-user-name.pcapng"), "10.9.9.9");

        Assert.That(code, Is.EqualTo(3));
        Assert.That(error, Does.Contain("10.0.0.1").And.Contain("10.0.0.2"));
    }

    [Test]
    public void CustomScenarioRunsTwoFuturesFromOnePresent()
    {
        var (code, output, _) = Run("CustomScenario");
        string[] futures = output.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(futures[0], Does.Contain("log of NEW: 4321 PRINTER<20> from 192.168.5.10").And.Not.Contain("NOT MET"));
            Assert.That(futures[1], Does.Contain("log of NEW: 4319 PRINTER<20> from 192.168.5.20").And.Contain("NOT MET"));
        });
    }

    [Test]
    public void CustomScenarioTellsMistakesWithFileLineAndColumn()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "mistaken.json");
        File.WriteAllText(file, """
            {
              "name": "mistaken",
              "segmens": []
            }
            """);
        var (code, _, error) = Run("CustomScenario", file);

        Assert.That(code, Is.EqualTo(3));
        Assert.That(error, Does.Contain("mistaken.json(3,").And.Contain("segmens"));
    }

    private static (int Code, string Output, string Error) Run(string sample, params string[] arguments)
    {
        var entry = Assembly.Load(sample).EntryPoint ?? throw new InvalidOperationException($"{sample} is no program.");
        var (output, error) = (Console.Out, Console.Error);
        using var writtenOutput = new StringWriter();
        using var writtenError = new StringWriter();
        Console.SetOut(writtenOutput);
        Console.SetError(writtenError);
        try
        {
            object? code = entry.Invoke(null, [arguments]);
            return (code is int number ? number : 0, writtenOutput.ToString(), writtenError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
