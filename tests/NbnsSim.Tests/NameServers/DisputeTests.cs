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
    public void RuleW3_EachAddressThatIsLeftIsAskedThoughEarlierOnesGoMeanwhile(int released)
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

    /// <summary>A release that is not the owner's waits for the owner's word; where its time runs out first, the name goes, once.</summary>
    [Test]
    public void ANameWhoseTimeRunsOutWhileARelease_IsInDispute_GoesOnce([Values] bool journals)
    {
        var dialect = NameServerDialect.Rfc1002NonSecured with { ForeignReleases = ForeignReleasePolicy.Verify, AsksBeforeRemoval = false, LifetimeMultiple = 1 };
        var bench = new ServerBench(dialect, options => options with { JournalsChanges = journals });
        bench.Register("FRED<20>", "10.0.0.1", ttl: 100).Accepted();
        bench.Register("NEXT<20>", "10.0.0.3", ttl: 1000).Accepted();
        bench.Pass(TimeSpan.FromSeconds(98));
        bench.Release("FRED<20>", "10.0.0.9", source: "10.0.0.2");
        Assert.That(bench.Server.TransactionCount, Is.EqualTo(1));
        var sent = bench.Pass(TimeSpan.FromSeconds(4));
        Assert.That(sent.Where(one => one.Opcode == NbnsOpcode.Release).ToList().Only().Rcode, Is.EqualTo(NbnsRcode.Success));
        Assert.That((bench.Record("FRED<20>"), bench.Server.TransactionCount, bench.Server.Count), Is.EqualTo(((NameRecord?)null, 0, 1)));
        while (bench.Server.TryPollChange(out _))
        {
        }

        for (int i = 0; i < 4; i++)
            bench.Register($"N{i}<20>", "10.0.0.1").Accepted();
        Assert.That(bench.Server.GetRecords(), Has.Length.EqualTo(5));
    }

    /// <summary>Chart C5's tombstone ends a record whose owner is being asked for a claimant: the claimant is answered, and nothing asks on.</summary>
    [Test]
    public void ATombstoneThatEndsAMultihomedRecord_EndsItsDisputeToo()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000 with { TombstonesEndMultihomed = true });
        bench.RegisterMultihomed("MULTI<20>", "10.0.0.1").Accepted();
        bench.Register("MULTI<20>", "10.0.0.2", source: "10.0.0.9");
        Assert.That(bench.Server.TransactionCount, Is.EqualTo(1));
        var partner = Ipv4Address.Parse("10.0.0.240");
        var record = bench.Record("MULTI<20>")!;
        bench.Server.Replicas.Receive(bench.Now, [record with
        {
            Owner = partner, Version = 7, State = NameRecordState.Tombstone, Addresses = [.. record.Addresses.Select(one => one with { Owner = partner })],
        }]);
        Assert.That(bench.Record("MULTI<20>")!.State, Is.EqualTo(NameRecordState.Tombstone));
        Assert.That(bench.Server.TransactionCount, Is.Zero);
        bench.Drain().Refused(NbnsRcode.ActiveError);
        bench.Register("MULTI<20>", "10.0.0.2").Accepted();
    }

    [Test]
    [Reaches("W3.next-address")]
    public void RuleW3_EachAddressThatIsLeftIsAskedThoughTheOneJustAskedGoes()
    {
        var bench = Multihomed("10.0.0.1", "10.1.0.1");
        bench.Register("FRED<20>", "10.0.0.9").Challenge();
        bench.Release("FRED<20>", "10.0.0.1").HasFlags(0xB400);
        var next = bench.Pass(TimeSpan.FromSeconds(3.5)).Last(one => !one.IsResponse);
        Assert.That(next.To.Address, Is.EqualTo(ServerBench.Ip("10.1.0.1")));
        bench.Holds(next, "10.1.0.1").Refused(NbnsRcode.ActiveError);
    }

    [Test]
    public void RuleW3_HoweverOftenANodeAsksForTimeTheClaimantIsAnsweredInTheEnd()
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
        ServerBench.Pull(bench.Now, bench.Server, partner.Server);
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
    [Reaches("D3.own-challenge")]
    public void RuleW3_AServerDoesNotAnswerItsOwnChallengeFromItsDatabase()
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

    private static IEnumerable<NameServerDialect> Challenging => NameServerDialect.All.Where(dialect => dialect.OwnershipCheck == OwnershipCheck.ByServer);

    [TestCaseSource(nameof(Challenging))]
    [Reaches("S18.repeat", "S18.second")]
    public void RuleS18_EachClaimantGetsItsWackAndTheFirstTheNameOfADeadOwner(NameServerDialect dialect)
    {
        var bench = new ServerBench(dialect);
        bench.Register("TWO<20>", "10.0.0.1").Accepted();
        bench.Register("TWO<20>", "10.0.0.2").Challenge();
        ushort first = bench.LastId;
        var second = bench.Register("TWO<20>", "10.0.0.3").HasFlags(0xBC00);
        Assert.That(second.To.Address, Is.EqualTo(ServerBench.Ip("10.0.0.3")));
        bench.RegisterMultihomed("TWO<20>", "10.0.0.4").HasFlags(0xBC00);
        Assert.That(bench.Register("TWO<20>", "10.0.0.2", id: first), Is.Empty, "a repeat");
        Assert.That(bench.RegisterMultihomed("TWO<20>", "10.0.0.4"), Is.Empty, "a repeat");
        bench.Query("TWO<20>").Answers("10.0.0.1");

        var verdicts = bench.Pass(TimeSpan.FromSeconds(15)).Where(one => one.IsResponse).Select(one => (one.Flags, one.To.Address.ToString(), string.Join(' ', one.Addresses)));
        Assert.That(verdicts, Is.EqualTo(new[]
        {
            ((ushort)0xAD80, "10.0.0.2", "10.0.0.2"),
            ((ushort)0xAD86, "10.0.0.3", "10.0.0.2"),
            ((ushort)0xAD86, "10.0.0.4", "10.0.0.2"),
        }));
        Assert.That(bench.Server.TransactionCount, Is.Zero);
        bench.Query("TWO<20>").Answers("10.0.0.2");
    }

    [TestCaseSource(nameof(Challenging))]
    public void RuleS18_AllAreRefusedWhereTheOwnerAnswers(NameServerDialect dialect)
    {
        var bench = new ServerBench(dialect);
        bench.Register("TWO<20>", "10.0.0.1").Accepted();
        var challenge = bench.Register("TWO<20>", "10.0.0.2").Challenge();
        bench.Register("TWO<20>", "10.0.0.3").HasFlags(0xBC00);
        bench.Register("TWO<20>", "10.0.0.4", group: true).HasFlags(0xBC00);
        var verdicts = bench.Holds(challenge, "10.0.0.1");
        Assert.That(verdicts.Select(one => (one.Flags, one.To.Address.ToString())),
            Is.EqualTo(new[] { ((ushort)0xAD86, "10.0.0.2"), ((ushort)0xAD86, "10.0.0.3"), ((ushort)0xAD86, "10.0.0.4") }));
    }

    [Test]
    public void RuleS18_AFurtherAddressOfTheOwnerIsAcceptedAmongOtherClaimants()
    {
        var bench = Multihomed("10.0.0.1");
        var challenge = bench.Register("FRED<20>", "10.0.0.9").Challenge();
        bench.RegisterMultihomed("FRED<20>", "10.1.0.1", source: "10.0.0.1").HasFlags(0xBC00);
        var verdicts = bench.Holds(challenge, "10.0.0.1", "10.1.0.1");
        Assert.That(verdicts.Select(one => one.Flags), Is.EqualTo(new ushort[] { 0xAD86, 0xAD80 }));
        bench.Query("FRED<20>").Answers("10.0.0.1", "10.1.0.1");
    }

    [Test]
    public void RuleS18_GroupClaimsOnADeadOwnersNameJoinWithOneAnother()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002Secured);
        bench.Register("LAB<00>", "10.0.0.1").Accepted();
        var challenge = bench.Register("LAB<00>", "10.0.0.2", group: true).Challenge();
        bench.Register("LAB<00>", "10.0.0.3", group: true).HasFlags(0xBC00);
        bench.Register("LAB<00>", "10.0.0.4").HasFlags(0xBC00);
        Assert.That(bench.Denies(challenge).Select(one => one.Flags), Is.EqualTo(new ushort[] { 0xAD80, 0xAD80, 0xAD86 }));
        bench.Query("LAB<00>").Answers("10.0.0.2", "10.0.0.3");
    }

    [Test]
    [Reaches("S18.released")]
    public void RuleS18_AReleaseByTheOwnerDecidesAtOnceAndOneByAClaimantWithdrawsIt()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        bench.Register("TWO<20>", "10.0.0.1").Accepted();
        bench.Register("TWO<20>", "10.0.0.2").Challenge();
        bench.Register("TWO<20>", "10.0.0.3").HasFlags(0xBC00);
        bench.Release("TWO<20>", "10.0.0.2").HasFlags(0xB400);
        Assert.That(bench.Release("TWO<20>", "10.0.0.1").Select(one => (one.Flags, one.To.Address.ToString())),
            Is.EqualTo(new[] { ((ushort)0xAD80, "10.0.0.3"), ((ushort)0xB400, "10.0.0.1") }));
        bench.Query("TWO<20>").Answers("10.0.0.3");
        bench.Register("TWO<20>", "10.0.0.4").Challenge();
        bench.Release("TWO<20>", "10.0.0.4").HasFlags(0xB400);
        Assert.That(bench.Server.TransactionCount, Is.Zero);
        Assert.That(bench.Pass(TimeSpan.FromMinutes(1)), Is.Empty);
    }

    [Test]
    [Reaches("S18.joins")]
    public void RuleS18_ARefreshByAnotherWaitsAtWinsAndIsRefusedAtOnceByTheRfc()
    {
        var wins = new ServerBench(NameServerDialect.Windows2000);
        wins.Register("TWO<20>", "10.0.0.1").Accepted();
        wins.Register("TWO<20>", "10.0.0.2").Challenge();
        wins.Refresh("TWO<20>", "10.0.0.3").HasFlags(0xBC00);
        var rfc = new ServerBench(NameServerDialect.Rfc1002Secured);
        rfc.Register("TWO<20>", "10.0.0.1").Accepted();
        rfc.Register("TWO<20>", "10.0.0.2").Challenge();
        rfc.Refresh("TWO<20>", "10.0.0.3").Refused(NbnsRcode.ActiveError);
    }

    [Test]
    public void RuleS18_WhileAPartnersRecordIsInDisputeAClaimantWaitsToo()
    {
        var (bench, partner) = (new ServerBench(NameServerDialect.Windows2000), new ServerBench(NameServerDialect.Windows2000, address: "10.0.1.250"));
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        partner.Register("FRED<20>", "10.0.1.1").Accepted();
        ServerBench.Pull(bench.Now, bench.Server, partner.Server);
        var challenge = bench.Drain().Challenge();
        bench.Register("FRED<20>", "10.0.0.2").HasFlags(0xBC00);
        Assert.That(bench.Holds(challenge, "10.0.0.1").Where(one => one.IsResponse).ToList().Refused(NbnsRcode.ActiveError).To.Address, Is.EqualTo(ServerBench.Ip("10.0.0.2")));
    }

    [Test]
    public void RuleS18_HowManyMayWaitForOneNameIsBounded()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000, options => options with { ClaimsPerName = 2 });
        bench.Register("TWO<20>", "10.0.0.1").Accepted();
        bench.Register("TWO<20>", "10.0.0.2").Challenge();
        bench.Register("TWO<20>", "10.0.0.3").HasFlags(0xBC00);
        bench.Register("TWO<20>", "10.0.0.4").Refused(NbnsRcode.ServerFailure);
        bench.Register("TWO<20>", "10.0.0.5").Refused(NbnsRcode.ServerFailure);
        Assert.That(bench.Log().Select(entry => entry.Id), Is.EqualTo(new[] { WinsEventId.ServerFull }));
        Assert.That(bench.Server.Statistics.Limited, Is.EqualTo(2));
    }

    [Test]
    [Reaches("S18.withdrawn")]
    public void RuleS18_AForkGoesOnByItself()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        bench.Register("TWO<20>", "10.0.0.1").Accepted();
        bench.Register("TWO<20>", "10.0.0.2").Challenge();
        bench.Register("TWO<20>", "10.0.0.3").HasFlags(0xBC00);
        var fork = bench.Server.Fork();
        Assert.That(fork.HasSameStateAs(bench.Server), Is.True);
        bench.Release("TWO<20>", "10.0.0.3");
        Assert.That(fork.HasSameStateAs(bench.Server), Is.False);
        bench.Server = fork;
        Assert.That(bench.Pass(TimeSpan.FromSeconds(4)).Count(one => one.IsResponse), Is.EqualTo(2));
    }

    [Test]
    [Reaches("S18.wack")]
    public void RuleS18_AClaimOnTheServersOwnNameGetsAWackOnlyWhereItsNodeDoesNotAnswerAtOnce()
    {
        string own = ServerBench.ServerAddress.ToString();
        var bench = new ServerBench(NameServerDialect.Windows2000);
        bench.Register("WINSRV<20>", own).Accepted();
        bench.Holds(bench.Register("WINSRV<20>", "10.0.0.2").Only(), own).Refused(NbnsRcode.ActiveError);
        var challenge = bench.Register("WINSRV<20>", "10.0.0.2").Only();
        Assert.That(bench.Pass(TimeSpan.FromSeconds(0.5)).Select(one => one.Flags), Is.EqualTo(new ushort[] { 0xBC00, 0 }).Or.EqualTo(new ushort[] { 0, 0xBC00 }));
        bench.Holds(challenge, own).Refused(NbnsRcode.ActiveError);
    }

    [TestCase(AnswerSource.OwnersAddresses, true)]
    [TestCase(AnswerSource.AskedAddress, false)]
    [Reaches("S19.other-responder")]
    public void RuleS19_AnOwnerThatAnswersFromAnotherOfItsAddressesKeepsItsName(AnswerSource rule, bool isKept)
    {
        foreach (string[] addresses in new[] { new[] { "10.0.0.1" }, ["10.0.0.1", "10.1.0.1"] })
        {
            var bench = new ServerBench(NameServerDialect.Windows2000 with { AnswerSource = rule });
            bench.RegisterMultihomed("FRED<20>", addresses[0]).Accepted();
            foreach (string address in addresses[1..])
                bench.Holds(bench.RegisterMultihomed("FRED<20>", address).Challenge(), addresses).Accepted();
            var challenge = bench.Register("FRED<20>", "10.0.0.9").Challenge();
            var elsewhere = challenge with { To = Ipv4Endpoint.NameService(ServerBench.Ip("10.1.0.1")) };
            var sent = bench.Holds(elsewhere, addresses.Length > 1 ? ["10.0.0.1"] : ["10.0.0.1", "10.1.0.1"]);
            if (isKept)
                sent.Refused(NbnsRcode.ActiveError);
            else
                Assert.That(sent, Is.Empty);
        }
    }

    [Test]
    public void RuleS19_AStrangersDenialOrAnswerWithoutTheAddressAskedIsNotTheOwners()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var challenge = bench.Register("FRED<20>", "10.0.0.2").Challenge();
        var stranger = challenge with { To = Ipv4Endpoint.NameService(ServerBench.Ip("10.0.0.9")) };
        Assert.That(bench.Denies(stranger), Is.Empty);
        Assert.That(bench.Holds(stranger, "10.0.0.9"), Is.Empty);
        Assert.That(bench.Holds(stranger, "10.0.0.1"), Is.Empty, "it does not say that it is the owner's host");
        bench.Query("FRED<20>").Answers("10.0.0.1");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void RuleW3_AddressesThatTheOwnersAnswerDoesNotListAreLostOrKept(bool drops)
    {
        var bench = new ServerBench(NameServerDialect.Windows2000 with { MergeDropsUnlisted = drops });
        bench.RegisterMultihomed("FRED<20>", "10.0.0.1").Accepted();
        bench.Holds(bench.RegisterMultihomed("FRED<20>", "10.1.0.1").Challenge(), "10.0.0.1", "10.1.0.1").Accepted();
        bench.Holds(bench.RegisterMultihomed("FRED<20>", "10.2.0.1").Challenge(), "10.0.0.1", "10.2.0.1").Accepted();
        bench.Query("FRED<20>").Answers(drops ? ["10.0.0.1", "10.2.0.1"] : ["10.0.0.1", "10.1.0.1", "10.2.0.1"]);
    }
}
