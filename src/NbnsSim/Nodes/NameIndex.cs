namespace NbnsSim.Nodes;

/// <summary>
/// Where each name of a node's table stands, by its sixteen octets; made only for tables too long to be looked through. It is never changed once made:
/// a table that changes gets a new one, so copies of a node share it. Names of one look and several scopes follow each other.
/// </summary>
internal sealed class NameIndex
{
    /// <summary>How many names are looked through faster than an index finds one.</summary>
    public const int LookedThrough = 8;

    private readonly byte[] _rows; // 1 + row, 0 where there is none; open addressing
    private readonly int _shift;

    private NameIndex(int bits)
    {
        _rows = new byte[1 << bits];
        _shift = 64 - bits;
    }

    /// <summary>The index of a table; <see langword="null"/> for one that is short.</summary>
    /// <param name="names">The table, at most 254 names.</param>
    public static NameIndex? Of(ReadOnlySpan<LocalName> names)
    {
        if (names.Length <= LookedThrough)
            return null;
        var index = new NameIndex(System.Numerics.BitOperations.Log2((uint)names.Length) + 2); // a quarter to a half full
        for (int row = 0; row < names.Length; row++)
        {
            int at = index.Start(names[row].Name.High, names[row].Name.Low);
            while (index._rows[at] != 0)
                at = index.Next(at);
            index._rows[at] = (byte)(row + 1);
        }

        return index;
    }

    /// <summary>The first place at which a name may stand.</summary>
    /// <param name="high">Octets 0 to 7 of the name.</param>
    /// <param name="low">Octets 8 to 15.</param>
    public int Start(ulong high, ulong low) => (int)((((high * 0x9E37_79B9_7F4A_7C15) ^ low) * 0xD6E8_FEB8_6659_FD93) >> _shift);

    /// <summary>The row at a place; −1 where the search ends.</summary>
    /// <param name="at">The place.</param>
    public int Row(int at) => _rows[at] - 1;

    /// <summary>The place to look at after another.</summary>
    /// <param name="at">The other.</param>
    public int Next(int at) => (at + 1) & (_rows.Length - 1);
}
