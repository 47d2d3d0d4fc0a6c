using NbnsSim.Jobs;

namespace NbnsSim.Cluster.Workers;

/// <summary>Workers were lost over a unit again and again: it is taken for the cause, and not tried any more.</summary>
internal sealed class LostWorkersException(int times) : JobException($"{times} workers were lost over it, the last with nothing else in hand.")
{
    /// <summary>How many.</summary>
    internal int Times => times;
}
