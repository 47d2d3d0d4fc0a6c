using System.Runtime.CompilerServices;

namespace NbnsSim.Jobs.Tables;

/// <summary>The values of a column, in an array that is used again for the next row group.</summary>
/// <typeparam name="T">A value.</typeparam>
internal sealed class ColumnValues<T>
{
    private T[] _all = [];
    private int _count;

    /// <summary>All of them; good until they are cleared.</summary>
    public ReadOnlyMemory<T> Memory => _all.AsMemory(0, _count);

    /// <summary>Another one.</summary>
    public void Add(T value)
    {
        if (_count == _all.Length)
            Array.Resize(ref _all, Math.Max(16, 2 * _count));
        _all[_count++] = value;
    }

    /// <summary>Forgets all; nothing stays alive through them.</summary>
    public void Clear()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            _all.AsSpan(0, _count).Clear();
        _count = 0;
    }
}
