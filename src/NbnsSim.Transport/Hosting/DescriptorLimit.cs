using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NbnsSim.Transport;

/// <summary>
/// The limit of open files that the process was started with (<c>ulimit -n</c>). With too few, .NET cannot load parts of the program and ends with
/// an abort: it is better to say so before anything begins.
/// </summary>
public static class DescriptorLimit
{
    /// <summary>
    /// What <c>serve</c> had open when this was measured, 102 in .NET and 18 as a native program, with the 32 that a host keeps in reserve and some to
    /// spare. In .NET each assembly keeps two open.
    /// </summary>
    private static int Least => RuntimeFeature.IsDynamicCodeSupported ? 160 : 64;

    /// <summary>What is wrong with this process' limit for a program that serves, in words; null for nothing, and where the system does not say.</summary>
    public static string? Complaint()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return Complaint(File.ReadAllText("/proc/self/limits"), Least);
        }
        catch (FileNotFoundException)
        {
            return null; // no /proc: taken as it comes
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
        catch (IOException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"not one more file can be opened; {Least} are needed (ulimit -n)");
        }
    }

    /// <summary>What is wrong with a limit, or null.</summary>
    /// <param name="limits">The text of /proc/PID/limits: a table, where <c>Max open files</c> is followed by the soft limit.</param>
    /// <param name="least">How many are needed.</param>
    public static string? Complaint(string limits, int least)
    {
        const string title = "Max open files";
        int at = limits.IndexOf(title, StringComparison.Ordinal);
        if (at < 0)
            return null;
        var number = limits.AsSpan(at + title.Length).TrimStart(' ');
        int end = number.IndexOfAny(' ', '\n');
        return int.TryParse(end < 0 ? number : number[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit < least
            ? string.Create(CultureInfo.InvariantCulture, $"only {limit} files may be open; {least} are needed (ulimit -n)") : null;
    }

    /// <summary>Writes a line to standard error without what would have to be loaded first, <see cref="Console"/> among it.</summary>
    /// <param name="line">The line.</param>
    public static void Say(string line)
    {
        try
        {
            using var error = new FileStream(new SafeFileHandle(2, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            error.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // nobody hears it; the exit code tells
        }
    }
}
