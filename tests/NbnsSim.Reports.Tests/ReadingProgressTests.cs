namespace NbnsSim.Reports.Tests;

/// <summary>How far a long reading is.</summary>
public sealed class ReadingProgressTests
{
    [TestCase(0, "a.pcap: 2 MiB, 3,000 frames")]
    [TestCase(4 * 1_048_576, "a.pcap: 50 %, 3,000 frames")]
    [TestCase(1_048_576, "a.pcap: 100 %, 3,000 frames")]
    public void ALineSaysIt_WhenItIsDue(long length, string expected)
    {
        var clock = new Clock();
        var progress = new ReadingProgress("a.pcap", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), clock);
        var told = new List<(long Time, string Line)>();
        for (clock.Now = 0; clock.Now < 12; clock.Now++)
        {
            for (int call = 0; call < 1_024; call++)
            {
                if (progress.TryTell(2 * 1_048_576, length, 3_000, out string? line))
                    told.Add((clock.Now, line));
            }
        }

        Assert.That(told, Is.EqualTo(new[] { (1L, expected), (6L, expected), (11L, expected) }));
    }

    [Test]
    public void WhatIsRead_CannotActOnATerminal()
    {
        var progress = new ReadingProgress("\u001b[2J", TimeSpan.Zero, TimeSpan.Zero) { Units = "datagrams" };
        string? line = null;
        for (int call = 0; call < 1_024; call++)
            progress.TryTell(0, 0, 1, out line);
        Assert.That(line, Is.EqualTo("\\u001b[2J: 0 MiB, 1 datagrams"));
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }
}
