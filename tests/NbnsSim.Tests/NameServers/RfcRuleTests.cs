using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>RFC 1002 §5.1.4, the name server's pseudo-code, rule by rule.</summary>
public sealed class RfcRuleTests
{
    private static ServerBench NonSecured => new(NameServerDialect.Rfc1002NonSecured);

    private static ServerBench Secured => new(NameServerDialect.Rfc1002Secured);

    [Test]
    [Reaches("D3.broadcast")]
    public void RuleS_ABroadcastIsDiscarded()
    {
        var bench = NonSecured;
        Assert.That(bench.Register("FRED<20>", "10.0.0.1", flags: NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit), Is.Empty);
        Assert.That(bench.Server.Count, Is.Zero);
    }

    [Test]
    [Reaches("S1.added")]
    public void RuleS1_AUniqueNameThatNobodyHasIsAddedWithItsTimeToLive()
    {
        var bench = NonSecured;
        var answer = bench.Register("FRED<20>", "10.0.0.1", ttl: 1234).Accepted();
        Assert.That(answer.TimeToLive, Is.EqualTo(1234));
        Assert.That(answer.Id, Is.EqualTo(bench.LastId));
        Assert.That(answer.To, Is.EqualTo(Ipv4Endpoint.NameService(ServerBench.Ip("10.0.0.1"))));
        Assert.That(answer.Entries, Is.EqualTo(new[] { new NbEntry(new NbFlags(0x6000), ServerBench.Ip("10.0.0.1")) }));
        bench.Query("FRED<20>").Answers("10.0.0.1");
    }

    [Test]
    [Reaches("S2.by-claimant")]
    public void RuleS2_NonSecuredGivesTheClaimantTheOwnersAddress()
    {
        var bench = NonSecured;
        bench.Register("FRED<20>", "10.0.0.1", nodeType: 0x2000).Accepted();
        var challenge = bench.Register("FRED<20>", "10.0.0.2").HasFlags(0xAD00);
        Assert.That(challenge.Entries, Is.EqualTo(new[] { new NbEntry(new NbFlags(0x2000), ServerBench.Ip("10.0.0.1")) }));
        bench.Query("FRED<20>").Answers("10.0.0.1");
    }

    [Test]
    [Reaches("S2.by-server", "S2.ask", "S2.owner-silent", "S2.awarded")]
    public void RuleS2_SecuredAsksTheOwnerThreeTimesFiveSecondsApartAndTakesSilenceForNo()
    {
        var bench = Secured;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var sent = bench.Register("FRED<20>", "10.0.0.2");
        Assert.That(sent.Select(one => one.Flags), Is.EqualTo(new[] { 0xBC00, 0x0000 }), "a WACK for the claimant, a query for the owner");
        Assert.That(sent[0].TimeToLive, Is.GreaterThanOrEqualTo(15));
        var challenge = sent.Challenge();
        Assert.That(challenge.To, Is.EqualTo(Ipv4Endpoint.NameService(ServerBench.Ip("10.0.0.1"))));

        Assert.That(bench.Pass(TimeSpan.FromSeconds(4.999)), Is.Empty);
        Assert.That(bench.Pass(TimeSpan.FromSeconds(0.001)).Only().Id, Is.EqualTo(challenge.Id));
        Assert.That(bench.Pass(TimeSpan.FromSeconds(5)).Only().Id, Is.EqualTo(challenge.Id));
        var answer = bench.Pass(TimeSpan.FromSeconds(5)).Accepted();
        Assert.That(answer.To.Address, Is.EqualTo(ServerBench.Ip("10.0.0.2")));
        Assert.That(answer.Id, Is.EqualTo(bench.LastId));
        bench.Query("FRED<20>").Answers("10.0.0.2");
    }

    [Test]
    [Reaches("S2.owner-holds", "S2.refused")]
    public void RuleS2_SecuredRefusesWhereTheOwnerAnswers()
    {
        var bench = Secured;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var challenge = bench.Register("FRED<20>", "10.0.0.2").Challenge();
        bench.Holds(challenge, "10.0.0.1").Refused(NbnsRcode.ActiveError);
        bench.Query("FRED<20>").Answers("10.0.0.1");
        Assert.That(bench.Server.TransactionCount, Is.Zero);
    }

