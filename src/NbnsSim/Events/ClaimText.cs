using System.Buffers;
using System.Globalization;
using NbnsSim.Names;

namespace NbnsSim.Events;

/// <summary>Finds what an event 4321 says: the name that was refused, the address of the interface, and whose refusal it was.</summary>
internal static class ClaimText
{
    private const int MaxApart = 200; // the two addresses stand in one sentence, or in the lines of one list
    private static readonly SearchValues<char> Quotes = SearchValues.Create("\"'“”„‟«»‹›’‘「」");
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> DigitsAndDots = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> BeforeName = SearchValues.Create("\n\t,;{}()=");
    private static readonly SearchValues<char> BehindName = SearchValues.Create(" ,;'\r\n\t");

    /// <summary>The three in insertion strings, in a sentence of any language, whose name is in quotation marks, or, where the event is known to be a 4321, in a list.</summary>
    public static (NetBiosName? Name, Ipv4Address? Interface, Ipv4Address? Owner) Find(string text, List<string> strings, bool isClaim)
    {
        int named = strings.FindIndex(one => TryName(one, out _));
        if (named >= 0 && TryName(strings[named], out var name))
        {
            Ipv4Address?[] found = [.. strings.Skip(named + 1).Where(one => one.Length > 0).Select(one => Ipv4Address.TryParse(one.Trim(), out var address) ? (Ipv4Address?)address : null)];
            return (name, found.ElementAtOrDefault(0), found.ElementAtOrDefault(1));
        }

        for (int open = text.AsSpan().IndexOfAny(Quotes); open >= 0;)
        {
            int length = text.AsSpan(open + 1).IndexOfAny(Quotes);
            if (length < 0)
                break;
            int close = open + 1 + length;
            if (TryName(text[(open + 1)..close], out name))
                return Around(text, name, open, close + 1);
            open = close;
        }

        return isClaim ? FindBare(text) : default;
    }

    /// <summary>A name without quotation marks: before "could not be registered", or before a list of two addresses, as Event Viewer gives the strings of an event that it has no text for.</summary>
    private static (NetBiosName? Name, Ipv4Address? Interface, Ipv4Address? Owner) FindBare(string text)
    {
        for (int colon = text.IndexOf(':', StringComparison.Ordinal); colon >= 0; colon = text.IndexOf(':', colon + 1))
        {
            int digits = colon + 1;
            while (digits < text.Length && text[digits] == ' ' && digits - colon <= 2)
                digits++;
            int end = digits;
            while (end < text.Length && char.IsAsciiHexDigit(text[end]))
                end++;
            if (end - digits is not (1 or 2) || (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == ':')))
                continue;
            int start = text.AsSpan(0, colon).LastIndexOfAny(BeforeName) + 1;
            var given = text.AsSpan(start, colon - start);
            var rest = text.AsSpan(end);
            bool isSentence = rest.TrimStart().StartsWith("could not be", StringComparison.OrdinalIgnoreCase);
            if (isSentence && given.LastIndexOf("name ", StringComparison.OrdinalIgnoreCase) is var word and >= 0)
                given = given[(word + "name ".Length)..];
            else if (!isSentence && (rest.IndexOfAnyExcept(BehindName) is not (var next and >= 0) || !char.IsAsciiDigit(rest[next]) || !rest[..next].ContainsAny(",;\n\t")))
                continue;
            if (TryName($"{given}:{text[digits..end]}", out var name) && Around(text, name, colon, end) is { Interface: not null } claim)
                return claim;
        }

        return default;
    }

    /// <summary>The addresses behind the name; some languages name the interface before it, in the same sentence.</summary>
    private static (NetBiosName? Name, Ipv4Address? Interface, Ipv4Address? Owner) Around(string text, NetBiosName name, int start, int end)
    {
        int line = start == 0 ? 0 : text.LastIndexOf('\n', start - 1) + 1;
        int sentence = Math.Max(text.AsSpan(line, start - line).LastIndexOf(". "), text.AsSpan(line, start - line).LastIndexOf('。'));
        var before = Addresses(text.AsSpan(line + sentence + 1, start - line - sentence - 1));
        var after = Addresses(text.AsSpan(end));
        if (before is [(_, var own)] && after is [(_, var sender), ..])
            return (name, own, sender);
        return (name, after.Count > 0 ? after[0].Address : null, after.Count > 1 && after[1].At - after[0].At <= MaxApart ? after[1].Address : null);
    }

    /// <summary><c>WORKGROUP      :1d</c>: up to fifteen characters, the suffix in hex; a screen that was read by a machine may have blanks around the colon.</summary>
    private static bool TryName(string text, out NetBiosName name)
    {
        name = default;
        var trimmed = text.AsSpan().Trim();
        int colon = trimmed.LastIndexOf(':');
        if (colon <= 0 || trimmed[(colon + 1)..].Trim() is not { Length: 1 or 2 } digits || !byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte suffix))
            return false;
        var given = trimmed[..colon].Trim();
        if (given.Length is 0 or > NetBiosName.BaseSize || given.ContainsAnyExceptInRange('\0', '\u00FF') || given.ContainsAny(':', '\n'))
            return false;
        name = new NetBiosName(given.ToString(), (NameSuffix)suffix);
        return true;
    }

    /// <summary>The first addresses in a text, whatever letters stand next to them.</summary>
    private static List<(int At, Ipv4Address Address)> Addresses(ReadOnlySpan<char> text)
    {
        var found = new List<(int, Ipv4Address)>();
        for (int at = 0; found.Count < 3 && at < text.Length && text[at..].IndexOfAny(Digits) is var next and >= 0;)
        {
            at += next;
            int length = text[at..].IndexOfAnyExcept(DigitsAndDots);
            var run = length < 0 ? text[at..] : text.Slice(at, length);
            if (Ipv4Address.TryParse(run.TrimEnd('.').ToString(), out var address))
                found.Add((at, address));
            at += run.Length;
        }

        return found;
    }
}
