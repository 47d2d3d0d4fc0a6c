using System.Buffers;
using System.Text;
using System.Text.Json;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>A name server at the edges: what is journaled, when two servers are the same, claims by one host for several addresses, records without an address.</summary>
public sealed class NameServerEdgeTests
{
    private static readonly NetBiosName s_fred = NetBiosName.Parse("FRED<20>");
    private static readonly Ipv4Address s_partner = ServerBench.Ip("10.0.1.250");

    private static ServerBench One(NameServerDialect? dialect = null, Func<NameServerOptions, NameServerOptions>? change = null) =>
        new(dialect ?? NameServerDialect.Windows2000, change);

    private static ReplicationResult Receive(ServerBench bench, NameRecord record) => bench.Server.Replicas.Receive(bench.Now, [record]);

    private static List<(NameServerChangeKind Kind, NameRecordState? State)> Changes(ServerBench bench)
    {
        var changes = new List<(NameServerChangeKind, NameRecordState?)>();
        while (bench.Server.TryPollChange(out var change))
            changes.Add((change.Kind, bench.Record("FRED<20>")?.State));
        return changes;
    }

    [Test]
    public void EachStateThatANameComesToIsJournaled()
    {
        var bench = One(change: options => options with { JournalsChanges = true });
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        Assert.That(Changes(bench), Is.EqualTo(new[] { (NameServerChangeKind.Stored, (NameRecordState?)NameRecordState.Active) }));
        foreach (NameRecordState? state in (NameRecordState?[])[NameRecordState.Released, NameRecordState.Tombstone, null])
        {
            List<(NameServerChangeKind Kind, NameRecordState? State)> changes = [];
            for (int day = 0; day < 10 && changes.Count == 0; day++)
            {
                bench.Pass(TimeSpan.FromDays(1));
                changes = Changes(bench);
            }

            Assert.That(changes, Is.EqualTo(new[] { (state is null ? NameServerChangeKind.Removed : NameServerChangeKind.Stored, state) }));
        }
    }

    /// <summary>Where a refresh shortens a name's time, it runs out then.</summary>
    [Test]
    public void ARefreshForLessTimeCounts()
    {
        var bench = One(NameServerDialect.Windows2000 with { GrantsRequestedTime = true, LifetimeMultiple = 1, ScavengingInterval = null });
        bench.Register("FRED<20>", "10.0.0.1", ttl: 10_000).Accepted();
        bench.Refresh("FRED<20>", "10.0.0.1", ttl: 100).Accepted();
        Assert.That(bench.Server.PollTimeout(), Is.LessThanOrEqualTo(bench.Now + TimeSpan.FromSeconds(100)));
        bench.Pass(TimeSpan.FromSeconds(101));
        Assert.That(bench.Server.Statistics.Expired, Is.EqualTo(1));
        Assert.That(bench.Record("FRED<20>")!.State, Is.EqualTo(NameRecordState.Released));
    }

    /// <summary>RFC 1002 §5.1.4.1: a claimant that asks again is answered once; for another of its addresses it makes another claim.</summary>
    [Test]
    public void OneHostMayClaimANameForTwoAddresses()
    {
        var bench = One();
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var challenge = bench.Register("FRED<20>", "10.0.0.9").Challenge();
        Assert.That(bench.Register("FRED<20>", "10.0.0.8", source: "10.0.0.9"), Has.Count.EqualTo(1), "WACK");
        Assert.That(bench.Register("FRED<20>", "10.0.0.8", source: "10.0.0.7"), Has.Count.EqualTo(1), "another host's claim for the same address");
        Assert.That(bench.Register("FRED<20>", "10.0.0.9"), Is.Empty, "a repeat");
        Assert.That(bench.Holds(challenge, "10.0.0.1").Select(sent => sent.Rcode), Is.EqualTo(Enumerable.Repeat(NbnsRcode.ActiveError, 3)));
    }

