using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>Which addresses a name may be claimed for: one to which its challenge can be sent.</summary>
public sealed class ClaimedAddressTests
{
    [TestCase("0.0.0.0", "10.0.0.1")]
    [TestCase("224.0.0.1", "10.0.0.1")]
    [TestCase("240.0.0.1", "10.0.0.1")]
    [TestCase("255.255.255.255", "10.0.0.1")]
    public void AnAddressThatNoHostHasIsRefused(string address, string source)
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        bench.Register("FRED<20>", address, source: source).Refused(NbnsRcode.FormatError);
        bench.RegisterMultihomed("FRED<20>", address, source: source).Refused(NbnsRcode.FormatError);
        bench.Refresh("FRED<20>", address, source: source).Refused(NbnsRcode.FormatError);
        Assert.That(bench.Server.Count, Is.Zero);
        bench.Register("LAB<00>", address, group: true, source: source).Accepted();

        bench = new ServerBench(NameServerDialect.Rfc1002NonSecured);
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("FRED<20>", address, flags: NbnsFlagWords.Overwrite, source: source).Refused(NbnsRcode.FormatError);
        bench.Query("FRED<20>").Answers("10.0.0.1");
    }

    [Test]
    [Reaches("S28.no-host")]
    public void TheLoopbackAddressIsTakenOnlyFromTheSameHost()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        bench.Register("FRED<20>", "127.0.0.1", source: "10.0.0.1").Refused(NbnsRcode.FormatError);
        bench.Register("FRED<20>", "127.0.0.1", source: "127.0.0.2").Accepted();
        bench.Register("AWAY<20>", "127.64.64.1", source: "10.0.0.1").Accepted(); // as smbtorture has it
        bench.Register("JANE<20>", "10.0.0.1", source: "127.0.0.2").Accepted();
    }
}
