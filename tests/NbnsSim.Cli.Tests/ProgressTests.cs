namespace NbnsSim.Cli.Tests;

public class ProgressTests
{
    private static string Run(bool outputIsTerminal, bool errorIsTerminal, long total, params long[] times)
    {
        using var error = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(() => Stream.Null, new MemoryStream(), error, colour: false, width: 80, outputIsTerminal, errorIsTerminal);
        var clock = new Clock();
        using (var progress = new Progress(terminal, "big.pcap", clock: clock))
        {
            for (int i = 0; i < times.Length; i++)
            {
                clock.Now = times[i];
                for (int call = 0; call < 1_024; call++)
                    progress.Report((i + 1) * 1_048_576, total, (i + 1) * 1_024);
            }
        }

        return error.ToString();
    }

    [Test]
    public void OnATerminal_OneLineRenewsItselfAndGoes() =>
        Assert.That(Run(outputIsTerminal: false, errorIsTerminal: true, 4 * 1_048_576, 500, 1_000, 1_100, 1_300), Is.EqualTo(
            "\rbig.pcap: 50 %, 2,048 frames\rbig.pcap: 100 %, 4,096 frames\r" + new string(' ', 29) + "\r"));

    [Test]
    public void InALog_ALineEveryFiveSeconds() =>
        Assert.That(Run(outputIsTerminal: false, errorIsTerminal: false, 0, 1_000, 5_000, 6_000, 10_000), Is.EqualTo("big.pcap: 2 MiB, 2,048 frames\nbig.pcap: 4 MiB, 4,096 frames\n"));

    [Test]
    public void WhereTheOutputScrolls_Nothing() => Assert.That(Run(outputIsTerminal: true, errorIsTerminal: true, 0, 10_000, 20_000), Is.Empty);

    [Test]
    public void WithinTheFirstSecond_Nothing() => Assert.That(Run(outputIsTerminal: false, errorIsTerminal: true, 0, 100, 999), Is.Empty);

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => Now;
    }
}
