using System.Globalization;

namespace NbnsSim.Reports;

/// <summary>Frame numbers as ranges: who reads them sees at a glance where they are, and a storm of a thousand is one of them.</summary>
internal static class FrameRanges
{
    /// <summary>In words for a reader: <c>1 to 4</c>, <c>6</c>.</summary>
    /// <param name="frames">The frames, in order.</param>
    public static IEnumerable<string> InWords(IReadOnlyList<long> frames) => Of(frames).Select(range => range.From == range.To ? Number(range.From) : $"{Number(range.From)} {(range.To == range.From + 1 ? "and" : "to")} {Number(range.To)}");

    /// <summary>As a filter of Wireshark.</summary>
    /// <param name="frames">The frames, in order.</param>
    public static string Filter(IReadOnlyList<long> frames) => $"frame.number in {{{string.Join(", ", Of(frames).Select(range => range.From == range.To ? Number(range.From) : $"{Number(range.From)}..{Number(range.To)}"))}}}";

    private static IEnumerable<(long From, long To)> Of(IReadOnlyList<long> frames)
    {
        for (int i = 0, next; i < frames.Count; i = next)
        {
            next = i + 1;
            while (next < frames.Count && frames[next] == frames[next - 1] + 1)
                next++;
            yield return (frames[i], frames[next - 1]);
        }
    }

    private static string Number(long frame) => frame.ToString(CultureInfo.InvariantCulture);
}
