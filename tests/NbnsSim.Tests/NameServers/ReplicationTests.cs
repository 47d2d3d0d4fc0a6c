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
        return into.Server.PullFrom(into.Now, from.Server);
    }

    [Test]
    public void Rule4_3_6_OnlyWhatIsNewerIsPulled()
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
    public void Rule4_3_6_RecordsTravelByWayOfAThirdServer()
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
    public void Rule4_3_6_ATombstoneIsReplicatedAndEndsTheName()
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
    public void Rule4_3_8_InNt35TheReplicaWinsAndTheOwnedAddressIsToldToReleaseTheName()
    {
        var (one, two) = (One(NameServerDialect.WinsNt35), Two(NameServerDialect.WinsNt35));
        one.Register("JSMITH<03>", "10.0.0.1").Accepted();
        two.Register("JSMITH<03>", "10.0.1.2").Accepted();
        ulong before = two.Record("JSMITH<03>")!.Version;
        Assert.That(Pull(one, two).VersionBumps, Is.EqualTo(new[] { NetBiosName.Parse("JSMITH<03>") }));

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
    public void Rule4_3_9_AReleaseDemandIsSentThreeTimesHalfASecondApart()
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
    public void Rule4_3_8_InWindows2000TheOwnerIsChallengedAndAPositiveAnswerRejectsTheReplica()
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
    public void Rule4_3_8_InWindows2000SilenceOrDenialGivesTheNameToTheReplica(bool silence)
    {
        var (one, two) = (One(), Two());
        one.Register("JSMITH<03>", "10.0.0.1").Accepted();
        two.Register("JSMITH<03>", "10.0.1.2").Accepted();
        Pull(one, two);
        var challenge = one.Drain().Challenge();
        Assert.That(silence ? one.Pass(TimeSpan.FromSeconds(4)).Count(sent => sent.Opcode == NbnsOpcode.Release) : one.Denies(challenge).Count, Is.Zero);
        one.Query("JSMITH<03>").Answers("10.0.1.2");
        Assert.That(one.Record("JSMITH<03>")!.Owner, Is.EqualTo(ServerBench.Ip("10.0.1.250")));
    }

    [TestCase(NodeDemand.Release, 0x3000)]
    [TestCase(NodeDemand.Conflict, 0xAD87)]
    public void Rule4_3_8_InWindows2000TheNodeInTheRejectedReplicaMayBeSentAMessage(NodeDemand demand, int flags)
    {
        var (one, two) = (One(NameServerDialect.Windows2000 with { RejectedReplicaDemand = demand }), Two());
        one.Register("JSMITH<03>", "10.0.0.1").Accepted();
        two.Register("JSMITH<03>", "10.0.1.2").Accepted();
        Pull(one, two);
        var sent = one.Holds(one.Drain().Challenge(), "10.0.0.1").HasFlags(flags);
        Assert.That(sent.To.Address, Is.EqualTo(ServerBench.Ip("10.0.1.2")));
    }

    [Test]
    public void Rule4_3_8_AHostThatHoldsBothAddressesBecomesMultihomed()
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
    public void Rule4_3_8_AGroupReplicaReplacesAnOwnedUniqueNameWhoseOwnerIsTold()
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
    public void Rule4_3_8_AUniqueReplicaNeverReplacesAGroup()
    {
        var (one, two) = (One(), Two());
        one.Register("LAB<00>", "10.0.0.1", group: true).Accepted();
        two.Register("LAB<00>", "10.0.1.1").Accepted();
        Assert.That(Pull(one, two).Rejected, Is.EqualTo(1));
        Assert.That(one.Drain(), Is.Empty);
        one.Query("LAB<00>").Answers("255.255.255.255");
    }

    [Test]
    public void Rule4_3_8_AStaticNameIsKept()
    {
        var (one, two) = (One(), Two());
        one.Server.AddStatic(one.Now, NetBiosName.Parse("FRED<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.0.1"));
        two.Register("FRED<20>", "10.0.1.1").Accepted();
        Assert.That(Pull(one, two).Rejected, Is.EqualTo(1));
        one.Query("FRED<20>").Answers("10.0.0.1");
    }

    [Test]
    public void Rule4_3_8_TheSameAddressIsNoConflict()
    {
        var (one, two) = (One(), Two());
        one.Register("FRED<20>", "10.0.0.1").Accepted();
        two.Register("FRED<20>", "10.0.0.1").Accepted();
        Assert.That(Pull(one, two).Replaced, Is.EqualTo(1));
        Assert.That(one.Drain(), Is.Empty);
        Assert.That(one.Record("FRED<20>")!.Owner, Is.EqualTo(ServerBench.Ip("10.0.1.250")));
    }

    [Test]
    public void Rule4_3_8_ATombstoneDoesNotEndAnActiveNameOfAnotherOwner()
    {
        var (one, two) = (One(), Two());
        one.Register("FRED<20>", "10.0.0.1").Accepted();
        two.Register("FRED<20>", "10.0.1.1").Accepted();
        two.Server.Remove(two.Now, NetBiosName.Parse("FRED<20>"));
        Assert.That(Pull(one, two).Rejected, Is.EqualTo(1));
        one.Query("FRED<20>").Answers("10.0.0.1");
    }

    [Test]
    public void Rule4_3_8_InternetGroupsAreMergedUntilBothAgree()
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
    public void Rule4_3_5_AReplicaIsCheckedWithItsOwnerAfterTheVerifyInterval()
    {
        var (one, two) = (One(), Two());
        two.Server.AddStatic(two.Now, NetBiosName.Parse("STAYS<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.1.1"));
        two.Register("GOES<20>", "10.0.1.2").Accepted();
        two.Register("LIVES<20>", "10.0.1.3").Accepted();
        Pull(one, two);

        // The owner loses its database, and only one of the two names comes back.
        two.Server = new NameServer(two.Server.Options);
        two.Register("LIVES<20>", "10.0.1.3").Accepted();
        one.Pass(TimeSpan.FromHours(576));
        two.Now = one.Now;
        two.Refresh("LIVES<20>", "10.0.1.3").Accepted();
        Assert.That(Pull(one, two).Verified, Is.EqualTo(2), "static replicas do not age");
        Assert.That(one.Server.GetRecords().Select(record => record.Name.ToString()), Is.EqualTo(new[] { "LIVES<20>", "STAYS<20>" }));
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
}
