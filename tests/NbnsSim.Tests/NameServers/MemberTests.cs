using System.Text.Json;
using NbnsSim.Names;
using NbnsSim.NameServers;

namespace NbnsSim.Tests.NameServers;

/// <summary>Names whose addresses came from several servers: which are kept, whose they are, and how long they hold.</summary>
public sealed class MemberTests
{
    private static ServerBench One(NameServerDialect? dialect = null) => new(dialect ?? NameServerDialect.Windows2000, address: "10.0.0.250");

    private static ServerBench Two(NameServerDialect? dialect = null) => new(dialect ?? NameServerDialect.Windows2000, address: "10.0.1.250");

    private static ServerBench Three() => new(NameServerDialect.Windows2000, address: "10.0.2.250");

    private static ReplicationResult Pull(ServerBench into, ServerBench from)
    {
        into.Now = from.Now = into.Now > from.Now ? into.Now : from.Now;
        return ServerBench.Pull(into.Now, into.Server, from.Server);
    }

    private static NameRecordAddress Member(ServerBench bench, string name, string address) =>
        bench.Record(name)!.Addresses.Single(one => one.Address == ServerBench.Ip(address));

    [TestCase(false)]
    [TestCase(true)]
    public void Rule4_2_ANormalGroupWhoseMembersAreNotKeptHasNoneWhereverItComesFrom(bool replicated)
    {
        var rfc = Two(NameServerDialect.Rfc1002Secured);
        rfc.Register("LAB<00>", "10.0.1.1", group: true).Accepted();
        rfc.Register("LAB<00>", "10.0.1.2", group: true).Accepted();
        var bench = One();
        if (replicated)
        {
            Pull(bench, rfc);
        }
        else
        {
            var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
                rfc.Server.Save(writer);
            Assert.That(NameServer.TryLoad(bench.Server.Options, bench.Now, stream.ToArray(), out var loaded, out var problem), Is.True, problem);
            bench.Server = loaded!;
        }

        bench.Query("LAB<00>").Answers("255.255.255.255");
        bench.Register("LAB<00>", "10.0.0.1", group: true).Accepted();
        bench.Refresh("LAB<00>", "10.0.1.2", group: true).Accepted();
        bench.Release("LAB<00>", "10.0.1.1", group: true).HasFlags(0xB400);
        bench.Query("LAB<00>").Answers("255.255.255.255");
    }

    [TestCase(false, "10.0.0.1", "10.0.1.1")]
    [TestCase(true, "10.0.0.1")]
    public void RuleW22_ATombstoneOfAMergedGroup_LeavesAllItsMembers_OrOnlyThoseOfOthers(bool takes, params string[] left)
    {
        var (one, two) = (One(NameServerDialect.Windows2000 with { TombstonesTakeMembers = takes }), Two());
        one.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        two.Register("LAB<1C>", "10.0.1.1", group: true).Accepted();
        Pull(two, one);
        Pull(one, two);
        Assert.That(one.Query("LAB<1C>").Only().Addresses, Is.EquivalentTo(new[] { "10.0.0.1", "10.0.1.1" }));

        ulong version = one.Record("LAB<1C>")!.Version;
        two.Server.Remove(two.Now, NetBiosName.Parse("LAB<1C>"));
        Pull(one, two);
        Assert.That(one.Query("LAB<1C>").Only().Addresses, Is.EquivalentTo(left));
        Assert.That((one.Record("LAB<1C>")!.State, one.Record("LAB<1C>")!.Version), Is.EqualTo((NameRecordState.Active, version + 1)));
    }

    [Test]
    [Reaches("W6.stale")]
    public void RuleW6_AnOlderVersionThatComesLateChangesNothing()
    {
        var (one, two) = (One(), Two());
        two.Register("FRED<20>", "10.0.1.1").Accepted();
        var late = two.Server.View.RecordsOf(two.Now, two.Server.Options.Address, 1, ulong.MaxValue);
        two.Denies(two.Register("FRED<20>", "10.0.1.9").Challenge()).Accepted();
        Pull(one, two);
        Assert.That(one.Server.Replicas.Receive(one.Now, late).Rejected, Is.EqualTo(1));
        one.Query("FRED<20>").Answers("10.0.1.9");

        var challenge = one.Register("FRED<20>", "10.0.0.5").Challenge();
        one.Server.Replicas.Receive(one.Now, late);
        Assert.That(one.Drain(), Is.Empty, "the claim waits for its owner's answer as before");
        one.Denies(challenge).Accepted();
    }

