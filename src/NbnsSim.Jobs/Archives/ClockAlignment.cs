using System.Runtime.InteropServices;

namespace NbnsSim.Jobs.Archives;

/// <summary>
/// Puts captures on one clock by the datagrams that several of them saw: same addresses, ports, IP identification and content (RFC 791 §3.1). Two captures are tied together where enough of them agree, and
/// where what went the same ways at that time is in both for the most part: traffic that repeats itself every morning is not. Of captures that are tied together the clock of most counts.
/// </summary>
internal sealed class ClockAlignment
{
    private const int MostSightings = 1 << 21; // 40 octets each
    private const long SameClock = 1_000_000_000;

    private static readonly long Window = Replay.CaptureFile.NameService.SightingWindow!.Value.Ticks * 100;

    private readonly Dictionary<(int Capture, ulong Flow), List<long>> _flows = [];
    private readonly Dictionary<(int One, int Other), List<ClockPair>> _pairs = [];
    private readonly Dictionary<int, (long First, long Last)> _spans = [];
    private readonly Dictionary<int, List<Tie>> _ties = [];

    private ClockAlignment(List<ClockSighting> sightings)
    {
        Note(sightings);
        foreach (var times in _flows.Values)
            times.Sort();
        TieAll();
    }

    /// <summary>Finds the clocks of captures, and notes them there.</summary>
    /// <param name="captures">The captures that are read.</param>
    /// <param name="folderOf">Where the files of a shard are.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="most">How many datagrams are looked at.</param>
    public static void Align(IReadOnlyList<ArchiveCapture> captures, Func<string, string> folderOf, CancellationToken stop, int most = MostSightings)
    {
        if (captures.Count < 2)
            return;
        var sample = new ClockSample(most);
        foreach (var capture in captures)
        {
            foreach (var (piece, _) in capture.Runs)
            {
                stop.ThrowIfCancellationRequested();
                using var run = new RunReader(piece.FolderIn(folderOf), pages: 1, keepsOpen: true);
                while (run.MoveNext())
                    sample.Add(capture.Index, run.Current);
            }
        }

        new ClockAlignment(sample.Sorted()).NoteClocks(captures.ToDictionary(capture => capture.Index));
    }

    /// <summary>Finds what each capture saw once: within the time of a further sighting it is the same.</summary>
    private void Note(List<ClockSighting> sightings)
    {
        var seen = new List<ClockSighting>();
        for (int i = 0; i < sightings.Count; i++)
        {
            var one = sightings[i];
            ref var span = ref CollectionsMarshal.GetValueRefOrAddDefault(_spans, one.Capture, out bool isKnown);
            span = isKnown ? (Math.Min(span.First, one.Time), Math.Max(span.Last, one.Time)) : (one.Time, one.Time);
            bool isNewCapture = i == 0 || sightings[i - 1].Key != one.Key || sightings[i - 1].Capture != one.Capture;
            if (i > 0 && sightings[i - 1].Key != one.Key)
                Pair(seen);
            if (isNewCapture)
                seen.Add(one);
            else if ((Int128)one.Time - sightings[i - 1].Time > Window && seen is [.., var last] && last.Capture == one.Capture)
                seen.RemoveAt(seen.Count - 1); // at two times: it tells nothing
        }

        Pair(seen);
    }

