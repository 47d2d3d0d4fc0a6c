namespace NbnsSim.Transport.Tests;

public sealed class SourceLimiterTests
{
    private const long Second = 1_000_000_000;
    private static readonly Ipv4Address Flooder = Ipv4Address.Parse("10.0.0.1");
    private static readonly Ipv4Address Quiet = Ipv4Address.Parse("10.0.0.2");

    [Test]
    public void ASourceGetsItsRateAndNoMore()
    {
        var limiter = new SourceLimiter(new NbnsUdpHostOptions { RequestsPerSecondPerSource = 100 }, key: 1);
        int Taken(long from, int count) => Enumerable.Range(0, count).Count(i => limiter.AllowsDatagram(Flooder, from + i));

        Assert.That(Taken(0, 1000), Is.EqualTo(100), "a second's worth at once");
        Assert.That(Taken(Second / 2, 1000), Is.EqualTo(50));
        Assert.That(Taken(10 * Second, 1000), Is.EqualTo(100), "no more is saved up");
        Assert.That(limiter.AllowsDatagram(Quiet, 10 * Second), Is.True, "another source pays for nothing");
    }

    [Test]
    public void NodeStatusHasARateOfItsOwnAndOneForAllSources()
    {
        var limiter = new SourceLimiter(new NbnsUdpHostOptions { NodeStatusPerSecondPerSource = 20, NodeStatusPerSecond = 50 }, key: 1);
        Assert.That(Enumerable.Range(0, 100).Count(_ => limiter.AllowsNodeStatus(Flooder, 0)), Is.EqualTo(20));
        int victims = Enumerable.Range(0, 100).Count(i => limiter.AllowsNodeStatus(new Ipv4Address(Quiet.Value + (uint)i), 0));
        Assert.That(victims, Is.EqualTo(30));
        Assert.That(limiter.AllowsDatagram(Flooder, 0), Is.True);
    }

    [Test]
    public void ThisMachinesOwnProgramsAreNotLimitedUnlessAsked()
    {
        var options = new NbnsUdpHostOptions { RequestsPerSecondPerSource = 1, NodeStatusPerSecondPerSource = 1 };
        var limiter = new SourceLimiter(options, key: 1);
        Assert.That(Enumerable.Range(0, 9).All(_ => limiter.AllowsDatagram(Ipv4Address.Loopback, 0) && limiter.AllowsNodeStatus(Ipv4Address.Loopback, 0)), Is.True);
        limiter = new SourceLimiter(options with { LimitsLoopback = true }, key: 1);
        Assert.That(Enumerable.Range(0, 9).Count(_ => limiter.AllowsDatagram(Ipv4Address.Loopback, 0)), Is.EqualTo(1));
    }

    [Test]
    public void AFloodOfForgedSourcesDoesNotMakeAFloodersRateForgotten()
    {
        var limiter = new SourceLimiter(new NbnsUdpHostOptions { RequestsPerSecondPerSource = 10, TrackedSources = 4 }, key: 1);
        Assert.That(Enumerable.Range(0, 100).Count(_ => limiter.AllowsDatagram(Flooder, 0)), Is.EqualTo(10));
        for (uint i = 0; i < 100_000; i++)
            limiter.AllowsDatagram(new Ipv4Address(Quiet.Value + i), 0);
        Assert.That(limiter.AllowsDatagram(Flooder, 0), Is.False);
    }
}
