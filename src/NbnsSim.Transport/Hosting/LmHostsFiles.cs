using System.Globalization;
using System.Text;
using NbnsSim.Protocol;

namespace NbnsSim.Transport;

/// <summary>LMHOSTS files on this machine, and the files that they include.</summary>
public static class LmHostsFiles
{
    private const int MaxProblems = 100; // as many as anybody reads
    private const int MaxSize = 64 * 1024 * 1024;

    /// <summary>Reads a file and what it includes, relative to the file that says so; Windows' separators and %SystemRoot% aside, as the path is written.</summary>
    /// <param name="file">The file's octets.</param>
    /// <param name="path">Where the file is; null where it is none, and includes are relative to the current folder.</param>
    /// <returns>The mappings, with what cannot be used in <see cref="LmHostsFile.Problems"/>; a file that is included and cannot be read is one of them.</returns>
    /// <exception cref="InvalidDataException">The file is larger than 64 MiB.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LmHostsFile Read(Stream file, string? path)
    {
        ArgumentNullException.ThrowIfNull(file);
        return LmHostsFile.Parse(ReadText(file), (included, from) => Include(included, from ?? path, path));
    }

    /// <summary>The lines of a file that cannot be used, as compilers print them: the first hundred, then how many there are in all.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">What the file is called.</param>
    public static IEnumerable<string> DescribeProblems(LmHostsFile file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(path);
        foreach (var problem in file.Problems.Take(MaxProblems))
            yield return problem.Format(path);
        if (file.Problems.Length > MaxProblems)
            yield return string.Create(CultureInfo.InvariantCulture, $"{VisibleText.Escape(path)}: {file.Problems.Length} lines in all that cannot be used");
    }

    private static LmHostsInclude? Include(string path, string? from, string? first)
    {
        try
        {
            string folder = from is null ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(from))!;
            string full = Path.GetFullPath(Path.Combine(folder, OperatingSystem.IsWindows() ? path : path.Replace('\\', '/')));
            if (first is not null && full == Path.GetFullPath(first))
                return new LmHostsInclude(full, $"#INCLUDE {full}"); // the first file again: the second round finds the circle
            return File.Exists(full) ? new LmHostsInclude(full, ReadText(new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0))) : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Names are octets, so each is a character, unless a byte order mark says otherwise.</summary>
    private static string ReadText(Stream file)
    {
        using var reader = new StreamReader(file, Encoding.Latin1, detectEncodingFromByteOrderMarks: true);
        var text = new StringBuilder();
        char[] buffer = new char[1 << 16];
        for (int read = reader.Read(buffer, 0, buffer.Length); read > 0; read = reader.Read(buffer, 0, buffer.Length))
        {
            text.Append(buffer, 0, read);
            if (text.Length > MaxSize)
                throw new InvalidDataException("The file is larger than 64 MiB: expected an LMHOSTS file.");
        }

        return text.ToString();
    }
}
