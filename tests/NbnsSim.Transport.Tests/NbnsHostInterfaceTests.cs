namespace NbnsSim.Transport.Tests;

public sealed class NbnsHostInterfaceTests
{
    [TestCase("127.0.0.1:1137", null)]
    [TestCase("0.0.0.0:1137", "stands for all addresses")]
    [TestCase("255.255.255.255:137", "stands for many machines")]
    [TestCase("224.0.0.1:137", "stands for many machines")]
    [TestCase("127.255.255.255:1137", "is the broadcast address")]
    [TestCase("127.0.0.9:1137", "is given twice")]
    [TestCase("127.0.0.1:1138", "has another port than 127.0.0.9:1137")]
    public void WhereNobodyCanBeServed_IsSaid(string candidate, string? expected)
    {
        Assert.That(Ipv4Endpoint.TryParse(candidate, out var endpoint), Is.True);
        var other = new Ipv4Endpoint(Ipv4Address.Parse("127.0.0.9"), 1137);
        Assert.That(NbnsHostInterface.WhyNotListen(endpoint, [other]), expected is null ? Is.Null : Does.StartWith(expected));
    }
}
