using System.Net;

namespace NbnsSim.Tests.Root;

/// <summary>Addresses and times as .NET writes them, and back.</summary>
public sealed class ConversionTests
{
    [Test]
    public void Addresses()
    {
        var address = Ipv4Address.Parse("10.1.2.3");
        Assert.Multiple(() =>
        {
            Assert.That(address.ToIPAddress(), Is.EqualTo(IPAddress.Parse("10.1.2.3")));
            Assert.That(Ipv4Address.FromIPAddress(IPAddress.Parse("10.1.2.3")), Is.EqualTo(address));
            Assert.That(Ipv4Address.FromIPAddress(IPAddress.Parse("::ffff:10.1.2.3")), Is.EqualTo(address));
            Assert.That(() => Ipv4Address.FromIPAddress(IPAddress.IPv6Loopback), Throws.ArgumentException);
        });
    }

    [Test]
    public void Times()
    {
        var time = new DateTimeOffset(2013, 2, 11, 2, 29, 13, TimeSpan.FromHours(1));
        Assert.Multiple(() =>
        {
            Assert.That(Instant.FromDateTimeOffset(time), Is.EqualTo(Instant.FromUnixTime(1360546153)));
            Assert.That(Instant.FromUnixTime(1360546153, 199).ToDateTimeOffset(), Is.EqualTo(time.AddTicks(1)));
            Assert.That(new Instant(-1).ToDateTimeOffset(), Is.EqualTo(DateTimeOffset.UnixEpoch.AddTicks(-1)));
            Assert.That(new Instant(-100).ToDateTimeOffset(), Is.EqualTo(DateTimeOffset.UnixEpoch.AddTicks(-1)));
            Assert.That(Instant.MinValue.ToDateTimeOffset().Year, Is.EqualTo(1677));
            Assert.That(Instant.MaxValue.ToDateTimeOffset().Year, Is.EqualTo(2262));
            Assert.That(() => Instant.FromDateTimeOffset(DateTimeOffset.MaxValue), Throws.TypeOf<OverflowException>());
        });
    }
}
