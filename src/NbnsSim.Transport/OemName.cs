using System.Text;
using NbnsSim.Names;

namespace NbnsSim.Transport;

/// <summary>Names as Windows takes them from a command line: in capitals, and in the octets of the OEM code page 850.</summary>
public static class OemName
{
    private static readonly Encoding Oem = CodePagesEncodingProvider.Instance.GetEncoding(850, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>Reads <c>NAME</c>, <c>NAME#20</c> or <c>NAME&lt;20&gt;</c>, with a scope or without; the scope stays as it is, for it is case-sensitive (Q163112).</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name.</param>
    /// <returns>Whether it is a name that the code page has letters for.</returns>
    public static bool TryParse(string text, out NetBiosName name)
    {
        ArgumentNullException.ThrowIfNull(text);
        name = default;
        return ToOem(Upper(text)) is { } octets && NetBiosName.TryParse(octets, out name);
    }

    /// <summary>The octets of code page 850 as Latin-1 characters; null where it lacks a letter.</summary>
    private static string? ToOem(string text)
    {
        try
        {
            return Encoding.Latin1.GetString(Oem.GetBytes(text));
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    private static string Upper(string text)
    {
        int scope = text.IndexOf(">.", StringComparison.Ordinal);
        return scope < 0 ? text.ToUpperInvariant() : text[..scope].ToUpperInvariant() + text[scope..];
    }
}
