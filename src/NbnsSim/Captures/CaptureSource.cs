namespace NbnsSim.Captures;

/// <summary>One of several captures that are read as one: see <see cref="CaptureReader.Merge"/>.</summary>
public sealed class CaptureSource
{
    private readonly KeptFrame _next = new();
    private readonly List<(CaptureInterface Described, int Index)> _interfaces = [];

    internal CaptureSource(CaptureReader capture) => Capture = capture;

    /// <summary>The capture; what is damaged in it is said there.</summary>
    public CaptureReader Capture { get; }

    /// <summary>How many frames so far are earlier than the one before them in this capture.</summary>
    public long FramesOutOfOrder { get; private set; }

    /// <summary>Which comes first: the earlier frame, and of two at the same time the one with the smaller octets, so that the order of the captures makes no difference.</summary>
    internal static Comparer<CaptureSource> ByTurn { get; } = Comparer<CaptureSource>.Create(static (one, other) =>
        one._next.Time.CompareTo(other._next.Time) is not 0 and var byTime ? byTime : one._next.Octets.SequenceCompareTo(other._next.Octets));

    /// <summary>Keeps the next frame; false where there is none.</summary>
    internal bool TryAdvance()
    {
        if (!Capture.TryRead(out var packet))
            return false;
        if (_next.IsKept && packet.Time < _next.Time)
            FramesOutOfOrder++;
        _next.Keep(packet);
        return true;
    }

    /// <summary>The frame that comes next.</summary>
    internal void Give(out CapturePacket packet) => _next.Give(out packet);

    /// <summary>Which of the merged interfaces one of this capture's is; a later section of it may describe another under the same number.</summary>
    internal int InterfaceIn(List<CaptureInterface> merged, int index)
    {
        var described = Capture.Interfaces[index];
        while (_interfaces.Count <= index)
            _interfaces.Add((described, -1));
        if (_interfaces[index] is var known && known.Index >= 0 && ReferenceEquals(known.Described, described))
            return known.Index;
        if (merged.Count >= CaptureReader.MaxInterfaces)
            return Math.Max(0, merged.FindIndex(one => one.LinkType == described.LinkType));
        merged.Add(described);
        _interfaces[index] = (described, merged.Count - 1);
        return merged.Count - 1;
    }
}
