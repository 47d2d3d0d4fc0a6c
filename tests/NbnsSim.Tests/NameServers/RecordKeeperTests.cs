using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>What is done with records by themselves: owners and versions, lifetimes, and each change of a record.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RecordKeeperTests
{
    private static readonly Instant Start = Instant.FromUnixTime(1_000_000); // when requests come
    private static readonly Ipv4Address Self = Ipv4Address.Parse("10.0.0.250");
    private static readonly Ipv4Address Partner = Ipv4Address.Parse("10.0.1.250");
    private static readonly NameServerDialect Wins = NameServerDialect.WinsNt4 with { ScavengingInterval = null };

    private ServerState _state = null!;
    private RecordKeeper _records = null!;

    public RecordKeeperTests() => Set(Wins);

    [Test]
    public void RuleW6_VersionsGoUpFromTheHighestThatWasMet()
    {
        Assert.That((_state.Owners.NextVersion(), _state.Owners.NextVersion()), Is.EqualTo((1ul, 2ul)));
        _state.Owners.Meet(0, 9);
        _state.Owners.Meet(0, 4);
        Assert.That(_state.Owners.NextVersion(), Is.EqualTo(10));
    }

    [Test]
    public void EachOwnerHasOneNumber()
    {
        Assert.That((_state.Owners.TryFindOrAdd(Self, out ushort self), self), Is.EqualTo((true, (ushort)0)));
        Assert.That(_state.Owners.TryFind(Partner, out _), Is.False);
        Assert.That((_state.Owners.TryFindOrAdd(Partner, out ushort first), _state.Owners.TryFindOrAdd(Partner, out ushort again)), Is.EqualTo((true, true)));
        Assert.That((first, again, _state.Owners.Count, _state.Owners[first]), Is.EqualTo(((ushort)1, (ushort)1, 2, Partner)));
        _state.Owners.Meet(first, 5);
        var copy = new OwnerTable(_state.Owners);
        Assert.That(copy.HasSameStateAs(_state.Owners), Is.True);
        copy.Meet(first, 6);
        Assert.That((copy.HasSameStateAs(_state.Owners), _state.Owners.HighestOf(first)), Is.EqualTo((false, 5ul)));
        copy = new OwnerTable(_state.Owners);
        copy.TryFindOrAdd(Ipv4Address.Parse("10.0.2.250"), out _);
        Assert.That((copy.HasSameStateAs(_state.Owners), _state.Owners.Count), Is.EqualTo((false, 2)));
    }

    [Test]
    public void ThereAreNoMoreOwnersThanNumbers()
    {
        for (uint i = 1; i <= ushort.MaxValue; i++)
            Assert.That(_state.Owners.TryFindOrAdd(new Ipv4Address(i), out ushort owner) && owner == i, Is.True);
        Assert.That(_state.Owners.TryFindOrAdd(Partner, out _), Is.False);
        Assert.That(_state.Owners.TryFindOrAdd(new Ipv4Address(7), out ushort known) && known == 7, Is.True);
    }

    [Test]
    public void Rfc1002_6_NoTimeIsForEver_AndTheRestIsTheMultipleOfWhatIsGranted()
    {
        var lifetimes = new Lifetimes(NameServerDialect.Rfc1002Secured with { GrantsRequestedTime = true, LifetimeMultiple = 3, ScavengingInterval = null });
        Assert.That(lifetimes.DeadlineOf(0, Start), Is.EqualTo(long.MaxValue));
        Assert.That(lifetimes.DeadlineOf(100, Start), Is.EqualTo((Start + TimeSpan.FromSeconds(300)).Nanoseconds));
        Assert.That(lifetimes.DeadlineOf(uint.MaxValue, Instant.MaxValue), Is.EqualTo(long.MaxValue));
        Assert.That(new Lifetimes(Wins).Granted(100), Is.EqualTo((uint)Wins.RenewalInterval.TotalSeconds));
    }

    [Test]
    public void RuleW17_WhatRunsOutAgesInTheScavengersFirstRunAfterIt()
    {
        var lifetimes = new Lifetimes(Wins with { ScavengingInterval = TimeSpan.FromSeconds(100) });
        lifetimes.Start(Start);
        lifetimes.Start(Start + TimeSpan.FromSeconds(50)); // it has started already
        Assert.That(new[] { 0, 1, 100, 101, 250 }.Select(second => (lifetimes.AgedAt(Start + TimeSpan.FromSeconds(second), Start) - Start.Nanoseconds) / 1_000_000_000),
            Is.EqualTo([100, 100, 100, 200, 300]));
        Assert.That(lifetimes.AgedAt(Instant.MaxValue, Start), Is.EqualTo(long.MaxValue));
        var copy = new Lifetimes(lifetimes);
        Assert.That(copy.HasSameStateAs(lifetimes), Is.True);
        Assert.That(new Lifetimes(Wins).HasSameStateAs(lifetimes), Is.False);
    }

    [Test]
    public void ANameThatIsTakenIsThisServersWithANewVersionAndOnItsSourcesAccount()
    {
        int slot = Take("FRED<20>", "10.0.0.1");
        Assert.That(_state.Names[slot] is { State: NameRecordState.Active, Type: NameRecordType.Unique, Owner: 0, Version: 1, NodeType: OwnerNodeType.P }, Is.True);
        Assert.That(_state.Names[slot].Deadline, Is.EqualTo((Start + Wins.RenewalInterval).Nanoseconds));
        Assert.That(NamesOf("10.0.0.1"), Is.EqualTo(1));
        Assert.That(Changes(), Is.EqualTo([NameServerChangeKind.Stored]));
    }

    [Test]
    public void RuleW6_ARefreshGivesNoNewVersion_UnlessItMakesAReplicaThisServers()
    {
        int slot = Take("FRED<20>", "10.0.0.1");
        Changes();
        Refresh(slot, "FRED<20>", "10.0.0.1");
        Assert.That((_state.Names[slot].Version, Changes().Single()), Is.EqualTo((1ul, NameServerChangeKind.Refreshed)));
        _state.Owners.TryFindOrAdd(Partner, out _state.Names[slot].Owner);
        Refresh(slot, "FRED<20>", "10.0.0.1");
        Assert.That((_state.Names[slot].Owner, _state.Names[slot].Version, Changes().Single()), Is.EqualTo(((ushort)0, 2ul, NameServerChangeKind.Stored)));
    }

    [Test]
    public void MsNbte_3251_OneAddressTooManyTakesTheOldestsPlace()
    {
        Set(Wins with { MaxAddresses = 2, ReplicasLeaveFirst = false });
        int slot = Take("LAB<1C>", "10.0.0.1", group: true);
        Add(slot, "10.0.0.2");
        Add(slot, "10.0.0.3");
        Assert.That(AddressesOf(slot), Is.EqualTo(["10.0.0.2", "10.0.0.3"]));
        Assert.That((NamesOf("10.0.0.1"), NamesOf("10.0.0.3"), _state.Names[slot].Version), Is.EqualTo((0, 1, 3ul)));
        _records.RemoveAddress(slot, Ipv4Address.Parse("10.0.0.2"), Start);
        Assert.That((AddressesOf(slot).Single(), _state.Names[slot].Version), Is.EqualTo(("10.0.0.3", 4ul)));
    }

    [Test]
    public void Cc959256_WhatIsGivenUpIsReleased_OfAPartnersARecordOfThisServers_OrDeleted()
    {
        int slot = Take("FRED<20>", "10.0.0.1");
        _records.GiveUp(slot, Start);
        Assert.That((_state.Names[slot].State, _state.Names[slot].Version), Is.EqualTo((NameRecordState.Released, 1ul)), "nothing that partners would see");
        Assert.That(_state.Names[slot].Deadline, Is.EqualTo((Start + Wins.ExtinctionInterval).Nanoseconds));

        Set(Wins with { ReplicaReleases = ReplicaReleasePolicy.Extinct });
        slot = Take("JANE<20>", "10.0.0.1");
        _state.Owners.TryFindOrAdd(Partner, out _state.Names[slot].Owner);
        _records.GiveUp(slot, Start);
        Assert.That((_state.Names[slot].State, _state.Names[slot].Owner, _state.Names[slot].Version), Is.EqualTo((NameRecordState.Tombstone, (ushort)0, 2ul)));
        Assert.That(_state.Names[slot].Deadline, Is.EqualTo((Start + Wins.ExtinctionInterval + Wins.ExtinctionTimeout).Nanoseconds));

        Set(NameServerDialect.Rfc1002Secured);
        slot = Take("JOHN<20>", "10.0.0.1");
        Changes();
        _records.GiveUp(slot, Start);
        Assert.That((_state.Names.Find(NetBiosName.Parse("JOHN<20>").High, NetBiosName.Parse("JOHN<20>").Low, 0), Changes().Single()), Is.EqualTo((NameSlot.None, NameServerChangeKind.Removed)));
    }

    [Test]
    public void RuleW6_ATombstoneHasANewVersionAndStaysTheExtinctionTimeoutFromWhenItsTimeRanOut()
    {
        int slot = Take("FRED<20>", "10.0.0.1");
        _records.Bury(slot, Start, Start + TimeSpan.FromDays(1));
        Assert.That((_state.Names[slot].State, _state.Names[slot].Version), Is.EqualTo((NameRecordState.Tombstone, 2ul)));
        Assert.That(_state.Names[slot].Deadline, Is.EqualTo((Start + Wins.ExtinctionTimeout).Nanoseconds));
    }

    [Test]
    public void RuleW3_AMergedNameHasTheClaimedAddressLastAndThoseThatItsOwnerLists()
    {
        Set(Wins with { MergeDropsUnlisted = true });
        int slot = Take("FRED<20>", "10.0.0.1");
        _records.Join(slot, Entry("10.0.0.2"), 0, Start, Ipv4Address.Parse("10.0.0.2"));
        byte[] octets = new byte[NbnsHeader.MaxDatagramLength];
        int length = NbnsEncoder.WriteResponse(octets, 1, NbnsFlagWords.QueryResponse, NetBiosName.Parse("FRED<20>"), 0, [Entry("10.0.0.2"), Entry("10.0.0.3")]);
        Assert.That(NbnsPacket.TryParse(octets.AsSpan(0, length), out var answer), Is.True);
        _records.Merge(slot, Entry("10.0.0.3"), 0, answer.Record, Start, Ipv4Address.Parse("10.0.0.3"));
        Assert.That(AddressesOf(slot), Is.EqualTo(["10.0.0.2", "10.0.0.3"]), "10.0.0.1 is not in the owner's answer");
        Assert.That(_state.Names[slot].Type, Is.EqualTo(NameRecordType.Multihomed));
    }

    [Test]
    public void AStaticMappingNeverRunsOut_AndOneOfTheSameKindGetsMoreAddresses()
    {
        int slot = Take("LAB<1C>", "10.0.0.1", group: true);
        _records.SetStatic(slot, NameRecordType.InternetGroup, [Ipv4Address.Parse("10.0.0.2")]);
        Assert.That((AddressesOf(slot).Single(), _state.Names[slot].Deadline, _state.Names[slot].IsStatic, NamesOf("10.0.0.1")), Is.EqualTo(("10.0.0.2", long.MaxValue, true, 0)));
        _records.SetStatic(slot, NameRecordType.InternetGroup, [Ipv4Address.Parse("10.0.0.3"), Ipv4Address.Parse("10.0.0.2")]);
        Assert.That(AddressesOf(slot), Is.EqualTo(["10.0.0.2", "10.0.0.3"]));
        _records.SetStatic(slot, NameRecordType.Multihomed, [Ipv4Address.Parse("10.0.0.9")]);
        Assert.That(AddressesOf(slot), Is.EqualTo(["10.0.0.9"]), "of another kind: in its place");
        Refresh(slot, "LAB<1C>", "10.0.0.9");
        Assert.That(_state.Names[slot].Deadline, Is.EqualTo(long.MaxValue));
    }

    private static NbEntry Entry(string address) => new(new NbFlags(group: false, OwnerNodeType.P), Ipv4Address.Parse(address));

    private void Set(NameServerDialect dialect)
    {
        _state = new ServerState(new NameServerOptions { Address = Self, Dialect = dialect, JournalsChanges = true }.WithShares());
        _records = new RecordKeeper(_state);
    }

    private int Take(string text, string address, bool group = false)
    {
        var name = NetBiosName.Parse(text);
        int slot = _state.Names.Add(name.High, name.Low, 0);
        _records.Take(slot, At(Requests.Claim(text, address, group), address));
        return slot;
    }

    private void Refresh(int slot, string name, string address) => _records.Restamp(slot, At(Requests.Claim(name, address, flags: NbnsFlagWords.RefreshRequest), address));

    private void Add(int slot, string address) => _records.AddAddress(slot, Entry(address), 0, Start, Ipv4Address.Parse(address));

    private ServerRequest At(byte[] octets, string source) => Requests.Read(octets, source, _state.Names.Scopes);

    private List<string> AddressesOf(int slot)
    {
        var addresses = new List<string>();
        for (int i = 0; _state.Names.TryGetAddress(_state.Names[slot], i, out var address); i++)
            addresses.Add(address.ToString());
        return addresses;
    }

    private int NamesOf(string source) => _state.Names.Sources!.Find(Ipv4Address.Parse(source)) is var number && number != SourceTable.None ? _state.Names.Sources[number].Names : 0;

    private List<NameServerChangeKind> Changes()
    {
        var kinds = new List<NameServerChangeKind>();
        while (_state.Journal.TryTake(out _, out _, out var kind))
            kinds.Add(kind);
        return kinds;
    }
}
