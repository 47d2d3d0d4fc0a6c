using System.Collections.Immutable;
using System.Text;

namespace NbnsSim.Scenarios;

/// <summary>The mistakes found in one file; turns offsets into lines and columns.</summary>
internal sealed class MistakeList(string file, byte[] utf8)
{
    private const int Limit = 100; // more than anybody reads at a time

    private readonly List<(int Offset, string Message)> _mistakes = [];

    public int Count => _mistakes.Count;

    public void Add(int offset, string message)
    {
        if (_mistakes.Count < Limit)
            _mistakes.Add((offset, message));
    }

    public int LineOf(int offset) => utf8.AsSpan(0, offset).Count((byte)'\n') + 1;

    public ImmutableArray<ScenarioMistake> ToArray() => [.. _mistakes.OrderBy(mistake => mistake.Offset).Select(mistake =>
        new ScenarioMistake(file, LineOf(mistake.Offset), ColumnOf(mistake.Offset), mistake.Message))];

    private int ColumnOf(int offset)
    {
        var before = utf8.AsSpan(0, Math.Min(offset, utf8.Length));
        return Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
    }
}
