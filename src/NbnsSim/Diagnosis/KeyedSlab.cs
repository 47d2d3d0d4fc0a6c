using System.Runtime.CompilerServices;

namespace NbnsSim.Diagnosis;

/// <summary>Numbers things as they come, and finds them by their key. Nothing is taken out again. Keys come from outside: their own hash is to be a keyed one.</summary>
/// <typeparam name="TKey">What they are looked up by.</typeparam>
/// <typeparam name="T">What they are.</typeparam>
internal sealed class KeyedSlab<TKey, T>
    where TKey : struct, IEquatable<TKey>
    where T : struct, IKeyed<TKey>
{
    /// <summary>The most that there is room for.</summary>
    public const int MaxCount = 1 << NumberBits;

    private const int NumberBits = 21;
    private const int FirstPlaces = 64;
    private const uint TagBits = uint.MaxValue << NumberBits;

    private readonly Slab<T> _all = new();
    private uint[] _places = new uint[FirstPlaces]; // at most half of them taken: the upper bits of the hash, and one more than the number

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>One of them, in its place.</summary>
    public ref T this[int number]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _all[number];
    }

    /// <summary>The number of what has a key; −1 where nothing has.</summary>
    public int Find(in TKey key) => Find(key, (uint)key.GetHashCode());

    /// <summary>Reads where a look-up by a hash begins, so that it is near by then: look-ups that do not wait for one another wait for memory together.</summary>
    /// <returns>What tells nothing; it is to be used, so that the reading is not left out.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Approach(uint hash) => _places[hash & (uint)(_places.Length - 1)];

    /// <summary>The number of what has a key; −1 where nothing has.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    public int Find(in TKey key, uint hash)
    {
        uint[] places = _places;
        for (uint at = hash; ; at++)
        {
            uint place = places[at & (uint)(places.Length - 1)];
            if (place == 0)
                return -1;
            if (((place ^ hash) & TagBits) == 0 && (int)(place & ~TagBits) - 1 is var number && _all[number].Key.Equals(key))
                return number;
        }
    }

    /// <summary>Takes another one in, whose key nothing has yet.</summary>
    /// <returns>Its number.</returns>
    public int Add(in T value)
    {
        if (2 * (_all.Count + 1) > _places.Length)
        {
            _places = new uint[2 * _places.Length];
            for (int number = 0; number < _all.Count; number++)
                Place(number);
        }

        _all.Add(value);
        Place(_all.Count - 1);
        return _all.Count - 1;
    }

    private void Place(int number)
    {
        uint hash = (uint)_all[number].Key.GetHashCode();
        uint at = hash & (uint)(_places.Length - 1);
        while (_places[at] != 0)
            at = (at + 1) & (uint)(_places.Length - 1);
        _places[at] = (hash & TagBits) | (uint)(number + 1);
    }
}
