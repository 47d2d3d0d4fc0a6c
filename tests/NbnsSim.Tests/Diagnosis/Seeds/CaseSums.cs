using System.Globalization;

namespace NbnsSim.Tests.Diagnosis.Seeds;

/// <summary>The sums of a case over seeds, places and conditions.</summary>
internal sealed class CaseSums
{
    private const int FrameExamples = 2; // of captures whose cause is told, with other frames than those that show it
    private const int MaxExamples = 1000;

    private readonly int[,,] _counts = new int[5, 3, 5];
    private readonly int[,,] _frames = new int[5, 3, 3];
    private readonly Dictionary<string, int> _perExample = new(StringComparer.Ordinal);

    /// <summary>In how many runs losses kept it from coming about.</summary>
    public int NotComeAbout { get; set; }

    /// <summary>How often each cause was told.</summary>
    public Dictionary<string, int> Told { get; } = new(StringComparer.Ordinal);

    /// <summary>Captures that came out otherwise than they should; of those with other frames only, a few of each kind.</summary>
    public List<string> Examples { get; } = [];

    public int Judged => Sum(_counts, -1, -1, -1);

    /// <summary>The share of captures of which nothing wrong is said, and whose cause is told where they show enough to tell it.</summary>
    public double Class => ClassAt(-1, -1);

    /// <summary>2 · hits / (2 · hits + strays + misses).</summary>
    public double F1 => F1At(-1, -1);

    public int Count(CaseOutcome outcome, int place = -1, int condition = -1) => Sum(_counts, place, condition, (int)outcome);

    public double ClassAt(int place, int condition) =>
        Sum(_counts, place, condition, -1) is > 0 and var all ? (Count(CaseOutcome.Right, place, condition) + Count(CaseOutcome.Open, place, condition)) / (double)all : 1;

    public double F1At(int place, int condition)
    {
        int hits = Sum(_frames, place, condition, 0);
        int all = (2 * hits) + Sum(_frames, place, condition, 1) + Sum(_frames, place, condition, 2);
        return all == 0 ? 1 : 2.0 * hits / all;
    }

    public void Add(int place, int condition, CaseScore score, Func<string> tell)
    {
        _counts[place, condition, (int)score.Outcome]++;
        _frames[place, condition, 0] += score.Hits;
        _frames[place, condition, 1] += score.Strays;
        _frames[place, condition, 2] += score.Misses;
        foreach (string cause in score.Told)
            Told[cause] = Told.GetValueOrDefault(cause) + 1;
        bool isAsItShould = score.Outcome is CaseOutcome.Right or CaseOutcome.Open;
        string kind = $"{score.Outcome} {(score.Strays > 0 ? "strays" : "")} {(score.Misses > 0 ? "misses" : "")}";
        if ((!isAsItShould || score.Strays + score.Misses > 0) && (!isAsItShould || _perExample.GetValueOrDefault(kind) < FrameExamples) && Examples.Count < MaxExamples)
        {
            _perExample[kind] = _perExample.GetValueOrDefault(kind) + 1;
            Examples.Add(tell());
        }
    }

    public void Add(CaseSums other)
    {
        Add(_counts, other._counts);
        Add(_frames, other._frames);
        NotComeAbout += other.NotComeAbout;
        foreach (var (cause, count) in other.Told)
            Told[cause] = Told.GetValueOrDefault(cause) + count;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"class {Class:0.000}, F1 {F1:0.000}; {string.Join(", ", Enum.GetValues<CaseOutcome>().Select(outcome => $"{outcome} {Count(outcome)}"))}, not come about {NotComeAbout}; told {string.Join(", ", Told.Select(pair => $"{pair.Key} {pair.Value}"))}");

    private static void Add(int[,,] to, int[,,] from)
    {
        for (int i = 0; i < to.GetLength(0); i++)
        {
            for (int j = 0; j < to.GetLength(1); j++)
            {
                for (int k = 0; k < to.GetLength(2); k++)
                    to[i, j, k] += from[i, j, k];
            }
        }
    }

    private static int Sum(int[,,] counts, int place, int condition, int kind)
    {
        int sum = 0;
        for (int i = 0; i < counts.GetLength(0); i++)
        {
            for (int j = 0; j < counts.GetLength(1); j++)
            {
                for (int k = 0; k < counts.GetLength(2); k++)
                    sum += (place < 0 || i == place) && (condition < 0 || j == condition) && (kind < 0 || k == kind) ? counts[i, j, k] : 0;
            }
        }

        return sum;
    }
}
