using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>Two servers tell each other what they know, and settle what they disagree about.</summary>
public sealed class ReplicationTests
{
    private static ServerBench One(NameServerDialect? dialect = null) => new(dialect ?? NameServerDialect.Windows2000, address: "10.0.0.250");

    private static ServerBench Two(NameServerDialect? dialect = null) => new(dialect ?? NameServerDialect.Windows2000, address: "10.0.1.250");

    private static ReplicationResult Pull(ServerBench into, ServerBench from)
    {
        into.Now = from.Now = into.Now > from.Now ? into.Now : from.Now;
        return ServerBench.Pull(into.Now, into.Server, from.Server);
    }

    [Test]
    public void RuleW6_OnlyWhatIsNewerIsPulled()
    {
        var (one, two) = (One(), Two());
        two.Register("FRED<20>", "10.0.1.1").Accepted();
        two.Register("JANE<20>", "10.0.1.2").Accepted();
        Assert.That(Pull(one, two).Added, Is.EqualTo(2));
        Assert.That(one.Server.GetOwnerVersions(), Is.EqualTo(new[] { new OwnerVersion(ServerBench.Ip("10.0.0.250"), 0), new OwnerVersion(ServerBench.Ip("10.0.1.250"), 2) }));
        Assert.That(Pull(one, two), Is.EqualTo(new ReplicationResult()));
        one.Query("FRED<20>").Answers("10.0.1.1");

        two.Denies(two.Register("FRED<20>", "10.0.1.9").Challenge()).Accepted();
        Assert.That(Pull(one, two).Replaced, Is.EqualTo(1));
        one.Query("FRED<20>").Answers("10.0.1.9");
        Assert.That(Pull(two, one), Is.EqualTo(new ReplicationResult()), "a server's own records do not come back to it");
    }

    [Test]
    public void RuleW6_RecordsTravelByWayOfAThirdServer()
    {
        var (one, two) = (One(), Two());
        var three = new ServerBench(NameServerDialect.Windows2000, address: "10.0.2.250");
        three.Register("FRED<20>", "10.0.2.1").Accepted();
        Pull(two, three);
        Pull(one, two);
        Assert.That(one.Record("FRED<20>")!.Owner, Is.EqualTo(ServerBench.Ip("10.0.2.250")));
        Assert.That(Pull(one, three), Is.EqualTo(new ReplicationResult()), "known already");
    }

    [Test]
    public void RuleW6_ATombstoneIsReplicatedAndEndsTheName()
    {
        var (one, two) = (One(), Two());
        two.Register("FRED<20>", "10.0.1.1").Accepted();
        Pull(one, two);
        two.Pass(TimeSpan.FromDays(10));
        Assert.That(two.Record("FRED<20>")!.State, Is.EqualTo(NameRecordState.Tombstone));
        Pull(one, two);
        one.Query("FRED<20>").Answers();
        one.Pass(TimeSpan.FromDays(6));
        Assert.That(one.Server.Count, Is.Zero);
    }

    [Test]
    public void RuleW8_InNt35TheReplicaWinsAndTheOwnedAddressIsToldToReleaseTheName()
    {
        var (one, two) = (One(NameServerDialect.WinsNt35), Two(NameServerDialect.WinsNt35));
        one.Register("JSMITH<03>", "10.0.0.1").Accepted();
        two.Register("JSMITH<03>", "10.0.1.2").Accepted();
        ulong before = two.Record("JSMITH<03>")!.Version;
        Assert.That(Pull(one, two).VersionBumps, Is.EqualTo(new[] { new VersionBump(NetBiosName.Parse("JSMITH<03>"), ServerBench.Ip("10.0.1.250")) }));

        var demand = one.Drain().HasFlags(0x3000);
        Assert.That(demand.To, Is.EqualTo(Ipv4Endpoint.NameService(ServerBench.Ip("10.0.0.1"))));
        Assert.That(demand.Addresses, Is.EqualTo(new[] { "10.0.0.1" }));
        one.Query("JSMITH<03>").Answers("10.0.1.2");
        Assert.That(two.Record("JSMITH<03>")!.Version, Is.EqualTo(before + 1), "Q136571: the replica's version is bumped");
        Assert.That(Pull(one, two).Replaced, Is.EqualTo(1), "and so pulled once more");

        one.Releases(demand);
        Assert.That(one.Pass(TimeSpan.FromSeconds(5)), Is.Empty);
        Assert.That(one.Log().Select(entry => entry.Id),
            Is.EqualTo(new[] { WinsEventId.ReplicaTaken, WinsEventId.ReleaseDemandSent, WinsEventId.VersionBumpRequested, WinsEventId.ReleaseDemandAnswered }));
        Assert.That(two.Log().Select(entry => (int)entry.Id), Is.EqualTo(new[] { 4130 }));
    }