    [Test]
    public void RuleW6_AnOlderVersionThatComesLateDoesNotTakeThePlaceOfTheOneInDispute()
    {
        var (one, two) = (One(), Two());
        one.Register("FRED<20>", "10.0.0.1").Accepted();
        two.Register("FRED<20>", "10.0.1.1").Accepted();
        var late = two.Server.View.RecordsOf(two.Now, two.Server.Options.Address, 1, ulong.MaxValue);
        two.Denies(two.Register("FRED<20>", "10.0.1.9").Challenge()).Accepted();
        Pull(one, two);
        var challenge = one.Drain().Challenge();
        Assert.That(one.Server.Replicas.Receive(one.Now, late).Rejected, Is.EqualTo(1));
        one.Denies(challenge);
        one.Query("FRED<20>").Answers("10.0.1.9");
    }

    [Test]
    public void RuleW6_AMemberThatComesToAnotherServerGetsTheRecordANewVersion()
    {
        var one = new ServerBench(NameServerDialect.Windows2000, options => options with { JournalsChanges = true });
        var two = Two();
        one.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        two.Register("LAB<1C>", "10.0.1.1", group: true).Accepted();
        Pull(one, two);
        while (one.Server.TryPollChange(out _))
        {
            // what has happened so far is not the matter here
        }

        ulong version = one.Record("LAB<1C>")!.Version;
        one.Refresh("LAB<1C>", "10.0.1.1", group: true).Accepted();
        Assert.That(one.Record("LAB<1C>")!.Version, Is.EqualTo(version + 1));
        Assert.That(Member(one, "LAB<1C>", "10.0.1.1").Owner, Is.EqualTo(one.Server.Options.Address));
        Assert.That(one.Server.TryPollChange(out var change), Is.True);
        Assert.That(change.Kind, Is.EqualTo(NameServerChangeKind.Stored), "its owner is another, not only its time");

        one.Refresh("LAB<1C>", "10.0.1.1", group: true).Accepted();
        Assert.That(one.Record("LAB<1C>")!.Version, Is.EqualTo(version + 1), "it has come already");
        Assert.That(one.Server.TryPollChange(out change) ? change.Kind : default, Is.EqualTo(NameServerChangeKind.Refreshed));
    }

    [TestCase("refresh")]
    [TestCase("new member")]
    [TestCase("release")]
    [TestCase("merge")]
    public void RuleW5_AGroupTakenOverKeepsTheMembersOfOthersAsLongAsTheirOwnersDo(string how)
    {
        var (one, two) = (One(), Two());
        for (int i = 1; i <= 3; i++)
            two.Register("LAB<1C>", $"10.0.1.{i}", group: true).Accepted();
        Pull(one, two);
        switch (how)
        {
            case "refresh":
                one.Refresh("LAB<1C>", "10.0.1.1", group: true).Accepted();
                break;
            case "new member":
                one.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
                break;
            case "release":
                one.Release("LAB<1C>", "10.0.1.1", group: true).HasFlags(0xB400);
                break;
            default:
                var three = Three();
                three.Register("LAB<1C>", "10.0.2.1", group: true).Accepted();
                Pull(one, three);
                break;
        }

        Assert.That(one.Record("LAB<1C>")!.Owner, Is.EqualTo(one.Server.Options.Address));
        one.Pass(TimeSpan.FromDays(100));
        Assert.That(one.Query("LAB<1C>").Only().Addresses, Is.SupersetOf(new[] { "10.0.1.2", "10.0.1.3" }));
    }

    [Test]
    public void RuleW5_AMultihomedNameTakenOverHoldsARenewalIntervalFromThen()
    {
        var (one, two) = (One(), Two());
        two.RegisterMultihomed("MH<20>", "10.0.1.1").Accepted();
        two.Holds(two.RegisterMultihomed("MH<20>", "10.1.1.1").Challenge(), "10.0.1.1", "10.1.1.1").Accepted();
        Pull(one, two);
        one.Pass(TimeSpan.FromHours(575));
        one.Refresh("MH<20>", "10.0.1.1").Accepted();
        one.Pass(TimeSpan.FromDays(2));
        one.Refresh("MH<20>", "10.0.1.1").Accepted();
        one.Query("MH<20>").Answers("10.0.1.1", "10.1.1.1");
        one.Pass(TimeSpan.FromDays(4));
        one.Query("MH<20>").Answers("10.0.1.1");
    }
}
