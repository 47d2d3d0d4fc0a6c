using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>What RFC 1001 and RFC 1002 ask of a name server beside the pseudo-code's plain paths.</summary>
public sealed class RfcClauseTests
{
    private static ServerBench NonSecured => new(NameServerDialect.Rfc1002NonSecured);

    private static ServerBench Secured => new(NameServerDialect.Rfc1002Secured);

    private static ServerBench Bench(bool secured) => secured ? Secured : NonSecured;

    [TestCase(false)]
    [TestCase(true)]
    public void RuleS16_ARefreshOfAnUnknownNameEntersIt(bool secured)
    {
        var bench = Bench(secured);
        Assert.That(bench.Refresh("FRED<20>", "10.0.0.5", ttl: 600).Accepted().TimeToLive, Is.EqualTo(600));
        Assert.That(bench.Record("FRED<20>")!.State, Is.EqualTo(NameRecordState.Active));
        Assert.That(bench.Record("FRED<20>")!.Expires, Is.EqualTo(bench.Now + TimeSpan.FromSeconds(1200)), "its time has been started");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void RuleS16_ARefreshIsRefusedOnlyWhereAnotherHoldsTheName(bool secured)
    {
        var bench = Bench(secured);
        bench.Refresh("FRED<20>", "10.0.0.5").Accepted();
        bench.Refresh("FRED<20>", "10.0.0.6").Refused(NbnsRcode.ActiveError);
        bench.Query("FRED<20>").Answers("10.0.0.5");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void RuleS16_EveryMembersRefreshRebuildsAGroup(bool secured)
    {
        var bench = Bench(secured);
        bench.Refresh("LAB<00>", "10.0.0.5", group: true).Accepted();
        bench.Refresh("LAB<00>", "10.0.0.6", group: true).Accepted();
        bench.Query("LAB<00>").Answers("10.0.0.5", "10.0.0.6");
        bench.Refresh("LAB<00>", "10.0.0.7").Refused(NbnsRcode.ActiveError);
    }

    [Test]
    [Reaches("S16.unknown")]
    public void RuleS16_WhereItIsSwitchedOffAnUnknownNameIsRefused()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002Secured with { RefreshRegisters = false });
        bench.Refresh("FRED<20>", "10.0.0.5").Refused(NbnsRcode.Refused);
        Assert.That(bench.Server.Count, Is.Zero);
    }

    [TestCase(false, 2)]
    [TestCase(true, 2)]
    [TestCase(true, 5)]
    public void RuleS12_AnEntryHoldsAMultipleOfItsTimeAndItsOwnerIsAskedBeforeItGoes(bool secured, int multiple)
    {
        var bench = new ServerBench((secured ? NameServerDialect.Rfc1002Secured : NameServerDialect.Rfc1002NonSecured) with { LifetimeMultiple = multiple });
        bench.Register("FRED<20>", "10.0.0.5", ttl: 600).Accepted();
        Assert.That(bench.Pass(TimeSpan.FromSeconds((600 * multiple) - 1)), Is.Empty);
        bench.Query("FRED<20>").Answers("10.0.0.5");
        var asked = bench.Pass(TimeSpan.FromSeconds(1)).Challenge();
        Assert.That(asked.To.Address, Is.EqualTo(ServerBench.Ip("10.0.0.5")));
        bench.Query("FRED<20>").Answers("10.0.0.5");
        Assert.That(bench.Pass(TimeSpan.FromSeconds(15)), Has.Count.EqualTo(2), "asked three times, five seconds apart");
        bench.Query("FRED<20>").Answers();
        Assert.That(bench.Server.Count, Is.Zero);
        Assert.That(bench.Server.TransactionCount, Is.Zero);
    }

    [Test]
    public void RuleS12_AnOwnerThatAnswersKeepsItsName()
    {
        var bench = Secured;
        bench.Register("FRED<20>", "10.0.0.5", ttl: 600).Accepted();
        Assert.That(bench.Holds(bench.Pass(TimeSpan.FromSeconds(1200)).Challenge(), "10.0.0.5"), Is.Empty);
        Assert.That(bench.Pass(TimeSpan.FromSeconds(7199)), Is.Empty);
        bench.Query("FRED<20>").Answers("10.0.0.5");
        bench.Denies(bench.Pass(TimeSpan.FromSeconds(1)).Challenge());
        bench.Query("FRED<20>").Answers();
    }