    [Test]
    [Reaches("W9.release-demand", "W9.unanswered")]
    public void RuleW9_AReleaseDemandIsSentThreeTimesHalfASecondApart()
    {
        var (one, two) = (One(NameServerDialect.WinsNt35), Two(NameServerDialect.WinsNt35));
        one.Register("JSMITH<03>", "10.0.0.1").Accepted();
        two.Register("JSMITH<03>", "10.0.1.2").Accepted();
        Pull(one, two);
        ushort id = one.Drain().HasFlags(0x3000).Id;
        for (int tries = 1; tries < 3; tries++)
        {
            Assert.That(one.Pass(TimeSpan.FromMilliseconds(499)), Is.Empty);
            Assert.That(one.Pass(TimeSpan.FromMilliseconds(1)).HasFlags(0x3000).Id, Is.EqualTo(id));
        }

        Assert.That(one.Pass(TimeSpan.FromMinutes(1)), Is.Empty);
        Assert.That(one.Log()[^1].Id, Is.EqualTo(WinsEventId.ReleaseDemandUnanswered));
        Assert.That(one.Server.TransactionCount, Is.Zero);
    }

    [Test]
    public void RuleW8_InWindows2000TheOwnerIsChallengedAndAPositiveAnswerRejectsTheReplica()
    {
        var (one, two) = (One(), Two());
        one.Register("JSMITH<03>", "10.0.0.1").Accepted();
        two.Register("JSMITH<03>", "10.0.1.2").Accepted();
        Assert.That(Pull(one, two).Challenged, Is.EqualTo(1));
        var challenge = one.Drain().Challenge();
        Assert.That(challenge.To.Address, Is.EqualTo(ServerBench.Ip("10.0.0.1")));
        one.Query("JSMITH<03>").Answers("10.0.0.1");

        Assert.That(one.Holds(challenge, "10.0.0.1"), Is.Empty);
        one.Query("JSMITH<03>").Answers("10.0.0.1");
        Assert.That(one.Log().Select(entry => entry.Id), Is.EqualTo(new[] { WinsEventId.ReplicaRejected }));
        Pull(two, one);
        two.Drain().Challenge(); // the partner asks its own owner in turn: where both are alive, both servers keep what they have
    }

    [TestCase(true)]
    [TestCase(false)]
    public void RuleW8_InWindows2000SilenceOrDenialGivesTheNameToTheReplica(bool silence)
    {
        var (one, two) = (One(), Two());
        one.Register("JSMITH<03>", "10.0.0.1").Accepted();
        two.Register("JSMITH<03>", "10.0.1.2").Accepted();
        Pull(one, two);
        var challenge = one.Drain().Challenge();
        var sent = silence ? one.Pass(TimeSpan.FromSeconds(3.5)) : one.Denies(challenge);
        Assert.That(sent.Where(packet => packet.Opcode == NbnsOpcode.Release).Select(packet => packet.To.Address.ToString()), Is.EqualTo(silence ? ["10.0.0.1"] : Array.Empty<string>()));
        one.Query("JSMITH<03>").Answers("10.0.1.2");
        Assert.That(one.Record("JSMITH<03>")!.Owner, Is.EqualTo(ServerBench.Ip("10.0.1.250")));
    }

    [TestCase(NodeDemand.Release, 0x3000)]
    [TestCase(NodeDemand.Conflict, 0xAD87)]
    public void RuleW8_InWindows2000TheNodeInTheRejectedReplicaMayBeSentAMessage(NodeDemand demand, int flags)
    {
        var (one, two) = (One(NameServerDialect.Windows2000 with { RejectedReplicaDemand = demand }), Two());
        one.Register("JSMITH<03>", "10.0.0.1").Accepted();
        two.Register("JSMITH<03>", "10.0.1.2").Accepted();
        Pull(one, two);
        var sent = one.Holds(one.Drain().Challenge(), "10.0.0.1").HasFlags(flags);
        Assert.That(sent.To.Address, Is.EqualTo(ServerBench.Ip("10.0.1.2")));
    }

