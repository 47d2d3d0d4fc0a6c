using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Narrative;

namespace NbnsSim.Comparing;

/// <summary>A name that a machine holds otherwise in one run than in the other.</summary>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Name">The name.</param>
/// <param name="Host">The machine.</param>
/// <param name="Before">From when to when it holds the name as it is, on any of its interfaces.</param>
/// <param name="After">The same with the changes.</param>
/// <param name="Because">What the machine last decided about the name in the run in which it has it not in the end; null where it has, or decides nothing about it.</param>
public sealed record HolderChange(HolderChangeKind Kind, NetBiosName Name, string Host, ImmutableArray<NameHolding> Before, ImmutableArray<NameHolding> After, HistoryEntry? Because)
{
    /// <summary>Whether it is held as a group name.</summary>
    public bool IsGroup => (Before.IsEmpty ? After : Before)[0].IsGroup;
}

/// <summary>What becomes of a name at a machine.</summary>
public enum HolderChangeKind : byte
{
    /// <summary>It holds the name in the end, and did not without the changes.</summary>
    Gained,

    /// <summary>It does not hold the name in the end, and did without the changes.</summary>
    Lost,

    /// <summary>It holds the name for a while that it never held without the changes.</summary>
    GainedMeanwhile,

    /// <summary>It never holds the name, which it held for a while without the changes.</summary>
    LostMeanwhile,

    /// <summary>It holds the name in the end as it did, but not from and to the same times.</summary>
    OtherTimes,
}
