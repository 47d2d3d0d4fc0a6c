using Microsoft.Win32.SafeHandles;

namespace NbnsSim.Transport;

/// <summary>
/// Some open files that are kept for the end: .NET starts a thread for a signal, and loads code to stop in good order, and aborts where there is no
/// descriptor for that. Once a second it looks whether one can be had; if not, those in reserve are given back, once.
/// </summary>
internal sealed class DescriptorReserve : IDisposable
{
    private const int Count = 32;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<SafeFileHandle> _kept = new(Count);
    private readonly ManualResetEventSlim _ended = new();
    private readonly Action<string> _say;
    private readonly Thread? _watch;

    /// <summary>Opens them and begins to look.</summary>
    /// <param name="say">Is told, on another thread, when they are given back.</param>
    public DescriptorReserve(Action<string> say)
    {
        _say = say;
        if (!OperatingSystem.IsLinux())
            return;
        while (_kept.Count < Count && TryOpen() is { } one)
            _kept.Add(one);
        _watch = new Thread(Watch, maxStackSize: 256 * 1024) { IsBackground = true, Name = "descriptors" };
        _watch.Start();
    }

    public void Dispose()
    {
        _ended.Set();
        _watch?.Join();
        Release();
        _ended.Dispose();
    }

    private static SafeFileHandle? TryOpen()
    {
        try
        {
            return File.OpenHandle("/dev/null");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Watch()
    {
        while (!_ended.Wait(Interval))
        {
            using var one = TryOpen();
            if (one is not null)
                continue;
            Release();
            _say("No more files can be opened (ulimit -n): names are served as before, but a socket or file that is lost cannot be opened anew");
            return;
        }
    }

    private void Release()
    {
        foreach (var one in _kept)
            one.Dispose();
        _kept.Clear();
    }
}
