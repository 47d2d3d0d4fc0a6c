using System.Globalization;

namespace NbnsSim.Reports.Pictures;

/// <summary>A line of a drawing in words, the same wherever it stands.</summary>
internal static class LineWords
{
    private const int MaxFrames = 6;

    /// <summary>What happens, as the ladder in text says it.</summary>
    public static string Of(LadderRow row) => row.Label;

    /// <summary>Its frames: <c>#5</c>, <c>#5–7</c>; empty for none.</summary>
    public static string Frames(LadderRow row)
    {
        var frames = Numbers(row);
        return frames.Count == 0 ? "" : frames.Count == 1 ? $"#{Text(frames[0])}" : $"#{Text(frames.Min())}–{Text(frames.Max())}";
    }

    /// <summary>Who tells whom, when, and in which frames.</summary>
    public static string Label(LadderDrawing drawing, LadderRow row, PictureClock clock)
    {
        var frames = Numbers(row);
        string shown = frames.Count == 0 ? "" : $", {(frames.Count == 1 ? "frame" : "frames")} {string.Join(", ", frames.Take(MaxFrames).Select(Text))}{(frames.Count > MaxFrames ? " and more" : "")}";
        return $"{clock.Short(row.Step.Time)}{shown}: {Parties(drawing, row)}: {row.Label}";
    }

    /// <summary>Who tells whom.</summary>
    public static string Parties(LadderDrawing drawing, LadderRow row)
    {
        string from = drawing.Lanes[row.Step.From].Name;
        return row.Step.From == row.Step.To ? from : $"{from} to {drawing.Lanes[row.Step.To].Name}{(drawing.Lanes[row.Step.To].IsSegment ? " (broadcast)" : "")}";
    }

    private static List<long> Numbers(LadderRow row) => [.. row.Packets.Where(packet => packet.Frame > 0).Select(packet => packet.Frame)];

    private static string Text(long frame) => frame.ToString(CultureInfo.InvariantCulture);
}
