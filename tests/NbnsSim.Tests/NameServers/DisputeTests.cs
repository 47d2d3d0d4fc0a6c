using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>What happens to a name while its owner is being asked.</summary>
public sealed class DisputeTests
{
    private static ServerBench Multihomed(params string[] addresses)
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        bench.RegisterMultihomed("FRED<20>", addresses[0]).Accepted();
        foreach (string address in addresses[1..])
            bench.Holds(bench.RegisterMultihomed("FRED<20>", address).Challenge(), addresses).Accepted();
        return bench;
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Rule4_3_3_EachAddressThatIsLeftIsAskedThoughEarlierOnesGoMeanwhile(int released)
    {
        string[] all = ["10.0.0.1", "10.1.0.1", "10.2.0.1", "10.3.0.1"];
        var bench = Multihomed(all);
        var challenge = bench.Register("FRED<20>", "10.0.0.9").Challenge();
        for (int i = 0; i < released; i++)
            challenge = bench.Denies(challenge).Challenge();
        for (int i = 0; i < released; i++)
            bench.Release("FRED<20>", all[i]).HasFlags(0xB400);
        challenge = bench.Denies(challenge).Challenge();
        Assert.That(challenge.To.Address, Is.EqualTo(ServerBench.Ip(all[released + 1])));
        bench.Holds(challenge, all[released..]).Refused(NbnsRcode.ActiveError);
    }

    [Test]
    public void Rule4_3_3_EachAddressThatIsLeftIsAskedThoughTheOneJustAskedGoes()
    {
        var bench = Multihomed("10.0.0.1", "10.1.0.1");
        bench.Register("FRED<20>", "10.0.0.9").Challenge();
        bench.Release("FRED<20>", "10.0.0.1").HasFlags(0xB400);
        var next = bench.Pass(TimeSpan.FromSeconds(3.5)).Last(one => !one.IsResponse);
        Assert.That(next.To.Address, Is.EqualTo(ServerBench.Ip("10.1.0.1")));
        bench.Holds(next, "10.1.0.1").Refused(NbnsRcode.ActiveError);
    }
}
