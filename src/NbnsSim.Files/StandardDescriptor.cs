using System.Globalization;

namespace NbnsSim.Files;

/// <summary>The standard streams that a process was started with, by their numbers: 0 is input, 1 output, 2 errors.</summary>
public static class StandardDescriptor
{
    private const int CloseOnExec = 0x80000; // O_CLOEXEC of Linux

    /// <summary>
    /// Whether a descriptor came from whoever started the process. If it was closed (<c>&lt;&amp;-</c> in a shell), its number went to the first thing that the runtime
    /// opened for itself, and to read from that could wait for ever. Only descriptors without close-on-exec are handed over to a new program.
    /// </summary>
    /// <param name="descriptor">Its number.</param>
    /// <returns>True where the system does not say, as on any but Linux.</returns>
    public static bool IsOpen(int descriptor)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        try
        {
            foreach (string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{descriptor}")))
            {
                if (line.StartsWith("flags:", StringComparison.Ordinal))
                    return (Convert.ToInt32(line["flags:".Length..].Trim(), fromBase: 8) & CloseOnExec) == 0;
            }

            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return true; // no /proc: taken as it comes
        }
    }
}
