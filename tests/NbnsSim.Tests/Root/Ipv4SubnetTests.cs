namespace NbnsSim.Tests.Root;

public sealed class Ipv4SubnetTests
{
    [TestCase("10.0.0.77/24", "10.0.0.0/24", "255.255.255.0", "10.0.0.255")]
    [TestCase("10.15.1.2/12", "10.0.0.0/12", "255.240.0.0", "10.15.255.255")]
    [TestCase("10.1.2.3/32", "10.1.2.3/32", "255.255.255.255", "10.1.2.3")]
    [TestCase("10.1.2.3/0", "0.0.0.0/0", "0.0.0.0", "255.255.255.255")]
    public void ASubnetHasANetworkAMaskAndABroadcastAddress(string text, string canonical, string mask, string broadcast)
    {
        var subnet = Ipv4Subnet.Parse(text);

        Assert.That((subnet.ToString(), subnet.Mask.ToString(), subnet.BroadcastAddress.ToString()), Is.EqualTo((canonical, mask, broadcast)));
    }

    [TestCase("10.0.0.0/24", "10.0.0.255", true)]
    [TestCase("10.0.0.0/24", "10.0.1.0", false)]
    [TestCase("0.0.0.0/0", "255.255.255.255", true)]
    public void ASubnetContainsItsAddresses(string subnet, string address, bool contained) =>
        Assert.That(Ipv4Subnet.Parse(subnet).Contains(Ipv4Address.Parse(address)), Is.EqualTo(contained));

    [TestCase("10.0.0.0/8", "10.9.0.0/16", true)]
    [TestCase("10.9.0.0/16", "10.0.0.0/8", true)]
    [TestCase("10.0.0.0/25", "10.0.0.128/25", false)]
    public void SubnetsOverlapWhenOneContainsTheOther(string one, string other, bool overlap) =>
        Assert.That(Ipv4Subnet.Parse(one).Overlaps(Ipv4Subnet.Parse(other)), Is.EqualTo(overlap));

    [TestCase("10.0.0.0")]
    [TestCase("10.0.0.0/33")]
    [TestCase("10.0.0.0/")]
    [TestCase("10.0.0/24")]
    [TestCase("10.0.0.0/-1")]
    [TestCase("")]
    [TestCase(null)]
    public void WhatIsNoSubnetIsRefused(string? text)
    {
        Assert.That(Ipv4Subnet.TryParse(text, out var subnet), Is.False);
        Assert.That(subnet, Is.EqualTo(default(Ipv4Subnet)));
    }

    [Test]
    public void AnEndpoint_IsReadAsItIsWritten()
    {
        Assert.That((Ipv4Endpoint.Parse("10.0.0.2").ToString(), Ipv4Endpoint.Parse("10.0.0.2:1137").ToString()), Is.EqualTo(("10.0.0.2:137", "10.0.0.2:1137")));
        Assert.That(() => Ipv4Endpoint.Parse("10.0.0.2:0\u001b"), Throws.TypeOf<FormatException>().With.Message.StartsWith("'10.0.0.2:0\\u001b' is no address: expected "));
    }
}