    [Test]
    public void ARequestOfNoKindIsIgnored_AndCounted()
    {
        var bench = One();
        var buffer = new byte[576];
        int length = NbnsEncoder.WriteQuery(buffer, 7, 0x3800, s_fred); // a WACK, which is no request
        Assert.That(bench.Deliver(buffer.AsSpan(0, length), "10.0.0.9"), Is.Empty);
        Assert.That((bench.Server.Statistics.Ignored, bench.Server.Statistics.Unreadable), Is.EqualTo((1L, 0L)));
    }

    [Test]
    public void WhatDoesNotBeginIsCountedAsDropped()
    {
        var bench = One(change: options => options with { MaxTransactions = 1 });
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("JANE<20>", "10.0.0.2").Accepted();
        bench.Register("FRED<20>", "10.0.0.9").Challenge();
        bench.Register("JANE<20>", "10.0.0.9").Refused(NbnsRcode.ServerFailure);
        Assert.That(bench.Server.Statistics.Dropped, Is.EqualTo(1));
    }

    /// <summary>The four types and three states of the format, out and in.</summary>
    [TestCase("FRED<20>", false, false, "unique")]
    [TestCase("LAB<00>", true, false, "group")]
    [TestCase("LAB<1C>", true, false, "internetGroup")]
    [TestCase("FRED<20>", false, true, "multihomed")]
    public void EachTypeIsSavedByItsName(string name, bool isGroup, bool isMultihomed, string type)
    {
        var bench = One();
        if (isMultihomed)
            bench.RegisterMultihomed(name, "10.0.0.1").Accepted();
        else
            bench.Register(name, "10.0.0.1", isGroup).Accepted();
        var octets = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(octets))
            bench.Server.Save(writer);
        Assert.That(Encoding.UTF8.GetString(octets.WrittenSpan), Does.Contain($"\"type\":\"{type}\""));
        Assert.That(NameServer.TryLoad(bench.Server.Options, bench.Now, octets.WrittenSpan.ToArray(), out var loaded, out var problem), Is.True, problem);
        Assert.That(loaded!.FindRecord(NetBiosName.Parse(name)), Is.EqualTo(bench.Record(name)));
    }

    /// <summary>RFC 1002 §4.2.15: with names as long as they can be.</summary>
    [Test]
    public void ARedirectWithTheLongestNamesIsSentWhole()
    {
        string scope = string.Join('.', new string('A', 63), new string('B', 63), new string('C', 63));
        var elsewhere = new NameServerRedirect(NetBiosName.Parse($"OTHER<20>.{scope}"), s_partner);
        var bench = One(NameServerDialect.Rfc1002NonSecured, options => options with { Redirect = elsewhere, MaxQueuedOctets = 900 });
        for (int i = 0; i < 3; i++)
        {
            var sent = bench.Query($"FRED<20>.{scope}").Only();
            Assert.That((sent.Name.ToString(), sent.Type), Is.EqualTo(($"FRED<20>.{scope}", NbnsType.NS)));
        }
    }

    /// <summary>A record that is not WINS' business stays as it is, whoever releases it.</summary>
    [Test]
    public void AMasterBrowsersReleaseReleasesNothing()
    {
        var bench = One();
        Receive(bench, ReplicationTrial.Record(NetBiosName.Parse("LAB<1D>"), NameRecordType.Unique, NameRecordState.Active, isStatic: false, s_partner, 3, "10.0.0.1"));
        Assert.That(bench.Record("LAB<1D>"), Is.Not.Null);
        bench.Release("LAB<1D>", "10.0.0.1").HasFlags(0xB400);
        bench.Query("LAB<1D>").Answers();
        Assert.That(bench.Record("LAB<1D>")!.State, Is.EqualTo(NameRecordState.Active));
    }

    [TestCase(NameRecordType.Unique, NameRecordState.Tombstone)]
    [TestCase(NameRecordType.NormalGroup, NameRecordState.Active)]
    [TestCase(NameRecordType.Multihomed, NameRecordState.Tombstone)]
    public void ARecordWithoutAnAddressMeetsOneThatIsHere(NameRecordType type, NameRecordState state)
    {
        var bench = One();
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Server.Decisions = new DecisionLines();
        var replica = new NameRecord { Name = s_fred, Type = type, State = state, Owner = s_partner, Version = 9, Addresses = [] };
        Assert.That(() => Receive(bench, replica), Throws.Nothing);
        Assert.That(bench.Record("FRED<20>"), Is.Not.Null);
    }

    [TestCase(NameRecordType.Unique, false, false)]
    [TestCase(NameRecordType.NormalGroup, false, true)]
    [TestCase(NameRecordType.NormalGroup, true, true)]
    public void ARecordWithoutAnAddressIsRestored_UnlessItNeedsOne(NameRecordType type, bool isReplicas, bool isRestored)
    {
        var bench = One(change: options => options with { NamesPerSource = 10 });
        var record = new NameRecord { Name = s_fred, Type = type, State = NameRecordState.Active, Owner = isReplicas ? s_partner : bench.Server.Options.Address, Version = 9, Addresses = [] };
        Assert.That((bench.Server.Restore(bench.Now, record), bench.Server.Count), Is.EqualTo((isRestored, isRestored ? 1 : 0)));
    }

    /// <summary>Whoever restores a record that the server cannot keep finds it as it was.</summary>
    [Test]
    public void ARecordOfOneOwnerTooManyIsNotRestored()
    {
        var bench = One();
        var record = new NameRecord { Name = s_fred, Type = NameRecordType.Unique, State = NameRecordState.Active, Owner = s_partner, Version = 1, Addresses = [new(ServerBench.Ip("10.0.0.1"), s_partner, Instant.MaxValue, OwnerNodeType.H)] };
        for (uint i = 1; i < ushort.MaxValue; i++)
            Assert.That(bench.Server.Restore(bench.Now, record with { Owner = new Ipv4Address(0x0B00_0000 + i), Version = i }) ? 0 : i, Is.Zero);
        Assert.That(bench.Server.Restore(bench.Now, record with { Name = NetBiosName.Parse("JANE<20>"), Owner = ServerBench.Ip("10.0.9.9") }), Is.False);
        Assert.That((bench.Record("JANE<20>"), bench.Server.Count), Is.EqualTo(((NameRecord?)null, 1)));
    }

    /// <summary>A server that knows all owners that it can know takes no record that another one's member is in: it would be this server's own.</summary>
    [Test]
    [Reaches("S20.replica")]
    public void ARecordWithAMemberOfAnOwnerForWhomThereIsNoRoom_IsRefused()
    {
        var bench = One();
        var record = new NameRecord { Name = s_fred, Type = NameRecordType.InternetGroup, State = NameRecordState.Active, Owner = s_partner, Version = 1, Addresses = [new(ServerBench.Ip("10.0.0.1"), s_partner, Instant.MaxValue, OwnerNodeType.H)] };
        Receive(bench, record);
        for (uint i = 1; i < ushort.MaxValue; i++)
            Receive(bench, record with { Name = NetBiosName.Parse("JANE<20>"), Type = NameRecordType.Unique, Owner = new Ipv4Address(0x0B00_0000 + i), Version = i });
        var stranger = record.Addresses[0] with { Address = ServerBench.Ip("10.0.9.1"), Owner = ServerBench.Ip("10.0.9.9") };
        Assert.That(Receive(bench, record with { Version = 2, Addresses = [record.Addresses[0], stranger] }), Is.EqualTo(new ReplicationResult()));
        Assert.That((bench.Record("FRED<20>")!.Version, bench.Record("FRED<20>")!.Addresses.Length), Is.EqualTo((1UL, 1)));
        Assert.That(bench.Server.GetOwnerVersions().Single(version => version.Owner == s_partner).Version, Is.EqualTo(1), "it is asked for again");
        Assert.That(bench.Server.Restore(bench.Now, record with { Version = 3, Addresses = [record.Addresses[0], stranger] }), Is.False);
    }

    /// <summary>MS-WINSRA §3.2.5.5, chart C4: this server's own member of a partner's group holds a renewal interval from when the group is put together.</summary>
    [Test]
    public void AnOwnMemberOfAPartnersGroupHoldsFromTheMergeOn()
    {
        var bench = One();
        var (own, two, three) = (bench.Server.Options.Address, s_partner, ServerBench.Ip("10.0.2.250"));
        NameRecordAddress Of(string address, Ipv4Address owner) => new(ServerBench.Ip(address), owner, Instant.MaxValue, OwnerNodeType.H);
        var group = new NameRecord { Name = NetBiosName.Parse("LAB<1C>"), Type = NameRecordType.InternetGroup, State = NameRecordState.Active, Owner = two, Version = 5, Addresses = [] };
        bench.Server.Restore(bench.Now, group with { Addresses = [Of("10.0.0.1", own), Of("10.0.1.1", two)] });
        bench.Server.Replicas.Receive(bench.Now, [group with { Owner = three, Addresses = [Of("10.0.2.1", three)] }]);
        bench.Pass(TimeSpan.FromDays(5));
        Assert.That(bench.Query("LAB<1C>").Only().Addresses, Is.EquivalentTo(new[] { "10.0.0.1", "10.0.1.1", "10.0.2.1" }));
        bench.Pass(TimeSpan.FromDays(3));
        Assert.That(bench.Query("LAB<1C>").Only().Addresses, Is.EquivalentTo(new[] { "10.0.1.1", "10.0.2.1" }));
    }

    [Test]
    public void ServersThatDifferInOneThingAreNotInTheSameState()
    {
        var one = One(change: options => options with { JournalsChanges = true });
        foreach (string name in (string[])["A<20>", "B<20>", "C<20>"])
            one.Register(name, "10.0.0.1").Accepted();
        Assert.That(one.Server.TryPollChange(out _), Is.True);
        Assert.That(one.Server.Fork().HasSameStateAs(one.Server), Is.True);

        var counted = new ServerBench(NameServerDialect.Windows2000) { Server = one.Server.Fork(), Now = one.Now };
        counted.Deliver([1, 2, 3], "10.0.0.9");
        Assert.That(counted.Server.HasSameStateAs(one.Server), Is.False, "what was counted");

        var polled = one.Server.Fork();
        Assert.That(polled.TryPollChange(out _), Is.True);
        Assert.That((polled.HasSameStateAs(one.Server), one.Server.HasSameStateAs(polled)), Is.EqualTo((false, false)), "what is to be written");
    }

    /// <summary>A static mapping takes as many addresses as a name may have, over however many calls they come.</summary>
    [Test]
    public void AStaticGroupTakesTwentyFiveAddresses()
    {
        var bench = One();
        var name = NetBiosName.Parse("GROUP<20>");
        for (uint i = 1; i <= 30; i++)
            Assert.That(bench.Server.AddStatic(bench.Now, name, NameRecordType.InternetGroup, new Ipv4Address(0x0A00_0000 + i)), Is.True);
        Assert.That(bench.Record("GROUP<20>")!.Addresses, Has.Length.EqualTo(25));
        Assert.That(() => bench.Server.AddStatic(bench.Now, name, NameRecordType.InternetGroup, new Ipv4Address[26]), Throws.ArgumentException);
    }

    [Test]
    public void LinesOfLmHostsMakeNamesOfTheirKinds()
    {
        var bench = One();
        bench.Server.AddStatic(bench.Now, LmHostsFile.Parse("10.0.0.1 ONE\n10.0.0.2 TWO #MH\n10.0.0.3 THREE #DOM:LAB\n"));
        Assert.That(
            (bench.Record("ONE<20>")!.Type, bench.Record("TWO<20>")!.Type, bench.Record("THREE<20>")!.Type, bench.Record("LAB<1C>")!.Type),
            Is.EqualTo((NameRecordType.Unique, NameRecordType.Multihomed, NameRecordType.Unique, NameRecordType.InternetGroup)));
    }

    [Test]
    public void ServersThatAskOthersAreNotInTheSameState()
    {
        ServerBench[] both = [One(), One()];
        foreach (var bench in both)
        {
            bench.Register("FRED<20>", "10.0.0.1").Accepted();
            bench.Register("JANE<20>", "10.0.0.1").Accepted();
        }

        both[0].Register("FRED<20>", "10.0.0.9");
        both[1].Register("JANE<20>", "10.0.0.9");
        Assert.That((both[0].Server.HasSameStateAs(both[1].Server), both[1].Server.HasSameStateAs(both[0].Server)), Is.EqualTo((false, false)), "whose owner is asked");
        var (with, without) = (One(), One());
        with.Server.AddStatic(with.Now, s_fred, NameRecordType.Unique, ServerBench.Ip("10.0.0.1"));
        without.Server.RestoreVersion(with.Server.Version);
        Assert.That(with.Server.HasSameStateAs(without.Server), Is.False, "one name more");
    }

    [Test]
    public void ServersForWhichOthersWaitAreNotInTheSameState()
    {
        ServerBench[] both = [One(), One()];
        foreach (var bench in both)
        {
            bench.Register("FRED<20>", "10.0.0.1").Accepted();
            bench.Register("JANE<20>", "10.0.0.1").Accepted();
            bench.Register("FRED<20>", "10.0.0.7").Challenge();
            bench.Register("JANE<20>", "10.0.0.7").Challenge();
        }

        both[0].Register("FRED<20>", "10.0.0.8");
        both[1].Register("JANE<20>", "10.0.0.8");
        Assert.That((both[0].Server.HasSameStateAs(both[1].Server), both[1].Server.HasSameStateAs(both[0].Server)), Is.EqualTo((false, false)));
    }

    [Test]
    public void ServersThatWriteInAnotherOrderAreNotInTheSameState()
    {
        string[] names = ["A<20>", "B<20>", "C<20>", "D<20>"];
        ServerBench[] both = [One(change: options => options with { JournalsChanges = true }), One(change: options => options with { JournalsChanges = true })];
        foreach (var bench in both)
        {
            foreach (string name in names)
                bench.Register(name, "10.0.0.1").Accepted();
            while (bench.Server.TryPollChange(out _))
            {
                // what has happened so far is not the matter here
            }

            foreach (string name in bench == both[0] ? names : ["A<20>", "B<20>", "D<20>", "C<20>"])
                bench.Refresh(name, "10.0.0.1").Accepted();
            bench.Server.TryPollChange(out _);
        }

        Assert.That(both[0].Server.HasSameStateAs(both[1].Server), Is.False);
    }

    [Test]
    public void RecordsDifferInEachOfTheirParts()
    {
        var record = new NameRecord
        {
            Name = s_fred,
            Type = NameRecordType.Unique,
            State = NameRecordState.Active,
            Owner = s_partner,
            Version = 3,
            Expires = new Instant(5),
            Addresses = [new(ServerBench.Ip("10.0.0.1"), s_partner, new Instant(5), OwnerNodeType.H)],
        };
        NameRecord[] others =
        [
            record with { Name = NetBiosName.Parse("JANE<20>") }, record with { Type = NameRecordType.Multihomed }, record with { State = NameRecordState.Released }, record with { IsStatic = true },
            record with { Owner = default }, record with { Version = 4 }, record with { Expires = new Instant(6) }, record with { Addresses = [] },
        ];
        Assert.That(others.Select(other => record.Equals(other) || other.Equals(record)), Has.All.False);
        Assert.That(record.Equals(record with { }), Is.True);
        Assert.That(record.Equals(null), Is.False);
    }

    /// <summary>Whatever changes a record is handed to the driver that keeps it (MS-WINSRA §3.1.1).</summary>
    [Test]
    public void EachChangeOfAGroupIsJournaled()
    {
        var bench = One(change: options => options with { JournalsChanges = true });
        NameServerChangeKind[] Take()
        {
            var kinds = new List<NameServerChangeKind>();
            while (bench.Server.TryPollChange(out var change))
                kinds.Add(change.Kind);
            return [.. kinds];
        }

        bench.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        Assert.That(Take(), Is.EqualTo(new[] { NameServerChangeKind.Stored }));
        bench.Pass(TimeSpan.FromDays(3));
        bench.Register("LAB<1C>", "10.0.0.2", group: true).Accepted();
        Assert.That(Take(), Is.EqualTo(new[] { NameServerChangeKind.Stored }), "a member more");
        Receive(bench, ReplicationTrial.Record(NetBiosName.Parse("LAB<1C>"), NameRecordType.InternetGroup, NameRecordState.Active, isStatic: false, s_partner, 3, "10.0.1.1"));
        Assert.That(Take(), Is.EqualTo(new[] { NameServerChangeKind.Stored }), "a partner's");
        bench.Pass(TimeSpan.FromDays(4));
        Assert.That(Take(), Is.EqualTo(new[] { NameServerChangeKind.Stored }), "a member less");
        Assert.That(bench.Record("LAB<1C>")!.Addresses.Select(one => one.Address.ToString()), Is.EquivalentTo(new[] { "10.0.0.2", "10.0.1.1" }));
    }

    [Test]
    public void AnOwnerThatIsStillThereIsJournaled()
    {
        var bench = One(NameServerDialect.Rfc1002Secured, options => options with { JournalsChanges = true });
        bench.Register("FRED<20>", "10.0.0.1", ttl: 100).Accepted();
        Changes(bench);
        bench.Holds(bench.Pass(TimeSpan.FromSeconds(200)).Challenge(), "10.0.0.1");
        Assert.That(Changes(bench), Is.EqualTo(new[] { (NameServerChangeKind.Refreshed, (NameRecordState?)NameRecordState.Active) }));
    }

    /// <summary>MS-NBTE §3.2.5.3, as Windows 2000 has it: an owner that lists the new address alone has moved there.</summary>
    [Test]
    public void AnOwnerThatListsOnlyTheNewAddressHasNoOther()
    {
        var bench = One();
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Holds(bench.Register("FRED<20>", "10.0.0.9").Challenge(), "10.0.0.9").Accepted();
        Assert.That((bench.Record("FRED<20>")!.Type, bench.Record("FRED<20>")!.State), Is.EqualTo((NameRecordType.Multihomed, NameRecordState.Active)));
        bench.Query("FRED<20>").Answers("10.0.0.9");
    }

    [Test]
    public void EachKindOfRequestIsCounted()
    {
        var bench = One(NameServerDialect.Rfc1002NonSecured with { RefreshRegisters = false, RefusedRefreshDemand = NodeDemand.Release }, options => options with { MaxScopes = 1 });
        bench.Register("FRED<20>.LAB", "10.0.0.1").Accepted();
        bench.Refresh("FRED<20>.LAB", "10.0.0.1").Accepted();
        bench.Refresh("JANE<20>.OTHER", "10.0.0.1").Refused(NbnsRcode.Refused);
        bench.Release("FRED<20>.LAB", "10.0.0.1").HasFlags(0xB400);
        var counted = bench.Server.Statistics;
        Assert.That((counted.Registrations, counted.Refreshes, counted.Releases, counted.Refused), Is.EqualTo((1L, 2L, 1L, 1L)));
        Assert.That((counted.Dropped, counted.Demands), Is.EqualTo((1L, 0L)), "the demand about a name whose scope there is no room for");

        var repeats = One();
        repeats.Register("FRED<20>", "10.0.0.1").Accepted();
        repeats.Register("FRED<20>", "10.0.0.9").Challenge();
        repeats.Register("FRED<20>", "10.0.0.9");
        Assert.That(repeats.Server.Statistics.Swallowed, Is.EqualTo(1));
    }

    /// <summary>RFC 1002 §4.2.16: a WACK repeats OPCODE and NM_FLAGS of the request.</summary>
    [TestCase(NbnsFlagWords.RegistrationRequest)]
    [TestCase(NbnsFlagWords.MultihomedRegistrationRequest)]
    public void AWackRepeatsTheFlagsOfItsRequest(int flags)
    {
        var bench = One();
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var buffer = new byte[576];
        int length = NbnsEncoder.WriteRequest(buffer, 7, (ushort)(flags | 5), s_fred, 0, new NbEntry(default, ServerBench.Ip("10.0.0.9")));
        bench.Server.HandleDatagram(bench.Now, new Datagram(buffer.AsSpan(0, length), Ipv4Endpoint.NameService(ServerBench.Ip("10.0.0.9")), Ipv4Endpoint.NameService(ServerBench.ServerAddress), isBroadcast: false));
        Assert.That(bench.Server.TryPollTransmit(buffer, out var wack), Is.True);
        Assert.That((buffer[2] << 8 | buffer[3], buffer[wack.Length - 2] << 8 | buffer[wack.Length - 1]), Is.EqualTo(((int)NbnsFlagWords.Wack, flags)), "and no more of them");
    }

    /// <summary>MS-WINSRA §3.2.5.5, chart C3: what a replica has too is taken off before the owner is asked; what is left holds as long as it did.</summary>
    [Test]
    public void WhatIsLeftOfARecordHoldsAsLongAsItDid()
    {
        var bench = One(NameServerDialect.Windows2000 with { ChallengesTakeMembers = true, ScavengingInterval = null });
        bench.RegisterMultihomed("MULTI<20>", "10.0.0.1").Accepted();
        var own = bench.Record("MULTI<20>")!.Addresses[0];
        bench.Server.Restore(bench.Now, bench.Record("MULTI<20>")! with { Expires = bench.Now + TimeSpan.FromDays(1), Addresses = [own, own with { Address = ServerBench.Ip("10.0.0.2"), Expires = bench.Now + TimeSpan.FromDays(1) }] });
        Receive(bench, ReplicationTrial.Record(NetBiosName.Parse("MULTI<20>"), NameRecordType.Unique, NameRecordState.Active, isStatic: false, s_partner, 9, "10.0.0.2"));
        bench.Holds(bench.Drain().Challenge(), "10.0.0.1");
        bench.Pass(TimeSpan.FromDays(2));
        bench.Query("MULTI<20>").Answers("10.0.0.1");
    }

    [Test]
    public void ARestoredNameRunsOutInItsTime()
    {
        var bench = One(NameServerDialect.Windows2000 with { ScavengingInterval = null });
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var restarted = new ServerBench(NameServerDialect.Windows2000 with { ScavengingInterval = null });
        Assert.That(restarted.Server.Restore(restarted.Now, bench.Record("FRED<20>")! with { Expires = restarted.Now + TimeSpan.FromHours(1) }), Is.True);
        Assert.That(restarted.Server.PollTimeout(), Is.Not.Null);
        restarted.Pass(TimeSpan.FromHours(2));
        Assert.That(restarted.Server.Statistics.Expired, Is.EqualTo(1));
    }

    /// <summary>Q130232: a normal group has no members where the dialect keeps none, also one that is entered by hand.</summary>
    [TestCase(false, "255.255.255.255")]
    [TestCase(true, "10.0.0.1")]
    public void AStaticNormalGroupHasMembersWhereTheyAreKept(bool isRfc, params string[] expected)
    {
        var bench = One(isRfc ? NameServerDialect.Rfc1002NonSecured : NameServerDialect.Windows2000);
        bench.Server.AddStatic(bench.Now, NetBiosName.Parse("LAB<00>"), NameRecordType.NormalGroup, ServerBench.Ip("10.0.0.1"));
        bench.Query("LAB<00>").Answers(expected);
    }

    /// <summary>RFC 1001 §15.3.2: TC says that there are more. A list as long as a name's may be, led by the domain master browser, is all that WINS answers with.</summary>
    [Test]
    public void AFullListThatTheDomainMasterLeadsIsNotCutShort()
    {
        var bench = One();
        bench.Register("LAB<1B>", "10.0.1.1").Accepted();
        for (int i = 1; i <= 25; i++)
            bench.Register("LAB<1C>", $"10.0.0.{i}", group: true).Accepted();
        var answer = bench.Query("LAB<1C>").Only();
        Assert.That((answer.Entries.Length, answer.Addresses[0], new NbnsFlags(answer.Flags).IsTruncated), Is.EqualTo((25, "10.0.1.1", false)));
    }

    /// <summary>RFC 1002 §4.2.1.1: answers are told apart by their ids, so no two questions under way have the same.</summary>
    [Test]
    public void QuestionsUnderWayHaveIdsOfTheirOwn()
    {
        var bench = One();
        var ids = new HashSet<ushort>();
        for (int i = 0; i < 1000; i++)
        {
            bench.Register($"N{i}<20>", "10.0.0.1").Accepted();
            Assert.That(ids.Add(bench.Register($"N{i}<20>", "10.0.0.9").Challenge().Id), Is.True, $"question {i}");
        }
    }

    /// <summary>A request that cannot be read is not answered, however busy the server is.</summary>
    [Test]
    public void Rule4_3_10_OnlyWhatCanBeReadIsAnsweredUnseen()
    {
        var bench = One(NameServerDialect.WinsNt4 with { BurstThreshold = 1 }, options => options with { RequestsPerSecond = 10 });
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("JANE<20>", "10.0.0.2");
        var buffer = new byte[576];
        int length = NbnsEncoder.WriteRequest(buffer, 7, NbnsFlagWords.RegistrationRequest, NetBiosName.Parse("JOHN<20>"), 0, new NbEntry(default, ServerBench.Ip("10.0.0.3")));
        buffer[NbnsHeader.Size + 34 + 3] = 2; // the question's class
        Assert.That(bench.Deliver(buffer.AsSpan(0, length), "10.0.0.3"), Is.Empty);
        bench.Register("JOHN<20>", "10.0.0.3").Accepted();
    }

    [Test]
    public void LogsAreTheSameWhereTheirEntriesAre()
    {
        var (one, two) = (new NameServerLog(4), new NameServerLog(4));
        for (int i = 0; i < 3; i++)
        {
            one.Add(new WinsEvent(new Instant(i), WinsEventId.ServerFull, s_fred, s_partner));
            two.Add(new WinsEvent(new Instant(i), WinsEventId.ServerFull, s_fred, i == 2 ? default : s_partner));
        }

        Assert.That((one.HasSameStateAs(two), one.HasSameStateAs(new NameServerLog(one))), Is.EqualTo((false, true)));
    }

    [TestCase(0)]
    [TestCase(NameRecord.MaxAddresses + 1)]
    public void HowManyAddressesANameMayHaveIsBounded(int value) =>
        Assert.That(() => NameServerDialect.Windows2000 with { MaxAddresses = value }, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Expected"));

    /// <summary>Whether a server that has lost its database takes its own records back from a partner: MS-WINSRA's does, Q136571's is not said to.</summary>
    [TestCase("nt3.5", 0)]
    [TestCase("w2k", 1)]
    public void ALostRecordComesBack_OrDoesNot(string name, int count)
    {
        var dialect = NameServerDialect.All.Single(one => one.Name == name);
        var (bench, partner) = (One(dialect), new ServerBench(dialect, address: "10.0.1.250"));
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        ServerBench.Pull(partner.Now, partner.Server, bench.Server);
        var restarted = One(dialect);
        ServerBench.Pull(restarted.Now, restarted.Server, partner.Server);
        Assert.That(restarted.Server.Count, Is.EqualTo(count));
    }

    [Test]
    public void ANodesTypeIsWhatItSaysNow()
    {
        var bench = One();
        foreach (ushort type in (ushort[])[0x6000, 0x2000, 0x4000, 0x0000])
        {
            bench.Register("FRED<20>", "10.0.0.1", nodeType: type).Accepted();
            Assert.That(bench.Record("FRED<20>")!.Addresses[0].NodeType, Is.EqualTo((OwnerNodeType)(type >> 13)));
        }
    }
}
