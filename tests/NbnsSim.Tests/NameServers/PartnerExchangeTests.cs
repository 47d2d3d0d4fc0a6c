using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;

namespace NbnsSim.Tests.NameServers;

/// <summary>What partners say to each other: MS-WINSRA §3.1.5.1, §3.2.5.1 to §3.2.5.3, §3.3.5, message by message.</summary>
public sealed class PartnerExchangeTests
{
    private const string Fred = "FRED<20>";

    private static readonly Ipv4Address A1 = ServerBench.Ip("10.0.0.250");
    private static readonly Ipv4Address A2 = ServerBench.Ip("10.0.1.250");
    private static readonly Ipv4Address A3 = ServerBench.Ip("10.0.2.250");
    private static readonly TimeSpan Timeout = NameServerDialect.Windows2000.PartnerTimeout;

    private static NameServerDialect W2k => NameServerDialect.Windows2000;

    private static ServerBench Bench(Ipv4Address address, NameServerDialect? dialect = null, Func<NameServerOptions, NameServerOptions>? change = null) =>
        new(dialect ?? W2k, change, address.ToString());

    private static List<ReplicationMessage> Messages(ServerBench bench)
    {
        var messages = new List<ReplicationMessage>();
        while (bench.Server.TryPollReplication(out var message))
            messages.Add(message);
        return messages;
    }

    /// <summary>Carries messages between servers, and tells what they are.</summary>
    private static List<string> Carry(params ServerBench[] benches)
    {
        var said = new List<string>();
        for (bool isQuiet = false; !isQuiet;)
        {
            isQuiet = true;
            foreach (var message in benches.SelectMany(Messages).ToList())
            {
                isQuiet = false;
                said.Add(message.ToString());
                var receiver = Array.Find(benches, bench => bench.Server.Options.Address == message.Destination);
                receiver?.Server.HandleReplication(receiver.Now, message);
            }
        }

        return said;
    }

    /// <summary>Lets time pass at servers whose messages are all lost.</summary>
    private static List<ReplicationMessage> Wait(ServerBench bench, TimeSpan time)
    {
        Messages(bench);
        bench.Pass(time);
        return Messages(bench);
    }

    [Test]
    [Clause("MS-WINSRA §3.1.5.1/1")]
    [Clause("MS-WINSRA §3.1.5.1/2")]
    [Clause("MS-WINSRA §3.1.5.1/3")]
    [Clause("MS-WINSRA §3.1.5.1/4")]
    [Reaches("T10.pull", "W25.open", "W25.accept", "W25.ask-map", "W25.give-map", "W25.take-map", "W25.ask-records", "W25.give-records", "W25.take-records", "W25.stop", "W12.added")]
    public void RuleW25_APullIsTheExchangeOfFigure9()
    {
        var (one, two) = (Bench(A1), Bench(A2));
        two.Register(Fred, "10.0.1.1").Accepted();
        one.Server.Pull(one.Now, A2);
        Assert.That(Carry(one, two), Is.EqualTo(new[]
        {
            "10.0.0.250 to 10.0.1.250: association start request",
            "10.0.1.250 to 10.0.0.250: association start response",
            "10.0.0.250 to 10.0.1.250: owner-version map request",
            "10.0.1.250 to 10.0.0.250: owner-version map of 1 owner",
            "10.0.0.250 to 10.0.1.250: request for 10.0.1.250's records, versions 1 to 1",
            "10.0.1.250 to 10.0.0.250: 1 name record",
            "10.0.0.250 to 10.0.1.250: association stop request",
        }));
        one.Query(Fred).Answers("10.0.1.1");
        Assert.That(one.Server.LastPull, Is.EqualTo(new ReplicationResult { Added = 1 }));
    }

    [Test]
    [Reaches("W25.nothing-new")]
    public void RuleW25_WhatIsKnownIsNotAskedFor()
    {
        var (one, two) = (Bench(A1), Bench(A2));
        two.Register(Fred, "10.0.1.1").Accepted();
        one.Server.Pull(one.Now, A2);
        Carry(one, two);
        one.Server.Pull(one.Now, A2);
        Assert.That(Carry(one, two), Has.None.Contains("records"));
    }

