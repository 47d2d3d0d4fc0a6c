using NbnsSim.Cli.Commands;
using NbnsSim.Cli.Live;

namespace NbnsSim.Cli.Tests.Live;

/// <summary><c>serve</c> where something breaks on the host's thread: it ends, and says why.</summary>
public sealed class FaultTests
{
    private readonly Ipv4Endpoint _at = new(Ipv4Address.Loopback, LiveRun.FreePort());

    [Test]
    public void WhileItBoots() => AssertExplained(new BreakingWriter { Breaks = true }, CancellationToken.None);

    [Test]
    public void WhileItReleasesItsNames()
    {
        using var stop = new CancellationTokenSource();
        using var error = new BreakingWriter();
        error.OnReady = () =>
        {
            error.Breaks = true;
            stop.Cancel();
        };
        AssertExplained(error, stop.Token);
    }

    private void AssertExplained(BreakingWriter error, CancellationToken stop)
    {
        using var terminal = new Terminal(() => Stream.Null, new MemoryStream(), error, colour: false, width: 100, outputIsTerminal: false, errorIsTerminal: false);
        var settings = new ServeSettings { Name = "WINSRV", Wins = true, Listen = [_at], Verbose = true };
        var running = Task.Run(() => ServeCommand.Run(terminal, settings, stop, CancellationToken.None));
        Assert.That(async () => await running.WaitAsync(TimeSpan.FromSeconds(60)),
            Throws.TypeOf<BadInputException>().With.Message.EqualTo("stopped by a fault: InvalidOperationException: broken"));
    }

    /// <summary>Standard error that breaks once on the host's thread, in a way that nobody expects.</summary>
    private sealed class BreakingWriter : StringWriter
    {
        public bool Breaks { get; set; }

        public Action? OnReady { get; set; }

        public override void WriteLine(string? value)
        {
            if (Breaks && Thread.CurrentThread.Name?.StartsWith("NBNS", StringComparison.Ordinal) == true)
            {
                Breaks = false;
                throw new InvalidOperationException("broken");
            }

            if (value!.Contains("ready: ", StringComparison.Ordinal))
                OnReady?.Invoke();
        }
    }
}
