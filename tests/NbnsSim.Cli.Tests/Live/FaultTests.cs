using NbnsSim.Cli.Commands;
using NbnsSim.Transport;

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

    [Test]
    public async Task AStandardErrorThatCannotBeWrittenStopsNothing()
    {
        using var stop = new CancellationTokenSource();
        using var error = new BreakingWriter { Broken = () => new IOException("No space left on device"), Breaks = true, OnReady = stop.Cancel };
        Assert.That(await RunAsync(error, stop.Token).WaitAsync(TimeSpan.FromSeconds(60)), Is.Zero);
        Assert.That(error.Breaks, Is.False, "something was to be said");
    }

    private void AssertExplained(BreakingWriter error, CancellationToken stop)
    {
        var running = RunAsync(error, stop);
        Assert.That(async () => await running.WaitAsync(TimeSpan.FromSeconds(60)),
            Throws.TypeOf<NbnsServingException>().With.Message.EqualTo("stopped by a fault: InvalidOperationException: broken"));
    }

    private Task<int> RunAsync(BreakingWriter error, CancellationToken stop) => Task.Run(() =>
    {
        using var terminal = new Terminal(() => Stream.Null, new MemoryStream(), error, colour: false, width: 100, outputIsTerminal: false, errorIsTerminal: false);
        return ServeCommand.Run(terminal, new ServeSettings { Name = "WINSRV", HasNameServer = true, Listen = [_at], Verbose = true }, stop, CancellationToken.None);
    });

    /// <summary>Standard error that breaks once on the host's thread.</summary>
    private sealed class BreakingWriter : StringWriter
    {
        public bool Breaks { get; set; }

        public Func<Exception> Broken { get; init; } = () => new InvalidOperationException("broken"); // which nobody expects

        public Action? OnReady { get; set; }

        public override void WriteLine(ReadOnlySpan<char> buffer) => WriteLine(buffer.ToString());

        public override void WriteLine(string? value)
        {
            if (Breaks && Thread.CurrentThread.Name?.StartsWith("NBNS", StringComparison.Ordinal) == true)
            {
                Breaks = false;
                throw Broken();
            }

            if (value!.Contains("ready: ", StringComparison.Ordinal))
                OnReady?.Invoke();
        }
    }
}
