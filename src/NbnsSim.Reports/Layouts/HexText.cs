using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NbnsSim.Reports.Layouts;

/// <summary>Octets as people paste them: a stream of hex digits, bytes with spaces, colons or <c>0x</c>, or a dump with offsets before each line and characters behind it.</summary>
internal static class HexText
{
    private const int OctetsOfDump = 16;

    private static readonly char[] s_separators = [' ', '\t', ',', ':', '-', ';', '\\', '"'];

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many octets there may be.</param>
    /// <param name="octets">The octets; none where there is a problem.</param>
    /// <param name="problem">What is wrong with it, in a sentence.</param>
    public static bool TryRead(string text, int most, out byte[] octets, [NotNullWhen(false)] out string? problem)
    {
        (octets, problem) = ([], null);
        var found = new List<byte>();
        int line = 0;
        foreach (var part in text.AsSpan().EnumerateLines())
        {
            line++;
            string[] words = Words(part);
            bool isDump = IsOffset(words, part, found.Count);
            int before = found.Count;
            foreach (string word in isDump ? Words(Dumped(part)) : words)
            {
                if (isDump && (found.Count - before >= OctetsOfDump || !IsHex(word)))
                    break; // the characters behind the octets
                string digits = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || word.StartsWith('x') ? word[(word.IndexOf('x', StringComparison.OrdinalIgnoreCase) + 1)..] : word;
                if (!IsHex(digits) || digits.Length % 2 != 0)
                {
                    problem = string.Create(CultureInfo.InvariantCulture, $"Line {line}: '{VisibleText.Escape(word.Length > 40 ? word[..40] + "…" : word)}' is no row of whole octets in hex.");
                    return false;
                }

                if (found.Count + (digits.Length / 2) > most)
                {
                    problem = string.Create(CultureInfo.InvariantCulture, $"There are more than {most:N0} octets: no datagram holds so many.");
                    return false;
                }

                found.AddRange(Convert.FromHexString(digits));
            }
        }

        octets = [.. found];
        return true;
    }

    /// <summary>What of a dump's line is octets: what is behind the offset, up to the gap or the bar before the characters.</summary>
    private static ReadOnlySpan<char> Dumped(ReadOnlySpan<char> line)
    {
        var rest = line.TrimStart();
        rest = rest[rest.IndexOfAny(' ', ':', '\t')..].TrimStart(" :\t");
        int end = rest.IndexOf("   ", StringComparison.Ordinal);
        rest = end < 0 ? rest : rest[..end];
        end = rest.IndexOf('|');
        return end < 0 ? rest : rest[..end];
    }

    private static string[] Words(ReadOnlySpan<char> text) => text.ToString().Split(s_separators, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether a line begins with the offset of its first octet, in three digits or more, as dumps have it.</summary>
    private static bool IsOffset(string[] words, ReadOnlySpan<char> line, int count) =>
        words.Length > 1 && words[0].Length is 3 or 4 or 6 or 8 && words[1].Length <= 8 && (line.Contains("  ", StringComparison.Ordinal) || line.Contains(':'))
        && int.TryParse(words[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int offset) && offset == count;

    private static bool IsHex(string word) => word.Length > 0 && word.All(char.IsAsciiHexDigit);
}
