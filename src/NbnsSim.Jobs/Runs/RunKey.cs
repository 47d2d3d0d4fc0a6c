using System.Globalization;
using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Storage;

namespace NbnsSim.Jobs.Runs;

/// <summary>What a run is known by: the content that it is of, which piece of it, and who extracted it.</summary>
/// <param name="Octets">How long the content is.</param>
/// <param name="Sha256">Its SHA-256.</param>
/// <param name="From">Where the piece begins.</param>
/// <param name="To">The first octet that is no more its own.</param>
/// <param name="IsAudited">Whether it has what an audit goes by.</param>
/// <param name="Piece">The piece's name: two pieces of one content are the same where this is.</param>
internal sealed record RunKey(long Octets, string Sha256, long From, long To, bool IsAudited, string Piece)
{
    /// <summary>The extractor: what another version extracts may differ, so that its runs are others.</summary>
    public static string Extractor { get; } = string.Create(CultureInfo.InvariantCulture, $"extractor-{RunFiles.Version}-{JobFolder.Program}");

    /// <summary>The key of what a shard extracts.</summary>
    /// <param name="data">The shard: a file or a range of it.</param>
    /// <param name="octets">How long the file is.</param>
    /// <param name="sha256">Its SHA-256.</param>
    public static RunKey Of(ShardData data, long octets, string sha256)
    {
        string kind = data.IsAudited ? "audit-" : "";
        if (data.Kind == ShardKind.Whole)
            return new RunKey(octets, sha256, 0, octets, data.IsAudited, kind + "whole");
        long to = Math.Min(data.To, octets);
        string range = string.Create(CultureInfo.InvariantCulture, $"{kind}{data.From}-{to}");
        string piece = data is { From: > 0, Head: { } head } ? string.Create(CultureInfo.InvariantCulture, $"{range}-{RunHash.Of(head):x16}") : range;
        return new RunKey(octets, sha256, data.From, to, data.IsAudited, piece);
    }
}
