using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NbnsSim.Events;

/// <summary>Reads octets that somebody copied out of Event Viewer, a knowledge base article or a script.</summary>
internal static class EventHexText
{
    private const int AddressOffset = 0x28; // Q120752
    private const int MaxCharacters = 1 << 16; // a NetBT event has 44 octets; this bounds what a mistaken file costs

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public static bool TryParse(string text, out byte[] octets, [NotNullWhen(false)] out string? error)
    {
        octets = [];
        error = null;
        if (text.Length > MaxCharacters)
        {
            error = string.Create(CultureInfo.InvariantCulture, $"{text.Length} characters are too many for event data: at most {MaxCharacters}.");
            return false;
        }

        // Event Viewer's XML view wraps plain hex in an element; hexdump -C writes no colon.
        string hex = WithColons(text.Replace("<Binary>", " ", StringComparison.OrdinalIgnoreCase).Replace("</Binary>", " ", StringComparison.OrdinalIgnoreCase));
        var rows = FindRows(hex);
        if (rows.Count > 0 ? !ReadDump(hex, rows, out octets, out error) : !ReadPlain(hex, out octets, out error))
            return false;
        if (octets.Length > 0)
            return true;
        error = "There are no hex digits.";
        return false;
    }

    /// <summary>Puts a colon behind the offsets of <c>hexdump -C</c>: <c>00000010  00 … 00  |....|</c>; its last line, an offset alone, goes.</summary>
    private static string WithColons(string text)
    {
        if (!text.Contains('|', StringComparison.Ordinal))
            return text;
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            int digits = line.AsSpan().IndexOfAnyExcept(HexDigits);
            if (digits == 8 && line[digits] == ' ' && line.EndsWith('|'))
                lines[i] = $"{line[..digits]}:{line[digits..line.IndexOf('|', StringComparison.Ordinal)].Replace("  ", " ", StringComparison.Ordinal)}";
            else if (digits < 0 && line.Length == 8 && i > 0)
                lines[i] = "";
        }

