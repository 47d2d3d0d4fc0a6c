using System.Globalization;
using NbnsSim.Captures;

namespace NbnsSim.Files;

/// <summary>
/// The capture files that somebody names, as one capture: plain or compressed, standard input among them, several merged by time, and read from the start as often as is
/// wanted.
/// </summary>
/// <example>
/// <code>
/// using var input = new CaptureInput([monday, tuesday]) { IsRereadable = true };
/// var passes = new CapturePasses(input.Open); // two passes over both
/// var hosts = passes.FindHosts(asked: null, out _);
/// Console.WriteLine($"{input.Title}: {hosts.Hosts.Count} hosts");
/// </code>
/// </example>
public sealed class CaptureInput : IDisposable
{
    private const int MostNamed = 3;

    private readonly IReadOnlyList<string> _paths;
    private readonly Func<string, Stream> _open;
    private readonly List<Stream> _kept = [];

    /// <summary>Names the files; none is opened yet.</summary>
    /// <param name="paths">The files, one at least.</param>
    /// <param name="open">Opens a file at its start; null for <see cref="InputFiles.Open"/>.</param>
    /// <exception cref="ArgumentException">There is no file.</exception>
    public CaptureInput(IReadOnlyList<string> paths, Func<string, Stream>? open = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0)
            throw new ArgumentException("There is no file.", nameof(paths));
        _paths = paths;
        _open = open ?? InputFiles.Open;
        Titles = [.. paths.Select(InputFiles.TitleOf)];
        Title = paths.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $"{Titles[0]} and {paths.Count - 1} more") : string.Join(" and ", Titles);
    }

    /// <summary>What to call each file in messages.</summary>
    public IReadOnlyList<string> Titles { get; }

    /// <summary>What to call them all: of more than three the first, and how many more.</summary>
    public string Title { get; }

    /// <summary>Whether <see cref="Open"/> is to be called more than once: what cannot be read again, such as a pipe, is copied then (<see cref="CaptureStreams.Rewindable"/>).</summary>
    public bool IsRereadable { get; init; }

    /// <summary>Whether files are read on as somebody writes them (<see cref="CaptureStreams.Follow"/>); standard input tells by itself when it has ended.</summary>
    public bool IsFollowed { get; init; }

    /// <summary>How long nothing may come before that is the end of a file that is followed; null for ever.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>Ends files that are followed.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>How many octets <see cref="CaptureReader.Position"/> of what was opened last comes to; 0 where that is not known, as of compressed, growing or several files.</summary>
    public long Length { get; private set; }

    /// <summary>Opens the capture at its beginning.</summary>
    /// <returns>The capture, for the caller to dispose; one that is read as several has <see cref="CaptureReader.Sources"/>, in the order of the files.</returns>
    /// <exception cref="InvalidDataException">A file is no capture; the message names it, and says what it is instead.</exception>
    /// <exception cref="IOException">A file cannot be opened or read.</exception>
    public CaptureReader Open()
    {
        while (IsRereadable && _kept.Count < _paths.Count)
            _kept.Add(CaptureStreams.Rewindable(OpenFile(_kept.Count)));
        if (_paths.Count == 1)
            return OpenOne(0);
        var captures = new List<CaptureReader>();
        try
        {
            for (int i = 0; i < _paths.Count; i++)
                captures.Add(OpenOne(i));
        }
        catch
        {
            captures.ForEach(capture => capture.Dispose());
            throw;
        }

        Length = 0;
        return CaptureReader.Merge(captures);
    }

    /// <summary>Lets go of the files that were kept to be read again.</summary>
    public void Dispose() => _kept.ForEach(file => file.Dispose());

    private Stream OpenFile(int index)
    {
        var file = _open(_paths[index]);
        return IsFollowed && _paths[index] != InputFiles.StandardInput ? CaptureStreams.Follow(file, Idle, Stop) : file;
    }

    private CaptureReader OpenOne(int index)
    {
        var file = IsRereadable ? _kept[index] : OpenFile(index);
        if (IsRereadable)
            file.Position = 0;
        long octets = file.CanSeek ? file.Length : 0;
        try
        {
            var data = CaptureStreams.Decompress(file, IsRereadable);
            var capture = CaptureReader.Open(data, IsRereadable && ReferenceEquals(data, file));
            Length = capture.IsCompressed || !data.CanSeek ? 0 : octets;
            return capture;
        }
        catch (Exception e)
        {
            if (!IsRereadable)
                file.Dispose();
            if (e is InvalidDataException)
                throw new InvalidDataException($"{Titles[index]}: {e.Message}", e);
            throw;
        }
    }
}
