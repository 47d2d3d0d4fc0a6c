using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Scenarios;
using NbnsSim.Tests.House;

namespace NbnsSim.Tests.NameServers;

/// <summary>MS-WINSRA §3, sentence by sentence: records, versions, time, exchange. The conflict charts are in <see cref="WinsReplicationTableTests"/>.</summary>
public sealed class WinsraClauseTests
{
    private const string Name = "FRED<20>";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static NameServerDialect W2k => NameServerDialect.Windows2000;

    private static ServerBench One(Func<NameServerOptions, NameServerOptions>? change = null) => new(W2k, change);

    private static ServerBench Two() => new(W2k, address: "10.0.1.250");

    private static ReplicationResult Pull(ServerBench into, ServerBench from)
    {
        into.Now = from.Now = into.Now > from.Now ? into.Now : from.Now;
        return ServerBench.Pull(into.Now, into.Server, from.Server);
    }

    private static ulong VersionOf(ServerBench bench, string name = Name) => bench.Record(name)!.Version;

    private static NameRecord Replica(string name, ulong version, NameRecordType type = NameRecordType.Unique, NameRecordState state = NameRecordState.Active, params string[] addresses) =>
        ReplicationTrial.Record(NetBiosName.Parse(name), type, state, isStatic: false, ServerBench.Ip("10.0.1.250"), version, addresses);

    private static ReplicationResult Receive(ServerBench bench, params ReadOnlySpan<NameRecord> records) =>
        bench.Server.Replicas.Receive(bench.Now, [.. records]);

    [Test]
    [Clause("MS-WINSRA §3.1.1/1")]
    [Clause("MS-WINSRA §3.1.1.1/1")]
    [Clause("MS-WINSRA §3.3.5.2/1")]
    public void Records_AreThoseRegisteredHereAndThoseOfPartners()
    {
        var (one, two) = (One(), Two());
        one.Register("HERE<20>", "10.0.0.1").Accepted();
        two.Register("THERE<20>", "10.0.1.1").Accepted();
        two.Server.AddStatic(two.Now, NetBiosName.Parse("FIXED<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.1.2"));
        Pull(one, two);
        Assert.That(one.Server.GetRecords().Select(record => record.ToString()), Is.EqualTo(new[]
        {
            "FIXED<20> unique active static 10.0.1.2 owner 10.0.1.250 version 2",
            "HERE<20> unique active 10.0.0.1 owner 10.0.0.250 version 1",
            "THERE<20> unique active 10.0.1.1 owner 10.0.1.250 version 1",
        }));
    }

    [Test]
    [Clause("MS-WINSRA §3.1.1/3")]
    [Clause("MS-WINSRA §3.1.1.2/9")]
    [Clause("MS-WINSRA §3.1.1.2/11")]
    public void Version_HasSixtyFourBits_AndGoesOnFromWhatWasKept()
    {
        var one = One();
        one.Server.RestoreVersion(0xFFFF_FFFF);
        one.Register(Name, "10.0.0.1").Accepted();
        Assert.That(VersionOf(one), Is.EqualTo(0x1_0000_0000UL));
        one.Server.RestoreVersion(7);
        one.Register("JANE<20>", "10.0.0.2").Accepted();
        Assert.That(VersionOf(one, "JANE<20>"), Is.EqualTo(0x1_0000_0001UL));
    }

    [Test]
    [Clause("MS-WINSRA §3.1.1.2/10")]
    public void Records_AreHandedToTheDriverThatKeepsThem_BeforeTheAnswerIs()
    {
        var one = One(options => options with { JournalsChanges = true });
        one.Register(Name, "10.0.0.1").Accepted();
        Assert.That(one.Server.TryPollChange(out var change), Is.True);
        Assert.That(change.Kind, Is.EqualTo(NameServerChangeKind.Stored));
    }