    [Test]
    public void RuleW8_AHostThatHoldsBothAddressesBecomesMultihomed()
    {
        var (one, two) = (One(), Two());
        one.Register("JSMITH<03>", "10.0.0.1").Accepted();
        two.Register("JSMITH<03>", "10.0.1.1").Accepted();
        Pull(one, two);
        one.Holds(one.Drain().Challenge(), "10.0.0.1", "10.0.1.1");
        one.Query("JSMITH<03>").Answers("10.0.0.1", "10.0.1.1");
        Assert.That(one.Record("JSMITH<03>")!.Owner, Is.EqualTo(ServerBench.Ip("10.0.0.250")));
    }

    [Test]
    public void RuleW8_AGroupReplicaReplacesAnOwnedUniqueNameWhoseOwnerIsTold()
    {
        var (one, two) = (One(), Two());
        one.Register("LAB<00>", "10.0.0.1").Accepted();
        two.Register("LAB<00>", "10.0.1.1", group: true).Accepted();
        Pull(one, two);
        Assert.That(one.Drain().HasFlags(0x3000).To.Address, Is.EqualTo(ServerBench.Ip("10.0.0.1")));
        Assert.That(one.Record("LAB<00>")!.Type, Is.EqualTo(NameRecordType.NormalGroup));

        Assert.That(Pull(two, one), Is.EqualTo(new ReplicationResult()));
    }

    [Test]
    public void RuleW8_AUniqueReplicaNeverReplacesAGroup()
    {
        var (one, two) = (One(), Two());
        one.Register("LAB<00>", "10.0.0.1", group: true).Accepted();
        two.Register("LAB<00>", "10.0.1.1").Accepted();
        Assert.That(Pull(one, two).Rejected, Is.EqualTo(1));
        Assert.That(one.Drain(), Is.Empty);
        one.Query("LAB<00>").Answers("255.255.255.255");
    }

    [Test]
    public void RuleW8_AStaticNameIsKept()
    {
        var (one, two) = (One(), Two());
        one.Server.AddStatic(one.Now, NetBiosName.Parse("FRED<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.0.1"));
        two.Register("FRED<20>", "10.0.1.1").Accepted();
        Assert.That(Pull(one, two).Rejected, Is.EqualTo(1));
        one.Query("FRED<20>").Answers("10.0.0.1");
    }

    [Test]
    public void RuleW8_TheSameAddressIsNoConflict()
    {
        var (one, two) = (One(), Two());
        one.Register("FRED<20>", "10.0.0.1").Accepted();
        two.Register("FRED<20>", "10.0.0.1").Accepted();
        Assert.That(Pull(one, two).Replaced, Is.EqualTo(1));
        Assert.That(one.Drain(), Is.Empty);
        Assert.That(one.Record("FRED<20>")!.Owner, Is.EqualTo(ServerBench.Ip("10.0.1.250")));
    }

    [Test]
    public void RuleW8_ATombstoneDoesNotEndAnActiveNameOfAnotherOwner()
    {
        var (one, two) = (One(), Two());
        one.Register("FRED<20>", "10.0.0.1").Accepted();
        two.Register("FRED<20>", "10.0.1.1").Accepted();
        two.Server.Remove(two.Now, NetBiosName.Parse("FRED<20>"));
        Assert.That(Pull(one, two).Rejected, Is.EqualTo(1));
        one.Query("FRED<20>").Answers("10.0.0.1");
    }

    [Test]
    public void RuleW8_InternetGroupsAreMergedUntilBothAgree()
    {
        var (one, two) = (One(), Two());
        one.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        two.Register("LAB<1C>", "10.0.1.1", group: true).Accepted();
        two.Register("LAB<1C>", "10.0.1.2", group: true).Accepted();
        for (int round = 0; round < 4; round++)
        {
            Pull(one, two);
            Pull(two, one);
        }

        Assert.That(Pull(one, two), Is.EqualTo(new ReplicationResult()), "nothing is left to tell");
        Assert.That(Pull(two, one), Is.EqualTo(new ReplicationResult()));
        Assert.That(one.Query("LAB<1C>").Only().Addresses, Is.EquivalentTo(new[] { "10.0.0.1", "10.0.1.1", "10.0.1.2" }));
        Assert.That(two.Query("LAB<1C>").Only().Addresses, Is.EquivalentTo(new[] { "10.0.0.1", "10.0.1.1", "10.0.1.2" }));

        two.Release("LAB<1C>", "10.0.1.1", group: true);
        Pull(one, two);
        Assert.That(one.Query("LAB<1C>").Only().Addresses, Is.EquivalentTo(new[] { "10.0.0.1", "10.0.1.2" }));
    }

