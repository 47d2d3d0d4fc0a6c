using System.Globalization;
using System.Text;
using NbnsSim.Events;

namespace NbnsSim.Reports;

/// <summary>Prints events as Windows NT's Event Viewer shows them, and their data in its Bytes and Words forms.</summary>
public static class EventViewerText
{
    /// <summary>The event detail: id, source, type, description and data. Lines end with <c>\n</c>.</summary>
    /// <param name="logged">The event.</param>
    /// <param name="computer">The computer in whose log it is; null to leave the line out.</param>
    /// <param name="time">The time as it is to appear; null to leave the line out.</param>
    /// <param name="width">Where the description wraps, in columns; at least 20.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> is below 20.</exception>
    public static string Format(NetBtEvent logged, string? computer = null, string? time = null, int width = 80)
    {
        ArgumentNullException.ThrowIfNull(logged);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 20);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Event ID: {logged.Id}\nSource:   {NetBtEvent.Source}\nType:     {logged.Severity}\n");
        if (time is not null)
            text.Append(CultureInfo.InvariantCulture, $"Time:     {VisibleText.Escape(time)}\n");
        if (computer is not null)
            text.Append(CultureInfo.InvariantCulture, $"Computer: {VisibleText.Escape(computer)}\n");
        text.Append("Description:\n");
        foreach (string line in TextColumns.Wrap(logged.Message, width))
            text.Append(line).Append('\n');
        byte[] data = logged.GetData();
        return text.Append("Data (bytes):\n").Append(FormatBytes(data)).Append("Data (words):\n").Append(FormatWords(data)).ToString();
    }

    /// <summary>The Bytes form: eight octets a row behind their offset, then the same as characters. Lines end with <c>\n</c>.</summary>
    /// <param name="data">The octets.</param>
    public static string FormatBytes(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        for (int at = 0; at < data.Length; at += 8)
        {
            var row = data.Slice(at, Math.Min(8, data.Length - at));
            text.Append(CultureInfo.InvariantCulture, $"{at:x4}:");
            foreach (byte octet in row)
                text.Append(CultureInfo.InvariantCulture, $" {octet:x2}");
            text.Append(' ', 3 + (3 * (8 - row.Length)));
            foreach (byte octet in row)
                text.Append(octet is >= 0x20 and < 0x7F ? (char)octet : '.');
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The Words form: four little-endian words a row behind their offset (Q314696). Lines end with <c>\n</c>.</summary>
    /// <param name="data">The octets; a last word that is not whole is printed octet by octet.</param>
    public static string FormatWords(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        for (int at = 0; at < data.Length; at += 16)
        {
            text.Append(CultureInfo.InvariantCulture, $"{at:x4}:");
            for (int word = at; word < Math.Min(at + 16, data.Length); word += 4)
            {
                text.Append(' ');
                for (int octet = Math.Min(word + 4, data.Length) - 1; octet >= word; octet--)
                    text.Append(CultureInfo.InvariantCulture, $"{data[octet]:x2}");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