    [Test]
    [Clause("MS-WINSRA §3.2.2/1")]
    [Clause("MS-WINSRA §3.2.6/1")]
    [Reaches("W25.at-start", "W25.pull-timer")]
    public void RuleW25_AServerPullsFromItsPartnersAtTheStart_AndAPullIntervalAfterEachPull()
    {
        var one = Bench(A1, change: options => options with { PullsFrom = [A2] });
        var two = Bench(A2);
        Assert.That(one.Server.PollTimeout(), Is.EqualTo(Instant.MinValue));
        one.Server.HandleTimeout(one.Now);
        Carry(one, two);
        two.Register(Fred, "10.0.1.1").Accepted();
        one.Pass(W2k.PullInterval - TimeSpan.FromSeconds(1));
        Assert.That(Messages(one), Is.Empty);
        one.Pass(TimeSpan.FromSeconds(1));
        Carry(one, two);
        Assert.That(one.Record(Fred), Is.Not.Null);
        Assert.That(one.Server.PollTimeout(), Is.EqualTo(one.Now + W2k.PullInterval));
    }

    [Test]
    [Reaches("W25.timer-starts")]
    public void RuleW25_AServerThatDoesNotPullAtTheStartWaitsForTheInterval_AndOneWithoutIntervalPullsAtTheStartOnly()
    {
        var late = Bench(A1, W2k with { PullsAtStart = false }, options => options with { PullsFrom = [A2] });
        late.Server.HandleTimeout(late.Now);
        Assert.That((Messages(late).Count, late.Server.PollTimeout()), Is.EqualTo((0, (Instant?)(late.Now + W2k.PullInterval))));

        var (once, two) = (Bench(A1, W2k with { PullInterval = TimeSpan.Zero }, options => options with { PullsFrom = [A2] }), Bench(A2));
        once.Server.HandleTimeout(once.Now);
        Carry(once, two);
        Assert.That((once.Server.LastPull, once.Server.PollTimeout()), Is.EqualTo((new ReplicationResult(), (Instant?)null)));
    }

    /// <summary>MS-WINSRA §4.1.</summary>
    [Test]
    [Clause("MS-WINSRA §3.2.5.1/3")]
    public void RuleW25_OfSeveralPartners_TheOneThatKnowsMostOfAnOwnerIsAsked()
    {
        var one = Bench(A1, change: options => options with { PullsFrom = [A2, A3] });
        var (two, three) = (Bench(A2), Bench(A3));
        foreach (string name in (string[])["A<20>", "B<20>", "C<20>"])
            three.Register(name, "10.0.2.1").Accepted();
        two.Server.Pull(two.Now, A3);
        Carry(two, three);
        three.Register("D<20>", "10.0.2.1").Accepted();
        two.Register("E<20>", "10.0.1.1").Accepted();
        one.Server.HandleTimeout(one.Now);
        Assert.That(Carry(one, two, three).Where(said => said.Contains("request for", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "10.0.0.250 to 10.0.1.250: request for 10.0.1.250's records, versions 1 to 1",
            "10.0.0.250 to 10.0.2.250: request for 10.0.2.250's records, versions 1 to 4",
        }));
        Assert.That(one.Server.Count, Is.EqualTo(5));
    }

    [TestCase(0)] // no word from it at all
    [TestCase(1)] // none after the association has begun
    [TestCase(2)] // none after its map
    [Clause("MS-WINSRA §3.2.5.1/1")]
    [Reaches("W25.partner-lost")]
    public void RuleW25_APartnerThatDoesNotAnswer_IsSkippedUntilTheNextTime(int answers)
    {
        var one = Bench(A1, change: options => options with { PullsFrom = [A2, A3] });
        var (two, three) = (Bench(A2), Bench(A3));
        two.Register("TWO<20>", "10.0.1.1").Accepted();
        three.Register("THREE<20>", "10.0.2.1").Accepted();
        one.Server.HandleTimeout(one.Now);
        int heard = 0;
        for (int i = 0; i < 20; i++)
        {
            foreach (var message in Messages(one).Concat(Messages(two)).Concat(Messages(three)))
            {
                if (message.Source == A2 && heard++ >= answers)
                    continue;
                foreach (var bench in (ServerBench[])[one, two, three])
                {
                    if (bench.Server.Options.Address == message.Destination)
                        bench.Server.HandleReplication(bench.Now, message);
                }
            }

            if (i == 10)
            {
                one.Pass(Timeout - TimeSpan.FromTicks(1));
                Assert.That(one.Server.LastPull, Is.Null);
                one.Pass(TimeSpan.FromTicks(1));
            }
        }

        Assert.That(one.Server.LastPull, Is.EqualTo(new ReplicationResult { Added = 1, PartnersLost = 1 }));
        Assert.That((one.Record("TWO<20>"), one.Record("THREE<20>")?.Owner), Is.EqualTo(((NameRecord?)null, (Ipv4Address?)A3)));
        one.Pass(W2k.PullInterval);
        two.Now = three.Now = one.Now;
        Carry(one, two, three);
        Assert.That(one.Record("TWO<20>"), Is.Not.Null);
    }

