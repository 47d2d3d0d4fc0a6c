using System.Buffers;
using System.Globalization;
using System.Text;

namespace NbnsSim.Names;

/// <summary>Octets as people write them: printable ASCII as it is, everything else, and the escape's own characters, as <c>&lt;hh&gt;</c>.</summary>
internal static class OctetText
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public static void Append(StringBuilder text, ReadOnlySpan<byte> octets, char alsoEscape = '\\')
    {
        foreach (byte octet in octets)
        {
            if (octet is >= 0x20 and < 0x7F and not (byte)'<' and not (byte)'>' and not (byte)'\\' && octet != alsoEscape)
                text.Append((char)octet);
            else
                text.Append(CultureInfo.InvariantCulture, $"<{octet:x2}>");
        }
    }

    /// <summary>The octets of <paramref name="text"/>, or null where it has a character outside Latin-1 or a broken escape.</summary>
    public static byte[]? TryParse(ReadOnlySpan<char> text)
    {
        var octets = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '<')
            {
                if (i + 3 >= text.Length || text[i + 3] != '>' || text.Slice(i + 1, 2).IndexOfAnyExcept(HexDigits) >= 0)
                    return null;
                octets.Add(byte.Parse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 3;
            }
            else if (text[i] is '>' or > '\u00FF')
            {
                return null;
            }
            else
            {
                octets.Add((byte)text[i]);
            }
        }

        return [.. octets];
    }
}
