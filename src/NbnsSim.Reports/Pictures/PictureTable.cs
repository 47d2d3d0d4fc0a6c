namespace NbnsSim.Reports.Pictures;

/// <summary>A table that a page has besides: what was read, for example.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Heads">What stands over its columns.</param>
/// <param name="Rows">Its rows, a text for each column; the first one is the row's head.</param>
/// <param name="Note">What is left out of it; empty for nothing.</param>
public sealed record PictureTable(string Title, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows, string Note = "");