    [Test]
    [Reaches("W5.verify-due", "W5.verified")]
    public void RuleW5_AReplicaIsCheckedWithItsOwnerAfterTheVerifyInterval()
    {
        var (one, two) = (One(), Two());
        two.Server.AddStatic(two.Now, NetBiosName.Parse("FIXED<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.1.1"));
        two.Register("GOES<20>", "10.0.1.2").Accepted();
        two.Register("LIVES<20>", "10.0.1.3").Accepted();
        Pull(one, two);

        // The owner loses its database, and only one of the two names comes back.
        two.Server = new NameServer(two.Server.Options);
        two.Register("LIVES<20>", "10.0.1.3").Accepted();
        one.Pass(TimeSpan.FromHours(576));
        two.Now = one.Now;
        two.Refresh("LIVES<20>", "10.0.1.3").Accepted();
        Assert.That(Pull(one, two).Verified, Is.EqualTo(3), "static ones too");
        Assert.That(one.Server.GetRecords().Select(record => record.Name.ToString()), Is.EqualTo(new[] { "LIVES<20>" }));
        one.Pass(TimeSpan.FromHours(575));
        Assert.That(Pull(one, two).Verified, Is.Zero);
    }

    [Test]
    public void AReplicaReleasedHereBecomesATombstoneThatItsOwnerLearnsOf()
    {
        var (one, two) = (One(), Two());
        two.Register("FRED<20>", "10.0.1.1").Accepted();
        Pull(one, two);
        one.Release("FRED<20>", "10.0.1.1").HasFlags(0xB400);
        var record = one.Record("FRED<20>")!;
        Assert.That((record.State, record.Owner), Is.EqualTo((NameRecordState.Tombstone, ServerBench.Ip("10.0.0.250"))));
    }

    [Test]
    public void AClaimUnderWayIsRefusedWhenTheReplicaOvertakesIt()
    {
        var (one, two) = (One(NameServerDialect.WinsNt35), Two(NameServerDialect.WinsNt35));
        one.Register("FRED<20>", "10.0.0.1").Accepted();
        one.Register("FRED<20>", "10.0.0.2").Challenge();
        two.Register("FRED<20>", "10.0.1.1").Accepted();
        Pull(one, two);
        Assert.That(one.Drain().Select(sent => (int)sent.Flags), Is.EqualTo(new[] { 0xAD86, 0x3000 }));
    }

    [TestCase("nt3.5", "10.0.2.250", 3UL)]
    [TestCase("nt4", "10.0.0.250", 1UL)]
    [TestCase("w2k", "10.0.0.250", 1UL)]
    public void RuleW6_TwoPartnersDomainGroups_AreThisServersWhenPutTogether_FromNt4Sp4On(string dialect, string owner, ulong version)
    {
        Assert.That(NameServerDialect.TryFind(dialect, out var found), Is.True);
        var (one, two, three) = (One(found), Two(found), new ServerBench(found!, address: "10.0.2.250"));
        three.Server.RestoreVersion(2);
        three.Register("LAB<1C>", "10.0.2.1", group: true).Accepted();
        two.Register("LAB<1C>", "10.0.1.1", group: true).Accepted();
        Pull(one, three);
        Pull(one, two);
        var record = one.Record("LAB<1C>")!;
        Assert.That((record.Owner, record.Version), Is.EqualTo((ServerBench.Ip(owner), version)), "Q140978, Q168076");
        Assert.That(one.Query("LAB<1C>").Only().Addresses, Is.EquivalentTo(new[] { "10.0.1.1", "10.0.2.1" }));

        // What Q168076 calls a stalemate: a fourth server that knows the group's owner up to this version is told nothing of the new member.
        var four = new ServerBench(found!, address: "10.0.3.250");
        Pull(four, three);
        Pull(four, one);
        Assert.That(four.Query("LAB<1C>").Only().Addresses, Has.Length.EqualTo(dialect == "nt3.5" ? 1 : 2));
        one.Pass(TimeSpan.FromHours(576));
        Assert.That(one.Query("LAB<1C>").Only().Addresses, Is.EquivalentTo(new[] { "10.0.1.1", "10.0.2.1" }), "others' members are not aged here");
    }

