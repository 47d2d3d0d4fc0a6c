using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace NbnsSim.Events;

/// <summary>Finds in a pasted text what <see cref="PastedEvent"/> is made of.</summary>
internal static class EventText
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private const int LeastDataOctets = 12; // of a line of hex that nothing marks as data

    private static readonly string[] ProviderFields =
    [
        "source", "event source", "provider", "providername", "sourcename", "ereignisquelle", "quelle", "source de l'événement", "source de l’événement", "origen", "origen del suceso",
        "origine", "origine evento", "bron", "källa", "źródło", "zdroj", "fonte", "источник", "источник события", "ソース", "イベント ソース",
    ];

    private static readonly string[] NumberFields =
    [
        "event id", "eventid", "event-id", "eventcode", "event_id", "ereignis-id", "ereigniskennung", "id de l’événement", "id de l'événement", "id. de evento", "id. del evento",
        "id evento", "gebeurtenis-id", "händelse-id", "identyfikator zdarzenia", "id události", "id do evento", "код события", "イベント id", "事件 id", "\nid ",
    ];

    public static string Decode(ReadOnlySpan<byte> octets)
    {
        switch (octets)
        {
            case [0xFF, 0xFE, ..]:
                return Encoding.Unicode.GetString(octets[2..]);
            case [0xFE, 0xFF, ..]:
                return Encoding.BigEndianUnicode.GetString(octets[2..]);
            case [not 0, 0, ..]:
                return Encoding.Unicode.GetString(octets);
            case [0, not 0, ..]:
                return Encoding.BigEndianUnicode.GetString(octets);
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(octets).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            // Windows-1252: of its own characters the quotation marks alone matter here.
            return Encoding.Latin1.GetString(octets).Replace('\u0093', '“').Replace('\u0094', '”').Replace('\u0091', '‘').Replace('\u0092', '’').Replace('\u0084', '„');
        }
    }

    /// <summary>What an event's XML says, whole or not.</summary>
    public static (string? Provider, int? Id, List<string> Strings, string? Binary) FindXml(string text)
    {
        var strings = new List<string>();
        string? provider = null;
        string? binary = null;
        int? id = null;
        for (int at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; at = text.IndexOf('<', at + 1))
        {
            if (IsTag(text, at, "Provider"))
                provider ??= Attribute(Head(text, at), "Name");
            else if (IsTag(text, at, "EventID") && int.TryParse(Content(text, at), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                id ??= number;
            else if (IsTag(text, at, "Data"))
                strings.AddRange(Strings(WebUtility.HtmlDecode(Content(text, at))));
            else if (IsTag(text, at, "Binary"))
                binary ??= Hex(Content(text, at));
        }

        return (provider, id, strings, binary);
    }

    /// <summary>The strings of a Data element: one, or, as some programs write all of them, each between <c>&lt;string&gt;</c> and its end.</summary>
    private static IEnumerable<string> Strings(string content) =>
        !content.StartsWith("<string>", StringComparison.Ordinal) ? [content]
            : content.Split("<string>").Skip(1).Select(one => one[..(one.IndexOf("</string>", StringComparison.Ordinal) is var end && end < 0 ? one.Length : end)]);

    /// <summary>The data of a Binary element in hex, as Windows writes it; some programs write Base64.</summary>
    private static string Hex(string content)
    {
        if (content.AsSpan().Trim().ContainsAnyExcept(HexDigits) && !content.AsSpan().ContainsAny(" :,\t"))
        {
            byte[] octets = new byte[content.Length];
            if (Convert.TryFromBase64String(content, octets, out int length))
                return Convert.ToHexString(octets, 0, length);
        }

        return content;
    }

    /// <summary>Who logged it, as Event Viewer or PowerShell writes it: a field behind its name.</summary>
    public static string? FindProvider(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            int colon = line.IndexOfAny(':', '=');
            if (colon < 0 || line[(colon + 1)..].Trim() is not { IsEmpty: false } value)
                continue;
            string field = line[..colon].Trim().ToString();
            if (ProviderFields.Contains(field, StringComparer.OrdinalIgnoreCase))
                return value.ToString();
        }

        return null;
    }

    /// <summary>The number alone, or behind a colon or equals sign, whatever the field's name in whatever language; an instance id counts as its number.</summary>
    public static int? FindId(string text)
    {
        if (text.AsSpan().Trim() is { Length: >= 3 and <= 5 } whole && !whole.ContainsAnyExceptInRange('0', '9'))
            return int.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture);
        bool isNamed = text.Contains(NetBtEvent.Source, StringComparison.OrdinalIgnoreCase);
        for (int at = 0; at < text.Length;)
        {
            int length = text.AsSpan(at).IndexOfAnyExceptInRange('0', '9');
            length = length < 0 ? text.Length - at : length;
            if (length is 4 or 10 && IsField(text, at, at + length, isNamed) && uint.TryParse(text.AsSpan(at, length), NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
                && (length == 4 ? NetBtEventDefinition.Find((int)number) : NetBtEventDefinition.FindByCode(number)) is { } definition)
                return definition.Id;
            at += length + 1;
        }

        return FindLabelled(text);
    }

    /// <summary>The number behind "Event ID" in whatever language, whoever's it is; a code, as dcdiag and Get-EventLog write it, counts as its number.</summary>
    private static int? FindLabelled(string text)
    {
        foreach (string label in NumberFields)
        {
            for (int at = text.IndexOf(label, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(label, at + 1, StringComparison.OrdinalIgnoreCase))
            {
                if (at > 0 && char.IsLetterOrDigit(text[at - 1]))
                    continue;
                var value = text.AsSpan(at + label.Length).TrimStart(" \t:=#\"'(");
                bool isHex = value.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
                bool isNegative = value.StartsWith("-", StringComparison.Ordinal);
                value = value[(isHex ? 2 : isNegative ? 1 : 0)..];
                int digits = isHex ? value.IndexOfAnyExcept(HexDigits) : value.IndexOfAnyExceptInRange('0', '9');
                if (long.TryParse(digits < 0 ? value : value[..digits], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= uint.MaxValue)
                    return (ushort)(isNegative ? -number : number);
            }
        }

        return null;
    }

    /// <summary>Whether the text is nothing but an event's code: <c>0xC00010E1</c>.</summary>
    public static bool TryCode(string text, out int id)
    {
        var digits = text.AsSpan().Trim();
        digits = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
        id = digits.Length == 8 && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code) && NetBtEventDefinition.FindByCode(code) is { } definition ? definition.Id : 0;
        return id != 0;
    }

    /// <summary>Whether digits stand as a field's value: behind a colon that ends no dump's offset, or free in a text that names NetBT.</summary>
    private static bool IsField(string text, int start, int end, bool isNamed)
    {
        if ((start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] == '.')) || (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == ':')))
            return false;
        var before = text.AsSpan(0, start).TrimEnd(" \t\u00A0\"'");
        if (before.IsEmpty || before[^1] is not (':' or '='))
            return isNamed && (before.IsEmpty || !char.IsAsciiHexDigit(before[^1]) || char.IsAsciiLetter(before[^1]));
        var name = before[..^1].TrimEnd();
        int word = name.LastIndexOfAny(" \t\n") + 1;
        return name.Length - word is < 4 or > 8 || name[word..].ContainsAnyExcept(HexDigits);
    }

    /// <summary>Whether the text is of Windows Vista or later: it is that system's XML, or says "computer" where older ones said "machine".</summary>
    public static bool SaysComputer(string text) =>
        text.Contains("schemas.microsoft.com/win/2004/08/events", StringComparison.OrdinalIgnoreCase)
        || text.Contains("to this computer", StringComparison.OrdinalIgnoreCase)
        || text.Contains("by this computer", StringComparison.OrdinalIgnoreCase)
        || text.Contains("address of the computer that sent", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The number of a description that stands alone, in Windows' English of any age, and in the German, French, Italian and Spanish of which the words were read in a
    /// published source; blanks do not count, for a screen that a machine read has them anywhere.
    /// </summary>
    public static int? FindSentence(string text)
    {
        string line = string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
        bool Has(string words) => line.Contains(words, StringComparison.OrdinalIgnoreCase);
        return Has("namereleasemessage") || Has("name-releasemessage") || Has("Namensfreigabemeldung") || (Has("libérationdenom") && Has("réseauTCP")) || Has("rilascionome") || (Has("liberacióndenombre") && Has("redTCP")) ? NetBtEventId.NameRelease
            : Has("duplicatenamehasbeendetected") || (Has("doppelterName") && Has("TCP-Netzwerk")) || (Has("nomendouble") && Has("réseauTCP")) || Has("nomeduplicatonellareteTCP") || Has("nombreduplicadoenlaredTCP") ? NetBtEventId.DuplicateName
            : Has("couldnotberegisteredon") && Has("interface") ? NetBtEventId.DuplicateNameError
            : null;
    }

    /// <summary>A list of decimal numbers as PowerShell prints octets: in braces, or with a number that hex does not write.</summary>
    public static bool TryDecimals(string text, out byte[] octets, out bool isCut)
    {
        octets = [];
        isCut = false;
        int open = text.IndexOf('{', StringComparison.Ordinal);
        int close = open < 0 ? -1 : text.IndexOf('}', open);
        var list = open < 0 ? text.AsSpan().Trim() : close < 0 ? text.AsSpan(open + 1) : text.AsSpan(open + 1, close - open - 1);
        var read = new List<byte>();
        bool isDecimal = false;
        foreach (var range in list.SplitAny(" \t\r\n,;"))
        {
            var token = list[range];
            if (token.IsEmpty)
                continue;
            if (token.EndsWith("...") || token[^1] == '…')
            {
                isCut = true;
                token = token.TrimEnd(".…");
                if (token.IsEmpty)
                    continue;
            }

            if (token.Length > 3 || token.ContainsAnyExceptInRange('0', '9') || (token.Length > 1 && token[0] == '0') || !byte.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
                return isCut = false;
            isDecimal |= token.Length == 3;
            read.Add(octet);
        }

        if (read.Count < 4 || !(isDecimal || isCut || NetBtEventData.Read([.. read]).Definition is not null))
            return isCut = false;
        octets = [.. read];
        return true;
    }

    /// <summary>The data in hex: that of the XML, a dump with offsets, or, where nothing else was found, the whole text.</summary>
    /// <returns>False where the text should be hex and is not; a text that is an event otherwise need have none.</returns>
    public static bool TryHex(string text, string? binary, bool isMarked, out byte[] octets, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? error)
    {
        if (EventHexText.TryParse(binary ?? text, out octets, out error) && (octets.Length > 2 || !isMarked))
            return true;
        octets = [];
        if (!isMarked)
            return error is null;
        error = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var value = line[(line.LastIndexOf(':') + 1)..].Trim();
            if (value.Length >= LeastDataOctets * 2 && EventHexText.TryParse(value.ToString(), out byte[] read, out _) && read.Length >= LeastDataOctets)
            {
                octets = read;
                break;
            }
        }

        return true;
    }

    private static bool IsTag(string text, int at, string name) =>
        text.AsSpan(at + 1).StartsWith(name, StringComparison.OrdinalIgnoreCase) && at + 1 + name.Length < text.Length && text[at + 1 + name.Length] is ' ' or '>' or '/' or '\t' or '\r' or '\n';

    /// <summary>The tag that begins at <paramref name="at"/>, up to its end.</summary>
    private static ReadOnlySpan<char> Head(string text, int at)
    {
        int end = text.IndexOf('>', at);
        return text.AsSpan(at, (end < 0 ? text.Length : end) - at);
    }

    private static string Content(string text, int at)
    {
        var head = Head(text, at);
        if (head.EndsWith("/"))
            return "";
        var rest = text.AsSpan(Math.Min(text.Length, at + head.Length + 1));
        int end = rest.IndexOf('<');
        return (end < 0 ? rest : rest[..end]).Trim().ToString();
    }

    private static string? Attribute(ReadOnlySpan<char> tag, string name)
    {
        int at = tag.IndexOf(name + "=", StringComparison.OrdinalIgnoreCase);
        if (at < 0 || at + name.Length + 1 >= tag.Length)
            return null;
        var value = tag[(at + name.Length + 2)..];
        int end = value.IndexOf(tag[at + name.Length + 1]);
        return WebUtility.HtmlDecode((end < 0 ? value : value[..end]).ToString());
    }
}
