namespace NbnsSim.Jobs.Remote;

/// <summary>Which version of an object was listed: what is read must be that one.</summary>
/// <param name="Tag">The entity tag (RFC 9110 §8.8.3), or else when it was last changed, as the server says it; null where it says neither, so that only the length tells.</param>
/// <param name="HasRanges">Whether the server gives parts of it (RFC 9110 §14). Otherwise it can only be read from its beginning.</param>
internal sealed record ObjectVersion(string? Tag, bool HasRanges);
