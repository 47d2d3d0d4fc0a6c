namespace NbnsSim.Checking;

/// <summary>Which states were seen, by their fingerprints: 16 octets each and the room between them. Several workers may add at once.</summary>
internal sealed class SeenStates
{
    private const int Shards = 64;
    private const int FirstSize = 64;

    private readonly Shard[] _shards = new Shard[Shards];

    /// <summary>Makes an empty set.</summary>
    public SeenStates()
    {
        for (int i = 0; i < Shards; i++)
            _shards[i] = new Shard();
    }

    /// <summary>How many there are.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            foreach (var shard in _shards)
            {
                lock (shard)
                    count += shard.Count;
            }

            return count;
        }
    }

    /// <summary>Adds a state.</summary>
    /// <param name="state">Its fingerprint.</param>
    /// <returns>Whether it is new.</returns>
    public bool Add(UInt128 state)
    {
        var shard = _shards[(int)(state >> 122)];
        lock (shard)
            return shard.Add(state == UInt128.Zero ? UInt128.One : state);
    }

    /// <summary>An open table with a step of one; at most three quarters are full. Zero is a free place.</summary>
    private sealed class Shard
    {
        private UInt128[] _places = new UInt128[FirstSize];

        public int Count { get; private set; }

        public bool Add(UInt128 state)
        {
            int place = Find(state);
            if (_places[place] != UInt128.Zero)
                return false;
            _places[place] = state;
            if (++Count > _places.Length / 4 * 3)
                Grow();
            return true;
        }

        private void Grow()
        {
            var old = _places;
            _places = new UInt128[old.Length * 2];
            foreach (var state in old)
            {
                if (state != UInt128.Zero)
                    _places[Find(state)] = state;
            }
        }

        private int Find(UInt128 state)
        {
            int mask = _places.Length - 1;
            int place = (int)(ulong)state & mask;
            while (_places[place] != UInt128.Zero && _places[place] != state)
                place = (place + 1) & mask;
            return place;
        }
    }
}
