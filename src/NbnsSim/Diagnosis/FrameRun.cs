using System.Runtime.CompilerServices;

namespace NbnsSim.Diagnosis;

/// <summary>The first few frames of something and its last, in one small value.</summary>
internal struct FrameRun
{
    /// <summary>How many there are at most.</summary>
    public const int Size = 6;

    private Frames _frames;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Another one; where there is no room, in the place of the last.</summary>
    public void Add(long frame)
    {
        if (Count < Size)
            Count++;
        _frames[Count - 1] = frame;
    }

    /// <summary>All of them.</summary>
    public readonly long[] Listed => ((ReadOnlySpan<long>)_frames)[..Count].ToArray();

    [InlineArray(Size)]
    private struct Frames
    {
        private long _first;
    }
}