    [Test]
    [Reaches("S2.owner-denies")]
    public void RuleS2_SecuredReplacesWhereTheOwnerDenies()
    {
        var bench = Secured;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Denies(bench.Register("FRED<20>", "10.0.0.2").Challenge()).Accepted();
        bench.Query("FRED<20>").Answers("10.0.0.2");
    }

    [Test]
    public void RuleS2_AnAnswerCountsOnlyFromTheAddressAskedWithTheIdAndTheName()
    {
        var bench = Secured; // RFC 1001 §13.2.1
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var challenge = bench.Register("FRED<20>", "10.0.0.2").Challenge();
        Assert.That(bench.Holds(challenge with { To = Ipv4Endpoint.NameService(ServerBench.Ip("10.0.0.3")) }, "10.0.0.1"), Is.Empty);
        Assert.That(bench.Holds(challenge with { Id = (ushort)(challenge.Id + 1) }, "10.0.0.1"), Is.Empty);
        Assert.That(bench.Holds(challenge with { Name = challenge.Name.WithSuffix(NbnsSim.Names.NameSuffix.Workstation) }, "10.0.0.1"), Is.Empty);
        bench.Holds(challenge, "10.0.0.1").Refused(NbnsRcode.ActiveError);
    }

    [TestCase(false)]
    [TestCase(true)]
    [Reaches("S3.group")]
    public void RuleS3_AUniqueClaimOnAGroupIsRefusedAndNoMemberAsked(bool secured)
    {
        var bench = secured ? Secured : NonSecured;
        bench.Register("LAB<00>", "10.0.0.1", group: true).Accepted();
        bench.Register("LAB<00>", "10.0.0.2").Refused(NbnsRcode.ActiveError);
        bench.Query("LAB<00>").Answers("10.0.0.1");
    }

    [Test]
    [Reaches("S4.group-added", "S4.member", "S4.joined")]
    public void RuleS4_AGroupCollectsItsMembers()
    {
        var bench = Secured;
        bench.Register("LAB<00>", "10.0.0.1", group: true).Accepted();
        bench.Register("LAB<00>", "10.0.0.2", group: true).Accepted();
        bench.Register("LAB<00>", "10.0.0.1", group: true).Accepted();
        var answer = bench.Query("LAB<00>");
        answer.Answers("10.0.0.1", "10.0.0.2");
        Assert.That(answer[0].Entries.All(entry => entry.Flags.IsGroup), Is.True);
    }

