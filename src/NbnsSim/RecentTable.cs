using System.Runtime.CompilerServices;

namespace NbnsSim;

/// <summary>What is looked up by a key.</summary>
/// <typeparam name="TKey">The key.</typeparam>
internal interface IKeyed<TKey>
{
    /// <summary>What it is looked up by; it does not change.</summary>
    TKey Key { get; }
}

/// <summary>
/// The last so many of something, by their key; of several with one key the last. How many are remembered does not depend on hashes: two that meet in a place are both kept. Nothing is
/// allocated once it is made.
/// </summary>
/// <typeparam name="TKey">What they are looked up by. Keys come from outside: their own hash is to be a keyed one.</typeparam>
/// <typeparam name="T">What they are.</typeparam>
/// <param name="size">How many are remembered, a power of two.</param>
internal sealed class RecentTable<TKey, T>(int size)
    where TKey : struct, IEquatable<TKey>
    where T : struct, IKeyed<TKey>
{
    private const int PlacesEach = 4; // so that most places have nothing that is remembered, and the way of most look-ups is the same

    private readonly Entry[] _ring = new Entry[size]; // by number, modulo the size
    private readonly uint[] _last = new uint[PlacesEach * size]; // by hash: the number of the last that came there
    private uint _count = (uint)size; // numbers come round; what was never there is too old

    /// <summary>The last one with a key; a null reference where none is remembered.</summary>
    public ref T Find(in TKey key)
    {
        var ring = _ring;
        uint number = _last[key.GetHashCode() & (_last.Length - 1)];
        for (uint before = 0, age = _count - number; age < (uint)ring.Length && age >= before; before = age + 1, age = _count - number)
        {
            ref var entry = ref ring[number & (uint)(ring.Length - 1)];
            if (entry.Value.Key.Equals(key))
                return ref entry.Value;
            number = entry.Before;
        }

        return ref Unsafe.NullRef<T>();
    }

    /// <summary>Remembers one; the oldest is forgotten for it.</summary>
    /// <param name="value">What is to be remembered.</param>
    /// <returns>Where it is.</returns>
    public ref T Add(in T value)
    {
        ref uint last = ref _last[value.Key.GetHashCode() & (_last.Length - 1)];
        ref var entry = ref _ring[++_count & (uint)(_ring.Length - 1)];
        (entry.Value, entry.Before) = (value, last);
        last = _count;
        return ref entry.Value;
    }

    private struct Entry
    {
        public T Value;
        public uint Before; // the number of the one before in the same place
    }
}
