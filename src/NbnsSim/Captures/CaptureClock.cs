namespace NbnsSim.Captures;

/// <summary>How an interface of a pcapng section counts time (if_tsresol, if_tsoffset), and its link type: what every packet needs.</summary>
internal readonly struct CaptureClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly ulong _simple; // below this count, multiplying is all there is to do
    private readonly long _multiplier;
    private readonly long _offset; // seconds
    private readonly byte _resolution;

    public CaptureClock(LinkType linkType, byte resolution, long offsetSeconds)
    {
        LinkType = linkType;
        _resolution = resolution;
        _offset = offsetSeconds;
        if (resolution <= 9)
        {
            _multiplier = 1;
            for (int digits = resolution; digits < 9; digits++)
                _multiplier *= 10;
            _simple = offsetSeconds == 0 ? (ulong)(long.MaxValue / _multiplier) + 1 : 0;
        }
    }

    public LinkType LinkType { get; }

    /// <summary>if_tsresol: units in a second, a negative power of ten, or of two where the highest bit is set.</summary>
    public byte Resolution => _resolution;

    /// <summary>if_tsoffset: seconds to add.</summary>
    public long OffsetSeconds => _offset;

    public Instant Convert(ulong count) => count < _simple ? new Instant((long)count * _multiplier) : ConvertAny(count);

    private Instant ConvertAny(ulong count)
    {
        Int128 nanoseconds;
        int exponent = _resolution & 0x7F;
        if ((_resolution & 0x80) != 0)
            nanoseconds = (Int128)(((UInt128)count * NanosecondsPerSecond) >> exponent); // negative powers of two; 64 + 30 bits fit
        else if (exponent <= 9)
            nanoseconds = (Int128)count * _multiplier;
        else
            nanoseconds = exponent > 9 + 19 ? 0 : (Int128)((UInt128)count / Power(exponent - 9));
        nanoseconds += (Int128)_offset * NanosecondsPerSecond;
        return new Instant((long)Int128.Clamp(nanoseconds, long.MinValue, long.MaxValue));
    }

    private static UInt128 Power(int exponent)
    {
        UInt128 power = 1;
        while (exponent-- > 0)
            power *= 10;
        return power;
    }
}
