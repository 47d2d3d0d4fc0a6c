namespace NbnsSim.Transport.Pages;

/// <summary>A file of a site.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Type">Its media type.</param>
internal sealed record SiteFile(string Path, string Type)
{
    /// <summary>How its content is encoded, as in <c>br</c>; null for not at all.</summary>
    public string? Encoding { get; init; }
}
