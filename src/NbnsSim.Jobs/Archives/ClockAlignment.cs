using System.Runtime.InteropServices;

namespace NbnsSim.Jobs.Archives;

/// <summary>
/// Puts captures on one clock by the datagrams that several of them saw: same addresses, ports, IP identification and content (RFC 791 §3.1). Two captures are tied together where enough of them agree, and
/// where what went the same ways at that time is in both for the most part: traffic that repeats itself every morning is not. Of captures that are tied together the clock of most counts.
/// </summary>
internal sealed class ClockAlignment
{
    private const int MostSightings = 1 << 21;
    private const long SameClock = 1_000_000_000;

    private static readonly long Window = Replay.CaptureFile.NameService.SightingWindow!.Value.Ticks * 100;

    private readonly List<ClockSighting> _sightings; // once read, what each capture saw once, by capture, flow and time
    private readonly ClockPair[] _pairs;
    private readonly Dictionary<int, (long First, long Last)> _spans = [];
    private readonly Dictionary<int, List<Tie>> _ties = [];

    private ClockAlignment(List<ClockSighting> sightings)
    {
        _sightings = sightings;
        _pairs = new ClockPair[Note()];
        Pair();
        _sightings.Sort(static (one, other) => (one.Capture, one.Flow, one.Time).CompareTo((other.Capture, other.Flow, other.Time)));
        TieAll();
    }

    /// <summary>Finds the clocks of captures, and notes them there.</summary>
    /// <param name="captures">The captures that are read.</param>
    /// <param name="folderOf">Where the files of a shard are.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="most">How many datagrams are looked at.</param>
    /// <remarks>At most 32 octets for each of the datagrams, as many for its pair, and half as many again while a pair of captures is looked at: less than 200 MB in all.</remarks>
    public static void Align(IReadOnlyList<ArchiveCapture> captures, Func<string, string> folderOf, CancellationToken stop, int most = MostSightings)
    {
        if (captures.Count < 2)
            return;
        var sample = new ClockSample(most, captures.Sum(capture => capture.Records));
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

    /// <summary>Finds what each capture saw once, since within the time of a further sighting it is the same, and forgets the rest.</summary>
    /// <returns>How many of them another capture before it saw too.</returns>
    private int Note()
    {
        var previous = default(ClockSighting);
        int first = 0, kept = 0, shared = 0; // where the datagram at hand begins; how many are kept of all
        for (int i = 0; i < _sightings.Count; i++)
        {
            var one = _sightings[i];
            ref var span = ref CollectionsMarshal.GetValueRefOrAddDefault(_spans, one.Capture, out bool isKnown);
            span = isKnown ? (Math.Min(span.First, one.Time), Math.Max(span.Last, one.Time)) : (one.Time, one.Time);
            bool isNew = i == 0 || previous.Key != one.Key;
            if (isNew)
                (shared, first) = (shared + Math.Max(0, kept - first - 1), kept);
            if (isNew || previous.Capture != one.Capture)
                _sightings[kept++] = one;
            else if ((Int128)one.Time - previous.Time > Window && kept > first && _sightings[kept - 1].Capture == one.Capture)
                kept--; // at two times: it tells nothing
            previous = one;
        }

        _sightings.RemoveRange(kept, _sightings.Count - kept);
        return shared + Math.Max(0, kept - first - 1);
    }

    /// <summary>Pairs what others saw with the first that saw it: with each other they are in its company.</summary>
    private void Pair()
    {
        int count = 0;
        for (int i = 1, first = 0; i < _sightings.Count; i++)
        {
            var (one, other) = (_sightings[first], _sightings[i]);
            if (one.Key == other.Key)
                _pairs[count++] = new ClockPair(one.Capture, other.Capture, other.Time, one.Time, other.Flow);
            else
                first = i;
        }
    }

    /// <summary>Ties captures together, first those that share most, without a circle.</summary>
    private void TieAll()
    {
        var found = new List<(int One, int Other, int First, ClockFit Fit)>();
        _pairs.AsSpan().Sort(static (a, b) => (a.One, a.Other).CompareTo((b.One, b.Other)));
        for (int first = 0, end; first < _pairs.Length; first = end)
        {
            var (one, other) = (_pairs[first].One, _pairs[first].Other);
            end = Search(first, _pairs.Length, i => (_pairs[i].One, _pairs[i].Other) == (one, other));
            if (ClockFit.Of(_pairs.AsSpan(first..end)) is { } fit)
                found.Add((one, other, first, fit));
        }

        found.Sort(static (a, b) => (-a.Fit.Agreeing, a.One, a.Other).CompareTo((-b.Fit.Agreeing, b.One, b.Other)));
        var groups = _spans.Keys.ToDictionary(capture => capture);
        foreach (var (one, other, first, fit) in found)
        {
            int group = Find(groups, one), second = Find(groups, other);
            var agreeing = _pairs.AsSpan(first, fit.Agreeing);
            if (group == second || !IsCompany(one, other, fit.Map, agreeing))
                continue;
            foreach (ref var pair in agreeing)
                pair = pair.Back;
            if (ClockFit.Of(agreeing) is not { } back)
                continue;
            groups[Math.Max(group, second)] = Math.Min(group, second);
            Of(one).Add(new Tie(other, fit.Map, fit.Agreeing));
            Of(other).Add(new Tie(one, back.Map, fit.Agreeing));
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
    private bool IsCompany(int one, int other, ClockMap map, Span<ClockPair> agreeing)
    {
        var (first, last) = _spans[one];
        var (otherFirst, otherLast) = (map.Of(_spans[other].First), map.Of(_spans[other].Last));
        (first, last) = (Math.Max(first, otherFirst), Math.Min(last, otherLast));
        agreeing.Sort(static (a, b) => a.Flow.CompareTo(b.Flow));
        long inOne = 0, inOther = 0;
        for (int i = 0; i < agreeing.Length; i++)
        {
            ulong flow = agreeing[i].Flow;
            if (i > 0 && agreeing[i - 1].Flow == flow)
                continue;
            inOne += Count(one, flow, static (time, _) => time);
            inOther += Count(other, flow, static (time, clock) => clock.Of(time));
        }

        return agreeing.Length * 2L >= Math.Min(inOne, inOther);

        long Count(int capture, ulong flow, Func<long, ClockMap, long> onClock)
        {
            int begin = Search(0, _sightings.Count, i => (_sightings[i].Capture, _sightings[i].Flow).CompareTo((capture, flow)) < 0);
            int end = Search(begin, _sightings.Count, i => (_sightings[i].Capture, _sightings[i].Flow) == (capture, flow));
            // the clock may wander, so the ends are looked for by what the times come to
            int from = Search(begin, end, i => onClock(_sightings[i].Time, map) < first), to = Search(begin, end, i => onClock(_sightings[i].Time, map) <= last);
            return Math.Max(0, to - from);
        }
    }

    /// <summary>The first place from one on, up to another, of which that is not so which is so of those before it.</summary>
    private static int Search(int low, int high, Func<int, bool> isBefore)
    {
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = isBefore(middle) ? (middle + 1, high) : (low, middle);
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