    [Test]
    [Clause("MS-WINSRA §3.1.1.2/1")]
    [Clause("MS-WINSRA §3.1.1.2/2")]
    [Clause("MS-WINSRA §3.1.1.2/3")]
    [Clause("MS-WINSRA §3.1.1.1/2")]
    [Clause("MS-WINSRA §3.1.6/1")]
    [Clause("MS-WINSRA §3.1.6/2")]
    [Clause("MS-WINSRA §3.1.6/3")]
    public void ARecordsLife_AndItsVersions()
    {
        var one = One();
        one.Register(Name, "10.0.0.1").Accepted();
        Assert.That((one.Record(Name)!.State, VersionOf(one)), Is.EqualTo((NameRecordState.Active, 1UL)));
        one.Pass(W2k.RenewalInterval - Second);
        one.Refresh(Name, "10.0.0.1").Accepted();
        one.Pass(W2k.RenewalInterval - Second);
        Assert.That((one.Record(Name)!.State, VersionOf(one)), Is.EqualTo((NameRecordState.Active, 1UL)), "a refresh is no change that partners must see");
        one.Pass(Second);
        Assert.That((one.Record(Name)!.State, VersionOf(one)), Is.EqualTo((NameRecordState.Released, 1UL)));

        one.Register(Name, "10.0.0.1").Accepted();
        Assert.That((one.Record(Name)!.State, VersionOf(one)), Is.EqualTo((NameRecordState.Active, 2UL)));
        one.Pass(W2k.RenewalInterval + W2k.ExtinctionInterval - Second);
        Assert.That((one.Record(Name)!.State, VersionOf(one)), Is.EqualTo((NameRecordState.Released, 2UL)));
        one.Pass(Second);
        Assert.That((one.Record(Name)!.State, VersionOf(one)), Is.EqualTo((NameRecordState.Tombstone, 3UL)));

        one.Register(Name, "10.0.0.1").Accepted();
        Assert.That((one.Record(Name)!.State, VersionOf(one)), Is.EqualTo((NameRecordState.Active, 4UL)));
        one.Pass(W2k.RenewalInterval + W2k.ExtinctionInterval + W2k.ExtinctionTimeout - Second);
        Assert.That(one.Record(Name)!.State, Is.EqualTo(NameRecordState.Tombstone));
        one.Pass(Second);
        Assert.That(one.Record(Name), Is.Null);
    }

    [Test]
    [Clause("MS-WINSRA §3.1.1.2/5")]
    [Clause("MS-WINSRA §3.1.1.2/6")]
    [Clause("MS-WINSRA §3.1.1.2/7")]
    public void ANewAddress_IsANewVersion()
    {
        var one = One();
        one.Register(Name, "10.0.0.1").Accepted();
        one.Denies(one.Refresh(Name, "10.0.0.2").Challenge()).Accepted();
        Assert.That(VersionOf(one), Is.EqualTo(2));

        var name = NetBiosName.Parse("FIXED<20>");
        one.Server.AddStatic(one.Now, name, NameRecordType.Unique, ServerBench.Ip("10.0.0.3"));
        one.Server.AddStatic(one.Now, name, NameRecordType.Unique, ServerBench.Ip("10.0.0.4"));
        Assert.That(VersionOf(one, "FIXED<20>"), Is.EqualTo(4));

        one.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        one.Register("LAB<1C>", "10.0.0.2", group: true).Accepted();
        Assert.That(VersionOf(one, "LAB<1C>"), Is.EqualTo(6));
        one.RegisterMultihomed("MULTI<20>", "10.0.0.1").Accepted();
        one.Holds(one.RegisterMultihomed("MULTI<20>", "10.0.0.2").Challenge(), "10.0.0.1", "10.0.0.2").Accepted();
        Assert.That(VersionOf(one, "MULTI<20>"), Is.EqualTo(8));
    }

