using System.Buffers.Binary;

namespace NbnsSim.Reports.EventLogs;

/// <summary>A name in a chunk of an .evtx file: offset of the next name (4 octets), hash (2), count of characters (2), UTF-16 characters, a zero.</summary>
internal static class BinaryXmlName
{
    public const int HeaderSize = 8;
    private const int MaxCharacters = 256;

    /// <summary>The octets that a name takes.</summary>
    public static int SizeOf(string name) => HeaderSize + (name.Length * 2) + 2;

    /// <summary>The hash that stands before a name and chooses its bucket.</summary>
    public static ushort Hash(ReadOnlySpan<char> name)
    {
        uint hash = 0;
        foreach (char character in name)
            hash = unchecked((hash * 65599) + character);
        return (ushort)hash;
    }

    /// <summary>Reads a name; false where it is none that an element or an attribute may have.</summary>
    public static bool TryRead(ReadOnlySpan<byte> chunk, long offset, out string name, out int size)
    {
        name = "";
        size = 0;
        if (offset < 0 || offset > chunk.Length - HeaderSize)
            return false;
        var at = chunk[(int)offset..];
        int count = BinaryPrimitives.ReadUInt16LittleEndian(at[6..]);
        if (count is 0 or > MaxCharacters || at.Length < HeaderSize + (count * 2) + 2)
            return false;
        name = string.Create(count, at.Slice(HeaderSize, count * 2), static (characters, octets) =>
        {
            for (int i = 0; i < characters.Length; i++)
                characters[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(octets[(i * 2)..]);
        });
        size = HeaderSize + (count * 2) + 2;
        return IsName(name);
    }

    private static bool IsName(string name)
    {
        if (!char.IsLetter(name[0]) && name[0] != '_')
            return false;
        foreach (char character in name)
        {
            if (!char.IsLetterOrDigit(character) && character is not ('_' or '-' or '.' or ':'))
                return false;
        }

        return true;
    }
}