    [Test]
    [Reaches("S2.owner-shows-itself", "S12.asked", "S12.kept")]
    public void RuleS12_ARefreshWhileItsOwnerIsAskedIsTheAnswer()
    {
        var bench = Secured;
        bench.Register("FRED<20>", "10.0.0.5", ttl: 600).Accepted();
        bench.Pass(TimeSpan.FromSeconds(1200)).Challenge();
        bench.Refresh("FRED<20>", "10.0.0.5", ttl: 600).Accepted();
        Assert.That(bench.Server.TransactionCount, Is.Zero);
        Assert.That(bench.Pass(TimeSpan.FromSeconds(1199)), Is.Empty);
        bench.Query("FRED<20>").Answers("10.0.0.5");
    }

    [Test]
    public void RuleS12_AClaimWhileTheOwnerIsAskedWaitsForTheSameAnswer()
    {
        var bench = Secured;
        bench.Register("FRED<20>", "10.0.0.5", ttl: 600).Accepted();
        var asked = bench.Pass(TimeSpan.FromSeconds(1200)).Challenge();
        bench.Register("FRED<20>", "10.0.0.6").HasFlags(0xBC00);
        bench.Denies(asked).Accepted();
        bench.Query("FRED<20>").Answers("10.0.0.6");

        bench = NonSecured;
        bench.Register("FRED<20>", "10.0.0.5", ttl: 600).Accepted();
        bench.Pass(TimeSpan.FromSeconds(1200)).Challenge();
        bench.Register("FRED<20>", "10.0.0.6").HasFlags(0xAD00);
    }

