using System.Buffers;
using System.Globalization;
using System.Text;

namespace NbnsSim.Names;

/// <summary>Octets as people write them: printable ASCII as it is, everything else, and the escape's own characters, as <c>&lt;hh&gt;</c>.</summary>
internal static class OctetText
{
    /// <summary>The most characters that one octet takes.</summary>
    public const int MaxPerOctet = 4;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Which dots to escape, since a dot also separates scope labels.</summary>
    public enum Dots
    {
        /// <summary>Dots stand as they are.</summary>
        Plain,

        /// <summary>A dot right behind an escape is escaped too: <c>&gt;.</c> is what separates a name from its scope.</summary>
        EscapedBehindEscapes,

        /// <summary>Every dot is escaped: inside a scope label.</summary>
        Escaped,
    }

    /// <summary>Writes the text of <paramref name="octets"/>.</summary>
    /// <returns>False when <paramref name="text"/> is too short.</returns>
    public static bool TryFormat(Span<char> text, ReadOnlySpan<byte> octets, Dots dots, out int written)
    {
        if (!octets.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !octets.ContainsAny(dots == Dots.Escaped ? @"<>\."u8 : @"<>\"u8))
        {
            // nearly always
            written = octets.Length <= text.Length ? octets.Length : 0;
            return octets.Length <= text.Length && Ascii.ToUtf16(octets, text, out _) == OperationStatus.Done;
        }

        written = 0;
        bool escaped = false;
        foreach (byte octet in octets)
        {
            bool plain = octet is >= 0x20 and < 0x7F and not (byte)'<' and not (byte)'>' and not (byte)'\\'
                && (octet != '.' || dots == Dots.Plain || (dots == Dots.EscapedBehindEscapes && !escaped));
            if (text.Length - written < (plain ? 1 : MaxPerOctet))
                return false;
            if (plain)
            {
                text[written++] = (char)octet;
            }
            else
            {
                text[written] = '<';
                octet.TryFormat(text[(written + 1)..], out _, "x2", CultureInfo.InvariantCulture);
                text[written + 3] = '>';
                written += MaxPerOctet;
            }

            escaped = !plain;
        }

        return true;
    }

    /// <summary>Reads what <see cref="TryFormat"/> writes; an unescaped Latin-1 character is its octet.</summary>
    /// <returns>False for a character outside Latin-1, a broken escape, or more octets than <paramref name="octets"/> holds.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, Span<byte> octets, out int length)
    {
        length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (length == octets.Length)
                return false;
            if (text[i] == '<')
            {
                if (!TryParseEscape(text[i..], out octets[length++]))
                    return false;
                i += MaxPerOctet - 1;
            }
            else if (text[i] is '>' or > '\u00FF')
            {
                return false;
            }
            else
            {
                octets[length++] = (byte)text[i];
            }
        }

        return true;
    }

    /// <summary>Reads the <c>&lt;hh&gt;</c> that <paramref name="text"/> begins with.</summary>
    public static bool TryParseEscape(ReadOnlySpan<char> text, out byte octet)
    {
        octet = 0;
        return text.Length >= MaxPerOctet && text[0] == '<' && text[3] == '>' && TryParseHex(text.Slice(1, 2), out octet);
    }

    /// <summary>Reads two hex digits.</summary>
    public static bool TryParseHex(ReadOnlySpan<char> digits, out byte octet)
    {
        octet = 0;
        return !digits.ContainsAnyExcept(HexDigits) && byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out octet);
    }
}
