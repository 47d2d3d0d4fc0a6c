using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>What Microsoft's documents say of WINS in its eras, beside the plain paths.</summary>
public sealed class WinsClauseTests
{
    private static ServerBench One(NameServerDialect dialect) => new(dialect);

    private static ServerBench Two(NameServerDialect dialect) => new(dialect, address: "10.0.1.250");

    [Test]
    public void RuleW14_BeforeWindows2000AReplicaReleasedHereIsReleasedAndThisServers()
    {
        foreach (var dialect in new[] { NameServerDialect.WinsNt35, NameServerDialect.WinsNt4 })
        {
            var record = ReleaseReplica(dialect, out _);
            Assert.That(record.State, Is.EqualTo(NameRecordState.Released), dialect.Name);
            Assert.That(record.Owner, Is.EqualTo(ServerBench.ServerAddress), dialect.Name);
        }
    }

    [Test]
    [Reaches("W14.extinct")]
    public void RuleW14_InWindows2000AReplicaReleasedHereIsExtinctForBothIntervals()
    {
        var record = ReleaseReplica(NameServerDialect.Windows2000, out var released);
        Assert.That(record.State, Is.EqualTo(NameRecordState.Tombstone));
        Assert.That(record.Owner, Is.EqualTo(ServerBench.ServerAddress));
        Assert.That(record.Expires - released, Is.EqualTo(TimeSpan.FromDays(10)));
    }

    private static NameRecord ReleaseReplica(NameServerDialect dialect, out Instant released)
    {
        var (one, two) = (One(dialect), Two(dialect));
        two.Register("FRED<20>", "10.0.1.1").Accepted();
        ServerBench.Pull(one.Now, one.Server, two.Server);
        one.Release("FRED<20>", "10.0.1.1").HasFlags(0xB400);
        released = one.Now;
        return one.Record("FRED<20>")!;
    }

    [Test]
    [Reaches("W15.group-on-static")]
    public void RuleW15_AGroupClaimOnAStaticUniqueRecordByEra()
    {
        ServerBench Static(NameServerDialect dialect)
        {
            var bench = One(dialect);
            bench.Server.AddStatic(bench.Now, NbnsSim.Names.NetBiosName.Parse("HOST<00>"), NameRecordType.Unique, ServerBench.Ip("10.0.0.77"));
            return bench;
        }

        var nt35 = Static(NameServerDialect.WinsNt35);
        nt35.Register("HOST<00>", "10.0.0.5", group: true).Accepted();
        nt35.Query("HOST<00>").Answers("10.0.0.77", "10.0.0.5");
        Assert.That(nt35.Record("HOST<00>")!.IsGroup, Is.True);

        var moved = Static(NameServerDialect.WinsNt4 with { StaticGroupClaims = StaticGroupClaimPolicy.MoveRecord });
        moved.Register("HOST<00>", "10.0.0.5", group: true).Accepted();
        moved.Query("HOST<00>").Answers("10.0.0.5");
        Assert.That(moved.Record("HOST<00>"), Has.Property("IsStatic").True);

        foreach (var dialect in new[] { NameServerDialect.WinsNt4, NameServerDialect.Windows2000 })
        {
            var bench = Static(dialect);
            bench.Register("HOST<00>", "10.0.0.5", group: true).Refused(NbnsRcode.ActiveError);
            bench.Query("HOST<00>").Answers("10.0.0.77");
        }
    }

    [Test]
    public void RuleW16_MembersRegisteredHereLeadThenTheOthersAndTheDomainMasterBeforeAll()
    {
        var (one, two) = (One(NameServerDialect.WinsNt4), Two(NameServerDialect.WinsNt4));
        two.Register("LAB<1C>", "10.0.0.6", group: true).Accepted();
        ServerBench.Pull(one.Now, one.Server, two.Server);
        one.Register("LAB<1C>", "10.0.0.5", group: true).Accepted();
        one.Register("LAB<1C>", "10.0.0.7", group: true).Accepted();
        one.Query("LAB<1C>").Answers("10.0.0.5", "10.0.0.7", "10.0.0.6");
        one.Register("LAB<1B>", "10.0.0.7").Accepted();
        one.Query("LAB<1C>").Answers("10.0.0.7", "10.0.0.5", "10.0.0.6");
    }

    [Test]
    public void RuleW17_RecordsAgeInTheScavengersRunsHalfARenewalIntervalApart()
    {
        var bench = One(NameServerDialect.WinsNt35);
        bench.Query("FIRST<20>"); // the service has started
        bench.Now += TimeSpan.FromHours(1);
        bench.Register("FRED<20>", "10.0.0.5").Accepted();
        bench.Pass(TimeSpan.FromHours(96));
        Assert.That(bench.Record("FRED<20>")!.State, Is.EqualTo(NameRecordState.Active), "97 h: its time ran out after the run at 96 h");
        bench.Pass(TimeSpan.FromHours(47));
        Assert.That(bench.Record("FRED<20>")!.State, Is.EqualTo(NameRecordState.Released), "the run at 144 h");
    }

    [Test]
    public void RuleW17_AServiceThatIsStoppedEveryDayNeverAgesItsRecords()
    {
        var bench = One(NameServerDialect.WinsNt35);
        bench.Register("FRED<20>", "10.0.0.5").Accepted();
        for (int day = 0; day < 30; day++)
        {
            bench.Pass(TimeSpan.FromDays(1));
            var again = new NameServer(bench.Server.Options);
            foreach (var record in bench.Server.GetRecords())
                Assert.That(again.Restore(bench.Now, record), Is.True);
            bench.Server = again;
        }

        bench.Query("FRED<20>").Answers("10.0.0.5");
    }

    [Test]
    [Reaches("W18.response-differs")]
    public void RuleW18_AResponseThatDiffersInNameOrOpcodeIs4236AndAReleaseMerelySentIsNot()
    {
        var bench = One(NameServerDialect.Windows2000);
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var challenge = bench.Register("FRED<20>", "10.0.0.2").Challenge();
        Assert.That(bench.Log(), Is.Empty);
        Assert.That(bench.Holds(challenge with { Name = challenge.Name.WithSuffix(NbnsSim.Names.NameSuffix.Workstation) }, "10.0.0.1"), Is.Empty);
        Assert.That(bench.Log().Select(entry => ((int)entry.Id, entry.Address)), Is.EqualTo(new[] { (4236, ServerBench.Ip("10.0.0.1")) }));
        Assert.That(bench.Releases(challenge with { Entries = [default] }), Is.Empty);
        Assert.That(bench.Log().Select(entry => entry.Id), Is.EqualTo(new[] { WinsEventId.ResponseDiffers }));
        bench.Holds(challenge, "10.0.0.1").Refused(NbnsRcode.ActiveError);
        Assert.That((int)WinsEventId.ReleaseDemandSent, Is.LessThan(4000), "WINS has no event for it");
    }
}
