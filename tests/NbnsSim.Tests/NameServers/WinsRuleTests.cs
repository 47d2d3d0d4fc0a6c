using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>What WINS does, rule by rule; replication and burst handling have their own fixtures.</summary>
public sealed class WinsRuleTests
{
    private static ServerBench Bench => new(NameServerDialect.Windows2000);

    private static NameRecordState StateOf(ServerBench bench, string name) => bench.Record(name)!.State;

    private static ulong VersionOf(ServerBench bench, string name) => bench.Record(name)!.Version;

    [Test]
    [Reaches("W24.master-browser")]
    public void Rule4_2_AMasterBrowserIsAcceptedNeverStoredAndNeverFound()
    {
        var bench = Bench;
        bench.Register("LAB<1D>", "10.0.0.1").Accepted();
        bench.Register("LAB<1D>", "10.0.0.2").Accepted();
        bench.Query("LAB<1D>").Answers();
        bench.Refresh("LAB<1D>", "10.0.0.2").Accepted();
        bench.Release("LAB<1D>", "10.0.0.2").HasFlags(0xB400);
        bench.Register("LAB<1D>", "10.0.0.1", group: true).Accepted();
        bench.Query("LAB<1D>").Answers();
        Assert.That(bench.Server.Count, Is.Zero);
    }

    [TestCase("LAB<1B>", true)]
    [TestCase("LAB<1C>", false)]
    [TestCase("LAB<1E>", false)]
    [Reaches("W23.suffix")]
    public void Rule4_2_ASuffixOfTheWrongTypeIsRefused(string name, bool group)
    {
        var bench = Bench;
        Assert.That(bench.Register(name, "10.0.0.1", group).Refused(NbnsRcode.Refused).Entries, Has.Length.EqualTo(1));
        bench.Register(name, "10.0.0.1", !group).Accepted();
    }

    [Test]
    public void Rule4_2_TheDomainMasterBrowserLeadsTheDomainControllers()
    {
        var bench = Bench;
        bench.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        bench.Register("LAB<1C>", "10.0.0.2", group: true).Accepted();
        bench.Register("LAB<1C>", "10.0.0.3", group: true).Accepted();
        bench.Query("LAB<1C>").Answers("10.0.0.1", "10.0.0.2", "10.0.0.3");
        bench.Register("LAB<1B>", "10.0.0.2").Accepted();
        bench.Query("LAB<1C>").Answers("10.0.0.2", "10.0.0.1", "10.0.0.3");
        bench.Release("LAB<1B>", "10.0.0.2");
        bench.Query("LAB<1C>").Answers("10.0.0.1", "10.0.0.2", "10.0.0.3");
    }

    [Test]
    [Reaches("S6.member")]
    public void Rule4_2_AnInternetGroupKeepsTwentyFiveMembers()
    {
        var bench = Bench;
        for (int i = 1; i <= 26; i++)
            bench.Register("LAB<1C>", $"10.0.0.{i}", group: true).Accepted();
        bench.Query("LAB<1C>").Answers([.. Enumerable.Range(2, 25).Select(i => $"10.0.0.{i}")]);
        bench.Release("LAB<1C>", "10.0.0.7", group: true);
        bench.Query("LAB<1C>").Answers([.. Enumerable.Range(2, 25).Where(i => i != 7).Select(i => $"10.0.0.{i}")]);
    }

    [Test]
    public void Rule4_2_ANormalGroupIsAnsweredWithTheLimitedBroadcastEvenAfterItsRelease()
    {
        var bench = Bench;
        bench.Register("LAB<1E>", "10.0.0.1", group: true).Accepted();
        bench.Register("LAB<1E>", "10.0.0.2", group: true).Accepted();
        var answer = bench.Query("LAB<1E>");
        answer.Answers("255.255.255.255");
        Assert.That(answer[0].Entries[0].Flags.Value, Is.EqualTo(0x8000));
        bench.Release("LAB<1E>", "10.0.0.1", group: true);
        bench.Query("LAB<1E>").Answers("255.255.255.255");
        bench.Refresh("LAB<1E>", "10.0.0.2", group: true).Accepted();
        Assert.That(StateOf(bench, "LAB<1E>"), Is.EqualTo(NameRecordState.Active));
    }

