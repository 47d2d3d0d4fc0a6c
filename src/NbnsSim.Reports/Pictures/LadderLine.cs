namespace NbnsSim.Reports.Pictures;

/// <summary>A line of a drawing: something that is told, or a gap where others are left out.</summary>
/// <param name="Row">What is told; null for a gap.</param>
/// <param name="Grounds">The rules behind it.</param>
/// <param name="Skipped">How many lines a gap stands for.</param>
internal sealed record LadderLine(LadderRow? Row, IReadOnlyList<LadderGround> Grounds, int Skipped = 0);
