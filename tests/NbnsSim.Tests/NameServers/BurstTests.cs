using NbnsSim.NameServers;

namespace NbnsSim.Tests.NameServers;

/// <summary>Rule 4.3-10: a server that takes its time, and what burst handling does about it (Q154410, cc758322).</summary>
public sealed class BurstTests
{
    private static ServerBench Slow(NameServerDialect dialect, int requestsPerSecond = 100) =>
        new(dialect, options => options with { RequestsPerSecond = requestsPerSecond });

    [Test]
    public void RuleW10_WithoutALimitEveryRequestIsServedAtOnce()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        for (int i = 0; i < 2000; i++)
            bench.Register($"PC{i}<20>", "10.0.0.1").Accepted();
        Assert.That(bench.Server.Statistics.BurstAnswers, Is.Zero);
    }

    [Test]
    [Reaches("W10.queued")]
    public void RuleW10_RequestsWaitForTheirTurn()
    {
        var bench = Slow(NameServerDialect.WinsNt35);
        bench.Register("PC0<20>", "10.0.0.1").Accepted();
        Assert.That(bench.Register("PC1<20>", "10.0.0.1"), Is.Empty);
        Assert.That(bench.Register("PC2<20>", "10.0.0.1"), Is.Empty);
        Assert.That(bench.Server.WaitingRequests, Is.EqualTo(2));
        bench.Pass(TimeSpan.FromMilliseconds(10)).Accepted();
        bench.Pass(TimeSpan.FromMilliseconds(10)).Accepted();
        bench.Pass(TimeSpan.FromMilliseconds(10));
        bench.Register("PC3<20>", "10.0.0.1").Accepted();
    }

    [Test]
    public void RuleW10_BeyondTheThresholdAnswersComeAtOnceWithAShortTimeToLive()
    {
        var bench = Slow(NameServerDialect.WinsNt4);
        var granted = new List<uint>();
        for (int i = 0; i < 501 + 1100; i++)
            granted.AddRange(bench.Register($"PC{i}<20>", "10.0.0.1").Select(sent => sent.TimeToLive));
        Assert.That(granted[0], Is.EqualTo(144 * 3600), "the first is served at once, 500 wait");
        Assert.That(bench.Server.WaitingRequests, Is.EqualTo(500));
        Assert.That(granted.Skip(1).Chunk(100).Select(chunk => chunk.Distinct().Single()),
            Is.EqualTo(new uint[] { 300, 600, 900, 1200, 1500, 1800, 2100, 2400, 2700, 3000, 300 }));
        Assert.That(bench.Server.Count, Is.EqualTo(1), "they are answered unseen");
        bench.Pass(TimeSpan.FromSeconds(10));
        Assert.That(bench.Server.Count, Is.EqualTo(501));
    }

    [Test]
    [Reaches("W10.burst")]
    public void RuleW10_QueriesAreNotPartOfABurst()
    {
        var bench = Slow(NameServerDialect.WinsNt4 with { BurstThreshold = 50 });
        for (int i = 0; i < 52; i++)
            bench.Register($"PC{i}<20>", "10.0.0.1");
        Assert.That(bench.Query("PC1<20>"), Is.Empty);
        Assert.That(bench.Server.WaitingRequests, Is.EqualTo(51));
    }

    [Test]
    [Reaches("W10.lost")]
    public void RuleW10_WithoutBurstHandlingWhatDoesNotFitTheQueueIsLost()
    {
        var bench = Slow(NameServerDialect.WinsNt35 with { MaxWaitingRequests = 100 });
        for (int i = 0; i < 200; i++)
            bench.Register($"PC{i}<20>", "10.0.0.1");
        Assert.That(bench.Server.WaitingRequests, Is.EqualTo(100));
        Assert.That(bench.Server.Statistics.Dropped, Is.EqualTo(99));
        Assert.That(bench.Pass(TimeSpan.FromSeconds(2)), Has.Count.EqualTo(100));
    }

    [Test]
    public void RuleW10_ABurstBeyondTwentyFiveThousandIsLost()
    {
        var bench = Slow(NameServerDialect.Windows2000, requestsPerSecond: 1);
        int answered = 0;
        for (int i = 0; i < 25_100; i++)
            answered += bench.Register("PC<20>", "10.0.0.1").Count;
        Assert.That(bench.Server.WaitingRequests, Is.EqualTo(500));
        Assert.That(answered, Is.EqualTo(1 + 24_500));
    }
}
