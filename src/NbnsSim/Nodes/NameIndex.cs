using System.Numerics;
using NbnsSim.Names;

namespace NbnsSim.Nodes;

/// <summary>
/// Where each name of a table stands, by its sixteen octets; made only for tables too long to be looked through. Names of one look and several scopes
/// follow each other. Its hash is not keyed: what is in these tables the node itself claimed, asked for or was given.
/// </summary>
internal sealed class NameIndex
{
    /// <summary>How many names are looked through faster than an index finds one.</summary>
    public const int LookedThrough = 8;

    private readonly int[] _rows; // 1 + row, 0 where there is none; open addressing, at most half full
    private readonly int _shift;
    private int _count;

    /// <summary>An empty index.</summary>
    /// <param name="names">How many names it has room for.</param>
    public NameIndex(int names)
    {
        int bits = BitOperations.Log2((uint)Math.Max(names, LookedThrough)) + 2;
        _rows = new int[1 << bits];
        _shift = 64 - bits;
    }

    /// <summary>The index of a node's own table, which a table that changes never changes: copies of a node share it. <see langword="null"/> for a short one.</summary>
    /// <param name="names">The table.</param>
    public static NameIndex? Of(ReadOnlySpan<LocalName> names)
    {
        if (names.Length <= LookedThrough)
            return null;
        var index = new NameIndex(names.Length);
        for (int row = 0; row < names.Length; row++)
            index.TryAdd(names[row].Name, row);
        return index;
    }

    /// <summary>Adds a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="row">Its row.</param>
    /// <returns>False where there is no room: a larger index has to be made.</returns>
    public bool TryAdd(in NetBiosName name, int row)
    {
        if (_count >= _rows.Length / 2)
            return false;
        _count++;
        int at = Start(name.High, name.Low);
        while (_rows[at] != 0)
            at = Next(at);
        _rows[at] = row + 1;
        return true;
    }

    /// <summary>Whether so many names have room in it.</summary>
    public bool HasRoomFor(int names) => names <= _rows.Length / 2;

    /// <summary>Forgets all names.</summary>
    public void Clear()
    {
        Array.Clear(_rows);
        _count = 0;
    }

    /// <summary>Takes a name out; those behind it that stand there only because its place was taken move up.</summary>
    /// <param name="names">The table, in which the name still stands.</param>
    /// <param name="row">Its row.</param>
    public void Remove(ReadOnlySpan<CachedName> names, int row)
    {
        _count--;
        int hole = Start(names[row].Name.High, names[row].Name.Low);
        while (_rows[hole] != row + 1)
            hole = Next(hole);
        for (int at = Next(hole); _rows[at] != 0; at = Next(at))
        {
            ref readonly var name = ref names[_rows[at] - 1].Name;
            int mask = _rows.Length - 1;
            if (((at - Start(name.High, name.Low)) & mask) < ((at - hole) & mask))
                continue; // it would come before the place where its search begins
            _rows[hole] = _rows[at];
            hole = at;
        }

        _rows[hole] = 0;
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
