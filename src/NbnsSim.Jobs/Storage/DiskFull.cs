namespace NbnsSim.Jobs.Storage;

/// <summary>Tells a disk without room from other faults.</summary>
internal static class DiskFull
{
    /// <summary>Whether this, or what led to it, is that a disk or somebody's share of it is full.</summary>
    public static bool Is(Exception? e) => e switch
    {
        null => false,
        AggregateException all => all.InnerExceptions.Any(Is),
        // ENOSPC; EDQUOT of Linux and of BSD; Windows' ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL
        IOException { HResult: 28 or 122 or 69 or unchecked((int)0x80070070) or unchecked((int)0x80070027) } => true,
        _ => Is(e.InnerException),
    };
}