    [Test]
    [Clause("MS-WINSRA §3.1.1.2/8")]
    public void AnAddressThatAPartnerAddsToAnOwnGroup_IsANewVersion()
    {
        var one = One();
        one.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        Receive(one, Replica("LAB<1C>", 1, NameRecordType.InternetGroup, addresses: ["10.0.1.1"]));
        Assert.That(VersionOf(one, "LAB<1C>"), Is.EqualTo(2));
        Receive(one, Replica("LAB<1C>", 2, NameRecordType.InternetGroup, addresses: ["10.0.1.1"]));
        Assert.That(VersionOf(one, "LAB<1C>"), Is.EqualTo(2), "no address is new");
    }

    [Test]
    [Clause("MS-WINSRA §3.1.1.2/4")]
    [Clause("MS-WINSRA §3.1.1.2/12")]
    [Clause("MS-WINSRA §3.1.6/5")]
    public void AReplica_StaysAsItIs_UntilItsClientComesHere()
    {
        var one = One();
        Receive(one, Replica(Name, 40, addresses: ["10.0.1.1"]), Replica("LAB<1C>", 41, NameRecordType.InternetGroup, addresses: ["10.0.1.1", "10.0.1.2"]));
        one.Pass(W2k.VerifyInterval + TimeSpan.FromDays(100));
        Assert.That(one.Record(Name)!.ToString(), Is.EqualTo("FRED<20> unique active 10.0.1.1 owner 10.0.1.250 version 40"));

        one.Refresh(Name, "10.0.1.1").Accepted();
        Assert.That(one.Record(Name)!.ToString(), Is.EqualTo("FRED<20> unique active 10.0.1.1 owner 10.0.0.250 version 1"));
        one.Refresh("LAB<1C>", "10.0.1.2", group: true).Accepted();
        Assert.That(one.Record("LAB<1C>")!.Owner, Is.EqualTo(ServerBench.ServerAddress));
        Assert.That(one.Record("LAB<1C>")!.Addresses.Select(member => (member.Address, member.Owner)), Is.EquivalentTo(new[]
        {
            (ServerBench.Ip("10.0.1.1"), ServerBench.Ip("10.0.1.250")),
            (ServerBench.Ip("10.0.1.2"), ServerBench.ServerAddress),
        }));
    }

    [Test]
    [Clause("MS-WINSRA §3.1.2/1")]
    [Clause("MS-WINSRA §3.2.2/2")]
    [Clause("MS-WINSRA §3.2.2/3")]
    public void EveryInterval_CanBeSet()
    {
        var dialect = W2k with
        {
            RenewalInterval = TimeSpan.FromMinutes(10),
            ExtinctionInterval = TimeSpan.FromMinutes(20),
            ExtinctionTimeout = TimeSpan.FromMinutes(30),
            VerifyInterval = TimeSpan.FromMinutes(5),
        };
        var (one, two) = (new ServerBench(dialect), Two());
        two.Register("THERE<20>", "10.0.1.1").Accepted();
        Pull(one, two);
        one.Register(Name, "10.0.0.1").Accepted();
        one.Pass(TimeSpan.FromMinutes(10));
        Assert.That(one.Record(Name)!.State, Is.EqualTo(NameRecordState.Released));
        Assert.That(Pull(one, two).Verified, Is.EqualTo(1));
        one.Pass(TimeSpan.FromMinutes(20));
        Assert.That(one.Record(Name)!.State, Is.EqualTo(NameRecordState.Tombstone));
        one.Pass(TimeSpan.FromMinutes(30));
        Assert.That(one.Record(Name), Is.Null);
    }

    [Test]
    [Clause("MS-WINSRA §3.1.5.1/6")]
    [Clause("MS-WINSRA §3.2.4/1")]
    [Clause("MS-WINSRA §3.2.5.1/2")]
    [Clause("MS-WINSRA §3.2.5.1/4")]
    [Clause("MS-WINSRA §3.2.5.1/5")]
    [Clause("MS-WINSRA §3.1.1/2")]
    [Reaches("T10.pull")]
    public void AServer_PullsFromAnyOther_WhatItDoesNotKnow()
    {
        var (one, two) = (One(), Two());
        two.Register("A<20>", "10.0.1.1").Accepted();
        Pull(one, two);
        Assert.That(one.Server.GetOwnerVersions(), Is.EqualTo(new[] { new OwnerVersion(ServerBench.ServerAddress, 0), new OwnerVersion(ServerBench.Ip("10.0.1.250"), 1) }));
        Assert.That(Pull(one, two), Is.EqualTo(new ReplicationResult()));
        two.Register("B<20>", "10.0.1.2").Accepted();
        Assert.That(Pull(one, two), Is.EqualTo(new ReplicationResult { Added = 1 }));
    }

