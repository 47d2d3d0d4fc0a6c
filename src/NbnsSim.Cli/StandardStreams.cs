using System.Globalization;

namespace NbnsSim.Cli;

/// <summary>The streams that the process was started with, or what says that one of them was closed.</summary>
internal static class StandardStreams
{
    private const int CloseOnExec = 0x80000; // O_CLOEXEC of Linux

    /// <summary>Standard input, not buffered.</summary>
    /// <exception cref="BadInputException">The process was started without one.</exception>
    public static Stream OpenInput() =>
        IsOpen(0) ? Console.OpenStandardInput() : throw new BadInputException("Standard input is closed: there is nothing to read.");

    /// <summary>Standard output; where the process was started without one, what is written to it fails.</summary>
    public static Stream OpenOutput() => IsOpen(1) ? Console.OpenStandardOutput() : new ClosedStream();

    /// <summary>Standard error, or nowhere.</summary>
    public static TextWriter Error => IsOpen(2) ? Console.Error : TextWriter.Null;

    /// <summary>
    /// Whether a descriptor came from whoever started the process. If it was closed, its number went to the first thing that the runtime opened
    /// for itself, and to read from that could wait for ever. Only descriptors without close-on-exec are handed over to a new program.
    /// </summary>
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

    private sealed class ClosedStream : WriteOnlyStream
    {
        public override void Flush()
        {
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!buffer.IsEmpty)
                throw new OutputFailedException("Standard output is closed.");
        }
    }
}
