using System.Runtime.CompilerServices;

namespace NbnsSim.Tests.Root;

public sealed class RecentTableTests
{
    private const int Size = 16;

    /// <summary>Whether hashes differ, meet, or meet in pairs: what a process draws as its key must not decide what is known.</summary>
    [TestCase(1)]
    [TestCase(0)]
    [TestCase(7)]
    public void TheLastOnesAreKnown_AndNoOthers(int spread)
    {
        var table = new RecentTable<Key, Entry>(Size);
        for (int i = 0; i < 1000; i++)
        {
            table.Add(new Entry(new Key(i, spread), i));
            for (int j = 0; j <= i + 1; j++)
                Assert.That(Find(table, j, spread), Is.EqualTo(j > i - Size && j <= i ? j : -1));
        }
    }

    [Test]
    public void OfSeveralWithOneKeyTheLastIsKnown()
    {
        var table = new RecentTable<Key, Entry>(Size);
        table.Add(new Entry(new Key(3, 1), 10));
        table.Add(new Entry(new Key(3, 1), 11));
        Assert.That(Find(table, 3, 1), Is.EqualTo(11));
    }

    private static int Find(RecentTable<Key, Entry> table, int number, int spread)
    {
        ref var found = ref table.Find(new Key(number, spread));
        return Unsafe.IsNullRef(ref found) ? -1 : found.Value;
    }

    private readonly record struct Key(int Number, int Spread)
    {
        public override int GetHashCode() => Number * Spread / 2;
    }

    private readonly record struct Entry(Key Key, int Value) : IKeyed<Key>;
}
