using NbnsSim.Testing.Chaos;

namespace NbnsSim.Jobs.Chaos;

/// <summary>Faults of chaos as a command line has them.</summary>
internal static class ChaosFaultNames
{
    private static readonly ChaosFaults[] Single = [.. Enum.GetValues<ChaosFaults>().Where(fault => fault is not (ChaosFaults.None or ChaosFaults.All))];

    /// <summary>Several, behind each other: <c>loss,crash</c>; <c>none</c> for none.</summary>
    public static string Text(ChaosFaults faults) => faults == ChaosFaults.None ? "none" : string.Join(',', Single.Where(one => faults.HasFlag(one)).Select(NameOf));

    /// <summary>Reads what <see cref="Text"/> wrote, and <c>all</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">One is none; the message says so.</exception>
    public static ChaosFaults Parse(string text)
    {
        if (text == "all")
            return ChaosFaults.All;
        if (text == "none")
            return ChaosFaults.None;
        var faults = ChaosFaults.None;
        foreach (string name in text.Split(','))
        {
            int index = Array.FindIndex(Single, one => NameOf(one) == name);
            if (index < 0)
                throw new FormatException($"'{VisibleText.Escape(name)}' is no fault of chaos: expected {string.Join(", ", Single.Select(NameOf))}, 'all' or 'none'.");
            faults |= Single[index];
        }

        return faults;
    }

    private static string NameOf(ChaosFaults one) => one.ToString().ToLowerInvariant();
}