        return string.Join('\n', lines);
    }

    /// <summary>A row of a dump: <c>0008: …</c> up to the end of its line or the next offset.</summary>
    private readonly record struct Row(int Offset, int Start, int End);

    private static List<Row> FindRows(string text)
    {
        var rows = new List<Row>();
        for (int i = 0; i < text.Length; i++)
        {
            if (i > 0 && !char.IsWhiteSpace(text[i - 1]))
                continue;
            int digits = text.AsSpan(i).IndexOfAnyExcept(HexDigits);
            if (digits is < 4 or > 8 || text[i + digits] != ':' || (rows.Count == 0 && !BeginsWithOctets(text.AsSpan(i + digits + 1))))
                continue; // "4320: Another machine …" is no row
            if (rows.Count > 0 && rows[^1].End > i)
                rows[^1] = rows[^1] with { End = i }; // a dump that lost its line breaks
            int offset = int.Parse(text.AsSpan(i, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            int start = i + digits + 1;
            int length = text.AsSpan(start).IndexOfAny('\r', '\n');
            rows.Add(new Row(offset, start, length < 0 ? text.Length : start + length));
            i = start;
        }

        return rows;
    }

    /// <summary>Whether a row's first word is octets or a word of them: an even number of hex digits, alone or behind <c>0x</c>, or nothing.</summary>
    private static bool BeginsWithOctets(ReadOnlySpan<char> row)
    {
        row = row.TrimStart(" \t\u00A0");
        if (row.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            row = row[2..];
        int digits = row.IndexOfAnyExcept(HexDigits);
        digits = digits < 0 ? row.Length : digits;
        return digits % 2 == 0 && (digits > 0 || row.IsEmpty || row[0] is '\r' or '\n') && (digits == row.Length || !char.IsLetterOrDigit(row[digits]));
    }

    private static bool ReadDump(string text, List<Row> rows, out byte[] octets, [NotNullWhen(false)] out string? error)
    {
        octets = [];
        error = null;
        for (int first = 0; first < rows.Count;)
        {
            int end = first + 1;
            while (end < rows.Count && rows[end].Offset != 0)
                end++;
            if (!ReadRows(text, rows[first..end], out byte[] read, out error))
                return false;
            if (octets.Length > 0 && !octets.AsSpan().SequenceEqual(read))
            {
                error = "The two dumps differ."; // Event Viewer shows the same data "In Words" and "In Bytes"
                return false;
            }

            octets = read;
            first = end;
        }

        return true;
    }

    private static bool ReadRows(string text, List<Row> rows, out byte[] octets, [NotNullWhen(false)] out string? error)
    {
        octets = [];
        var read = new List<byte>();
        int width = rows.Count > 1 ? Math.Clamp(rows[1].Offset - rows[0].Offset, 1, 64) : 16;
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Offset != read.Count && !(rows.Count == 1 && rows[i].Offset == AddressOffset)) // the address's row may stand alone
            {
                error = $"The row at offset {rows[i].Offset:X4} should be at {read.Count:X4}.";
                return false;
            }

            bool last = i == rows.Count - 1;
            int room = last ? width : rows[i + 1].Offset - rows[i].Offset;
            if (room is < 1 or > 64)
            {
                error = $"The row at offset {rows[i + 1].Offset:X4} does not follow that at {rows[i].Offset:X4}.";
                return false;
            }

            int before = read.Count;
            if (!ReadRow(text.AsSpan(rows[i].Start, rows[i].End - rows[i].Start), rows[i].Offset, room, last, read, out error))
                return false;
            if (!last && read.Count - before != room)
            {
                error = string.Create(CultureInfo.InvariantCulture, $"The row at offset {rows[i].Offset:X4} holds {read.Count - before} octets where the next offset says {room}.");
                return false;
            }
        }

        octets = [.. read];
        error = null;
        return true;
    }

    /// <summary>Takes octets (2 digits) or words (8 digits) until the row is full; what follows is the column of characters.</summary>
    private static bool ReadRow(ReadOnlySpan<char> row, int offset, int room, bool last, List<byte> read, [NotNullWhen(false)] out string? error)
    {
        error = null;
        Span<byte> value = stackalloc byte[4];
        int unit = 0;
        int gap = 0;
        int at = 0;
        for (int taken = 0; taken < room;)
        {
            int blank = row[at..].IndexOfAnyExcept(' ', '\t');
            if (blank < 0)
                break;
            var token = row[(at + blank)..];
            int length = token.IndexOfAny(' ', '\t');
            token = length < 0 ? token : token[..length];
            if (unit == 0)
            {
                unit = token.Length;
                if (unit is not (2 or 4 or 8) || token.IndexOfAnyExcept(HexDigits) >= 0)
                {
                    error = $"'{VisibleText.Escape(Shorten(token.ToString()))}' at offset {offset:X4} is neither an octet of two hex digits nor a word of four or eight.";
                    return false;
                }
            }
            else if (token.Length != unit || token.IndexOfAnyExcept(HexDigits) >= 0)
            {
                break;
            }
            else if (gap == 0)
            {
                gap = blank;
            }
            else if (last && blank > gap + 1)
            {
                break; // a short last row: the characters stand further right than the next octet would
            }

            if (unit == 8)
                BinaryPrimitives.WriteUInt32LittleEndian(value, uint.Parse(token, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            else
                Convert.FromHexString(token, value, out _, out _); // an octet, or two of them as xxd prints them
            read.AddRange(value[..(unit / 2)]);
            taken += unit / 2;
            at += blank + token.Length;
        }

        return true;
    }

    private static bool ReadPlain(string text, out byte[] octets, [NotNullWhen(false)] out string? error)
    {
        octets = [];
        error = null;
        var read = new List<byte>();
        var words = new List<byte>();
        bool allWords = true;
        Span<byte> word = stackalloc byte[4];
        foreach (string token in text.Split([' ', '\t', '\r', '\n', ',', ';', ':', '-', '{', '}'], StringSplitOptions.RemoveEmptyEntries))
        {
            string digits = token.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || token.StartsWith("\\x", StringComparison.OrdinalIgnoreCase) ? token[2..] : token;
            digits = digits.Length == 1 ? "0" + digits : digits;
            int odd = digits.AsSpan().IndexOfAnyExcept(HexDigits);
            if (odd >= 0)
            {
                error = $"'{VisibleText.Escape(digits[odd].ToString())}' in '{VisibleText.Escape(Shorten(token))}' is not a hex digit.";
                return false;
            }

            if (digits.Length % 2 != 0)
            {
                error = string.Create(CultureInfo.InvariantCulture, $"'{Shorten(token)}' has {digits.Length} hex digits: an octet takes two.");
                return false;
            }

            byte[] value = Convert.FromHexString(digits);
            read.AddRange(value);
            allWords &= value.Length == 4;
            if (allWords)
            {
                value.AsSpan().CopyTo(word);
                word.Reverse();
                words.AddRange(word);
            }
        }

        // Eight digits a token may be octets or the Words form without its offsets: the event code tells.
        octets = [.. allWords && NetBtEventData.Read([.. words]).Definition is not null ? words : read];
        return true;
    }

    private static string Shorten(string token) => token.Length <= 20 ? token : token[..20] + "…";
}
