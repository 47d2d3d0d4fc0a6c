using System.Globalization;
using NbnsSim.Names;

namespace NbnsSim.Reports.Pasted;

/// <summary>A row of a table of names: a name, a suffix in angle brackets and words behind it; how wide the columns are does not matter.</summary>
/// <param name="Given">The name as it stands there.</param>
/// <param name="Name">The name with its suffix; null where a web page took the suffix for markup and left it out.</param>
/// <param name="IsGroup">Whether it is a group's; null where the word for it is in a language that is not known.</param>
/// <param name="State">The state in English, or the word as it stands there; empty for none.</param>
/// <param name="IsStateKnown">Whether the state was understood; true where there is none.</param>
/// <param name="Address">The address, in a cache.</param>
/// <param name="Life">The seconds that a cache keeps it; null where they are not given.</param>
internal readonly record struct NbtStatRow(string Given, NetBiosName? Name, bool? IsGroup, string State, bool IsStateKnown, Ipv4Address? Address, long? Life)
{
    private const int MaxMsBrowse = 24; // \x01\x02__MSBROWSE__\x02

    /// <summary>Where a suffix in angle brackets begins; -1 for none.</summary>
    public static int IndexOfSuffix(ReadOnlySpan<char> line, int from = 0)
    {
        for (int at = from; at + 3 < line.Length; at++)
        {
            if (line[at] == '<' && char.IsAsciiHexDigit(line[at + 1]) && char.IsAsciiHexDigit(line[at + 2]) && line[at + 3] == '>')
                return at;
        }

        return -1;
    }

    /// <summary>Reads a row that has a suffix.</summary>
    public static bool TryRead(ReadOnlySpan<char> line, out NbtStatRow row)
    {
        row = default;
        int open = IndexOfSuffix(line);
        if (open <= 0 || !TryName(line[..open].Trim(), (NameSuffix)byte.Parse(line.Slice(open + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), out string given, out var name))
            return false;
        var rest = line[(open + 4)..].Trim();
        if (rest.StartsWith("Flags:", StringComparison.OrdinalIgnoreCase)) // nmap: Flags: <unique><active>
            rest = rest["Flags:".Length..].Trim().TrimStart('<');
        int end = rest.IndexOfAny(" \t>");
        var type = end < 0 ? rest : rest[..end];
        // nmblookup and others: a hyphen, then <GROUP> for a group
        bool? isGroup = rest.Contains("<GROUP>", StringComparison.OrdinalIgnoreCase) ? true : type is "-" ? false : NbtStatWords.IsGroup(type);
        var (address, life) = Cached(rest);
        bool isRow = isGroup is not null || address is not null || (type.Length >= 3 && char.IsLetter(type[0]) && end >= 0 && NbtStatWords.State(rest[end..]) is not null);
        string? state = NbtStatWords.State(rest);
        int last = rest.LastIndexOfAny(" \t");
        string other = last < 0 || address is not null || !char.IsLetter(rest[last + 1]) ? "" : rest[(last + 1)..].ToString();
        row = new NbtStatRow(given, name, isGroup, state ?? other, state is not null || other.Length == 0, address, life);
        return isRow;
    }

    /// <summary>Reads a row whose suffix is missing: its type and its state must both be known words.</summary>
    public static bool TryReadWithoutSuffix(ReadOnlySpan<char> line, out NbtStatRow row)
    {
        row = default;
        var trimmed = line.Trim();
        for (int at = trimmed.IndexOfAny(" \t"); at > 0 && at < trimmed.Length;)
        {
            var rest = trimmed[at..].TrimStart();
            int end = rest.IndexOfAny(" \t");
            if (end < 0)
                return false;
            if (NbtStatWords.IsGroup(rest[..end]) is { } isGroup && rest[..end].Length >= 4 && rest[end..].Trim() is var word && !word.ContainsAny(" \t") && NbtStatWords.State(word) is { } state)
            {
                row = new NbtStatRow(trimmed[..at].ToString(), null, isGroup, state, true, null, null);
                return row.Given.Length <= NetBiosName.BaseSize;
            }

            at = trimmed.Length - rest.Length + end;
        }

        return false;
    }

    private static bool TryName(ReadOnlySpan<char> text, NameSuffix suffix, out string given, out NetBiosName name)
    {
        // what consoles and tools make of the control characters around it: dots, boxes, faces, \x01
        if (text.Contains("MSBROWSE", StringComparison.OrdinalIgnoreCase) && text.Length <= MaxMsBrowse)
        {
            (given, name) = (text.ToString(), NetBiosName.MsBrowse);
            return true;
        }

        (given, name) = ("", default);
        if (text.Length is 0 or > NetBiosName.BaseSize || text.Contains(':'))
            return false;
        given = string.Concat(text.ToString().Select(character => character > '\u00FF' ? '?' : character));
        name = new NetBiosName(given, suffix);
        return true;
    }

    /// <summary>The address, alone or behind the type, and the number behind it.</summary>
    private static (Ipv4Address? Address, long? Life) Cached(ReadOnlySpan<char> rest)
    {
        string[] words = rest.ToString().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        for (int at = 0; at < words.Length && at < 2; at++)
        {
            if (Ipv4Address.TryParse(words[at], out var address))
                return (address, long.TryParse(words.ElementAtOrDefault(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds) ? seconds : null);
        }

        return default;
    }
}
