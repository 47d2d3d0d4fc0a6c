using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NbnsSim.Jobs.Storage;

/// <summary>The file system.</summary>
internal sealed partial class DiskStorage : IJobStorage
{
    private const int CannotSync = 22; // EINVAL: a file system that has no such call for folders

    public void CreateFolder(string folder) => Directory.CreateDirectory(folder);

    public void WriteFile(string file, ReadOnlySpan<byte> octets)
    {
        using var handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write, FileShare.None);
        RandomAccess.Write(handle, octets, 0);
        RandomAccess.FlushToDisk(handle);
    }

    public void SyncTree(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite); // Windows flushes only what may be written
            RandomAccess.FlushToDisk(handle);
        }

        foreach (string inner in Directory.EnumerateDirectories(folder))
            SyncTree(inner);
        SyncFolder(folder);
    }

    public void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return; // NTFS keeps a journal of names, and has no call for it
        using var handle = Open(folder, 0);
        if (handle.IsInvalid || (Sync(handle) != 0 && Marshal.GetLastPInvokeError() != CannotSync))
            throw new IOException($"'{folder}': {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
    }

    public void Move(string from, string to)
    {
        if (Directory.Exists(from))
            Directory.Move(from, to);
        else
            File.Move(from, to, overwrite: true);
    }

    public void Delete(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else if (File.Exists(path)) // the folder above need not be there
            File.Delete(path);
    }

    public IDisposable? TryLock(string file) => TryLock(file, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Takes a part in a lock: others may have a part too, and nobody all of it.</summary>
    /// <returns>What gives it back; null where somebody has all of it.</returns>
    public static IDisposable? TryShare(string file) => TryLock(file, FileAccess.Read, FileShare.Read);

    private static FileStream? TryLock(string file, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, access, share, bufferSize: 0);
        }
        catch (IOException e) when (e.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021)) // EWOULDBLOCK of Linux and of BSD, Windows' sharing and lock violations
        {
            return null;
        }
    }

    // The class library opens no folders.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(SafeFileHandle file);
}
