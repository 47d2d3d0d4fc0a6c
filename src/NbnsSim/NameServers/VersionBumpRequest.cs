using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>
/// A server asks the owner of records that have won against its own to give them new versions, so that every partner pulls them (Q136571). WINS does so (events 4129 and
/// 4130, Q123169); how it is said on the wire no text tells: MS-WINSRA has no such message.
/// </summary>
/// <param name="Names">The records' names.</param>
public sealed record VersionBumpRequest(ImmutableArray<NetBiosName> Names) : ReplicationMessage
{
    /// <inheritdoc/>
    public override string Description => $"request to give new versions to {string.Join(", ", Names)}";

    /// <inheritdoc/>
    public bool Equals(VersionBumpRequest? other) => base.Equals(other) && Names.AsSpan().SequenceEqual(other.Names.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}
