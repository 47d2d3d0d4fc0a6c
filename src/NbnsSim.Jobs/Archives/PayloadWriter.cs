namespace NbnsSim.Jobs.Archives;

/// <summary>Writes payloads, each once as far as its memory goes: one that it wrote a while ago, with the same octets, is only pointed at.</summary>
internal sealed class PayloadWriter : IDisposable
{
    private const int SmallWindow = 1 << 19; // at least a frame
    private const int SmallTable = 1 << 12;
    private const int Factor = 4; // more memory finds a few payloads again, and misses the processor's caches for each

    private readonly FileStream _file;
    private readonly byte[] _window; // the last octets that were written, by their place modulo its size
    private readonly Known[] _known;
    private long _end;
    private long _flushed;

    public PayloadWriter(string path, bool isSmall)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        _window = new byte[isSmall ? SmallWindow : SmallWindow * Factor];
        _known = new Known[isSmall ? SmallTable : SmallTable * Factor];
    }

    /// <summary>Stores a payload, or finds it, and notes where it is.</summary>
    public void Store(ref RunRecord record, ReadOnlySpan<byte> octets)
    {
        ulong hash = RunHash.Of(octets);
        record.PayloadHash = hash;
        ref var known = ref _known[hash & (ulong)(_known.Length - 1)];
        if (known.Hash == hash && known.Length == octets.Length && known.Place >= _end - _window.Length && IsThere(known.Place, octets))
        {
            record.PayloadPlace = known.Place;
            return;
        }

        if (_end + octets.Length - _flushed > _window.Length / 2)
            Flush();
        known = new Known { Hash = hash, Length = octets.Length, Place = _end };
        record.PayloadPlace = _end;
        Split(_end, octets.Length, out var first, out var second);
        octets[..first.Length].CopyTo(first);
        octets[first.Length..].CopyTo(second);
        _end += octets.Length;
    }

    /// <summary>Writes what is left.</summary>
    /// <returns>How many octets there are in all.</returns>
    public long Complete()
    {
        Flush();
        return _end;
    }

    public void Dispose() => _file.Dispose();

    private bool IsThere(long place, ReadOnlySpan<byte> octets)
    {
        Split(place, octets.Length, out var first, out var second);
        return octets[..first.Length].SequenceEqual(first) && octets[first.Length..].SequenceEqual(second);
    }

    private void Flush()
    {
        Split(_flushed, (int)(_end - _flushed), out var first, out var second);
        _file.Write(first);
        _file.Write(second);
        _flushed = _end;
    }

    /// <summary>Where octets are in the window: at its end and again at its beginning.</summary>
    private void Split(long place, int length, out Span<byte> first, out Span<byte> second)
    {
        int at = (int)(place & (_window.Length - 1));
        int part = Math.Min(length, _window.Length - at);
        first = _window.AsSpan(at, part);
        second = _window.AsSpan(0, length - part);
    }

    private struct Known
    {
        public ulong Hash;
        public long Place;
        public int Length;
    }
}