    /// <summary>What has been stopped, or was never opened as far as the server knows, is not used any more.</summary>
    [Test]
    [Clause("MS-WINSRA §3.1.5.1/5")]
    [Reaches("W25.unknown", "W25.reset")]
    public void RuleW25_AServerThatHasForgottenAnAssociation_ResetsIt()
    {
        var (one, two) = (Bench(A1), Bench(A2));
        one.Server.Pull(one.Now, A2);
        two.Server.HandleReplication(two.Now, Messages(one).Single());
        one.Server.HandleReplication(one.Now, Messages(two).Single());
        var asked = Messages(one).Single();
        var restarted = Bench(A2);
        restarted.Server.HandleReplication(restarted.Now, asked);
        var reset = Messages(restarted).Single();
        Assert.That(reset, Is.EqualTo(new AssociationReset { Source = A2, Destination = A1, Association = asked.Association }));
        one.Server.HandleReplication(one.Now, reset);
        Assert.That(one.Server.LastPull, Is.EqualTo(new ReplicationResult { PartnersLost = 1 }));
    }

    [Test]
    [Reaches("W25.unawaited", "W25.unknown")]
    public void RuleW25_WhatNobodyWaitsFor_ChangesNothing()
    {
        var one = Bench(A1);
        var before = one.Server.Fork();
        foreach (var message in (ReplicationMessage[])[new AssociationStartResponse(), new OwnerVersionMapResponse([]), new NameRecordsResponse([]), new AssociationReset(), new AssociationStopRequest(IsError: true)])
            one.Server.HandleReplication(one.Now, message with { Source = A2, Destination = A1, Association = 7 });
        Assert.That(Messages(one), Is.Empty);
        before.HandleReplication(one.Now, new AssociationReset { Source = A2, Destination = A1 });
        Assert.That(one.Server.HasSameStateAs(before), Is.True);
        Assert.That(() => one.Server.HandleReplication(one.Now, null!), Throws.ArgumentNullException);
    }

    [Test]
    public void RuleW25_AnAnswerThatComesTooLate_IsOfNoUse_NorOneToAnEarlierAssociation()
    {
        var (one, two) = (Bench(A1), Bench(A2));
        two.Register(Fred, "10.0.1.1").Accepted();
        one.Server.Pull(one.Now, A2);
        two.Server.HandleReplication(two.Now, Messages(one).Single());
        var late = Messages(two).Single();
        one.Pass(Timeout);
        Assert.That(one.Server.LastPull!.PartnersLost, Is.EqualTo(1));
        one.Server.Pull(one.Now, A2);
        Messages(one);
        one.Server.HandleReplication(one.Now, late);
        Assert.That(Messages(one), Is.Empty);
    }

    [Test]
    [Reaches("S20.association")]
    public void RuleW25_AnAssociationForWhichThereIsNoRoom_IsReset()
    {
        var one = Bench(A1);
        for (uint i = 0; i < 1024; i++)
            one.Server.HandleReplication(one.Now, new AssociationStartRequest { Source = new Ipv4Address(0x0B00_0000 + i), Destination = A1, Association = 1 });
        Assert.That(Messages(one), Has.All.TypeOf<AssociationStartResponse>());
        one.Server.HandleReplication(one.Now, new AssociationStartRequest { Source = A2, Destination = A1, Association = 1 });
        Assert.That(Messages(one).Single(), Is.TypeOf<AssociationReset>());
        one.Server.HandleReplication(one.Now, new AssociationStartRequest { Source = new Ipv4Address(0x0B00_0000), Destination = A1, Association = 2 });
        Assert.That(Messages(one).Single(), Is.TypeOf<AssociationStartResponse>(), "of one that has had one before");
    }

