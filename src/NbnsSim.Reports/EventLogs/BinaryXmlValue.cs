using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NbnsSim.Reports.EventLogs;

/// <summary>The values of binary XML as text; numbers below 80 are types, with that bit set they are arrays of them.</summary>
internal static class BinaryXmlValue
{
    public const byte Null = 0x00;
    public const byte Text = 0x01;
    public const byte AnsiText = 0x02;
    public const byte UInt8 = 0x04;
    public const byte UInt16 = 0x06;
    public const byte UInt32 = 0x08;
    public const byte UInt64 = 0x0A;
    public const byte Binary = 0x0E;
    public const byte FileTime = 0x11;
    public const byte Sid = 0x13;
    public const byte Xml = 0x21;
    public const byte Array = 0x80;

    /// <summary>Appends a value as text of XML. Octets that are too few for their type are written in hex.</summary>
    public static void Append(StringBuilder xml, int type, ReadOnlySpan<byte> octets)
    {
        switch (type)
        {
            case Null:
                return;
            case Text:
                AppendUtf16(xml, octets);
                return;
            case AnsiText:
                AppendText(xml, Encoding.Latin1.GetString(octets).TrimEnd('\0'));
                return;
            case Binary:
                xml.Append(Convert.ToHexString(octets));
                return;
            case Sid when octets.Length >= 8 && octets.Length >= 8 + (octets[1] * 4):
                xml.Append(CultureInfo.InvariantCulture, $"S-{octets[0]}-{BinaryPrimitives.ReadUInt64BigEndian(octets) & 0xFFFF_FFFF_FFFF}");
                for (int i = 0; i < octets[1]; i++)
                    xml.Append(CultureInfo.InvariantCulture, $"-{BinaryPrimitives.ReadUInt32LittleEndian(octets[(8 + (i * 4))..])}");
                return;
            default:
                xml.Append(SizeOf(type) is var size && (size == 0 || octets.Length < size) ? Convert.ToHexString(octets) : Fixed(type, octets));
                return;
        }
    }

    /// <summary>The items of an array: texts end with a zero each, other values have their size.</summary>
    public static IEnumerable<(int Start, int Length)> Items(int type, byte[] chunk, int start, int length)
    {
        if (type == Text)
        {
            int first = start;
            for (int i = start; i + 1 < start + length; i += 2)
            {
                if (chunk[i] != 0 || chunk[i + 1] != 0)
                    continue;
                yield return (first, i - first);
                first = i + 2;
            }

            if (first < start + length)
                yield return (first, start + length - first);
        }
        else if (SizeOf(type) is var size and > 0)
        {
            for (int i = start; i + size <= start + length; i += size)
                yield return (i, size);
        }
        else
        {
            yield return (start, length);
        }
    }

    /// <summary>Appends text with what XML does not let through replaced.</summary>
    public static void AppendText(StringBuilder xml, ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            switch (character)
            {
                case '<':
                    xml.Append("&lt;");
                    break;
                case '>':
                    xml.Append("&gt;");
                    break;
                case '&':
                    xml.Append("&amp;");
                    break;
                case '"':
                    xml.Append("&quot;");
                    break;
                case < ' ' and not ('\t' or '\n' or '\r'):
                case '\uFFFE' or '\uFFFF':
                    xml.Append('\uFFFD'); // XML 1.0 §2.2 has no such character, not even escaped
                    break;
                default:
                    xml.Append(character);
                    break;
            }
        }
    }

    /// <summary>Appends UTF-16 text; halves of surrogate pairs are replaced.</summary>
    public static void AppendUtf16(StringBuilder xml, ReadOnlySpan<byte> octets) =>
        AppendText(xml, Encoding.Unicode.GetString(octets[..(octets.Length & ~1)]).AsSpan().TrimEnd('\0'));

    /// <summary>The octets of a type that always has as many; 0 for others.</summary>
    private static int SizeOf(int type) => type switch
    {
        0x03 or 0x04 => 1,
        0x05 or 0x06 => 2,
        0x07 or 0x08 or 0x0B or 0x0D or 0x14 => 4,
        0x09 or 0x0A or 0x0C or 0x11 or 0x15 => 8,
        0x0F or 0x12 => 16,
        _ => 0,
    };

    private static string Fixed(int type, ReadOnlySpan<byte> octets)
    {
        var none = CultureInfo.InvariantCulture;
        return type switch
        {
            0x03 => ((sbyte)octets[0]).ToString(none),
            0x04 => octets[0].ToString(none),
            0x05 => BinaryPrimitives.ReadInt16LittleEndian(octets).ToString(none),
            0x06 => BinaryPrimitives.ReadUInt16LittleEndian(octets).ToString(none),
            0x07 => BinaryPrimitives.ReadInt32LittleEndian(octets).ToString(none),
            0x08 => BinaryPrimitives.ReadUInt32LittleEndian(octets).ToString(none),
            0x09 => BinaryPrimitives.ReadInt64LittleEndian(octets).ToString(none),
            0x0A => BinaryPrimitives.ReadUInt64LittleEndian(octets).ToString(none),
            0x0B => BinaryPrimitives.ReadSingleLittleEndian(octets).ToString(none),
            0x0C => BinaryPrimitives.ReadDoubleLittleEndian(octets).ToString(none),
            0x0D => BinaryPrimitives.ReadUInt32LittleEndian(octets) == 0 ? "false" : "true",
            0x0F => new Guid(octets[..16]).ToString("B").ToUpperInvariant(),
            0x11 => FileTimeText(BinaryPrimitives.ReadInt64LittleEndian(octets)),
            0x12 => SystemTimeText(octets),
            0x14 => string.Create(none, $"0x{BinaryPrimitives.ReadUInt32LittleEndian(octets):x}"),
            _ => string.Create(none, $"0x{BinaryPrimitives.ReadUInt64LittleEndian(octets):x}"),
        };
    }

    /// <summary>A count of 100 nanoseconds since 1601, as Event Viewer writes it.</summary>
    public static string FileTimeText(long ticks) =>
        ticks < 0 || ticks > DateTime.MaxValue.Ticks - FileTimeEpoch ? string.Create(CultureInfo.InvariantCulture, $"{ticks}")
        : new DateTime(ticks + FileTimeEpoch, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);

    /// <summary>1601-01-01 in ticks of .NET.</summary>
    public const long FileTimeEpoch = 504_911_232_000_000_000;

    private static string SystemTimeText(ReadOnlySpan<byte> octets)
    {
        Span<int> part = stackalloc int[8]; // year, month, day of week, day, hour, minute, second, millisecond
        for (int i = 0; i < part.Length; i++)
            part[i] = BinaryPrimitives.ReadUInt16LittleEndian(octets[(i * 2)..]);
        return string.Create(CultureInfo.InvariantCulture, $"{part[0]:0000}-{part[1]:00}-{part[3]:00}T{part[4]:00}:{part[5]:00}:{part[6]:00}.{part[7]:000}Z");
    }
}
