using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>How far a server knows the records of each owner (MS-WINSRA §2.2.7). Least versions are left out: nobody looks at them (§3.2.5.1).</summary>
/// <param name="Versions">An entry for each owner.</param>
public sealed record OwnerVersionMapResponse(ImmutableArray<OwnerVersion> Versions) : ReplicationMessage
{
    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"owner-version map of {Versions.Length} {(Versions.Length == 1 ? "owner" : "owners")}");

    /// <inheritdoc/>
    public bool Equals(OwnerVersionMapResponse? other) => base.Equals(other) && Versions.AsSpan().SequenceEqual(other.Versions.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}