    [Test]
    [Reaches("S20.exchange")]
    public void RuleW25_TooMuchToDo_IsLeft_AndTheSameIsDoneOnce()
    {
        var one = Bench(A1);
        one.Server.Pull(one.Now, A2);
        for (int i = 0; i < 100; i++)
            one.Server.Pull(one.Now, A3);
        for (uint i = 0; i < 100; i++)
            one.Server.Pull(one.Now, new Ipv4Address(0x0B00_0000 + i));
        int opened = 0;
        for (int i = 0; i < 200; i++)
            opened += Wait(one, Timeout).OfType<AssociationStartRequest>().Count();
        Assert.That(opened, Is.EqualTo(64));
        Assert.That(one.Server.PollTimeout(), Is.Null);
    }

    [Test]
    [Reaches("T10.push", "W26.notify", "W26.notified", "W25.stop")]
    [Clause("MS-WINSRA §3.3.4/1")]
    [Clause("MS-WINSRA §3.2.5.2/1")]
    public void RuleW26_APushHasThePartnerPull_AndGoesNoFurther()
    {
        var one = Bench(A1);
        var two = Bench(A2, change: options => options with { Notifies = [A3] });
        var three = Bench(A3);
        one.Register(Fred, "10.0.0.1").Accepted();
        one.Server.Push(one.Now, A2);
        var said = Carry(one, two, three);
        Assert.That(said, Does.Contain("10.0.0.250 to 10.0.1.250: update notification"));
        Assert.That(said, Has.None.Contains("map request"), "the notification has the map (MS-WINSRA §3.2.5.2)");
        Assert.That((two.Record(Fred)?.Owner, three.Record(Fred)), Is.EqualTo(((Ipv4Address?)A1, (NameRecord?)null)));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Clause("MS-WINSRA §3.3.5.1/1")]
    public void RuleW26_ANotificationToBePassedOn_GoesFromPartnerToPartner_ButNotBack(bool propagates)
    {
        var dialect = W2k with { PropagatesPushes = propagates };
        var one = Bench(A1, dialect, options => options with { Notifies = [A2] });
        var two = Bench(A2, dialect, options => options with { Notifies = [A1, A3] });
        var three = Bench(A3, dialect, options => options with { Notifies = [A2, A1] });
        two.Register("OTHER<20>", "10.0.1.1").Accepted();
        one.Register(Fred, "10.0.0.1").Accepted();
        one.Server.Push(one.Now, A2, propagate: true);
        var notified = Carry(one, two, three).Where(said => said.Contains("notification", StringComparison.Ordinal)).ToList();
        Assert.That(notified, Is.EqualTo(propagates
            ? new[]
            {
                "10.0.0.250 to 10.0.1.250: update notification of 10.0.0.250's, to be passed on",
                "10.0.1.250 to 10.0.2.250: update notification of 10.0.0.250's, to be passed on",
                "10.0.2.250 to 10.0.0.250: update notification of 10.0.0.250's, to be passed on",
            }
            : ["10.0.0.250 to 10.0.1.250: update notification of 10.0.0.250's, to be passed on"]));
        Assert.That(three.Record(Fred) is not null, Is.EqualTo(propagates));
        Assert.That(three.Record("OTHER<20>"), Is.Null, "the notification is about its initiator's records only (MS-WINSRA §3.3.5.1)");
    }

    [Test]
    [Reaches("W26.pass-on")]
    public void RuleW26_APassedOnNotificationIsSaid()
    {
        var (one, two, three) = (Bench(A1), Bench(A2, change: options => options with { Notifies = [A3] }), Bench(A3));
        one.Register(Fred, "10.0.0.1").Accepted();
        one.Server.Push(one.Now, A2, propagate: true);
        Carry(one, two, three);
        Assert.That(three.Record(Fred), Is.Not.Null);
    }