    [Test]
    [Clause("MS-WINSRA §3.2.5.1/3")]
    public void OfTwoPartners_TheOneThatKnowsAnOwnerBetterCounts_InAnyOrder([Values] bool betterFirst)
    {
        var (one, two, three) = (One(), Two(), new ServerBench(W2k, address: "10.0.2.250"));
        var owner = new ServerBench(W2k, address: "10.0.3.250");
        owner.Register(Name, "10.0.3.1").Accepted();
        Pull(two, owner);
        owner.Denies(owner.Register(Name, "10.0.3.2").Challenge()).Accepted();
        Pull(three, owner);
        foreach (var partner in betterFirst ? new[] { three, two } : [two, three])
            Pull(one, partner);
        one.Query(Name).Answers("10.0.3.2");
        Assert.That(one.Server.GetOwnerVersions(), Has.Member(new OwnerVersion(ServerBench.Ip("10.0.3.250"), 2)));
    }

    [Test]
    [Clause("MS-WINSRA §3.2.5.1/3")]
    public void RuleW21_AServerThatHasLostItsDatabase_TakesItsOwnRecordsBack_OrDoesNot([Values] bool recovers)
    {
        var one = new ServerBench(W2k with { RecoversOwnRecords = recovers });
        var two = Two();
        one.Register("A<20>", "10.0.0.1").Accepted();
        one.Register("GONE<20>", "10.0.0.2").Accepted();
        one.Server.AddStatic(one.Now, NetBiosName.Parse("FIXED<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.0.3"));
        Pull(two, one);
        one.Release("GONE<20>", "10.0.0.2");
        Pull(two, one);
        Assert.That(Pull(one, two).Added + Pull(one, two).Replaced, Is.Zero, "what it knows it does not ask for");

        one.Server = new NameServer(one.Server.Options);
        Assert.That(Pull(one, two).Added, Is.EqualTo(recovers ? 3 : 0));
        if (!recovers)
        {
            Assert.That(one.Server.Count, Is.Zero);
            return;
        }

        Assert.That(one.Server.GetRecords().Select(record => record.ToString()), Is.EqualTo(new[]
        {
            "A<20> unique active 10.0.0.1 owner 10.0.0.250 version 1",
            "FIXED<20> unique active static 10.0.0.3 owner 10.0.0.250 version 3",
            "GONE<20> unique active 10.0.0.2 owner 10.0.0.250 version 2",
        }), "a release is not replicated (§3.2.5.1)");
        one.Register("NEW<20>", "10.0.0.4").Accepted();
        Assert.That(VersionOf(one, "NEW<20>"), Is.EqualTo(4), "greater than the last one before (§3.1.1.2)");
        one.Pass(W2k.VerifyInterval);
        Assert.That((one.Record("A<20>")!.State, one.Record("FIXED<20>")!.State), Is.EqualTo((NameRecordState.Released, NameRecordState.Active)), "they age as its own");
    }

    [Test]
    public void RuleW21_OnlyVersionsBeyondItsOwnAreAskedFor()
    {
        var (one, two) = (One(), Two());
        for (int i = 1; i <= 5; i++)
            one.Register($"N{i}<20>", $"10.0.0.{i}").Accepted();
        Pull(two, one);
        one.Server = new NameServer(one.Server.Options);
        one.Register("N5<20>", "10.0.0.5").Accepted();
        Pull(one, two);
        Assert.That(one.Server.GetRecords().Select(record => record.Name.ToString()), Is.EqualTo(new[] { "N2<20>", "N3<20>", "N4<20>", "N5<20>" }),
            "version 1 is another name's by now, and not asked for");
        Assert.That((VersionOf(one, "N5<20>"), one.Server.Version), Is.EqualTo((5UL, 5UL)), "of the same owner the new record replaces (§3.2.5.5)");
    }

