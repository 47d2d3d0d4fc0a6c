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

    private static ReplicationResult Receive(ServerBench bench, NameRecord record) => bench.Server.ReceiveUpdates(bench.Now, new ReplicationBatch(s_partner, [record]));

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

    [Test]
    public void WhoPullsNamesAPartner() =>
        Assert.That(() => One().Server.PullFrom(default, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("partner"));

    /// <summary>MS-WINSRA §3.2.5.5, chart C4: this server's own member of a partner's group holds a renewal interval from when the group is put together.</summary>
    [Test]
    public void AnOwnMemberOfAPartnersGroupHoldsFromTheMergeOn()
    {
        var bench = One();
        var (own, two, three) = (bench.Server.Options.Address, s_partner, ServerBench.Ip("10.0.2.250"));
        NameRecordAddress Of(string address, Ipv4Address owner) => new(ServerBench.Ip(address), owner, Instant.MaxValue, OwnerNodeType.H);
        var group = new NameRecord { Name = NetBiosName.Parse("LAB<1C>"), Type = NameRecordType.InternetGroup, State = NameRecordState.Active, Owner = two, Version = 5, Addresses = [] };
        bench.Server.Restore(bench.Now, group with { Addresses = [Of("10.0.0.1", own), Of("10.0.1.1", two)] });
        bench.Server.ReceiveUpdates(bench.Now, new ReplicationBatch(three, [group with { Owner = three, Addresses = [Of("10.0.2.1", three)] }]));
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

        var (first, second) = (One(change: options => options with { JournalsChanges = true }), One(change: options => options with { JournalsChanges = true }));
        foreach (var (bench, order) in (ReadOnlySpan<(ServerBench, string[])>)[(first, ["A<20>", "B<20>", "C<20>"]), (second, ["A<20>", "C<20>", "B<20>"])])
        {
            foreach (string name in order)
                bench.Server.AddStatic(bench.Now, NetBiosName.Parse(name), NameRecordType.Unique, ServerBench.Ip("10.0.0.1"));
            bench.Server.TryPollChange(out _);
        }

        Assert.That(first.Server.HasSameStateAs(second.Server), Is.False, "the order of what is to be written");
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
}
