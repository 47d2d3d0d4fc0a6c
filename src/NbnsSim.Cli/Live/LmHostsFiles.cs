using System.Text;
using NbnsSim.Protocol;

namespace NbnsSim.Cli.Live;

/// <summary>LMHOSTS files on this machine, and the files that they include.</summary>
internal static class LmHostsFiles
{
    private const int MaxSize = 64 * 1024 * 1024;

    /// <summary>Reads a file and what it includes, relative to the file that says so; Windows' separators and %SystemRoot% aside, as the path is written.</summary>
    /// <exception cref="BadInputException">There is no such file, or it may not be read.</exception>
    public static LmHostsFile Open(Terminal terminal, string path) =>
        LmHostsFile.Parse(Read(terminal.OpenFile(path)), (included, from) => Include(terminal, included, from ?? path, path));

    private static LmHostsInclude? Include(Terminal terminal, string path, string from, string first)
    {
        try
        {
            string folder = from == "-" ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(from))!;
            string full = Path.GetFullPath(Path.Combine(folder, OperatingSystem.IsWindows() ? path : path.Replace('\\', '/')));
            if (first != "-" && full == Path.GetFullPath(first))
                return new LmHostsInclude(full, $"#INCLUDE {full}"); // the first file again: the second round finds the circle
            return File.Exists(full) ? new LmHostsInclude(full, Read(terminal.OpenFile(full))) : null;
        }
        catch (Exception e) when (e is BadInputException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Names are octets, so each is a character, unless a byte order mark says otherwise.</summary>
    private static string Read(Stream file)
    {
        using var reader = new StreamReader(file, Encoding.Latin1, detectEncodingFromByteOrderMarks: true);
        var text = new StringBuilder();
        char[] buffer = new char[1 << 16];
        for (int read = reader.Read(buffer, 0, buffer.Length); read > 0; read = reader.Read(buffer, 0, buffer.Length))
        {
            text.Append(buffer, 0, read);
            if (text.Length > MaxSize)
                throw new BadInputException("The file is larger than 64 MiB: expected an LMHOSTS file.");
        }

        return text.ToString();
    }
}
