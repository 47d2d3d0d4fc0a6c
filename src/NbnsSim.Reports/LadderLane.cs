namespace NbnsSim.Reports;

/// <summary>A vertical line of the ladder.</summary>
/// <param name="Name">The host's or the segment's name.</param>
/// <param name="Detail">Its address, or what a segment broadcasts to.</param>
/// <param name="IsSegment">Whether it is a broadcast segment rather than a host.</param>
/// <param name="IsNameServer">Whether it is a host that serves names.</param>
internal sealed record LadderLane(string Name, string Detail, bool IsSegment = false, bool IsNameServer = false);