    [TestCase(false, 0x0000)]
    [TestCase(true, 0x4000)]
    public void Rule4_2_TheNodeTypeIsReturnedByChoice(bool reports, int flags)
    {
        var bench = new ServerBench(NameServerDialect.Windows2000 with { ReportsNodeType = reports });
        bench.Register("FRED<20>", "10.0.0.1", nodeType: 0x4000).Accepted();
        Assert.That(bench.Query("FRED<20>").Only().Entries[0].Flags.Value, Is.EqualTo(flags));
    }

    [Test]
    [Reaches("W1.same-address")]
    public void RuleW1_TheSameAddressIsAlwaysWelcome()
    {
        var bench = Bench;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        ulong version = VersionOf(bench, "FRED<20>");

        bench.Pass(TimeSpan.FromDays(5));
        bench.Register("FRED<20>", "10.0.0.1").Accepted(); // owned, active: restamped
        Assert.That(VersionOf(bench, "FRED<20>"), Is.EqualTo(version));
        bench.Pass(TimeSpan.FromDays(5));
        Assert.That(StateOf(bench, "FRED<20>"), Is.EqualTo(NameRecordState.Active));

        bench.Release("FRED<20>", "10.0.0.1");
        bench.Register("FRED<20>", "10.0.0.1").Accepted(); // released: active again, a new version
        Assert.That(VersionOf(bench, "FRED<20>"), Is.EqualTo(version + 1));
        Assert.That(StateOf(bench, "FRED<20>"), Is.EqualTo(NameRecordState.Active));

        bench.Pass(TimeSpan.FromDays(6 + 4));
        Assert.That(StateOf(bench, "FRED<20>"), Is.EqualTo(NameRecordState.Tombstone));
        bench.Register("FRED<20>", "10.0.0.1").Accepted(); // owned tombstone
        Assert.That(VersionOf(bench, "FRED<20>"), Is.EqualTo(version + 3));
        Assert.That(bench.Record("FRED<20>")!.Owner, Is.EqualTo(ServerBench.ServerAddress));
    }

    [TestCase(NameRecordState.Active)]
    [TestCase(NameRecordState.Tombstone)]
    public void RuleW1_AReplicaRegisteredHereBecomesThisServers(NameRecordState state)
    {
        var partner = new ServerBench(NameServerDialect.Windows2000, address: "10.0.9.9");
        partner.Register("FRED<20>", "10.0.0.1").Accepted();
        if (state == NameRecordState.Tombstone)
            Assert.That(partner.Server.Remove(partner.Now, NetBiosName.Parse("FRED<20>")), Is.True);
        var bench = Bench;
        ServerBench.Pull(bench.Now, bench.Server, partner.Server);
        Assert.That(bench.Record("FRED<20>")!.Owner, Is.EqualTo(ServerBench.Ip("10.0.9.9")));
        Assert.That(StateOf(bench, "FRED<20>"), Is.EqualTo(state));

        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var record = bench.Record("FRED<20>")!;
        Assert.That(record.Owner, Is.EqualTo(ServerBench.ServerAddress));
        Assert.That(record.Version, Is.EqualTo(1), "the first version that this server gives");
        Assert.That(record.State, Is.EqualTo(NameRecordState.Active));
    }

    [Test]
    [Reaches("W2.released-group")]
    public void RuleW2_AUniqueClaimNeverOverwritesAGroup()
    {
        var bench = Bench;
        bench.Register("LAB<00>", "10.0.0.1", group: true).Accepted();
        bench.Register("LAB<00>", "10.0.0.1").Refused(NbnsRcode.ActiveError);
        bench.RegisterMultihomed("LAB<00>", "10.0.0.2").Refused(NbnsRcode.ActiveError);
        bench.Refresh("LAB<00>", "10.0.0.2").Refused(NbnsRcode.ActiveError);
        bench.Register("LAB<00>", "10.0.0.3", group: true).Accepted();
        bench.Release("LAB<00>", "10.0.0.1", group: true);
        bench.Register("LAB<00>", "10.0.0.1").Refused(NbnsRcode.ActiveError);
    }

