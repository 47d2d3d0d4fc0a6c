using NbnsSim.Wire;

namespace NbnsSim.Tests.Wire;

public sealed class TimeToLiveTests
{
    [Test]
    public void ZeroIsForEver() => Assert.That((TimeToLive.Infinite.Seconds, TimeToLive.Infinite.IsInfinite, TimeToLive.Infinite.ToTimeSpan()), Is.EqualTo((0u, true, TimeSpan.MaxValue)));

    [TestCase(1u)]
    [TestCase(300_000u)]
    [TestCase(uint.MaxValue)]
    public void ANumberOfSecondsConverts(uint seconds)
    {
        TimeToLive timeToLive = seconds;
        Assert.That((timeToLive, timeToLive.IsInfinite, timeToLive.ToTimeSpan().TotalSeconds), Is.EqualTo((TimeToLive.FromSeconds(seconds), false, (double)seconds)));
        Assert.That(timeToLive.ToString(), Is.EqualTo(seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}
