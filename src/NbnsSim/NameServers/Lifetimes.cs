using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>For how long names are granted and kept, and when a state ends whose time has run out.</summary>
internal sealed class Lifetimes
{
    private readonly NameServerDialect _dialect;
    private Instant? _started; // when the service started, as far as it can tell: what ScavengingInterval counts from

    /// <summary>Makes them for a server that has not started.</summary>
    public Lifetimes(NameServerDialect dialect) => _dialect = dialect;

    /// <summary>A copy that lives on by itself.</summary>
    public Lifetimes(Lifetimes other) => (_dialect, _started) = (other._dialect, other._started);

    /// <summary>Something comes in: the service has started by now.</summary>
    public void Start(Instant now) => _started ??= now;

    /// <summary>Seconds that a claimant is told.</summary>
    /// <param name="requested">The seconds that it asks for.</param>
    public uint Granted(uint requested) => _dialect.GrantsRequestedTime ? requested : (uint)long.Clamp((long)_dialect.RenewalInterval.TotalSeconds, 1, uint.MaxValue);

    /// <summary>When a name that is claimed now runs out; <see cref="long.MaxValue"/> for never.</summary>
    public long DeadlineOf(uint requested, Instant now)
    {
        uint seconds = Granted(requested);
        if (seconds == 0)
            return long.MaxValue; // RFC 1002 §6: INFINITE_TTL
        var deadline = now.Nanoseconds + ((Int128)seconds * _dialect.LifetimeMultiple * 1_000_000_000);
        return deadline >= long.MaxValue ? long.MaxValue : AgedAt(new Instant((long)deadline), now);
    }

    /// <summary>When a state ends whose time runs out then: at once, or in the scavenger's first run after it (<see cref="NameServerDialect.ScavengingInterval"/>).</summary>
    public long AgedAt(Instant deadline, Instant now)
    {
        if (_dialect.ScavengingInterval is not { } interval || deadline == Instant.MaxValue)
            return deadline.Nanoseconds;
        long start = (_started ??= now).Nanoseconds;
        var step = (Int128)interval.Ticks * 100;
        var runs = Int128.Max((deadline.Nanoseconds - (Int128)start + step - 1) / step, 1);
        return (long)Int128.Min(start + (runs * step), long.MaxValue);
    }

    /// <summary>Carries it. In a fingerprint only where in its rhythm the scavenger is.</summary>
    public void Carry(StateCodec codec)
    {
        if (!codec.IsFingerprint)
        {
            codec.Carry(ref _started);
        }
        else if (_dialect.ScavengingInterval is { } interval)
        {
            long step = interval.Ticks * TimeSpan.NanosecondsPerTick;
            long phase = _started is { } started ? 1 + codec.Since(started) % step : 0;
            codec.Carry(ref phase);
        }
    }

    /// <summary>Whether both have started at the same time.</summary>
    public bool HasSameStateAs(Lifetimes other) => _started == other._started;
}
