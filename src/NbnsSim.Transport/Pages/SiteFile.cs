namespace NbnsSim.Transport.Pages;

/// <summary>A file of a site.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Type">Its media type.</param>
internal sealed record SiteFile(string Path, string Type);
