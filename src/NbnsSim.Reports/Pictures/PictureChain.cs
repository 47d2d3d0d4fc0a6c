namespace NbnsSim.Reports.Pictures;

/// <summary>A chain of causes, the last link first.</summary>
/// <param name="Title">What it explains.</param>
/// <param name="Links">Its links.</param>
internal sealed record PictureChain(string Title, IReadOnlyList<WhyLink> Links);