    [TestCase("nt4", true)]
    [TestCase("w2k", false)]
    public void RuleW8_AStaticDomainGroup_ClearsADynamicOne_InNt4Sp4(string dialect, bool clears)
    {
        Assert.That(NameServerDialect.TryFind(dialect, out var found), Is.True);
        var (one, two) = (One(found), Two(found));
        one.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        two.Server.AddStatic(two.Now, NetBiosName.Parse("LAB<1C>"), NameRecordType.InternetGroup, ServerBench.Ip("10.0.1.1"));
        Pull(one, two);
        Assert.That(one.Query("LAB<1C>").Only().Addresses, Is.EquivalentTo(clears ? ["10.0.1.1"] : new[] { "10.0.1.1", "10.0.0.1" }), "Q199159; MS-WINSRA chart C4");
    }

    [Test]
    [Reaches("W12.renewed")]
    public void RuleW12_AMultihomedTombstone_TakesTheMembersThatItNamesWithIt()
    {
        var one = One();
        one.RegisterMultihomed("MULTI<20>", "10.0.0.1").Accepted();
        one.Holds(one.RegisterMultihomed("MULTI<20>", "10.0.0.2").Challenge(), "10.0.0.1", "10.0.0.2").Accepted();
        ulong version = one.Record("MULTI<20>")!.Version;
        Receive(one, NameRecordType.Multihomed, NameRecordState.Tombstone, "MULTI<20>", 9, "10.0.0.2", "10.9.9.9");
        one.Query("MULTI<20>").Answers("10.0.0.1");
        Assert.That(one.Record("MULTI<20>")!.Version, Is.EqualTo(version + 1));

        Receive(one, NameRecordType.Multihomed, NameRecordState.Tombstone, "MULTI<20>", 10, "10.0.0.1");
        one.Query("MULTI<20>").Answers("10.0.0.1");
        Assert.That(one.Record("MULTI<20>")!.Version, Is.EqualTo(version + 2), "a record is not left without an address");
    }

    [TestCase("10.0.0.1", false, true, new[] { "10.0.2.1" }, new[] { "10.0.0.1", "10.0.2.1" })]
    [TestCase("10.0.0.1", true, true, new[] { "10.0.2.1" }, new[] { "10.0.0.1" })]
    [TestCase("10.0.0.1 10.0.2.1", true, true, new string[0], new[] { "10.0.0.1", "10.0.2.1" })]
    [TestCase("10.0.0.1 10.0.2.1", false, false, new[] { "10.0.2.1" }, new[] { "10.0.0.1", "10.0.2.1" })]
    public void RuleW22_AHeldNameAgainstAMultihomedReplica_TellsTheMembersOfOthersToReleaseIt(string answer, bool toldLeave, bool merges, string[] told, string[] left)
    {
        var one = One(NameServerDialect.Windows2000 with { ToldMembersLeave = toldLeave, MergesOwnersAddresses = merges });
        one.RegisterMultihomed("MULTI<20>", "10.0.0.1").Accepted();
        var own = one.Record("MULTI<20>")!.Addresses[0];
        one.Server.Restore(one.Now, one.Record("MULTI<20>")! with { Addresses = [own, own with { Address = ServerBench.Ip("10.0.2.1"), Owner = ServerBench.Ip("10.0.2.250") }] });
        Receive(one, NameRecordType.Multihomed, NameRecordState.Active, "MULTI<20>", 9, "10.0.1.1", "10.0.1.2");
        var challenge = one.Drain().Challenge();
        Assert.That(one.Holds(challenge, answer.Split(' ')).Select(sent => sent.To.Address.ToString()), Is.EqualTo(told));
        Assert.That(one.Record("MULTI<20>")!.Addresses.Select(member => member.Address.ToString()), Is.EqualTo(left));
        Assert.That(one.Record("MULTI<20>")!.Version, Is.EqualTo(2));
    }