    [Test]
    [Clause("MS-WINSRA §3.2.5.1/6")]
    [Reaches("W5.released")]
    public void AReleasedRecord_IsNotSent()
    {
        var (one, two) = (One(), Two());
        two.Register(Name, "10.0.1.1").Accepted();
        two.Release(Name, "10.0.1.1").HasFlags(0xB400);
        Pull(one, two);
        Assert.That(one.Record(Name), Is.Null);
    }

    [Test]
    [Clause("MS-WINSRA §3.2.5.1/1")]
    public void APartnerThatIsDown_IsSkipped()
    {
        var text = """
            {
              "name": "clause",
              "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
              "hosts": [
                { "name": "W1", "role": "nameServer", "segment": "lan", "address": "10.0.0.2" },
                { "name": "W2", "role": "nameServer", "segment": "lan", "address": "10.0.0.3" },
                { "name": "W3", "role": "nameServer", "segment": "lan", "address": "10.0.0.4", "nameServer": { "static": [{ "name": "FRED<20>", "addresses": ["10.0.0.9"] }] } }
              ],
              "steps": [
                { "at": "1s", "do": "crash", "host": "W2" },
                { "at": "2s", "do": "replicate", "host": "W1", "from": "W2" },
                { "at": "3s", "do": "replicate", "host": "W1", "from": "W3" }
              ],
              "end": "1min",
              "expect": [
                { "expect": "record", "host": "W1", "name": "FRED<20>", "state": "absent", "at": "46s" },
                { "expect": "decision", "rule": "W25.partner-lost", "host": "W1", "peer": "W2", "count": 1 },
                { "expect": "record", "host": "W1", "name": "FRED<20>", "state": "active", "addresses": ["10.0.0.9"] }
              ]
            }
            """u8;
        Assert.That(new ScenarioRun(Scenario.Parse(text, "clause")).Run().Select(result => result.Outcome), Has.All.EqualTo(ExpectationOutcome.Met));
    }

    [Test]
    [Clause("MS-WINSRA §3.2.5.3/1")]
    [Clause("MS-WINSRA §3.2.5.3/2")]
    [Clause("MS-WINSRA §3.2.5.3/4")]
    public void Verification_DeletesWhatTheOwnerHasNotAnyMore()
    {
        var (one, two) = (One(), Two());
        two.Server.AddStatic(two.Now, NetBiosName.Parse("FIXED<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.1.2"));
        two.Register("GOES<20>", "10.0.1.3").Accepted();
        Pull(one, two);
        two.Server = new NameServer(two.Server.Options); // its database is lost, and one name comes back
        two.Register("STAYS<20>", "10.0.1.4").Accepted();
        Receive(one, Replica("STAYS<20>", 3, addresses: ["10.0.1.4"]));
        two.Register("STAYS<20>", "10.0.1.4");
        one.Pass(W2k.VerifyInterval - Second);
        Assert.That(Pull(one, two).Verified, Is.Zero);
        one.Pass(Second);
        two.Now = one.Now;
        two.Refresh("STAYS<20>", "10.0.1.4").Accepted();
        Assert.That(Pull(one, two).Verified, Is.EqualTo(3));
        Assert.That(one.Server.GetRecords().Select(record => record.Name.ToString()), Is.EqualTo(new[] { "STAYS<20>" }));
    }

