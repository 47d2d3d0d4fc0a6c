namespace NbnsSim.Jobs.Archives;

/// <summary>The process's memory between the phases of an archive.</summary>
internal static class Memory
{
    private const long Little = 64 << 20;

    /// <summary>
    /// Gives back what a phase needed that is over. Left to itself the collector waits until the heap has grown by half, and what is garbage stands beside what the next phase needs.
    /// </summary>
    public static void GiveBack()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) > Little)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
