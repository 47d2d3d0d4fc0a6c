namespace NbnsSim.Reports.Pictures;

/// <summary>Where a frame is, of several captures that are told of as one.</summary>
/// <param name="Capture">What the capture is called.</param>
/// <param name="Frame">Its number there, from 1.</param>
public readonly record struct FramePlace(string Capture, long Frame);