    [Test]
    [Clause("MS-WINSRA §3.2.5.3/5")]
    [Clause("MS-WINSRA §3.2.5.3/6")]
    public void Verification_StopsAtTheMostForOnce_AndGoesOnAtTheNext()
    {
        var (one, two) = (One(options => options with { MaxVerifiedRecords = 2 }), Two());
        for (int i = 1; i <= 5; i++)
            two.Server.AddStatic(two.Now, NetBiosName.Parse($"FIXED{i}<20>"), NameRecordType.Unique, ServerBench.Ip($"10.0.1.{i}"));
        Pull(one, two);
        one.Pass(W2k.VerifyInterval);
        Assert.That(Enumerable.Range(0, 4).Select(_ => Pull(one, two).Verified), Is.EqualTo(new[] { 2, 2, 1, 0 }));
    }

    [Test]
    [Clause("MS-WINSRA §3.1.6/4")]
    [Clause("MS-WINSRA §3.2.5.4/1")]
    [Clause("MS-WINSRA §3.2.5.4/2")]
    [Clause("MS-WINSRA §3.2.5.4/3")]
    public void TimeStamps_OfReplicas()
    {
        var one = One();
        Receive(one, Replica("A<20>", 1, addresses: ["10.0.1.1"]), Replica("B<20>", 2, state: NameRecordState.Tombstone, addresses: ["10.0.1.2"]));
        var (verify, gone) = (one.Now + W2k.VerifyInterval, one.Now + W2k.ExtinctionTimeout);
        Assert.That((one.Record("A<20>")!.Expires, one.Record("B<20>")!.Expires), Is.EqualTo((verify, gone)));

        one.Pass(TimeSpan.FromDays(1));
        var other = ReplicationTrial.Record(NetBiosName.Parse("A<20>"), NameRecordType.Unique, NameRecordState.Tombstone, false, ServerBench.Ip("10.0.2.250"), 1, "10.0.1.1");
        Receive(one, other, Replica("B<20>", 2, state: NameRecordState.Tombstone, addresses: ["10.0.1.2"]));
        Assert.That((one.Record("A<20>")!.Expires, one.Record("B<20>")!.Expires), Is.EqualTo((verify, gone)), "neither has replaced anything");
        one.Pass(W2k.ExtinctionTimeout - TimeSpan.FromDays(1));
        Assert.That((one.Record("A<20>")?.State, one.Record("B<20>")?.State), Is.EqualTo((NameRecordState.Active, default(NameRecordState?))));
    }

    [Test]
    [Clause("MS-WINSRA §3.2.5.5/1")]
    [Clause("MS-WINSRA §3.2.5.5/5")]
    public void ATombstoneOrReleasedReplica_GivesAnOwnActiveNameANewVersion([Values(NameRecordState.Tombstone, NameRecordState.Released)] NameRecordState state)
    {
        var one = One();
        one.Register(Name, "10.0.0.1").Accepted();
        var result = Receive(one, Replica(Name, 70, state: state, addresses: ["10.0.0.1"]));
        Assert.That((result.Rejected, result.Renewed, result.NotifiesPartners), Is.EqualTo((1, 1, false)));
        Assert.That(one.Record(Name)!.ToString(), Is.EqualTo("FRED<20> unique active 10.0.0.1 owner 10.0.0.250 version 2"));
    }

    [Test]
    [Clause("MS-WINSRA §3.2.5.5/2")]
    [Clause("MS-WINSRA §3.2.5.5/3")]
    public void StaticAndOwnersNews()
    {
        var one = One();
        one.Server.AddStatic(one.Now, NetBiosName.Parse("FIXED<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.0.3"));
        Receive(one, Replica("FIXED<20>", 1, addresses: ["10.0.1.3"]), Replica(Name, 2, addresses: ["10.0.1.1"]));
        Receive(one, Replica(Name, 3, state: NameRecordState.Tombstone, addresses: ["10.0.1.1"]));
        Assert.That(one.Record("FIXED<20>")!.ToString(), Is.EqualTo("FIXED<20> unique active static 10.0.0.3 owner 10.0.0.250 version 1"));
        Assert.That(one.Record(Name)!.ToString(), Is.EqualTo("FRED<20> unique tombstone 10.0.1.1 owner 10.0.1.250 version 3"));
    }
}