    [Test]
    [Reaches("W2.static-own", "W2.static", "W2.static-stays")]
    public void RuleW2_AStaticNameIsNeverOverwritten()
    {
        var bench = Bench;
        bench.Server.AddStatic(bench.Now, NetBiosName.Parse("FRED<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.0.1"));
        bench.Server.AddStatic(bench.Now, NetBiosName.Parse("LAB<00>"), NameRecordType.NormalGroup);
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("FRED<20>", "10.0.0.2").Refused(NbnsRcode.ActiveError);
        bench.RegisterMultihomed("FRED<20>", "10.0.0.2").Refused(NbnsRcode.ActiveError); // Q164016
        bench.Register("FRED<20>", "10.0.0.1", group: true).Refused(NbnsRcode.ActiveError);
        bench.Release("FRED<20>", "10.0.0.1").HasFlags(0xB400);
        bench.Query("FRED<20>").Answers("10.0.0.1");
        bench.Register("LAB<00>", "10.0.0.5", group: true).Accepted();
        bench.Register("LAB<00>", "10.0.0.5").Refused(NbnsRcode.ActiveError);
        bench.Query("LAB<00>").Answers("255.255.255.255");
    }

    [Test]
    public void RuleW2_MigrateOnLetsStaticUniqueNamesGiveWay()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000, options => options with { MigrateOn = true });
        bench.Server.AddStatic(bench.Now, NetBiosName.Parse("FRED<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.0.1"));
        bench.Server.AddStatic(bench.Now, NetBiosName.Parse("LAB<00>"), NameRecordType.NormalGroup);
        bench.Denies(bench.Register("FRED<20>", "10.0.0.2").Challenge()).Accepted();
        var record = bench.Record("FRED<20>")!;
        Assert.That(record.IsStatic, Is.False);
        Assert.That(record.Has(ServerBench.Ip("10.0.0.2")), Is.True);
        bench.Register("LAB<00>", "10.0.0.2").Refused(NbnsRcode.ActiveError);
    }

    [Test]
    public void RuleW3_AReleasedOrExtinctNameIsAnybodys()
    {
        var bench = Bench;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Release("FRED<20>", "10.0.0.1");
        bench.Register("FRED<20>", "10.0.0.2").Accepted();
        bench.Query("FRED<20>").Answers("10.0.0.2");
        bench.Pass(TimeSpan.FromDays(6 + 4));
        Assert.That(StateOf(bench, "FRED<20>"), Is.EqualTo(NameRecordState.Tombstone));
        bench.Register("FRED<20>", "10.0.0.3").Accepted();
        bench.Query("FRED<20>").Answers("10.0.0.3");
    }

    [Test]
    public void RuleW3_TheOwnerIsAskedThreeTimesHalfASecondApart_Nt35()
    {
        var bench = new ServerBench(NameServerDialect.WinsNt35);
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var sent = bench.Register("FRED<20>", "10.0.0.2");
        Assert.That(sent.Select(one => one.Flags), Is.EqualTo(new[] { 0xBC00, 0x0000 }));
        var start = bench.Now;
        for (int tries = 1; tries < 3; tries++)
        {
            Assert.That(bench.Server.PollTimeout(), Is.EqualTo(start + (tries * TimeSpan.FromMilliseconds(500))));
            bench.Pass(TimeSpan.FromMilliseconds(500)).Challenge();
        }

        bench.Pass(TimeSpan.FromMilliseconds(500)).Accepted();
    }

    [Test]
    public void RuleW3_TheIntervalDoubles_Windows2000()
    {
        var bench = Bench;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("FRED<20>", "10.0.0.2").Challenge();
        Assert.That(bench.Pass(TimeSpan.FromMilliseconds(499)), Is.Empty);
        bench.Pass(TimeSpan.FromMilliseconds(1)).Challenge();
        Assert.That(bench.Pass(TimeSpan.FromMilliseconds(999)), Is.Empty);
        bench.Pass(TimeSpan.FromMilliseconds(1)).Challenge();
        Assert.That(bench.Pass(TimeSpan.FromMilliseconds(1999)), Is.Empty);
        bench.Pass(TimeSpan.FromMilliseconds(1)).Accepted();
    }

    [Test]
    public void RuleW3_EachAddressOfTheOwnerIsAsked()
    {
        var bench = Bench;
        bench.RegisterMultihomed("FRED<20>", "10.0.0.1").Accepted();
        bench.Holds(bench.RegisterMultihomed("FRED<20>", "10.1.0.1").Challenge(), "10.0.0.1", "10.1.0.1").Accepted();
        bench.Query("FRED<20>").Answers("10.0.0.1", "10.1.0.1");

        var sent = bench.Register("FRED<20>", "10.0.0.2");
        Assert.That(sent[0].TimeToLive, Is.EqualTo(13), "a WACK for two addresses");
        var first = sent.Challenge();
        Assert.That(first.To.Address, Is.EqualTo(ServerBench.Ip("10.0.0.1")));
        var second = bench.Denies(first).Challenge();
        Assert.That(second.To.Address, Is.EqualTo(ServerBench.Ip("10.1.0.1")));
        bench.Holds(second, "10.1.0.1").Refused(NbnsRcode.ActiveError);
        bench.Query("FRED<20>").Answers("10.0.0.1", "10.1.0.1");
    }

    [Test]
    public void RuleW3_RepeatsDuringTheChallengeAreSwallowed()
    {
        var bench = Bench;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var sent = bench.Register("FRED<20>", "10.0.0.2");
        Assert.That(sent.Count(one => one.Opcode == NbnsOpcode.Wack), Is.EqualTo(1));
        Assert.That(sent[0].TimeToLive, Is.EqualTo(9));
        Assert.That(bench.Register("FRED<20>", "10.0.0.2", id: bench.LastId), Is.Empty);
        Assert.That(bench.Register("FRED<20>", "10.0.0.2"), Is.Empty, "nor a new request about the same conflict");
        Assert.That(bench.Pass(TimeSpan.FromSeconds(3.5)).Where(one => one.IsResponse).ToList().Accepted().Id, Is.EqualTo(bench.LastId), "the verdict goes to the latest");
    }

    [Test]
    public void RuleW3_TheOwnersOwnRequestDuringTheChallengeIsItsAnswer()
    {
        var bench = Bench;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("FRED<20>", "10.0.0.2").Challenge();
        Assert.That(bench.Refresh("FRED<20>", "10.0.0.1").Select(one => (one.Flags, one.To.Address.ToString())),
            Is.EqualTo(new[] { ((ushort)0xAD86, "10.0.0.2"), ((ushort)0xAD80, "10.0.0.1") }));

        bench.Register("FRED<20>", "10.0.0.2").Challenge();
        Assert.That(bench.Release("FRED<20>", "10.0.0.1").Select(one => (one.Flags, one.To.Address.ToString())),
            Is.EqualTo(new[] { ((ushort)0xAD80, "10.0.0.2"), ((ushort)0xB400, "10.0.0.1") }));
        bench.Query("FRED<20>").Answers("10.0.0.2");
    }

    [Test]
    public void RuleW3_AnAnswerWithTheClaimedAddressMakesTheNameMultihomed()
    {
        var bench = Bench;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Holds(bench.RegisterMultihomed("FRED<20>", "10.1.0.1").Challenge(), "10.0.0.1", "10.1.0.1").Accepted();
        Assert.That(bench.Record("FRED<20>")!.Type, Is.EqualTo(NameRecordType.Multihomed));
        bench.Holds(bench.RegisterMultihomed("FRED<20>", "10.2.0.1").Challenge(), "10.0.0.1").Refused(NbnsRcode.ActiveError);
        bench.Query("FRED<20>").Answers("10.0.0.1", "10.1.0.1");
    }

    [Test]
    public void RuleW3_AMultihomedNameKeepsTwentyFiveAddressesAndLosesTheOldest()
    {
        var bench = Bench;
        string[] all = [.. Enumerable.Range(1, 26).Select(i => $"10.0.{i}.1")];
        bench.RegisterMultihomed("FRED<20>", all[0]).Accepted();
        foreach (string address in all[1..])
            bench.Holds(bench.RegisterMultihomed("FRED<20>", address).Challenge(), all).Accepted();
        bench.Query("FRED<20>").Answers(all[1..]);
    }

    [Test]
    public void RuleW3_ChallengesAreBounded()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000, options => options with { MaxTransactions = 2 });
        for (int i = 0; i < 3; i++)
            bench.Register($"FRED{i}<20>", "10.0.0.1").Accepted();
        bench.Register("FRED0<20>", "10.0.0.2").Challenge();
        bench.Register("FRED1<20>", "10.0.0.2").Challenge();
        bench.Register("FRED2<20>", "10.0.0.2").Refused(NbnsRcode.ServerFailure);
        Assert.That(bench.Log().Count(entry => entry.Id == WinsEventId.ServerFull), Is.EqualTo(1));
        bench.Pass(TimeSpan.FromSeconds(4));
        bench.Register("FRED2<20>", "10.0.0.2").Challenge();
    }

    [Test]
    [Reaches("W4.type", "W4.address")]
    public void RuleW4_AReleaseThatDoesNotFitIsIgnoredYetAnsweredPositive()
    {
        var bench = Bench;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("LAB<00>", "10.0.0.1", group: true).Accepted();
        bench.Release("FRED<20>", "10.0.0.2").HasFlags(0xB400);
        bench.Release("FRED<20>", "10.0.0.1", source: "10.0.0.2").HasFlags(0xB400);
        bench.Release("FRED<20>", "10.0.0.1", group: true).HasFlags(0xB400);
        bench.Release("LAB<00>", "10.0.0.1").HasFlags(0xB400);
        bench.Release("NOBODY<20>", "10.0.0.1").HasFlags(0xB400);
        bench.Query("FRED<20>").Answers("10.0.0.1");
        Assert.That(StateOf(bench, "LAB<00>"), Is.EqualTo(NameRecordState.Active));
        Assert.That(bench.Log().Select(entry => (int)entry.Id), Is.EqualTo(new[] { 4250, 4250, 4249, 4249 }));
    }

    [Test]
    public void RuleW4_TheOwnersReleaseLeavesAReleasedRecordOfTheSameVersion()
    {
        var bench = Bench;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        ulong version = VersionOf(bench, "FRED<20>");
        bench.Release("FRED<20>", "10.0.0.1").HasFlags(0xB400);
        Assert.That(StateOf(bench, "FRED<20>"), Is.EqualTo(NameRecordState.Released));
        Assert.That(VersionOf(bench, "FRED<20>"), Is.EqualTo(version));
        bench.Query("FRED<20>").Answers();
        var partner = new ServerBench(NameServerDialect.Windows2000, address: "10.0.9.9");
        ServerBench.Pull(partner.Now, partner.Server, bench.Server);
        Assert.That(partner.Server.Count, Is.Zero, "MS-WINSRA §3.2.5.1: released records are not replicated");
    }

    [TestCase("nt35", 96, 96, 96)]
    [TestCase("nt4", 144, 144, 144)]
    [TestCase("2000", 144, 96, 144)]
    public void RuleW5_NamesAgeByTheErasIntervals(string era, int renewal, int extinction, int timeout)
    {
        var bench = new ServerBench(era switch { "nt35" => NameServerDialect.WinsNt35, "nt4" => NameServerDialect.WinsNt4, _ => NameServerDialect.Windows2000 });
        Assert.That(bench.Register("FRED<20>", "10.0.0.1", ttl: 1).Accepted().TimeToLive, Is.EqualTo(renewal * 3600), "the server decides");
        ulong version = VersionOf(bench, "FRED<20>");
        var second = TimeSpan.FromSeconds(1);

        bench.Pass(TimeSpan.FromHours(renewal) - second);
        Assert.That(StateOf(bench, "FRED<20>"), Is.EqualTo(NameRecordState.Active));
        bench.Pass(second);
        Assert.That(StateOf(bench, "FRED<20>"), Is.EqualTo(NameRecordState.Released));
        Assert.That(VersionOf(bench, "FRED<20>"), Is.EqualTo(version));
        bench.Pass(TimeSpan.FromHours(extinction) - second);
        Assert.That(StateOf(bench, "FRED<20>"), Is.EqualTo(NameRecordState.Released));
        bench.Pass(second);
        Assert.That(StateOf(bench, "FRED<20>"), Is.EqualTo(NameRecordState.Tombstone));
        Assert.That(VersionOf(bench, "FRED<20>"), Is.EqualTo(version + 1));
        bench.Pass(TimeSpan.FromHours(timeout) - second);
        Assert.That(bench.Server.Count, Is.EqualTo(1));
        bench.Pass(second);
        Assert.That(bench.Server.Count, Is.Zero);
    }

    [Test]
    [Reaches("W5.to-released", "W5.to-tombstone", "W5.gone")]
    public void RuleW5_WhatIsDueAgesBeforeItIsUsedEvenIfNoTimerHasRun()
    {
        var bench = Bench;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Now += TimeSpan.FromDays(6) + TimeSpan.FromDays(4) + TimeSpan.FromDays(6);
        bench.Register("FRED<20>", "10.0.0.2").Accepted();
        Assert.That(VersionOf(bench, "FRED<20>"), Is.EqualTo(3), "1 new, 2 tombstone, 3 new again");
    }

    [Test]
    public void RuleW5_AStaticNameNeverAges()
    {
        var bench = Bench;
        bench.Server.AddStatic(bench.Now, NetBiosName.Parse("FRED<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.0.1"));
        bench.Pass(TimeSpan.FromDays(3650));
        bench.Query("FRED<20>").Answers("10.0.0.1");
    }

    [Test]
    public void RuleW6_TheVersionGrowsWithWhatPartnersMustLearn()
    {
        var bench = Bench;
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        Assert.That(VersionOf(bench, "FRED<20>"), Is.EqualTo(1), "new");
        bench.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        bench.Register("LAB<1C>", "10.0.0.2", group: true).Accepted();
        Assert.That(VersionOf(bench, "LAB<1C>"), Is.EqualTo(3), "a member added");
        bench.Refresh("LAB<1C>", "10.0.0.2", group: true).Accepted();
        bench.Refresh("FRED<20>", "10.0.0.1").Accepted();
        Assert.That(bench.Server.GetOwnerVersions()[0].Version, Is.EqualTo(3), "a refresh changes none");
        bench.Denies(bench.Register("FRED<20>", "10.0.0.2").Challenge()).Accepted();
        Assert.That(VersionOf(bench, "FRED<20>"), Is.EqualTo(4), "another address");
    }

    [Test]
    public void RuleW7_TypesAndStatesHaveTheNumbersOfTheRecordFlags()
    {
        Assert.That(new[] { NameRecordType.Unique, NameRecordType.NormalGroup, NameRecordType.InternetGroup, NameRecordType.Multihomed }.Select(type => (int)type),
            Is.EqualTo(new[] { 0, 1, 2, 3 }));
        Assert.That(new[] { NameRecordState.Active, NameRecordState.Tombstone }.Select(state => (int)state), Is.EqualTo(new[] { 0, 2 }));
    }

    [Test]
    public void RuleW11_TheTimeToLiveGrantedIsTheServersRenewalInterval()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000 with { RenewalInterval = TimeSpan.FromMinutes(40) });
        Assert.That(bench.Register("FRED<20>", "10.0.0.1", ttl: 0).Accepted().TimeToLive, Is.EqualTo(2400));
        Assert.That(bench.Refresh("FRED<20>", "10.0.0.1", ttl: 300_000).Accepted().TimeToLive, Is.EqualTo(2400));
    }
}
