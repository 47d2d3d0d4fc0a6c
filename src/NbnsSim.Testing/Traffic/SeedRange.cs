using System.Globalization;

namespace NbnsSim.Testing.Traffic;

/// <summary>Seeds, one after the other.</summary>
/// <param name="First">The first.</param>
/// <param name="Count">How many.</param>
public readonly record struct SeedRange(ulong First, int Count)
{
    /// <summary>The most seeds at once.</summary>
    public const int MaxCount = 100_000;

    /// <summary>Reads <c>5</c>, which is 1 to 5, or <c>10..19</c>, ends included.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is neither, or more than <see cref="MaxCount"/>; the message says so.</exception>
    public static SeedRange Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] ends = text.Split("..");
        ulong first = 1;
        if (ends.Length > 2 || !ulong.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong last) || (ends.Length == 2 && !ulong.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out first)))
            throw new FormatException($"'{text}' are no seeds: expected how many, such as 5, or the first and the last, such as 10..19.");
        if (last < first)
            throw new FormatException(ends.Length == 1 ? $"'{text}' are no seeds: at least one is needed." : $"'{text}' are no seeds: the last is before the first.");
        if (last - first >= MaxCount)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{text}' are too many seeds: {MaxCount} at once are the most."));
        return new SeedRange(first, (int)(last - first) + 1);
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => First == 1 ? Count.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{First}..{First + (ulong)Count - 1}");
}