    [TestCase(NameRecordType.Unique, false, 1)]
    [TestCase(NameRecordType.Unique, true, 1)]
    [TestCase(NameRecordType.Multihomed, false, 2)]
    [TestCase(NameRecordType.Multihomed, true, 2)]
    public void RuleW22_WhatAChartTakesOffBeforeItChallenges_ComesBackWhereTheNameIsHeld_OrStaysOff(NameRecordType type, bool takes, int version)
    {
        var one = One(NameServerDialect.Windows2000 with { ChallengesTakeMembers = takes });
        one.RegisterMultihomed("MULTI<20>", "10.0.0.1").Accepted();
        var own = one.Record("MULTI<20>")!.Addresses[0];
        one.Server.Restore(one.Now, one.Record("MULTI<20>")! with { Addresses = [own, own with { Address = ServerBench.Ip("10.0.0.2") }] });
        Receive(one, type, NameRecordState.Active, "MULTI<20>", 9, type == NameRecordType.Unique ? ["10.0.0.2"] : ["10.0.0.2", "10.0.1.1"]);
        Assert.That(one.Holds(one.Drain().Challenge(), "10.0.0.1"), Is.Empty);
        Assert.That(one.Record("MULTI<20>")!.Addresses.Select(member => member.Address.ToString()), Is.EqualTo(takes ? new[] { "10.0.0.1" } : ["10.0.0.1", "10.0.0.2"]));
        Assert.That(one.Record("MULTI<20>")!.Version, Is.EqualTo(version), "chart C3 ignores the new record, C5 updates the version");
    }

    [TestCase(false, "MULTI<20> multi-homed active 10.0.0.1 owner 10.0.0.250 version 2")]
    [TestCase(true, "MULTI<20> multi-homed tombstone 10.0.0.1 owner 10.0.1.250 version 9")]
    public void RuleW22_ATombstoneOfAllAddresses_LeavesAMultihomedRecordAsItIs_OrEndsIt(bool ends, string expected)
    {
        var one = One(NameServerDialect.Windows2000 with { TombstonesEndMultihomed = ends });
        one.RegisterMultihomed("MULTI<20>", "10.0.0.1").Accepted();
        Receive(one, NameRecordType.Multihomed, NameRecordState.Tombstone, "MULTI<20>", 9, "10.0.0.1");
        Assert.That(one.Record("MULTI<20>")!.ToString(), Is.EqualTo(expected));
    }

    [TestCase(false, new string[0])]
    [TestCase(true, new[] { "10.0.0.1" })]
    public void RuleW22_WhoDeniesAName_IsToldToReleaseItOnlyByTheChartsLetter(bool tells, string[] told)
    {
        var one = One(NameServerDialect.Windows2000 with { TellsDeniers = tells });
        one.Register("FRED<20>", "10.0.0.1").Accepted();
        Receive(one, NameRecordType.Unique, NameRecordState.Active, "FRED<20>", 9, "10.0.1.1");
        var sent = one.Denies(one.Drain().Challenge());
        Assert.That(sent.Select(packet => (packet.Flags, packet.To.Address.ToString())), Is.EqualTo(told.Select(address => ((ushort)0x3000, address))));
        one.Query("FRED<20>").Answers("10.0.1.1");
    }

    [TestCase(true, "10.0.0.1", "10.0.1.2")]
    [TestCase(false, "10.0.0.1", "10.0.1.1", "10.0.1.2")]
    public void RuleW22_AUnion_DropsWhatThePartnerHasNotAnyMore_OrKeepsEveryAddress(bool drops, params string[] expected)
    {
        var one = One(NameServerDialect.Windows2000 with { UnionDropsLeavers = drops });
        one.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        Receive(one, NameRecordType.InternetGroup, NameRecordState.Active, "LAB<1C>", 8, "10.0.1.1");
        Receive(one, NameRecordType.InternetGroup, NameRecordState.Active, "LAB<1C>", 9, "10.0.1.2");
        Assert.That(one.Query("LAB<1C>").Only().Addresses, Is.EquivalentTo(expected));
        Assert.That(one.Record("LAB<1C>")!.Version, Is.EqualTo(3));
    }

