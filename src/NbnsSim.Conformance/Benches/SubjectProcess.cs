using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace NbnsSim.Conformance.Benches;

/// <summary>A command of the user's that runs while it is needed: the peer itself, or something it is told.</summary>
internal sealed class SubjectProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Process _process;

    private SubjectProcess(Process process) => _process = process;

    /// <summary>Whether it runs still.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>With what it ended; null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Starts a shell command.</summary>
    /// <exception cref="Win32Exception">There is no shell.</exception>
    public static SubjectProcess Start(string command)
    {
        // exec: the process that is ended later is the command itself, and not a shell around it; what it says goes where nobody has to read it
        var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec < /dev/null > /dev/null 2>&1; exec {command}"]) { UseShellExecute = false })!;
        return new SubjectProcess(process);
    }

    /// <summary>Asks it to end, and ends it where it does not.</summary>
    public void Dispose()
    {
        if (IsRunning)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            if (!_process.WaitForExit(Patience))
                _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
