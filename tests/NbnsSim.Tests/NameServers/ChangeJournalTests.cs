using NbnsSim.Names;
using NbnsSim.NameServers;

namespace NbnsSim.Tests.NameServers;

/// <summary>What a driver is told of the names that have changed: each once, in the order of their first change.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChangeJournalTests
{
    private readonly NameDatabase _names = new(8, countsSources: false);

    [Test]
    public void EachNameIsToldOnceInTheOrderOfItsFirstChange()
    {
        var journal = new ChangeJournal(_names, isKept: true);
        int[] slots = [.. Enumerable.Range(0, 40).Select(name => _names.Add((ulong)name, 0, 0))];
        foreach (int slot in slots)
            journal.Write(slot);
        journal.Write(slots[0]);
        Assert.That(Take(journal, 10), Is.EqualTo(slots[..10]));
        journal.Write(slots[3]);
        foreach (int slot in Enumerable.Range(100, 60).Select(name => _names.Add((ulong)name, 0, 0)))
            journal.Write(slot); // the ring grows while it does not begin at its first place
        Assert.That(Take(journal, 31), Is.EqualTo([.. slots[10..], slots[3]]));
        Assert.That(Take(journal, 1000), Has.Count.EqualTo(60));
        Assert.That(journal.TryTake(out int slotLeft, out _, out _), Is.False);
        Assert.That(slotLeft, Is.EqualTo(NameSlot.None));
    }

    [Test]
    public void ARefreshIsToldApartFromAnyOtherChange()
    {
        var journal = new ChangeJournal(_names, isKept: true);
        int refreshed = _names.Add(1, 0, 0);
        int both = _names.Add(2, 0, 0);
        journal.Write(refreshed, isRefresh: true);
        journal.Write(both, isRefresh: true);
        journal.Write(both);
        Assert.That(Kinds(journal), Is.EqualTo([NameServerChangeKind.Refreshed, NameServerChangeKind.Stored]));
        journal.Write(both, isRefresh: true);
        Assert.That(Kinds(journal), Is.EqualTo([NameServerChangeKind.Refreshed]), "what was told before is not told again");
    }

    [Test]
    public void ARemovedNameKeepsItsSlotUntilItIsTold()
    {
        var journal = new ChangeJournal(_names, isKept: true);
        int slot = _names.Add(1, 2, 0);
        journal.Write(slot);
        _names.Remove(slot);
        journal.WriteRemoved(slot);
        Assert.That(_names.Add(3, 0, 0), Is.Not.EqualTo(slot));
        Assert.That(journal.TryTake(out _, out var name, out var kind), Is.True);
        Assert.That((name, kind), Is.EqualTo((new NetBiosName(1, 2, NetBiosScope.Empty), NameServerChangeKind.Removed)));
        Assert.That(_names.Add(4, 0, 0), Is.EqualTo(slot), "now it is free");
    }

    [Test]
    public void WhereNobodyWantsThem_NothingIsWrittenAndSlotsAreFreeAtOnce()
    {
        var journal = new ChangeJournal(_names, isKept: false);
        int slot = _names.Add(1, 2, 0);
        journal.Write(slot);
        Assert.That(_names[slot].Has(SlotFlags.Listed | SlotFlags.Stored), Is.False);
        _names.Remove(slot);
        journal.WriteRemoved(slot);
        Assert.That(journal.TryTake(out _, out _, out _), Is.False);
        Assert.That(_names.Add(4, 0, 0), Is.EqualTo(slot));
    }

    [Test]
    public void ACopyLivesByItselfAndIsTheSameUntilOneChanges()
    {
        var journal = new ChangeJournal(_names, isKept: true);
        journal.Write(_names.Add(1, 0, 0));
        journal.Write(_names.Add(2, 0, 0));
        var names = new NameDatabase(_names);
        var copy = new ChangeJournal(journal, names);
        Assert.That(journal.HasSameStateAs(copy), Is.True);
        copy.Write(names.Add(3, 0, 0));
        Assert.That(journal.HasSameStateAs(copy), Is.False, "one more");
        Take(copy, 1);
        Assert.That(journal.HasSameStateAs(copy), Is.False, "as many, but others");
        Assert.That(Take(journal, 10), Has.Count.EqualTo(2));
    }

    private static List<int> Take(ChangeJournal journal, int most)
    {
        var taken = new List<int>();
        while (taken.Count < most && journal.TryTake(out int slot, out _, out _))
            taken.Add(slot);
        return taken;
    }

    private static List<NameServerChangeKind> Kinds(ChangeJournal journal)
    {
        var kinds = new List<NameServerChangeKind>();
        while (journal.TryTake(out _, out _, out var kind))
            kinds.Add(kind);
        return kinds;
    }
}
