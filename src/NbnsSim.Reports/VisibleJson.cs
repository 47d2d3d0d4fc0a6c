using System.Text;

namespace NbnsSim.Reports;

/// <summary>
/// JSON in UTF-8 on its way out: characters in strings that do not show (<see cref="VisibleText"/>) are escaped as JSON has it, which means the same to
/// every reader. JSON's own writer escapes C0 alone.
/// </summary>
internal static class VisibleJson
{
    /// <summary>Writes JSON.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="json">The JSON; whole characters.</param>
    public static void Write(Stream output, ReadOnlySpan<byte> json)
    {
        Span<char> units = stackalloc char[2];
        while (!json.IsEmpty)
        {
            int hidden = IndexOfHidden(json, out int length, out var rune);
            if (hidden < 0)
            {
                output.Write(json);
                return;
            }

            output.Write(json[..hidden]);
            int count = rune.EncodeToUtf16(units);
            foreach (char unit in units[..count])
                output.Write(Encoding.ASCII.GetBytes($"\\u{(int)unit:x4}"));
            json = json[(hidden + length)..];
        }
    }

    /// <summary>Octets that are no UTF-8 count as U+FFFD and stay: they cannot come from a JSON writer.</summary>
    private static int IndexOfHidden(ReadOnlySpan<byte> utf8, out int length, out Rune rune)
    {
        for (int at = 0; at < utf8.Length; at += length)
        {
            int plain = utf8[at..].IndexOfAnyExceptInRange((byte)' ', (byte)'~');
            if (plain < 0)
                break;
            at += plain;
            Rune.DecodeFromUtf8(utf8[at..], out rune, out length);
            if (rune.Value != '\n' && VisibleText.IsHidden(rune.Value))
                return at;
        }

        (length, rune) = (0, default);
        return -1;
    }
}
