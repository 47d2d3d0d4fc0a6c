using System.Numerics;
using System.Runtime.CompilerServices;

namespace NbnsSim.Diagnosis;

/// <summary>A list of structs that grows by pieces: what is in it never moves, so that growing copies nothing and leaves nothing behind.</summary>
/// <typeparam name="T">What is in it.</typeparam>
internal sealed class Slab<T>
    where T : struct
{
    private const int FirstPieces = 4;

    /// <summary>A piece is some 32 KB: below what goes to the heap of large objects.</summary>
    private static readonly int Bits = BitOperations.Log2((uint)Math.Max(1, 32_768 / Unsafe.SizeOf<T>()));

    private T[][] _pieces = new T[FirstPieces][];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of them, in its place.</summary>
    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _pieces[index >> Bits][index & ((1 << Bits) - 1)];
    }

    /// <summary>Another one.</summary>
    public ref T Add(in T value)
    {
        int piece = Count >> Bits;
        if ((Count & ((1 << Bits) - 1)) == 0)
        {
            if (piece == _pieces.Length)
                Array.Resize(ref _pieces, 2 * piece);
            _pieces[piece] = new T[1 << Bits];
        }

        ref T place = ref this[Count++];
        place = value;
        return ref place;
    }
}
