using System.Globalization;

namespace NbnsSim.Reports;

/// <summary>A line of the ladder: one step, its repeats folded into it, and its like at the same moment beside it.</summary>
internal sealed class LadderRow(LadderStep step)
{
    private readonly List<string> _subjects = [step.Subject];
    private readonly List<LadderPacket> _packets = step.Packet is { } packet ? [packet] : [];

    public LadderStep Step { get; } = step;

    public int Count { get; private set; } = 1;

    public Instant Last { get; private set; } = step.Time;

    /// <summary>The packets behind it, by time.</summary>
    public IReadOnlyList<LadderPacket> Packets => _packets;

    /// <summary>Whether it proves something: one of its packets does, or it is an event.</summary>
    public bool IsEvidence => Step.Role == ReportRole.Event || _packets.Exists(packet => packet.IsEvidence);

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
                row.Repeat(step);
                continue;
            }

            row = new LadderRow(step);
            rows.Add(row);
            if (step.Key is not null)
                latest[step.Key] = row;
        }

        var joined = new List<LadderRow>();
        foreach (var row in rows)
        {
            if (joined is [.., var before] && before.IsLike(row))
            {
                before._subjects.AddRange(row._subjects);
                before._packets.AddRange(row._packets);
            }
            else
            {
                joined.Add(row);
            }
        }

        return joined;
    }

    private bool IsRepeatedBy(LadderStep step) => step with { Time = Step.Time, Packet = Step.Packet } == Step && step.Time - Last <= TimeSpan.FromSeconds(30);

    private void Repeat(LadderStep step)
    {
        var time = step.Time;
        if (step.Packet is { } packet)
            _packets.Add(packet);
        var spacing = TimeSpan.FromMilliseconds(Math.Round((time - Last).TotalMilliseconds));
        Regular &= Spacing is null || Spacing == spacing;
        Spacing = spacing;
        Last = time;
        Count++;
    }

    private bool IsLike(LadderRow other) =>
        Step.Subject.Length > 0 && other.Step.Subject.Length > 0
        && (other.Step.Time - Step.Time).Duration() < TimeSpan.FromMilliseconds(1) && Count == other.Count && Spacing == other.Spacing && Regular == other.Regular
        && Step with { Time = default, Subject = "", Key = null, Packet = null } == other.Step with { Time = default, Subject = "", Key = null, Packet = null };
}