    [Test]
    public void RuleS12_ALongTimeTimesItsMultipleIsForEverAndNoOverflow()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002Secured with { LifetimeMultiple = 16 });
        bench.Register("FRED<20>", "10.0.0.5", ttl: uint.MaxValue).Accepted();
        bench.Query("FRED<20>").Answers("10.0.0.5");
    }

    [TestCase(ForeignReleasePolicy.Remove, "10.0.0.6", null, 0xB400, false)]
    [TestCase(ForeignReleasePolicy.Remove, "10.0.0.5", "10.0.0.6", 0xB400, false)]
    [TestCase(ForeignReleasePolicy.Refuse, "10.0.0.6", null, 0xB406, true)]
    [TestCase(ForeignReleasePolicy.Refuse, "10.0.0.5", "10.0.0.6", 0xB406, true)]
    public void RuleS14_AReleaseByAnotherNodeCorrectsTheEntryOrIsRefused(ForeignReleasePolicy policy, string address, string? source, int flags, bool isKept)
    {
        var bench = policy == ForeignReleasePolicy.Remove ? NonSecured : new ServerBench(NameServerDialect.Rfc1002Secured with { ForeignReleases = policy });
        bench.Register("FRED<20>", "10.0.0.5").Accepted();
        bench.Release("FRED<20>", address, source: source).HasFlags(flags);
        bench.Query("FRED<20>").Answers(isKept ? ["10.0.0.5"] : []);
    }

    [Test]
    [Reaches("S14.no-member")]
    public void RuleS14_OfAGroupOnlyTheMemberNamedGoes()
    {
        var bench = NonSecured;
        bench.Register("LAB<00>", "10.0.0.5", group: true).Accepted();
        bench.Register("LAB<00>", "10.0.0.6", group: true).Accepted();
        bench.Release("LAB<00>", "10.0.0.7", group: true).HasFlags(0xB400);
        bench.Query("LAB<00>").Answers("10.0.0.5", "10.0.0.6");
        bench.Release("LAB<00>", "10.0.0.5", group: true, source: "10.0.0.7").HasFlags(0xB400);
        bench.Query("LAB<00>").Answers("10.0.0.6");
    }

    [TestCase("10.0.0.6", null)]
    [TestCase("10.0.0.5", "10.0.0.6")]
    public void RuleS24_ASecuredServerAsksTheOwnerWhenAnotherNodeSaysThatItsNameHasGone(string address, string? source)
    {
        foreach (string answer in new[] { "holds", "denies", "silent" })
        {
            var bench = Secured;
            bench.Register("FRED<20>", "10.0.0.5").Accepted();
            var sent = bench.Release("FRED<20>", address, source: source);
            Assert.That(sent.Select(one => (one.Flags, one.To.Address.ToString())), Is.EqualTo(new[] { ((ushort)0xBC00, "10.0.0.6"), ((ushort)0, "10.0.0.5") }));
            ushort id = bench.LastId;
            var verdict = answer switch
            {
                "holds" => bench.Holds(sent.Challenge(), "10.0.0.5"),
                "denies" => bench.Denies(sent.Challenge()),
                _ => [.. bench.Pass(TimeSpan.FromSeconds(15)).Where(one => one.IsResponse)],
            };
            var only = verdict.HasFlags(answer == "holds" ? 0xB406 : 0xB400);
            Assert.That((only.Id, only.To.Address.ToString(), only.Addresses.Single()), Is.EqualTo((id, "10.0.0.6", address)));
            bench.Query("FRED<20>").Answers(answer == "holds" ? ["10.0.0.5"] : []);
            Assert.That(bench.Server.TransactionCount, Is.Zero);
        }
    }

    [Test]
    [Reaches("S24.release-refused")]
    public void RuleS24_TheReleaseWaitsAmongClaimsForTheSameVerdict()
    {
        foreach (bool claimIsFirst in new[] { false, true })
        {
            foreach (bool isHeld in new[] { false, true })
            {
                var bench = Secured;
                bench.Register("FRED<20>", "10.0.0.5").Accepted();
                var sent = claimIsFirst ? bench.Register("FRED<20>", "10.0.0.7") : bench.Release("FRED<20>", "10.0.0.6");
                var second = claimIsFirst ? bench.Release("FRED<20>", "10.0.0.6") : bench.Register("FRED<20>", "10.0.0.7");
                second.HasFlags(0xBC00);
                Assert.That(bench.Release("FRED<20>", "10.0.0.6"), Is.Empty, "a repeat");
                var verdicts = isHeld ? bench.Holds(sent.Challenge(), "10.0.0.5") : bench.Denies(sent.Challenge());
                ushort[] expected = isHeld ? [0xB406, 0xAD86] : [0xB400, 0xAD80];
                Assert.That(verdicts.Select(one => one.Flags), Is.EquivalentTo(expected));
                bench.Query("FRED<20>").Answers(isHeld ? "10.0.0.5" : "10.0.0.7");
            }
        }
    }

    [Test]
    public void RuleS24_TheOwnersOwnWordDecides()
    {
        var bench = Secured;
        bench.Register("FRED<20>", "10.0.0.5").Accepted();
        bench.Release("FRED<20>", "10.0.0.6").Challenge();
        Assert.That(bench.Refresh("FRED<20>", "10.0.0.5").Select(one => one.Flags), Is.EqualTo(new ushort[] { 0xB406, 0xAD80 }));
        bench.Release("FRED<20>", "10.0.0.6").Challenge();
        Assert.That(bench.Release("FRED<20>", "10.0.0.5").Select(one => one.Flags), Is.EqualTo(new ushort[] { 0xB400, 0xB400 }));
        Assert.That(bench.Server.Count, Is.Zero);
    }

    [Test]
    public void RuleS24_AClaimantThatGivesUpIsNoCorrection()
    {
        var bench = Secured;
        bench.Register("FRED<20>", "10.0.0.5").Accepted();
        bench.Register("FRED<20>", "10.0.0.6").Challenge();
        bench.Release("FRED<20>", "10.0.0.6").HasFlags(0xB406);
        Assert.That(bench.Server.TransactionCount, Is.Zero);
        bench.Query("FRED<20>").Answers("10.0.0.5");
    }

    [Test]
    public void RuleS24_NoMemberOfAGroupIsAskedAndNobodyBeyondTheShares()
    {
        var bench = Secured;
        bench.Register("LAB<00>", "10.0.0.5", group: true).Accepted();
        bench.Release("LAB<00>", "10.0.0.6", group: true).HasFlags(0xB406);
        bench = new ServerBench(NameServerDialect.Rfc1002Secured, options => options with { ClaimsPerSource = 1, ChallengesPerOwner = 2, ClaimsPerName = 1 });
        foreach (string name in new[] { "A<20>", "B<20>", "C<20>" })
            bench.Register(name, "10.0.0.5").Accepted();
        bench.Release("A<20>", "10.0.0.6").Challenge();
        Assert.That(bench.Release("A<20>", "10.0.0.6"), Is.Empty, "a repeat is not one more");
        bench.Release("B<20>", "10.0.0.6").HasFlags(0xB406);
        bench.Release("A<20>", "10.0.0.7").HasFlags(0xB406);
        bench.Release("B<20>", "10.0.0.7").Challenge();
        bench.Release("C<20>", "10.0.0.8").HasFlags(0xB406);
    }

    [Test]
    [Reaches("S25.check")]
    public void RuleS25_AnOwnerMayBeAskedAtAnyTimeAndLosesWhatItDoesNotDefend()
    {
        foreach (bool secured in new[] { false, true })
        {
            var bench = Bench(secured);
            bench.Register("FRED<20>", "10.0.0.5", ttl: 0).Accepted();
            bench.Register("LAB<00>", "10.0.0.5", group: true).Accepted();
            var name = NbnsSim.Names.NetBiosName.Parse("FRED<20>");
            Assert.That(bench.Server.CheckOwner(bench.Now, name), Is.True);
            var challenge = bench.Drain().Challenge();
            Assert.That(bench.Server.CheckOwner(bench.Now, name), Is.True);
            Assert.That(bench.Drain(), Is.Empty, "it is being asked");
            Assert.That(bench.Holds(challenge, "10.0.0.5"), Is.Empty);
            Assert.That(bench.Record("FRED<20>")!.Expires, Is.EqualTo(Instant.MaxValue), "its time is as it was granted");

            Assert.That(bench.Server.CheckOwner(bench.Now, name), Is.True);
            Assert.That(bench.Drain().Concat(bench.Pass(TimeSpan.FromSeconds(15))).Select(one => one.Flags), Is.EqualTo(new ushort[] { 0, 0, 0 }));
            bench.Query("FRED<20>").Answers();
            Assert.That(bench.Server.CheckOwner(bench.Now, name), Is.False);
            Assert.That(bench.Server.CheckOwner(bench.Now, NbnsSim.Names.NetBiosName.Parse("LAB<00>")), Is.False, "members are not challenged");
        }
    }

    [TestCase(NodeDemand.Conflict, 0xAD87)]
    [TestCase(NodeDemand.Release, 0x3000)]
    [Reaches("S25.revoke")]
    public void RuleS25_ANameMayBeTakenFromItsNodes(NodeDemand demand, int flags)
    {
        var bench = Secured;
        bench.Register("LAB<00>", "10.0.0.5", group: true).Accepted();
        bench.Register("LAB<00>", "10.0.0.6", group: true).Accepted();
        var name = NbnsSim.Names.NetBiosName.Parse("LAB<00>");
        Assert.That(() => bench.Server.Revoke(bench.Now, name, NodeDemand.None), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(bench.Server.Revoke(bench.Now, name, demand), Is.True);
        Assert.That(bench.Drain().Select(one => ((int)one.Flags, one.To.Address.ToString())), Is.EqualTo(new[] { (flags, "10.0.0.5"), (flags, "10.0.0.6") }));
        bench.Query("LAB<00>").Answers();
        Assert.That(bench.Server.Revoke(bench.Now, name, demand), Is.False);
        bench.Register("LAB<00>", "10.0.0.7").Accepted();
    }

    [Test]
    public void RuleS25_WhatTheAdministratorHasEnteredIsNeitherAskedForNorTaken()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        var name = NbnsSim.Names.NetBiosName.Parse("FIXED<20>");
        bench.Server.AddStatic(bench.Now, name, NameRecordType.Unique, ServerBench.Ip("10.0.0.5"));
        Assert.That(bench.Server.CheckOwner(bench.Now, name), Is.False);
        Assert.That(bench.Server.Revoke(bench.Now, name, NodeDemand.Release), Is.False);
        Assert.That(bench.Drain(), Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void RuleS26_AnOwnersOwnClaimIsGrantedOrByTheLetterChallenged(bool secured)
    {
        var bench = Bench(secured);
        bench.Register("FRED<20>", "10.0.0.5").Accepted();
        bench.Register("FRED<20>", "10.0.0.5").Accepted();

        bench = new ServerBench(bench.Server.Dialect with { ChallengesSameAddress = true });
        bench.Register("FRED<20>", "10.0.0.5").Accepted();
        bench.Refresh("FRED<20>", "10.0.0.5").Accepted();
        var sent = bench.Register("FRED<20>", "10.0.0.5");
        if (!secured)
        {
            Assert.That(sent.HasFlags(0xAD00).Addresses, Is.EqualTo(new[] { "10.0.0.5" }));
            return;
        }

        Assert.That(bench.Register("FRED<20>", "10.0.0.5"), Is.Empty, "a repeat is not the owner's answer");
        bench.Denies(sent.Challenge()).Accepted();
        bench.Holds(bench.Register("FRED<20>", "10.0.0.5").Challenge(), "10.0.0.5").Refused(NbnsRcode.ActiveError);
    }

    [TestCase(false, "10.0.0.6")]
    [TestCase(true, "10.0.0.5")]
    public void RuleS27_ARefusedReleaseCarriesTheReleasingNodesAddressOrTheOwners(bool owners, string expected)
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002Secured with { ForeignReleases = ForeignReleasePolicy.Refuse, ReleaseRefusalsCarryOwner = owners });
        bench.Register("FRED<20>", "10.0.0.5").Accepted();
        Assert.That(bench.Release("FRED<20>", "10.0.0.6").HasFlags(0xB406).Addresses, Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void RuleS23_NoAddressOfAGroupIsToldToWhoeverClaimsItsName()
    {
        foreach (var dialect in NameServerDialect.All)
        {
            foreach (string name in new[] { "LAB<20>", "LAB<1C>" })
            {
                var bench = new ServerBench(dialect with { ChecksSuffixes = false });
                bench.Register(name, "10.0.0.5", group: true).Accepted();
                bench.Register(name, "10.0.0.6", group: true).Accepted();
                var refusal = bench.Register(name, "10.0.0.7").Refused(NbnsRcode.ActiveError);
                Assert.That(refusal.Entries.Single().Flags.IsGroup, Is.True);
                Assert.That(refusal.Addresses, Is.EqualTo(new[] { "0.0.0.0" }).Or.EqualTo(new[] { "255.255.255.255" }), $"{dialect.Name} {name}");
            }
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    [Reaches("S17.nothing")]
    public void RuleS17_AReleaseOfWhatIsNotThereIsAnsweredPositive(bool secured) => Bench(secured).Release("FRED<20>", "10.0.0.5").HasFlags(0xB400);

    [Test]
    [Reaches("S7.update")]
    public void RuleS7_AnUpdateReplacesAGroupAtANonSecuredServer()
    {
        var bench = NonSecured;
        bench.Register("FRED<20>", "10.0.0.5", group: true).Accepted();
        bench.Register("FRED<20>", "10.0.0.6", group: true).Accepted();
        bench.Register("FRED<20>", "10.0.0.7", group: true, flags: NbnsFlagWords.Overwrite).Accepted();
        bench.Query("FRED<20>").Answers("10.0.0.5", "10.0.0.6", "10.0.0.7");
        bench.Register("FRED<20>", "10.0.0.8", flags: NbnsFlagWords.Overwrite).Accepted();
        bench.Query("FRED<20>").Answers("10.0.0.8");
        Assert.That(bench.Record("FRED<20>")!.IsGroup, Is.False);
    }

    [Test]
    public void RuleS13_ARefusalCarriesTheOwnersData()
    {
        var bench = Secured;
        bench.Register("FRED<20>", "10.0.0.5", nodeType: 0x2000).Accepted();
        var refused = bench.Holds(bench.Register("FRED<20>", "10.0.0.6", nodeType: 0x4000).Challenge(), "10.0.0.5").Refused(NbnsRcode.ActiveError);
        Assert.That(refused.Entries, Is.EqualTo(new[] { new NbEntry(new NbFlags(0x2000), ServerBench.Ip("10.0.0.5")) }));
        Assert.That(bench.Refresh("FRED<20>", "10.0.0.6").Refused(NbnsRcode.ActiveError).Addresses, Is.EqualTo(new[] { "10.0.0.5" }));
        bench.Register("LAB<00>", "10.0.0.7", group: true, nodeType: 0x2000).Accepted();
        Assert.That(bench.Register("LAB<00>", "10.0.0.6").Refused(NbnsRcode.ActiveError).Entries,
            Is.EqualTo(new[] { new NbEntry(new NbFlags(0xA000), default) }));

        bench = new ServerBench(NameServerDialect.Rfc1002Secured with { RefusalsCarryOwner = false });
        bench.Register("LAB<00>", "10.0.0.7", group: true).Accepted();
        Assert.That(bench.Register("LAB<00>", "10.0.0.6").Refused(NbnsRcode.ActiveError).Addresses, Is.EqualTo(new[] { "10.0.0.6" }));
    }

    [TestCase(1, 1, false)]
    [TestCase(30, 30, false)]
    [TestCase(86, 86, false)]
    [TestCase(87, 86, true)]
    [TestCase(1000, 86, true)]
    public void RuleS15_AGroupHasAnyNumberOfMembersAndTcTellsOfThoseThatDoNotFit(int members, int listed, bool isTruncated)
    {
        var bench = NonSecured;
        for (int i = 1; i <= members; i++)
            bench.Register("LAB<00>", $"10.0.{i >> 8}.{i & 255}", group: true).Accepted();
        var answer = bench.Query("LAB<00>").HasFlags(isTruncated ? 0x8780 : 0x8580);
        Assert.That(answer.Entries, Has.Length.EqualTo(listed));
        Assert.That(bench.Record("LAB<00>")!.Addresses, Has.Length.EqualTo(members));
    }

    [Test]
    public void RuleS15_ALargeGroupSurvivesOnDisk()
    {
        var bench = NonSecured;
        for (int i = 1; i <= 300; i++)
            bench.Register("LAB<00>", $"10.0.{i >> 8}.{i & 255}", group: true).Accepted();
        var octets = new byte[NameRecord.MaxEncodedLength];
        var journal = new NameServer(bench.Server.Options with { JournalsChanges = true });
        Assert.That(journal.Restore(bench.Now, bench.Record("LAB<00>")!), Is.True);
        Assert.That(journal.TryPollChange(out var change), Is.True);
        Assert.That(NameRecord.TryRead(octets.AsSpan(0, change.WriteRecord(octets)), out var record), Is.True);
        Assert.That(record, Is.EqualTo(bench.Record("LAB<00>")));
    }

    [Test]
    [Reaches("S21.class")]
    public void RuleS21_AQuestionOfAnotherClassIsNotAnswered()
    {
        Span<byte> buffer = stackalloc byte[576];
        foreach (var dialect in NameServerDialect.All)
        {
            var bench = new ServerBench(dialect);
            bench.Register("FRED<20>", "10.0.0.5").Accepted();
            var question = buffer[..NbnsEncoder.WriteQuery(buffer, 7, NbnsFlagWords.QueryRequest, NbnsSim.Names.NetBiosName.Parse("FRED<20>"))];
            question[^1] = 2;
            Assert.That(bench.Deliver(question, "10.0.0.9"), Is.Empty, dialect.Name);
        }
    }

    [TestCase(221, 0xAD80)]
    [TestCase(222, 0xAD81)]
    [TestCase(238, 0xAD81)]
    public void RuleS22_ANameOfMoreThan255OctetsIsMalformed(int scopeOctets, int flags)
    {
        Secured.Deliver(Scoped(scopeOctets), "10.0.0.5").HasFlags(flags);
        new ServerBench(NameServerDialect.Windows2000).Deliver(Scoped(scopeOctets), "10.0.0.5").HasFlags(0xAD80);
    }

    [Test]
    [Reaches("S22.too-long")]
    public void RuleS22_WinsHasNoRoomForAScopeOfMoreThan237Characters() =>
        new ServerBench(NameServerDialect.Windows2000).Deliver(Scoped(239), "10.0.0.5").HasFlags(0xAD82);

    /// <summary>A registration whose scope takes so many octets: labels of 50, and one of what is left.</summary>
    private static byte[] Scoped(int scopeOctets)
    {
        var buffer = new byte[576];
        var entry = new NbEntry(new NbFlags(0x6000), ServerBench.Ip("10.0.0.5"));
        int length = NbnsEncoder.WriteRequest(buffer, 7, NbnsFlagWords.RegistrationRequest, NbnsSim.Names.NetBiosName.Parse("FRED<20>"), 600, entry);
        var labels = new List<byte>();
        while (labels.Count < scopeOctets)
        {
            int label = Math.Min(50, scopeOctets - labels.Count - 1);
            label = scopeOctets - labels.Count - 1 - label == 1 ? label - 1 : label; // a last label has an octet at least
            labels.Add((byte)label);
            labels.AddRange(Enumerable.Repeat((byte)'A', label));
        }

        int root = NbnsHeader.Size + NbnsHeader.PlainNameLength - 1;
        return [.. buffer[..root], .. labels, .. buffer[root..length]];
    }
}