    /// <summary>Notes what some captures saw of the same datagram, and forgets it.</summary>
    private void Pair(List<ClockSighting> seen)
    {
        foreach (var one in seen)
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_flows, (one.Capture, one.Flow), out _) ??= []).Add(one.Time);
            if (one != seen[0]) // with the first: with each other they are in its company
                (CollectionsMarshal.GetValueRefOrAddDefault(_pairs, (seen[0].Capture, one.Capture), out _) ??= []).Add(new ClockPair(one.Time, (Int128)seen[0].Time - one.Time, one.Flow));
        }

        seen.Clear();
    }

    /// <summary>Ties captures together, first those that share most, without a circle.</summary>
    private void TieAll()
    {
        var found = new List<(int One, int Other, ClockFit Fit)>();
        foreach (var ((one, other), pairs) in _pairs)
        {
            if (ClockFit.Of(pairs) is { } fit)
                found.Add((one, other, fit));
        }

        found.Sort(static (a, b) => (-a.Fit.Agreeing.Count, a.One, a.Other).CompareTo((-b.Fit.Agreeing.Count, b.One, b.Other)));
        var groups = _spans.Keys.ToDictionary(capture => capture);
        foreach (var (one, other, fit) in found)
        {
            int group = Find(groups, one), second = Find(groups, other);
            if (group == second || !IsCompany(one, other, fit))
                continue;
            var back = ClockFit.Of([.. fit.Agreeing.Select(pair => new ClockPair((long)(pair.Time + pair.Difference), -pair.Difference, pair.Flow))]);
            if (back is null)
                continue;
            groups[Math.Max(group, second)] = Math.Min(group, second);
            Of(one).Add(new Tie(other, fit.Map, fit.Agreeing.Count));
            Of(other).Add(new Tie(one, back.Map, fit.Agreeing.Count));
        }

        List<Tie> Of(int capture) => CollectionsMarshal.GetValueRefOrAddDefault(_ties, capture, out _) ??= [];
    }

    private static int Find(Dictionary<int, int> groups, int capture)
    {
        while (groups[capture] != capture)
            capture = groups[capture] = groups[groups[capture]];
        return capture;
    }

    /// <summary>Whether most of what went the ways of the datagrams that agree, while both captures ran, is among them.</summary>
    private bool IsCompany(int one, int other, ClockFit fit)
    {
        var (first, last) = _spans[one];
        var (otherFirst, otherLast) = (fit.Map.Of(_spans[other].First), fit.Map.Of(_spans[other].Last));
        (first, last) = (Math.Max(first, otherFirst), Math.Min(last, otherLast));
        long inOne = 0, inOther = 0;
        foreach (ulong flow in fit.Agreeing.Select(pair => pair.Flow).Distinct())
        {
            inOne += Count(_flows[(one, flow)], static (time, _) => time);
            inOther += Count(_flows[(other, flow)], static (time, map) => map.Of(time));
        }

        return fit.Agreeing.Count * 2L >= Math.Min(inOne, inOther);

        long Count(List<long> times, Func<long, ClockMap, long> onClock)
        {
            // the clock may wander, so the ends are looked for by what the times come to
            int from = Search(times, time => onClock(time, fit.Map) < first), to = Search(times, time => onClock(time, fit.Map) <= last);
            return Math.Max(0, to - from);
        }
    }

    /// <summary>How many times at the beginning are so.</summary>
    private static int Search(List<long> times, Func<long, bool> isBefore)
    {
        int low = 0, high = times.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = isBefore(times[middle]) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void NoteClocks(Dictionary<int, ArchiveCapture> captures)
    {
        var done = new HashSet<int>();
        foreach (int root in _ties.Keys.Order())
        {
            if (done.Contains(root))
                continue;
            var group = From(root);
            done.UnionWith(group.Keys);
            int reference = Reference(group);
            foreach (var (index, map) in reference == root ? group : From(reference))
            {
                var (first, last) = _spans[index];
                captures[index].Clock = map.IsWithin(ClockFit.Tolerance, first, last) ? ClockMap.None : map;
                captures[index].Group = reference;
                captures[index].Shared = _ties[index].Max(tie => tie.Datagrams);
            }
        }
    }

    /// <summary>What leads from the clocks of all captures that are tied to one to its clock.</summary>
    private Dictionary<int, ClockMap> From(int root)
    {
        var maps = new Dictionary<int, ClockMap> { [root] = ClockMap.None };
        var waiting = new Queue<int>([root]);
        while (waiting.TryDequeue(out int at))
        {
            foreach (var tie in _ties[at])
            {
                if (maps.TryAdd(tie.To, tie.Map.Then(maps[at])))
                    waiting.Enqueue(tie.To);
            }
        }

        return maps;
    }

    /// <summary>The first capture of those, the most, whose clocks were within a second of each other.</summary>
    private int Reference(Dictionary<int, ClockMap> group)
    {
        var clocks = group.Select(one => (Correction: one.Value.CorrectionAt(_spans[one.Key].First), Capture: one.Key)).Order().ToList();
        var best = (Count: 0, First: 0);
        var within = new SortedSet<int>();
        for (int begin = 0, end = 0; end < clocks.Count; end++)
        {
            within.Add(clocks[end].Capture);
            while ((Int128)clocks[end].Correction - clocks[begin].Correction > SameClock)
                within.Remove(clocks[begin++].Capture);
            if (within.Count > best.Count || (within.Count == best.Count && within.Min < best.First))
                best = (within.Count, within.Min);
        }

        return best.First;
    }
}

/// <summary>That two captures saw the same.</summary>
/// <param name="To">The other one.</param>
/// <param name="Map">From its clock to this one's.</param>
/// <param name="Datagrams">How many datagrams agree about it.</param>
internal sealed record Tie(int To, ClockMap Map, int Datagrams);
