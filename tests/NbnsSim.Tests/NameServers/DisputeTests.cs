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

    [Test]
    public void Rule4_3_3_HoweverOftenANodeAsksForTimeTheClaimantIsAnsweredInTheEnd()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var challenge = bench.Register("FRED<20>", "10.0.0.2").Challenge();
        var start = bench.Now;
        var answers = new List<Sent>();
        while (answers.Count == 0 && bench.Now - start < TimeSpan.FromMinutes(10))
        {
            Wacks(bench, challenge, 30);
            answers = [.. bench.Pass(TimeSpan.FromSeconds(1)).Where(one => one.IsResponse)];
        }

        answers.Accepted();
        Assert.That(bench.Now - start, Is.InRange(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(65)), "a minute, and the usual tries after it");
    }

    private static void Wacks(ServerBench bench, Sent challenge, uint seconds)
    {
        Span<byte> buffer = stackalloc byte[576];
        var writer = new NbnsPacketWriter(buffer);
        writer.WriteHeader(challenge.Id, NbnsFlagWords.Wack, answers: 1);
        writer.WriteName(challenge.Name);
        writer.WriteRecordHead(NbnsType.NB, seconds, 2);
        writer.WriteUInt16(0);
        Assert.That(bench.Deliver(writer.Written, challenge.To.Address.ToString()), Is.Empty);
    }

    [Test]
    public void RuleS7_AnAcceptedOverwriteEndsTheDisputeBeforeIt()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002NonSecured);
        var partner = new ServerBench(NameServerDialect.Rfc1002NonSecured, address: "10.0.1.250");
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        partner.Register("FRED<20>", "10.0.1.1").Accepted();
        bench.Server.PullFrom(bench.Now, partner.Server);
        bench.Drain().Challenge();

        bench.Register("FRED<20>", "10.0.0.2", flags: NbnsFlagWords.Overwrite).Accepted();
        Assert.That(bench.Server.TransactionCount, Is.Zero);
        Assert.That(bench.Pass(TimeSpan.FromMinutes(1)), Is.Empty);
        bench.Query("FRED<20>").Answers("10.0.0.2");
    }

    [Test]
    public void RuleS7_AClaimantIsRefusedWhenAnOverwriteOvertakesIt()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002NonSecured with { OwnershipCheck = OwnershipCheck.ByServer });
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("FRED<20>", "10.0.0.2").Challenge();
        Assert.That(bench.Register("FRED<20>", "10.0.0.3", flags: NbnsFlagWords.Overwrite).Select(one => (one.Flags, one.To.Address.ToString())),
            Is.EqualTo(new[] { ((ushort)0xAD86, "10.0.0.2"), ((ushort)0xAD80, "10.0.0.3") }));
        bench.Pass(TimeSpan.FromMinutes(1));
        bench.Query("FRED<20>").Answers("10.0.0.3");
    }

    [Test]
    public void Rule4_3_3_AServerDoesNotAnswerItsOwnChallengeFromItsDatabase()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        string own = ServerBench.ServerAddress.ToString();
        bench.Register("FRED<20>", own).Accepted();
        var challenge = bench.Register("FRED<20>", "10.0.0.2").Challenge();
        Assert.That(challenge.To.Address, Is.EqualTo(ServerBench.ServerAddress));
        long ignored = bench.Server.Statistics.Ignored;
        Assert.That(bench.Query("FRED<20>", own, flags: 0), Is.Empty, "where no end node shares the address, nobody holds the name there");
        Assert.That(bench.Server.Statistics.Ignored, Is.EqualTo(ignored + 1));
        bench.Query("FRED<20>", own).Answers(own);
        bench.Query("FRED<20>", "10.0.0.9", flags: 0).Answers(own);
    }
}
