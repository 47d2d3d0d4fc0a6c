using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>
/// How much of the server each source holds: names, claims that wait for a verdict, challenges that ask it. Only sources that hold something are kept, at
/// most 65,535 of them: what comes from more is not counted, and only the server's own limits hold for it.
/// </summary>
[NotState("follows from what is carried with its sources; whom the log was told of is carried by itself")]
internal sealed class SourceTable
{
    /// <summary>The number of a source that is not counted.</summary>
    public const ushort None = 0;

    private Source[] _sources = new Source[8]; // the first one stands for none
    private int[] _heads = new int[8];
    private int _used = 1;
    private int _free;

    public SourceTable()
    {
    }

    public SourceTable(SourceTable other)
    {
        _sources = (Source[])other._sources.Clone();
        _heads = (int[])other._heads.Clone();
        _used = other._used;
        _free = other._free;
        Count = other.Count;
    }

    /// <summary>How many sources hold something.</summary>
    public int Count { get; private set; }

    /// <summary>What a source holds. The reference holds until a source is added.</summary>
    public ref Source this[ushort source] => ref _sources[source];

    /// <summary>The number of an address, or <see cref="None"/>.</summary>
    public ushort Find(Ipv4Address address)
    {
        int source = _heads[Slot(address)];
        while (source != 0 && _sources[source].Address != address)
            source = _sources[source].Next;
        return (ushort)source;
    }

    /// <summary>The number of an address, a new one where it holds nothing yet; <see cref="None"/> where there are too many.</summary>
    public ushort FindOrAdd(Ipv4Address address)
    {
        ushort known = Find(address);
        if (known != None || (_free == 0 && _used > ushort.MaxValue))
            return known;
        int source = _free != 0 ? _free : _used++;
        if (source == _free)
            _free = _sources[source].Next;
        else if (source == _sources.Length)
            Grow();
        ref int head = ref _heads[Slot(address)];
        _sources[source] = new Source { Address = address, Next = head };
        head = source;
        Count++;
        return (ushort)source;
    }

    public void AddName(ushort source) => _sources[source].Names++;

    public void RemoveName(ushort source)
    {
        _sources[source].Names--;
        Trim(source);
    }

    public void AddClaim(ushort source) => _sources[source].Claims++;

    public void RemoveClaim(ushort source)
    {
        _sources[source].Claims--;
        Trim(source);
    }

    public void AddChallenge(ushort source) => _sources[source].Challenges++;

    public void RemoveChallenge(ushort source)
    {
        _sources[source].Challenges--;
        Trim(source);
    }

    /// <summary>Carries of which sources the log has said that they were refused more, when what they hold is there already. A fingerprint leaves it out.</summary>
    public void CarryTold(StateCodec codec)
    {
        if (codec.IsFingerprint)
            return;
        var told = _sources.AsSpan(0, _used).ToArray().Where(source => source.IsTold).Select(source => source.Address).Order().ToArray();
        int count = codec.CarryCount(told.Length, sizeof(uint));
        for (int i = 0; i < count; i++)
        {
            var address = codec.IsReading ? default : told[i];
            codec.Carry(ref address);
            if (codec.IsReading && Find(address) is not None and var source)
                _sources[source].IsTold = true;
        }
    }

    /// <summary>Forgets a source that holds nothing any more.</summary>
    private void Trim(ushort source)
    {
        if (source == None || _sources[source] is not { Names: 0, Claims: 0, Challenges: 0 })
            return;
        ref int link = ref _heads[Slot(_sources[source].Address)];
        while (link != source)
            link = ref _sources[link].Next;
        link = _sources[source].Next;
        _sources[source] = new Source { Next = _free };
        _free = source;
        Count--;
    }

    private void Grow()
    {
        Array.Resize(ref _sources, 2 * _sources.Length);
        _heads = new int[_sources.Length];
        for (int source = 1; source < _sources.Length / 2; source++)
        {
            ref int head = ref _heads[Slot(_sources[source].Address)];
            _sources[source].Next = head;
            head = source;
        }
    }

    private int Slot(Ipv4Address address) => KeyedHash.Of(address.Value) & (_heads.Length - 1);

    /// <summary>What one source holds.</summary>
    public struct Source
    {
        public Ipv4Address Address;
        public int Names;
        public int Claims;
        public int Challenges;

        /// <summary>Whether the log has said that it was refused more.</summary>
        public bool IsTold;
        public int Next;
    }
}
