using System.Globalization;

namespace NbnsSim.Reports.Pictures;

/// <summary>Who told whom what, ready to be drawn: so many lanes and lines as there is room for, those first that prove something, and what is left out.</summary>
internal sealed class LadderDrawing
{
    private const int MaxLanes = 12;
    private const int MaxGrounds = 5;
    private const int MaxContext = 40; // of a network that has more lanes than there is room for

    private LadderDrawing(IReadOnlyList<LadderLane> lanes, IReadOnlyList<LadderLine> lines, IReadOnlyList<string> leftOut) => (Lanes, Lines, LeftOut) = (lanes, lines, leftOut);

    /// <summary>Nothing.</summary>
    public static LadderDrawing Empty { get; } = new([], [], []);

    /// <summary>The lanes from left to right.</summary>
    public IReadOnlyList<LadderLane> Lanes { get; }

    /// <summary>The lines by time.</summary>
    public IReadOnlyList<LadderLine> Lines { get; }

    /// <summary>What is drawn and proves something.</summary>
    public IEnumerable<LadderRow> EvidenceRows => Lines.Select(line => line.Row).OfType<LadderRow>().Where(row => row.IsEvidence);

    /// <summary>What is not drawn; a sentence each.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Makes one.</summary>
    /// <param name="lanes">All lanes.</param>
    /// <param name="steps">All steps by time.</param>
    /// <param name="maxLines">How many lines to draw at most.</param>
    /// <param name="groundsOf">What was decided about a packet.</param>
    public static LadderDrawing Of(IReadOnlyList<LadderLane> lanes, IReadOnlyList<LadderStep> steps, int maxLines, Func<LadderPacket, IEnumerable<LadderGround>> groundsOf)
    {
        var leftOut = new List<string>();
        int proving = lanes.Count <= MaxLanes ? 0 : steps.Where(IsEvidence).SelectMany(step => new[] { step.From, step.To }).Distinct().Count();
        var (kept, between, left) = LadderCrop.Keep(lanes, steps, proving > 1 ? Math.Min(proving, MaxLanes) : MaxLanes, IsEvidence);
        if (left > 0)
            leftOut.Add(string.Create(CultureInfo.InvariantCulture, $"{left:N0} more {(left == 1 ? "lane is" : "lanes are")} left out, and {steps.Count - between.Count:N0} of {steps.Count:N0} packets and events with them."));
        var rows = LadderRow.Fold(between);
        bool[] drawn = Choose(rows, left == 0 ? maxLines : Math.Min(maxLines, rows.Count(row => row.IsEvidence) + MaxContext));
        var lines = new List<LadderLine>();
        int skipped = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            if (!drawn[i])
            {
                skipped++;
                continue;
            }

            if (skipped > 0)
                lines.Add(new LadderLine(null, [], skipped));
            skipped = 0;
            lines.Add(new LadderLine(rows[i], [.. rows[i].Packets.SelectMany(groundsOf).DistinctBy(ground => (ground.Rule, ground.Text)).Take(MaxGrounds)]));
        }

        if (skipped > 0)
            lines.Add(new LadderLine(null, [], skipped));
        return new LadderDrawing(kept, lines, leftOut);
    }

    private static bool IsEvidence(LadderStep step) => step.Role == ReportRole.Event || step.Packet is { IsEvidence: true };

    /// <summary>What proves something first, then what comes first.</summary>
    private static bool[] Choose(List<LadderRow> rows, int room)
    {
        var drawn = new bool[rows.Count];
        for (int i = 0; i < rows.Count && room > 0; i++)
        {
            if (rows[i].IsEvidence)
                (drawn[i], room) = (true, room - 1);
        }

        for (int i = 0; i < rows.Count && room > 0; i++)
        {
            if (!drawn[i])
                (drawn[i], room) = (true, room - 1);
        }

        return drawn;
    }
}
