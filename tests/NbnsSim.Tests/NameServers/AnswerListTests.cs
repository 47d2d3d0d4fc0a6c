using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>What an answer to a query lists, and in which order.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AnswerListTests
{
    private static readonly NbFlags Flags = new(group: true, OwnerNodeType.P);
    private static readonly NameServerDialect Ranking = NameServerDialect.WinsNt4 with { OwnMembersLead = true };

    private readonly NameDatabase _names = new(8, countsSources: false);

    [Test]
    public void RuleW16_OwnMembersLeadTheOthersWhereTheDialectHasItSo()
    {
        int slot = Add(NameRecordType.InternetGroup, (1, 5), (2, 0), (3, 5), (4, 0));
        Assert.That(List(slot, Ranking).Addresses, Is.EqualTo([2, 4, 1, 3]));
        Assert.That(List(slot, Ranking with { OwnMembersLead = false }).Addresses, Is.EqualTo([1, 2, 3, 4]), "oldest first");
        _names[slot].Type = NameRecordType.Multihomed;
        Assert.That(List(slot, Ranking).Addresses, Is.EqualTo([1, 2, 3, 4]), "only of Internet groups");
    }

    [Test]
    public void RuleW16_TheDomainMasterBrowserIsListedOnceAndFirst()
    {
        int slot = Add(NameRecordType.InternetGroup, (1, 0), (2, 0), (3, 0));
        Assert.That(List(slot, Ranking, master: 3).Addresses, Is.EqualTo([3, 1, 2]));
        Assert.That(List(slot, Ranking, master: 9).Addresses, Is.EqualTo([9, 1, 2, 3]));
        Assert.That(List(Add(NameRecordType.InternetGroup, (7, 0)), Ranking, master: 7).Addresses, Is.EqualTo([7]));
        Assert.That(List(Add(NameRecordType.InternetGroup, (7, 0)), Ranking, master: 8).Addresses, Is.EqualTo([8, 7]));
    }

    [Test]
    public void Rfc1001_1532_WhatDoesNotFitIsCutOffAndSaid()
    {
        int slot = Add(NameRecordType.InternetGroup, (1, 0), (2, 0), (3, 0));
        Assert.That(List(slot, Ranking, room: 2), Is.EqualTo((new uint[] { 1, 2 }, true)).Using<(uint[] Addresses, bool IsTruncated)>(IsSame));
        Assert.That(List(slot, Ranking, room: 3).IsTruncated, Is.False);
        Assert.That(List(slot, Ranking, room: 3, master: 3).IsTruncated, Is.False, "the last one is there already");
        Assert.That(List(slot, Ranking with { MaxAddresses = 3 }, room: 3, master: 9), Is.EqualTo((new uint[] { 9, 1, 2 }, false)).Using<(uint[] Addresses, bool IsTruncated)>(IsSame),
            "as long a list as a name may have");
    }

    [TestCase(1u, 1L, 1u)]
    [TestCase(1u, 1_000_000_000L, 1u)]
    [TestCase(1u, 1_000_000_001L, 2u)]
    [TestCase(3u, 3_000_000_000L, 1u)]
    [TestCase(3u, 9_000_000_000L, 3u)]
    [TestCase(1u, -5L, 1u)]
    public void TheTimeLeftIsRoundedUpAndIsThePartOfItThatWasGranted(uint multiple, long left, uint seconds)
    {
        var now = Instant.FromUnixTime(1000);
        Assert.That(AnswerList.SecondsLeft(now.Nanoseconds + left, now, NameServerDialect.Rfc1002Secured with { LifetimeMultiple = (int)multiple }), Is.EqualTo(seconds));
    }

    [Test]
    public void Rfc1002_6_WhatNeverRunsOutHasNoTime() => Assert.That(AnswerList.SecondsLeft(long.MaxValue, Instant.Epoch, NameServerDialect.Windows2000), Is.Zero);

    private int Add(NameRecordType type, params (uint Address, ushort Owner)[] addresses)
    {
        int slot = _names.Add((ulong)_names.Count, 0x1C, 0);
        _names[slot].Type = type;
        (_names[slot].Address, _names[slot].Owner) = addresses[0];
        for (int i = 1; i < addresses.Length; i++)
        {
            _names.MakeChain(slot);
            _names.AddMember(slot, new Ipv4Address(addresses[i].Address), addresses[i].Owner, default, long.MaxValue);
        }

        return slot;
    }

    private (uint[] Addresses, bool IsTruncated) List(int slot, NameServerDialect dialect, uint? master = null, int room = 25)
    {
        var entries = new NbEntry[room];
        int count = AnswerList.Fill(entries, _names, _names[slot], Flags, master is { } leading ? new Ipv4Address(leading) : null, dialect, out bool isTruncated);
        Assert.That(entries[..count].All(entry => entry.Flags == Flags), Is.True);
        return ([.. entries[..count].Select(entry => entry.Address.Value)], isTruncated);
    }

    private static bool IsSame((uint[] Addresses, bool IsTruncated) one, (uint[] Addresses, bool IsTruncated) other) =>
        one.IsTruncated == other.IsTruncated && one.Addresses.SequenceEqual(other.Addresses);
}
