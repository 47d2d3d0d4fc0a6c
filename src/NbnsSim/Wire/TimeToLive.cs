using System.Globalization;

namespace NbnsSim.Wire;

/// <summary>
/// TTL of a resource record: for how long a name is granted, in whole seconds (RFC 1002 §4.2.1.3). 0 stands for ever: INFINITE_TTL (RFC 1002 §6).
/// A number of seconds converts to it by itself.
/// </summary>
/// <param name="Seconds">The number as it stands on the wire.</param>
public readonly record struct TimeToLive(uint Seconds)
{
    /// <summary>For ever: 0 on the wire.</summary>
    public static TimeToLive Infinite => default;

    /// <summary>Whether it is for ever.</summary>
    public bool IsInfinite => Seconds == 0;

    /// <summary>A number of seconds.</summary>
    /// <param name="seconds">The number; 0 is for ever.</param>
    public static implicit operator TimeToLive(uint seconds) => new(seconds);

    /// <summary>The same.</summary>
    /// <param name="seconds">The number; 0 is for ever.</param>
    public static TimeToLive FromSeconds(uint seconds) => new(seconds);

    /// <summary>As a span of time; <see cref="TimeSpan.MaxValue"/> where it is for ever.</summary>
    public TimeSpan ToTimeSpan() => IsInfinite ? TimeSpan.MaxValue : TimeSpan.FromSeconds(Seconds);

    /// <summary>The number as it stands on the wire, such as <c>300000</c>.</summary>
    public override string ToString() => Seconds.ToString(CultureInfo.InvariantCulture);
}
