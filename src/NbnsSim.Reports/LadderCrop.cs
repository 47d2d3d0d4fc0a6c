namespace NbnsSim.Reports;

/// <summary>What of a ladder there is room for.</summary>
internal static class LadderCrop
{
    /// <summary>Keeps some lanes, those first that <paramref name="first"/> touches, and of the steps those between them.</summary>
    /// <param name="lanes">The lanes from left to right.</param>
    /// <param name="steps">The steps by time.</param>
    /// <param name="room">How many lanes there is room for.</param>
    /// <param name="first">The steps whose lanes come before others; null where all are alike.</param>
    /// <returns>The lanes and steps that are kept, and how many lanes are not.</returns>
    public static (IReadOnlyList<LadderLane> Lanes, IReadOnlyList<LadderStep> Steps, int Left) Keep(
        IReadOnlyList<LadderLane> lanes, IReadOnlyList<LadderStep> steps, int room, Func<LadderStep, bool>? first = null)
    {
        if (lanes.Count <= room)
            return (lanes, steps, 0);
        var kept = new SortedSet<int>();
        foreach (var step in first is null ? steps : steps.Where(first).Concat(steps))
        {
            if (kept.Count < room)
                kept.Add(step.From);
            if (kept.Count < room)
                kept.Add(step.To);
        }

        var index = kept.Select((lane, i) => (lane, i)).ToDictionary(pair => pair.lane, pair => pair.i);
        return (
            [.. kept.Select(lane => lanes[lane])],
            [.. steps.Where(step => index.ContainsKey(step.From) && index.ContainsKey(step.To)).Select(step => step with { From = index[step.From], To = index[step.To] })],
            lanes.Count - kept.Count);
    }
}