    [Test]
    [Reaches("W26.count")]
    public void RuleW26_AfterSoManyUpdatesPartnersAreNotified()
    {
        var one = Bench(A1, W2k with { PushUpdateCount = 2 }, options => options with { Notifies = [A2] });
        var two = Bench(A2);
        one.Register(Fred, "10.0.0.1").Accepted();
        one.Refresh(Fred, "10.0.0.1").Accepted();
        one.Pass(TimeSpan.FromSeconds(1));
        Assert.That(Carry(one, two), Is.Empty, "a refresh is no update");
        one.Register("JANE<20>", "10.0.0.2").Accepted();
        Assert.That(one.Server.PollTimeout(), Is.EqualTo(Instant.MinValue), "at once");
        one.Pass(TimeSpan.Zero);
        Carry(one, two);
        Assert.That((two.Server.Count, one.Server.PollTimeout() > one.Now), Is.EqualTo((2, true)));
    }

    [Test]
    [Reaches("W26.address")]
    public void RuleW26_WhenAnAddressHasChangedPartnersAreNotified()
    {
        var one = Bench(A1, W2k with { PushesAddressChanges = true }, options => options with { Notifies = [A2] });
        var two = Bench(A2);
        one.Register(Fred, "10.0.0.1").Accepted();
        one.Pass(TimeSpan.Zero);
        Assert.That(Carry(one, two), Is.Empty, "a new name has no other address than before");
        one.Denies(one.Register(Fred, "10.0.0.2").Challenge()).Accepted();
        one.Pass(TimeSpan.Zero);
        Assert.That(Carry(one, two), Has.Some.Contains("to be passed on"));
        two.Query(Fred).Answers("10.0.0.2");
        one.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        one.Register("LAB<1C>", "10.0.0.2", group: true).Accepted();
        one.Pass(TimeSpan.Zero);
        Carry(one, two);
        two.Query("LAB<1C>").Answers("10.0.0.1", "10.0.0.2");
    }

    [Test]
    [Reaches("W26.group")]
    public void RuleW26_AnOwnInternetGroupThatMeetsATombstone_IsPushed()
    {
        var (one, two) = (Bench(A1, change: options => options with { Notifies = [A2] }), Bench(A2));
        one.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        two.Register("LAB<1C>", "10.0.1.1", group: true).Accepted();
        two.Server.Remove(two.Now, NetBiosName.Parse("LAB<1C>"));
        one.Server.Pull(one.Now, A2);
        Carry(one, two);
        two.Query("LAB<1C>").Answers("10.0.0.1");
    }

    [Test]
    [Reaches("W26.throttled", "W25.partner-lost")]
    public void RuleW26_APartnerThatHasFailedThreeTimesInFiveMinutes_IsNotNotified()
    {
        var one = Bench(A1);
        for (int i = 0; i < 3; i++)
        {
            one.Server.Push(one.Now, A2);
            Assert.That(Messages(one).Single(), Is.TypeOf<AssociationStartRequest>());
            Wait(one, Timeout);
        }

        one.Server.Push(one.Now, A2);
        Assert.That(Messages(one), Is.Empty);
        one.Server.Push(one.Now, A3);
        Assert.That(Messages(one).Single().Destination, Is.EqualTo(A3), "others are");
        Wait(one, TimeSpan.FromMinutes(5));
        one.Server.Push(one.Now, A2);
        Assert.That(Messages(one).Single(), Is.TypeOf<AssociationStartRequest>());
    }

    [Test]
    [Reaches("W13.ask-version", "W13.version")]
    public void RuleW13_TheOwnerIsAskedForANewVersion_AlsoWhereTheRecordCameByWayOfAThirdServer()
    {
        var nt35 = NameServerDialect.WinsNt35;
        var (one, two, three) = (Bench(A1, nt35), Bench(A2, nt35), Bench(A3, nt35));
        one.Register(Fred, "10.0.0.1").Accepted();
        three.Register(Fred, "10.0.2.1").Accepted();
        two.Server.Pull(two.Now, A3);
        Carry(one, two, three);
        one.Server.Pull(one.Now, A2);
        var said = Carry(one, two, three);
        Assert.That(said, Does.Contain("10.0.0.250 to 10.0.2.250: request to give new versions to FRED<20>"));
        Assert.That(three.Record(Fred)!.Version, Is.EqualTo(2));
    }

