namespace NbnsSim.Jobs.Archives;

/// <summary>Which captures ran at the same time as others whose clocks theirs could not be compared with.</summary>
internal static class ClockCompany
{
    /// <summary>How many captures are, for a time, the companions of others whose clocks theirs were not compared with.</summary>
    public static int CountUncompared(IEnumerable<ArchiveCapture> captures)
    {
        var spans = captures.Where(capture => capture.Datagrams > 0).OrderBy(capture => capture.FirstTime).ToList();
        var found = new HashSet<ArchiveCapture>();
        for (int pass = 0; pass < 2; pass++)
        {
            // of all before it in time, the two that last longest and are of different groups tell whether one overlaps
            (long End, int Group) longest = (long.MinValue, -1), other = (long.MinValue, -1);
            foreach (var capture in spans)
            {
                int group = capture.Group ?? capture.Index;
                var (first, last) = pass == 0 ? (capture.FirstTime, capture.LastTime) : (-capture.LastTime, -capture.FirstTime);
                if ((longest.Group != group ? longest : other).End >= first)
                    found.Add(capture);
                if (longest.Group == group)
                    longest.End = Math.Max(longest.End, last);
                else if (last > longest.End)
                    (longest, other) = ((last, group), longest);
                else if (last > other.End)
                    other = (last, group);
            }

            spans = [.. spans.OrderBy(capture => -capture.LastTime)];
        }

        return found.Count;
    }
}
