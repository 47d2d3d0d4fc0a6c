using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace NbnsSim.Scenarios;

/// <summary>The mistakes found in one file; turns offsets into lines and columns. Reading stops at the hundredth: <see cref="TooManyMistakesException"/>.</summary>
internal sealed class MistakeList(string file, byte[] utf8)
{
    private const int Limit = 100; // more than anybody reads at a time
    private const int MaxMessage = 1000; // whatever a message quotes, the file may have megabytes of it

    private readonly List<(int Offset, string Message)> _mistakes = [];
    private int[]? _lineStarts;

    public int Count => _mistakes.Count;

    /// <exception cref="TooManyMistakesException">It is the hundredth.</exception>
    public void Add(int offset, string message)
    {
        string shown = VisibleText.Escape(message.Length > MaxMessage ? message[..MaxMessage] + "…" : message);
        _mistakes.Add((Math.Min(offset, utf8.Length), shown));
        if (_mistakes.Count == Limit)
            throw new TooManyMistakesException();
    }

    public int LineOf(int offset)
    {
        int[] starts = _lineStarts ??= FindLines();
        int found = Array.BinarySearch(starts, offset);
        return found >= 0 ? found + 1 : ~found;
    }

    /// <summary>The mistakes in the order of the file; where reading stopped, that is said last.</summary>
    public ImmutableArray<ScenarioMistake> ToArray()
    {
        var mistakes = _mistakes.OrderBy(mistake => mistake.Offset).Select(mistake => At(mistake.Offset, mistake.Message)).ToList();
        if (mistakes.Count == Limit)
            mistakes.Add(mistakes[^1] with { Message = string.Create(CultureInfo.InvariantCulture, $"Reading stopped after {Limit} mistakes: there may be more.") });
        return [.. mistakes];
    }

    /// <summary>A mistake at an octet.</summary>
    public ScenarioMistake At(int offset, string message)
    {
        int line = LineOf(offset);
        int start = _lineStarts![line - 1];
        return new ScenarioMistake(file, line, Encoding.UTF8.GetCharCount(utf8.AsSpan(start, Math.Max(0, offset - start))) + 1, message);
    }

    private int[] FindLines()
    {
        int[] starts = new int[utf8.AsSpan().Count((byte)'\n') + 1];
        int at = 0;
        for (int line = 1; line < starts.Length; line++)
            starts[line] = at = at + utf8.AsSpan(at).IndexOf((byte)'\n') + 1;
        return starts;
    }
}

/// <summary>Nobody reads more mistakes than there are already: reading stops.</summary>
internal sealed class TooManyMistakesException : Exception;
