namespace NbnsSim.Jobs.Archives;

/// <summary>Whose clock the times of an archive are of.</summary>
public enum ArchiveClocks
{
    /// <summary>Captures that saw the same datagrams are put on the clock that most of them have; what tells no clock keeps its own.</summary>
    Aligned,

    /// <summary>Each capture's own, right or wrong.</summary>
    AsCaptured,
}
