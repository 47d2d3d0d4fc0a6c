namespace NbnsSim.Jobs.Storage;

/// <summary>
/// Everything that changes a job's folder, beside what a shard writes into its own: the places at which a process or a machine can end. What is looked up is looked up in the
/// file system itself.
/// </summary>
internal interface IJobStorage
{
    /// <summary>Makes a folder and those above it, where they are not there yet.</summary>
    void CreateFolder(string folder);

    /// <summary>Writes a file anew, and has its octets on the disk before it returns. Its name need not be: see <see cref="SyncFolder"/>.</summary>
    void WriteFile(string file, ReadOnlySpan<byte> octets);

    /// <summary>Has a folder with everything in it on the disk.</summary>
    void SyncTree(string folder);

    /// <summary>Has the names in a folder on the disk, not what they name.</summary>
    void SyncFolder(string folder);

    /// <summary>Gives a folder another name that is free, or puts a file in the place of another: at once or not at all.</summary>
    void Move(string from, string to);

    /// <summary>Deletes a file, or a folder with everything in it; nothing where there is none.</summary>
    void Delete(string path);

    /// <summary>Takes a lock that ends with the process, however that ends.</summary>
    /// <returns>What gives it back; null where somebody else has it.</returns>
    IDisposable? TryLock(string file);
}