    [TestCase(false, NameRecordType.Unique, NameRecordState.Active, "LAB<00> group active 255.255.255.255 owner 10.0.1.250 version 9", true)]
    [TestCase(true, NameRecordType.Unique, NameRecordState.Active, "LAB<00> unique active 10.0.0.1 owner 10.0.0.250 version 1", false)]
    [TestCase(false, NameRecordType.NormalGroup, NameRecordState.Active, "LAB<00> group active 255.255.255.255 owner 10.0.1.250 version 9", false)]
    [TestCase(true, NameRecordType.NormalGroup, NameRecordState.Active, "LAB<00> group active 255.255.255.255 owner 10.0.0.250 version 1", false)]
    [TestCase(false, NameRecordType.NormalGroup, NameRecordState.Tombstone, "LAB<00> group active 255.255.255.255 owner 10.0.0.250 version 1", false)]
    [TestCase(true, NameRecordType.NormalGroup, NameRecordState.Tombstone, "LAB<00> group tombstone 255.255.255.255 owner 10.0.1.250 version 9", true)]
    public void RuleW22_Figure6_WithItsAnswersSwapped_OrAsPrinted(bool asPrinted, NameRecordType own, NameRecordState state, string expected, bool tells)
    {
        var one = One(NameServerDialect.Windows2000 with { NormalGroupsAsPrinted = asPrinted });
        one.Register("LAB<00>", "10.0.0.1", group: own == NameRecordType.NormalGroup).Accepted();
        Receive(one, NameRecordType.NormalGroup, state, "LAB<00>", 9, "255.255.255.255");
        Assert.That(one.Record("LAB<00>")!.ToString(), Is.EqualTo(expected));
        Assert.That(one.Drain().Count(packet => packet.Opcode == NbnsOpcode.Release), Is.EqualTo(tells ? 1 : 0));
    }

    [Test]
    public void AReplicaWithoutAnAddress_IsNoName()
    {
        var one = One();
        Assert.That(Receive(one, NameRecordType.Multihomed, NameRecordState.Active, "FRED<20>", 9).Rejected, Is.EqualTo(1));
        one.Query("FRED<20>").Answers();
        Assert.That(one.Server.Count, Is.Zero);
    }

    [Test]
    public void AReleasedReplica_IsStoredAsItIs_AndGoesWhenItIsVerified()
    {
        var (one, two) = (One(), Two());
        Receive(one, NameRecordType.Unique, NameRecordState.Released, "FRED<20>", 9, "10.0.1.1");
        one.Query("FRED<20>").Answers();
        one.Pass(TimeSpan.FromDays(100));
        Assert.That(one.Record("FRED<20>")!.ToString(), Is.EqualTo("FRED<20> unique released 10.0.1.1 owner 10.0.1.250 version 9"), "its state and version are its owner's (MS-WINSRA §3.1.6)");
        Pull(one, two);
        Assert.That(one.Server.Count, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    [Reaches("S20.replica")]
    public void WhatThereIsNoRoomFor_IsToldAgain(bool names)
    {
        var one = new ServerBench(NameServerDialect.Windows2000, options => options with { MaxNames = names ? 2 : 10, MaxTransactions = 1 });
        var two = Two();
        one.Register("A<20>", "10.0.0.1").Accepted();
        one.Register("B<20>", "10.0.0.2").Accepted();
        foreach (string name in names ? new[] { "C<20>" } : ["A<20>", "B<20>"])
            two.Register(name, "10.0.1.1").Accepted();
        Pull(one, two);
        if (names)
            one.Pass(TimeSpan.FromDays(20));
        else
            one.Pass(TimeSpan.FromMinutes(1));
        two.Now = one.Now;
        two.Server.RestoreVersion(2);
        foreach (string name in names ? new[] { "C<20>" } : ["A<20>", "B<20>"])
            two.Refresh(name, "10.0.1.1").Accepted();
        Pull(one, two);
        one.Pass(TimeSpan.FromMinutes(1));
        one.Query(names ? "C<20>" : "B<20>").Answers("10.0.1.1");
    }

    private static ReplicationResult Receive(ServerBench bench, NameRecordType type, NameRecordState state, string name, ulong version, params string[] addresses) =>
        bench.Server.Replicas.Receive(bench.Now, [ReplicationTrial.Record(NetBiosName.Parse(name), type, state, isStatic: false, ServerBench.Ip("10.0.1.250"), version, addresses)]);
}