    [Test]
    [Reaches("S4.last-member")]
    public void RuleS4_ByTheLetterTheLastMemberReplacesTheOthers()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002Secured with { Groups = GroupStorage.LastMember });
        bench.Register("LAB<00>", "10.0.0.1", group: true).Accepted();
        bench.Register("LAB<00>", "10.0.0.2", group: true).Accepted();
        bench.Query("LAB<00>").Answers("10.0.0.2");
    }

    [Test]
    public void RuleS4_AGroupClaimOnAUniqueNameChallengesItsOwner()
    {
        var bench = Secured;
        bench.Register("LAB<00>", "10.0.0.1").Accepted();
        bench.Holds(bench.Register("LAB<00>", "10.0.0.2", group: true).Challenge(), "10.0.0.1").Refused(NbnsRcode.ActiveError);
        bench.Denies(bench.Register("LAB<00>", "10.0.0.2", group: true).Challenge()).Accepted();
        Assert.That(bench.Record("LAB<00>")!.Type, Is.EqualTo(NameRecordType.NormalGroup));
        bench.Query("LAB<00>").Answers("10.0.0.2");

        var nonSecured = NonSecured;
        nonSecured.Register("LAB<00>", "10.0.0.1").Accepted();
        nonSecured.Register("LAB<00>", "10.0.0.2", group: true).HasFlags(0xAD00);
    }

    [Test]
    [Reaches("S5.answer", "S5.not-found")]
    public void RuleS5_AQueryIsAnsweredPositiveOrNegative()
    {
        var bench = NonSecured;
        bench.Register("FRED<20>", "10.0.0.1", ttl: 100).Accepted();
        bench.Now += TimeSpan.FromSeconds(40.5);
        var found = bench.Query("FRED<20>").HasFlags(0x8580);
        Assert.That(found.TimeToLive, Is.EqualTo(80), "what is left of it, 159.5 s, as a part of the granted time, rounded up");
        Assert.That(found.Entries[0].Flags.OwnerNodeType, Is.EqualTo(OwnerNodeType.H));
        var missing = bench.Query("FRED<00>").HasFlags(0x8583);
        Assert.That(missing.Type, Is.EqualTo(NbnsType.Null));
        bench.Query("FRED<20>", flags: 0).HasFlags(0x8480);
    }

    [Test]
    [Reaches("S6.deleted")]
    public void RuleS6_AReleaseDeletes()
    {
        var bench = NonSecured;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Release("FRED<20>", "10.0.0.1").HasFlags(0xB400);
        Assert.That(bench.Server.Count, Is.Zero);
        bench.Query("FRED<20>").Answers();
        bench.Release("FRED<20>", "10.0.0.1").HasFlags(0xB400);
    }

    [Test]
    public void RuleS6_ASecuredServerRefusesTheReleaseOfAnothersName()
    {
        var bench = Secured;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var answer = bench.Holds(bench.Release("FRED<20>", "10.0.0.2").Challenge(), "10.0.0.1").HasFlags(0xB406);
        Assert.That(answer.Entries, Has.Length.EqualTo(1));
        bench.Query("FRED<20>").Answers("10.0.0.1");
    }

    [Test]
    [Reaches("S7.secured")]
    public void RuleS7_AnUpdateReplacesAtANonSecuredServerAndIsRefusedByASecuredOne()
    {
        var bench = NonSecured;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("FRED<20>", "10.0.0.2", flags: NbnsFlagWords.Overwrite).Accepted();
        bench.Query("FRED<20>").Answers("10.0.0.2");

        bench = Secured;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("FRED<20>", "10.0.0.2", flags: NbnsFlagWords.Overwrite).Refused(NbnsRcode.NotImplemented);
        bench.Query("FRED<20>").Answers("10.0.0.1");
    }

    [Test]
    [Reaches("S8.refreshed", "S8.not-entitled")]
    public void RuleS8_ARefreshStartsTheTimeAnewForThoseEntitled()
    {
        var bench = Secured;
        bench.Register("FRED<20>", "10.0.0.1", ttl: 100).Accepted();
        bench.Pass(TimeSpan.FromSeconds(90));
        bench.Refresh("FRED<20>", "10.0.0.2", ttl: 100).Refused(NbnsRcode.ActiveError);
        bench.Refresh("FRED<20>", "10.0.0.1", group: true, ttl: 100).Refused(NbnsRcode.ActiveError);
        Assert.That(bench.Refresh("FRED<20>", "10.0.0.1", ttl: 100).Accepted().TimeToLive, Is.EqualTo(100));
        Assert.That(bench.Pass(TimeSpan.FromSeconds(199)), Is.Empty);
        bench.Query("FRED<20>").Answers("10.0.0.1");
        bench.Denies(bench.Pass(TimeSpan.FromSeconds(1)).Challenge());
        bench.Query("FRED<20>").Answers();
    }

    [Test]
    [Reaches("S9.expired")]
    public void RuleS9_ANameGoesWhenItsTimeRunsOut()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002NonSecured with { LifetimeMultiple = 1, AsksBeforeRemoval = false });
        bench.Register("FRED<20>", "10.0.0.1", ttl: 100).Accepted();
        bench.Register("EVER<20>", "10.0.0.1", ttl: 0).Accepted();
        bench.Now += TimeSpan.FromSeconds(100);
        bench.Query("FRED<20>").Answers(); // even though no timer has run yet
        bench.Pass(TimeSpan.FromDays(10_000));
        Assert.That(bench.Server.GetRecords().Select(record => record.Name.ToString()), Is.EqualTo(new[] { "EVER<20>" }), "TTL 0 is for ever");
    }

    [Test]
    [Reaches("S9.member")]
    public void RuleS9_AGroupFadesOutAsItsMembersLapse()
    {
        var bench = NonSecured; // which keeps them twice the granted time, and asks no member
        bench.Register("LAB<00>", "10.0.0.1", group: true, ttl: 50).Accepted();
        bench.Register("LAB<00>", "10.0.0.2", group: true, ttl: 100).Accepted();
        bench.Register("LAB<00>", "10.0.0.3", group: true, ttl: 75).Accepted();
        bench.Pass(TimeSpan.FromSeconds(100));
        bench.Query("LAB<00>").Answers("10.0.0.2", "10.0.0.3");
        bench.Pass(TimeSpan.FromSeconds(50));
        bench.Query("LAB<00>").Answers("10.0.0.2");
        bench.Pass(TimeSpan.FromSeconds(50));
        bench.Query("LAB<00>").Answers();
        Assert.That(bench.Server.Count, Is.Zero);
    }

    [Test]
    [Reaches("S10.conflict-demand")]
    public void RuleS10_ARefusedRefreshMayBringAConflictDemand()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002Secured with { RefusedRefreshDemand = NodeDemand.Conflict });
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var sent = bench.Refresh("FRED<20>", "10.0.0.2");
        Assert.That(sent.Select(one => one.Flags), Is.EqualTo(new[] { 0xAD86, 0xAD87 }));
        Assert.That(sent[1].To, Is.EqualTo(Ipv4Endpoint.NameService(ServerBench.Ip("10.0.0.2"))));
        Assert.That(sent[1].TimeToLive, Is.Zero);
        Assert.That(sent[1].Entries, Is.EqualTo(new[] { default(NbEntry) }), "RFC 1002 §4.2.8: no flags, address 0.0.0.0");
        Assert.That(bench.Pass(TimeSpan.FromMinutes(1)), Is.Empty, "a demand expects no answer");
    }

    [Test]
    [Reaches("W9.answered")]
    public void RuleS10_ARefusedRefreshMayBringAReleaseDemandWhoseResponseIsAwaited()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002Secured with { RefusedRefreshDemand = NodeDemand.Release });
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var sent = bench.Refresh("FRED<20>", "10.0.0.2");
        Assert.That(sent.Select(one => one.Flags), Is.EqualTo(new[] { 0xAD86, 0x3000 }));
        Assert.That(sent[1].To, Is.EqualTo(Ipv4Endpoint.NameService(ServerBench.Ip("10.0.0.2"))));
        Assert.That(bench.Pass(TimeSpan.FromSeconds(4.999)), Is.Empty);
        Assert.That(bench.Pass(TimeSpan.FromSeconds(0.001)).Only().Id, Is.EqualTo(sent[1].Id), "RFC 1002 §6: UCAST_REQ_RETRY_TIMEOUT is 5 s");
        bench.Releases(sent[1]);
        Assert.That(bench.Pass(TimeSpan.FromMinutes(1)), Is.Empty);
        Assert.That(bench.Server.TransactionCount, Is.Zero);
    }

    [Test]
    [Reaches("S11.wack", "S11.no-estimate")]
    public void RuleS11_AnOwnerMayAskForTimeToAnswerAChallenge()
    {
        var bench = Secured;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var challenge = bench.Register("FRED<20>", "10.0.0.2").Challenge();
        Span<byte> buffer = stackalloc byte[576];
        int length = NbnsEncoder.WriteWack(buffer, challenge.Id, NbnsFlagWords.Wack, challenge.Name, 0, new NbnsFlags(0));
        Assert.That(bench.Deliver(buffer[..length], "10.0.0.1"), Is.Empty);
        bench.Pass(TimeSpan.FromSeconds(5)).Challenge(); // 0 is no estimate: the usual timeout goes on

        length = NbnsEncoder.WriteWack(buffer, challenge.Id, NbnsFlagWords.Wack, challenge.Name, 30, new NbnsFlags(0));
        bench.Deliver(buffer[..length], "10.0.0.1");
        Assert.That(bench.Pass(TimeSpan.FromSeconds(29)), Is.Empty);
        bench.Holds(challenge, "10.0.0.1").Refused(NbnsRcode.ActiveError);
    }

    [Test]
    public void ARedirectSendsTheQuestionerElsewhere()
    {
        var other = new NameServerRedirect(NbnsSim.Names.NetBiosName.Parse("OTHER<20>"), ServerBench.Ip("10.0.9.9"));
        var bench = new ServerBench(NameServerDialect.Rfc1002Secured, options => options with { Redirect = other });
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Query("FRED<20>").Answers("10.0.0.1");
        var redirect = bench.Query("JANE<20>").HasFlags(0x8100);
        Assert.That(redirect.Type, Is.EqualTo(NbnsType.NS));
    }
}
