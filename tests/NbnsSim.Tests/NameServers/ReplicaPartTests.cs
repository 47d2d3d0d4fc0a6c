using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>What a server does with partners' records and for partners, by the parts that do it; and records read out and written whole.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReplicaPartTests
{
    private const string Fred = "FRED<20>";

    private readonly PartsBench _it = new(NameServerDialect.Windows2000);

    [Test]
    public void MsWinsra_3255_TheChartsReadTheTablesAndChangeNothing()
    {
        int slot = _it.Take(Fred, "10.0.0.1");
        int group = _it.Take("LAB<1C>", "10.0.0.1", group: true);
        var before = new ServerState(_it.State);
        Assert.That(_it.Charts.Judge(_it.State.Names[slot], PartsBench.Replica(Fred, "10.0.1.1", 1)), Is.EqualTo(ReplicaVerdict.Challenge), "figure 4");
        Assert.That(_it.Charts.Judge(_it.State.Names[slot], PartsBench.Replica(Fred, "10.0.0.1", 1)), Is.EqualTo(ReplicaVerdict.Replace), "the same address");
        Assert.That(_it.Charts.Judge(_it.State.Names[slot], PartsBench.Replica(Fred, "10.0.1.1", 1, state: NameRecordState.Tombstone)), Is.EqualTo(ReplicaVerdict.Renew));
        Assert.That(_it.Charts.Judge(_it.State.Names[group], PartsBench.Replica("LAB<1C>", "10.0.1.1", 1, NameRecordType.InternetGroup)), Is.EqualTo(ReplicaVerdict.Merge));
        Assert.That(_it.Charts.Judge(_it.State.Names[group], PartsBench.Replica("LAB<1C>", "10.0.1.1", 1)), Is.EqualTo(ReplicaVerdict.Keep));
        Assert.That(_it.State.HasSameStateAs(before), Is.True);
    }

    [Test]
    public void MsWinsra_3112_VersionsOfWhatWasTakenAreKnown_AndWhatComesLateIsNot()
    {
        var result = _it.Replicas.Receive(PartsBench.Start, [PartsBench.Replica(Fred, "10.0.1.1", 5), PartsBench.Replica(Fred, "10.0.1.2", 4), PartsBench.Replica("JANE<20>", "10.0.1.2", 7)]);
        Assert.That((result.Added, result.Rejected), Is.EqualTo((2, 1)));
        Assert.That(_it.Record(Fred)!.Addresses.Single().Address.ToString(), Is.EqualTo("10.0.1.1"));
        Assert.That((_it.Replicas.TryKnowLess(PartsBench.Partner, 7, out ulong known), known), Is.EqualTo((false, 7ul)));
        Assert.That(_it.Replicas.TryKnowLess(PartsBench.Partner, 8, out _), Is.True);
        Assert.That(_it.State.Owners.ToMap(), Is.EqualTo([new OwnerVersion(ServerBench.ServerAddress, 0), new OwnerVersion(PartsBench.Partner, 7)]));
    }

    [Test]
    public void WhatFindsNoRoomIsToBeToldAgain()
    {
        var it = new PartsBench(NameServerDialect.Windows2000, options => options with { MaxNames = 1 });
        it.Replicas.Receive(PartsBench.Start, [PartsBench.Replica(Fred, "10.0.1.1", 5), PartsBench.Replica("JANE<20>", "10.0.1.2", 7)]);
        Assert.That((it.Last, it.State.Names.Count), Is.EqualTo((ServerRules.ReplicaRefused, 1)));
        Assert.That((it.Replicas.TryKnowLess(PartsBench.Partner, 7, out ulong known), known), Is.EqualTo((true, 5ul)));
    }

    [Test]
    public void MsWinsra_3255_WhoStillHoldsAName_HasThePartnersNodeTold_AndWhoDoesNotLosesIt()
    {
        var it = new PartsBench(NameServerDialect.Windows2000 with { RejectedReplicaDemand = NodeDemand.Release });
        int slot = it.Take(Fred, "10.0.0.1");
        it.Settlement.Hold(PartsBench.Start, slot, PartsBench.Replica(Fred, "10.0.1.1", 1), default);
        Assert.That((it.Record(Fred)!.Owner, it.State.Counters.Demands), Is.EqualTo((ServerBench.ServerAddress, 1)));
        it.Settlement.GiveWay(PartsBench.Start, slot, PartsBench.Replica(Fred, "10.0.1.1", 1), isSilent: true);
        Assert.That((it.Record(Fred)!.Owner, it.Record(Fred)!.Version, it.State.Counters.Demands), Is.EqualTo((PartsBench.Partner, 1ul, 2)));
    }

    [Test]
    public void MsWinsra_3251_PartnersSeeActiveRecordsAndTombstonesByVersion()
    {
        _it.Take("A<20>", "10.0.0.1");
        _it.Records.GiveUp(_it.Take("B<20>", "10.0.0.2"), PartsBench.Start);
        _it.Records.Bury(_it.Take("C<20>", "10.0.0.3"), PartsBench.Start, PartsBench.Start);
        _it.Records.Restamp(_it.SlotOf("A<20>"), _it.Claim("A<20>", "10.0.0.1"));
        Assert.That(Names(1, ulong.MaxValue), Is.EqualTo("A C"));
        Assert.That(Names(2, ulong.MaxValue), Is.EqualTo("C"));
        Assert.That(_it.View.RecordsOf(PartsBench.Start, PartsBench.Partner, 1, ulong.MaxValue), Is.Empty);

        string Names(ulong least, ulong most) =>
            string.Join(' ', _it.View.RecordsOf(PartsBench.Start, ServerBench.ServerAddress, least, most).Select(record => record.Name.ToString()[..1]));
    }

    [Test]
    public void MsWinsra_3253_WhatItsOwnerDoesNotHaveAnyMoreGoes()
    {
        var (gone, stays) = (PartsBench.Replica(Fred, "10.0.1.1", 1), PartsBench.Replica("JANE<20>", "10.0.1.2", 2));
        _it.Replicas.Receive(PartsBench.Start, [gone, stays]);
        Assert.That(_it.View.FindOwnersDue(), Is.Empty);
        var due = PartsBench.Start + _it.State.Dialect.VerifyInterval + TimeSpan.FromDays(30); // and the scavenger has run
        _it.Scavenger.HandleTimeout(due);
        Assert.That((_it.View.FindOwnersDue().Single(), _it.View.TryFindDue(PartsBench.Partner, out ulong highest), highest), Is.EqualTo((PartsBench.Partner, true, 2ul)));
        Assert.That(_it.View.Verify(due, PartsBench.Partner, highest, [stays]), Is.EqualTo(2));
        Assert.That((_it.Record(Fred), _it.Record("JANE<20>")!.State, _it.View.TryFindDue(PartsBench.Partner, out _)), Is.EqualTo((default(NameRecord), NameRecordState.Active, false)));
    }

    [Test]
    public void MsWinsra_3351_ItIsTimeToNotifyAfterSoManyUpdates_OrAnAddressThatChanges()
    {
        var options = new NameServerOptions { Dialect = NameServerDialect.Windows2000 with { PushUpdateCount = 2, PushesAddressChanges = true }, Notifies = [PartsBench.Partner] };
        var pushes = new PushTriggers(options);
        pushes.CountUpdate(7);
        Assert.That(pushes.IsDue, Is.False);
        pushes.CountUpdate(8);
        var copy = new PushTriggers(pushes);
        Assert.That((pushes.IsDue, pushes.Take(out long decision), decision, pushes.IsDue), Is.EqualTo((true, false, 8L, false)));
        Assert.That((copy.IsDue, copy.HasSameStateAs(pushes)), Is.EqualTo((true, false)));
        pushes.NoteAddressChange(9);
        Assert.That((pushes.IsDue, pushes.Take(out decision), decision), Is.EqualTo((true, true, 9L)), "an address goes on from partner to partner");
        var alone = new PushTriggers(options with { Notifies = [] });
        alone.CountUpdate(1);
        alone.CountUpdate(2);
        alone.NoteAddressChange(3);
        Assert.That(alone.IsDue, Is.False);
    }

    [Test]
    public void ARecordThatWasKeptIsThereAgainAsItWas()
    {
        _it.Take("LAB<1C>", "10.0.0.1", group: true);
        _it.Records.AddAddress(_it.SlotOf("LAB<1C>"), new NbEntry(default, ServerBench.Ip("10.0.0.2")), 0, PartsBench.Start, ServerBench.Ip("10.0.0.2"));
        _it.Replicas.Receive(PartsBench.Start, [PartsBench.Replica(Fred, "10.0.1.1", 5)]);
        var records = _it.State.Reader.All.ToList();
        var other = new PartsBench(NameServerDialect.Windows2000 with { ScavengingInterval = null });
        other.Take(Fred, "10.0.0.9"); // whatever was there
        foreach (var record in records)
            Assert.That(other.Administration.Restore(PartsBench.Start, record), Is.True);
        Assert.That(other.State.Reader.All, Is.EqualTo(records));
        byte[] octets = new byte[NameRecord.MaxEncodedLength];
        for (int i = 0; i < records.Count; i++)
        {
            int length = other.State.Reader.WriteAt(other.SlotOf(records[i].Name.ToString()), octets);
            Assert.That((NameRecord.TryRead(octets.AsSpan(0, length), out var read), read), Is.EqualTo((true, records[i])));
        }

        Assert.That(other.Administration.Restore(PartsBench.Start, records[0] with { Addresses = [] }), Is.False, "nothing could be said of it");
    }

    [Test]
    public void WhatTheAdministratorEntersAndTakesOut()
    {
        var name = NetBiosName.Parse(Fred);
        int slot = _it.Take(Fred, "10.0.0.1");
        _it.Disputes.Start(slot, _it.Claim(Fred, "10.0.0.2"));
        Assert.That(_it.Administration.AddStatic(PartsBench.Start, name, NameRecordType.Unique, [ServerBench.Ip("10.0.0.7")]), Is.True);
        Assert.That((_it.Verdicts.Single(), _it.Record(Fred)!.IsStatic), Is.EqualTo(("10.0.0.2 refused", true)));
        Assert.That((_it.Administration.CheckOwner(PartsBench.Start, name), _it.Administration.Revoke(PartsBench.Start, name, NodeDemand.Release)), Is.EqualTo((false, false)));
        Assert.That((_it.Administration.Remove(PartsBench.Start, name), _it.Record(Fred)!.State), Is.EqualTo((true, NameRecordState.Tombstone)));
        Assert.That(_it.Administration.Remove(PartsBench.Start, name), Is.False);
        Assert.Throws<ArgumentException>(() => _it.Administration.AddStatic(PartsBench.Start, name, NameRecordType.Unique, []));
    }
}
