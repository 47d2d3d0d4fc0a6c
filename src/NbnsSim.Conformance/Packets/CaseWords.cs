using System.Globalization;
using NbnsSim.Wire;

namespace NbnsSim.Conformance;

/// <summary>Numbers and symbols as cases write them.</summary>
internal static class CaseWords
{
    /// <summary>A word in hexadecimal, such as <c>2910</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ushort Word(string hex) => ushort.Parse(hex.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? hex[2..] : hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>An RCODE by RFC 1002's symbol or by its number.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static NbnsRcode Rcode(string text)
    {
        for (var rcode = NbnsRcode.Success; rcode <= NbnsRcode.ConflictError; rcode++)
        {
            if (rcode.Symbol() == text)
                return rcode;
        }

        return (NbnsRcode)byte.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
