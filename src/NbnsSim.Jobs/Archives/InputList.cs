using System.Text;
using NbnsSim.Files;
using NbnsSim.Jobs.Remote;

namespace NbnsSim.Jobs.Archives;

/// <summary>Inputs by the thousand, as a text that has them.</summary>
public static class InputList
{
    /// <summary>The most octets of such a text.</summary>
    public const int MaxOctets = 256 << 20;

    /// <summary>Reads paths, one a line or, as <c>find -print0</c> writes them, each ended by a zero. Empty ones are passed over.</summary>
    /// <param name="path">The file; <c>-</c> for standard input.</param>
    /// <exception cref="IOException">It cannot be read, or is longer than <see cref="MaxOctets"/>.</exception>
    /// <exception cref="JobException">It names nothing, or is no text in UTF-8.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        using var file = InputFiles.Open(path);
        using var octets = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = file.Read(buffer)) > 0; octets.Write(buffer.AsSpan(0, read)))
        {
            if (octets.Length + read > MaxOctets)
                throw new IOException($"{Title(path)} is longer than {MaxOctets} octets: this is no list of captures.");
        }

        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(octets.GetBuffer().AsSpan(0, (int)octets.Length));
        }
        catch (DecoderFallbackException e)
        {
            throw new JobException($"{Title(path)} is no list of captures: it is no text in UTF-8.", e);
        }

        string[] paths = text.Contains('\0', StringComparison.Ordinal) ? text.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : [.. text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0)];
        return paths.Length > 0 ? paths : throw new JobException($"{Title(path)} names no captures.");
    }

    /// <summary>An input as it is called from every folder: a path from the root on, or a URL.</summary>
    /// <param name="input">A file, folder, pattern or URL.</param>
    public static string ToAbsolute(string input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return ObjectUrl.Is(input) ? input : Path.TrimEndingDirectorySeparator(Path.GetFullPath(input));
    }

    private static string Title(string path) => VisibleText.Escape(path == InputFiles.StandardInput ? "standard input" : $"'{path}'");
}
