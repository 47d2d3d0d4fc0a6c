using NbnsSim.Captures;
using NbnsSim.Reports.Wireshark;
using NbnsSim.Scenarios;

namespace NbnsSim.Reports.Tests.Wireshark;

/// <summary>What Wireshark asks of a source of packets (extcap(4)).</summary>
public sealed class ExtcapRequestTests
{
    private static readonly ExtcapRequest Asked = new() { Interface = "nbnssim-q131739", Fifo = "fifo", IsCapture = true };

    [Test]
    public void WhatIsMissingOrWrong_IsSaid() => Assert.Multiple(() =>
    {
        Assert.That(Asked.Mistakes, Is.Empty);
        Assert.That((Asked with { Interface = null, Fifo = null }).Mistakes, Is.EqualTo(new[] { "Say which interface: --extcap-interface.", "Say where the packets go: --fifo." }));
        Assert.That((Asked with { Interface = "nbnssim-none" }).Mistakes, Is.EqualTo(new[] { "There is no interface 'nbnssim-none': --extcap-interfaces lists them." }));
        Assert.That((Asked with { Dialect = "os2", Seed = "x" }).Mistakes, Is.EqualTo(new[] { "There is no dialect 'os2': --extcap-config lists them.", $"'x' is not a number from 0 to {ulong.MaxValue}." }));
        Assert.That((Asked with { Dialect = "own", Seed = "" }).Mistakes, Is.Empty);
    });

    [Test]
    public void AQuestion_IsAnswered()
    {
        Assert.That(Answer(Asked), Is.Empty, "it asks for packets");
        Assert.That(Answer(new ExtcapRequest { AsksForInterfaces = true }).Split('\n'), Has.Length.EqualTo(BuiltInScenarios.Names.Length + 3));
        Assert.That(Answer(Asked with { AsksForLinkTypes = true }), Is.EqualTo("dlt {number=1}{name=EN10MB}{display=Ethernet}\n"));
        Assert.That(Answer(Asked with { AsksForConfiguration = true }), Does.StartWith("arg {number=0}{call=--dialect}"));
        Assert.That(Answer(Asked with { Filter = "udp" }), Does.StartWith("There are no capture filters here"));
    }

    [Test]
    public void AScenario_IsPlayedFromNowOn_OverAllItsSegments()
    {
        var clock = new Clock();
        using var output = new MemoryStream();
        (Asked with { Dialect = "nt3.51", Seed = "7" }).Play(output, clock);
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!, Protocol.NetBtDialect.WindowsNt351, 7);
        run.Run();
        output.Position = 0;
        using var capture = CaptureReader.Open(output);
        Assert.That(capture.TryRead(out var first), Is.True);
        Assert.That(first.Time, Is.GreaterThanOrEqualTo(Instant.FromDateTimeOffset(clock.GetUtcNow())));
        while (capture.TryRead(out _))
        {
            // to the last one
        }

        Assert.That((capture.FrameCount, clock.Slept), Is.EqualTo((run.Simulator.SentCount, TimeSpan.Zero)));
    }

    [Test]
    public void InRealTime_PacketsComeWhenTheyAreSent()
    {
        var clock = new Clock();
        using var output = new MemoryStream();
        (Asked with { IsRealTime = true }).Play(output, clock);
        output.Position = 0;
        using var capture = CaptureReader.Open(output);
        var last = Instant.Epoch;
        while (capture.TryRead(out var packet))
            last = packet.Time;
        Assert.That(clock.Slept, Is.EqualTo(last - Instant.FromDateTimeOffset(clock.GetUtcNow())).Within(TimeSpan.FromMilliseconds(1)), "the first one waits, too: time begins at 0");
    }

    [Test]
    public void WhatIsNoScenario_IsNotPlayed()
    {
        Assert.That(() => (Asked with { Interface = "nbnssim-live" }).Play(Stream.Null), Throws.InvalidOperationException);
        Assert.That(() => (Asked with { Seed = "x" }).Play(Stream.Null), Throws.InvalidOperationException.With.Message.StartsWith("'x' is not a number"));
    }

    [Test]
    public void AScript_IsInstalled()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"nbnssim-test-extcap-{Environment.ProcessId}");
        try
        {
            string script = File.ReadAllText(Extcap.Install(folder, "extcap"));
            Assert.That(script, Does.Contain($"\"{Environment.ProcessPath}\" ").And.Contain(" extcap "));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void WhatCannotBeWritten_IsNamed()
    {
        string folder = Path.GetTempPath();
        Assert.That(() => Extcap.OpenFifo(folder), Throws.InstanceOf<IOException>());
        string file = Path.GetTempFileName();
        Assert.That(() => Extcap.Install(file, "x"), Throws.InstanceOf<IOException>().With.Message.StartsWith($"'{file}"));
        File.Delete(file);
    }

    private static string Answer(ExtcapRequest request)
    {
        using var output = new StringWriter { NewLine = "\n" };
        request.Answer(output);
        return output.ToString();
    }

    /// <summary>A clock that whoever waits moves on.</summary>
    private sealed class Clock : TimeProvider
    {
        public TimeSpan Slept { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Slept.Ticks;

        public override DateTimeOffset GetUtcNow() => new(2024, 2, 29, 14, 31, 0, TimeSpan.Zero);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Slept += dueTime;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