    [Test]
    [Reaches("W13.no-version")]
    public void RuleW13_OnlyAnActiveRecordOfItsOwnGetsANewVersion()
    {
        var (one, two) = (Bench(A1), Bench(A2));
        one.Server.HandleReplication(one.Now, new AssociationStartRequest { Source = A2, Destination = A1, Association = 5 });
        one.Server.HandleReplication(one.Now, new VersionBumpRequest([NetBiosName.Parse(Fred)]) { Source = A2, Destination = A1, Association = 5 });
        Assert.That((one.Server.Version, one.Log().Count), Is.EqualTo((0UL, 0)));
    }

    [Test]
    [Reaches("W5.verify", "W5.verified", "W5.gone-at-owner")]
    [Clause("MS-WINSRA §3.2.5.3/2")]
    public void RuleW5_ReplicasAreVerifiedByTheirOwnersRecordsFromVersion1On()
    {
        var (one, two) = (Bench(A1), Bench(A2));
        two.Server.AddStatic(two.Now, NetBiosName.Parse("LIVES<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.1.1"));
        two.Register("GOES<20>", "10.0.1.2").Accepted();
        one.Server.Pull(one.Now, A2);
        Carry(one, two);
        one.Pass(TimeSpan.FromDays(30));
        two.Pass(TimeSpan.FromDays(30)); // the owner's name is gone by then, and so is its tombstone
        one.Server.Pull(one.Now, A2);
        Assert.That(Carry(one, two), Does.Contain("10.0.0.250 to 10.0.1.250: request for 10.0.1.250's records, versions 1 to 2"));
        Assert.That(one.Server.GetRecords().Select(record => record.Name.ToString()), Is.EqualTo(new[] { "LIVES<20>" }));
    }

    /// <summary>Never a partner about another's records: WINS deletes nothing after such a verification.</summary>
    [TestCase(true)]
    [TestCase(false)]
    [Clause("MS-WINSRA §3.2.5.3/3")]
    [Clause("MS-WINSRA §3.2.5.3/6")]
    public void RuleW5_ReplicasOfAnOwnerThatIsNoPartner_AreVerifiedWithTheOwner_AfterThePeriodicPull(bool isThere)
    {
        var one = Bench(A1, change: options => options with { PullsFrom = [A2], MaxVerifiedRecords = 1 });
        var (two, three) = (Bench(A2), Bench(A3));
        three.Server.AddStatic(three.Now, NetBiosName.Parse("LIVES<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.2.1"));
        three.Register("GOES<20>", "10.0.2.2").Accepted();
        two.Server.Pull(two.Now, A3);
        Carry(two, three);
        one.Server.HandleTimeout(one.Now);
        Carry(one, two);
        Assert.That(one.Server.Count, Is.EqualTo(2));

        foreach (var bench in (ServerBench[])[one, two, three])
            Wait(bench, TimeSpan.FromDays(30)); // nothing arrives all this time, and the owner's name is gone by then
        for (int round = 0; round < 8; round++)
        {
            one.Pass(one.Server.PollTimeout()!.Value - one.Now);
            two.Now = three.Now = one.Now;
            Carry(isThere ? [one, two, three] : [one, two]);
            Messages(three);
        }

        Assert.That(one.Server.GetRecords().Select(record => record.Name.ToString()), Is.EqualTo(isThere ? new[] { "LIVES<20>" } : ["GOES<20>", "LIVES<20>"]));
    }

    [Test]
    [Reaches("W12.static-replaces", "W12.static-stays")]
    public void RuleW12_ThatAStaticRecordWinsIsSaid()
    {
        var (one, two) = (Bench(A1), Bench(A2));
        one.Register(Fred, "10.0.0.1").Accepted();
        one.Server.AddStatic(one.Now, NetBiosName.Parse("JANE<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.0.2"));
        two.Server.AddStatic(two.Now, NetBiosName.Parse(Fred), NameRecordType.Unique, ServerBench.Ip("10.0.1.1"));
        two.Register("JANE<20>", "10.0.1.2").Accepted();
        one.Server.Pull(one.Now, A2);
        Carry(one, two);
        one.Query(Fred).Answers("10.0.1.1");
        one.Query("JANE<20>").Answers("10.0.0.2");
    }

