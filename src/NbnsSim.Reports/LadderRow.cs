using System.Globalization;

namespace NbnsSim.Reports;

/// <summary>A line of the ladder: one step, its repeats folded into it, and its like at the same moment beside it.</summary>
internal sealed class LadderRow(LadderStep step)
{
    private readonly List<string> _subjects = [step.Subject];

    public LadderStep Step { get; } = step;

    public int Count { get; private set; } = 1;

    public Instant Last { get; private set; } = step.Time;

    /// <summary>The time between repeats, where it is always the same to the millisecond.</summary>
    private TimeSpan? Spacing { get; set; }

    private bool Regular { get; set; } = true;

    public string Label
    {
        get
        {
            string label = $"{Step.Verb} {string.Join(", ", _subjects)}".TrimEnd();
            if (Step.Lost)
                label += " (lost)";
            if (Count == 1)
                return label;
            string how = Regular && Spacing is { } spacing && spacing > TimeSpan.Zero
                ? string.Create(CultureInfo.InvariantCulture, $"{spacing.TotalSeconds:0.###} s apart")
                : string.Create(CultureInfo.InvariantCulture, $"within {(Last - Step.Time).TotalSeconds:0.###} s");
            return string.Create(CultureInfo.InvariantCulture, $"{label}  ×{Count} ({how})");
        }
    }

    /// <summary>Folds and joins steps; the order of what remains is that of first occurrence.</summary>
    /// <param name="steps">The steps by time.</param>
    public static List<LadderRow> Fold(IReadOnlyList<LadderStep> steps)
    {
        var rows = new List<LadderRow>();
        var latest = new Dictionary<string, LadderRow>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            if (step.Key is not null && latest.TryGetValue(step.Key, out var row) && row.IsRepeatedBy(step))
            {
                row.Repeat(step.Time);
                continue;
            }

            row = new LadderRow(step);
            rows.Add(row);
            if (step.Key is not null)
                latest[step.Key] = row;
        }

        for (int i = 1; i < rows.Count; i++)
        {
            if (!rows[i - 1].IsLike(rows[i]))
                continue;
            rows[i - 1]._subjects.AddRange(rows[i]._subjects);
            rows.RemoveAt(i--);
        }

        return rows;
    }

    private bool IsRepeatedBy(LadderStep step) => step with { Time = Step.Time } == Step && step.Time - Last <= TimeSpan.FromSeconds(30);

    private void Repeat(Instant time)
    {
        var spacing = TimeSpan.FromMilliseconds(Math.Round((time - Last).TotalMilliseconds));
        Regular &= Spacing is null || Spacing == spacing;
        Spacing = spacing;
        Last = time;
        Count++;
    }

    private bool IsLike(LadderRow other) =>
        Step.Subject.Length > 0 && other.Step.Subject.Length > 0
        && (other.Step.Time - Step.Time).Duration() < TimeSpan.FromMilliseconds(1) && Count == other.Count && Spacing == other.Spacing && Regular == other.Regular
        && Step with { Time = default, Subject = "", Key = null } == other.Step with { Time = default, Subject = "", Key = null };
}