    /// <summary>A record that was not asked for, of another owner or version, is not taken: whoever sends it does not decide what is asked.</summary>
    [Test]
    public void RuleW25_OnlyWhatWasAskedForIsTaken()
    {
        var one = Bench(A1);
        one.Server.Pull(one.Now, A2);
        long association = Messages(one).Single().Association;
        ReplicationMessage Of(ReplicationMessage message) => message with { Source = A2, Destination = A1, Association = association };
        one.Server.HandleReplication(one.Now, Of(new AssociationStartResponse()));
        one.Server.HandleReplication(one.Now, Of(new OwnerVersionMapResponse([new OwnerVersion(A2, 5)])));
        NameRecord Record(Ipv4Address owner, ulong version) =>
            ReplicationTrial.Record(NetBiosName.Parse($"N{version}<20>"), NameRecordType.Unique, NameRecordState.Active, isStatic: false, owner, version, ["10.0.1.1"]);
        ImmutableArray<NameRecord> records = [Record(A2, 5), Record(A2, 6), Record(A3, 4)];
        one.Server.HandleReplication(one.Now, Of(new NameRecordsResponse(records)));
        Assert.That(one.Server.GetRecords().Select(record => record.Name.ToString()), Is.EqualTo(new[] { "N5<20>" }));
    }

    [Test]
    public void AForkInTheMidstOfAnExchangeGoesOnByItself()
    {
        var (one, two) = (Bench(A1), Bench(A2));
        two.Register(Fred, "10.0.1.1").Accepted();
        one.Server.Pull(one.Now, A2);
        two.Server.HandleReplication(two.Now, Messages(one).Single());
        one.Server.HandleReplication(one.Now, Messages(two).Single());
        var (fork, other) = (one.Server.Fork(), two.Server.Fork());
        Assert.That(fork.HasSameStateAs(one.Server), Is.True);
        ServerBench.Carry(one.Now, fork, other);
        Assert.That(fork.HasSameStateAs(one.Server), Is.False);
        Assert.That((fork.Count, one.Server.Count), Is.EqualTo((1, 0)));
        Carry(one, two);
        Assert.That(fork.HasSameStateAs(one.Server), Is.True);
        Assert.That(other.HasSameStateAs(two.Server), Is.True);
    }

    [Test]
    public void SettingsHaveTheirBounds()
    {
        Assert.That(() => W2k with { PullInterval = -Timeout }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => W2k with { PushUpdateCount = -1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => W2k with { PartnerTimeout = TimeSpan.Zero }, Throws.TypeOf<ArgumentOutOfRangeException>());
        var options = new NameServerOptions { PullsFrom = default, Notifies = default };
        Assert.That((options.PullsFrom.Length, options.Notifies.Length), Is.EqualTo((0, 0)));
    }

    [Test]
    public void MessagesAreValues()
    {
        var record = ReplicationTrial.Record(NetBiosName.Parse(Fred), NameRecordType.Unique, NameRecordState.Active, isStatic: false, A2, 1, ["10.0.1.1"]);
        Func<ReplicationMessage>[] makers =
        [
            () => new AssociationStopRequest(IsError: true), () => new OwnerVersionMapResponse([new OwnerVersion(A1, 1)]), () => new NameRecordsRequest(A1, 1, 2),
            () => new NameRecordsResponse([record with { }]), () => new UpdateNotification([new OwnerVersion(A1, 1)], true, A1), () => new VersionBumpRequest([NetBiosName.Parse(Fred)]),
        ];
        foreach (var make in makers)
        {
            Assert.That(make(), Is.EqualTo(make() with { Decision = 7 }));
            Assert.That(make().GetHashCode(), Is.EqualTo((make() with { Decision = 7 }).GetHashCode()));
            Assert.That(make(), Is.Not.EqualTo(make() with { Association = 1 }));
            Assert.That(makers.Count(other => other() == make()), Is.EqualTo(1));
        }
    }
}
