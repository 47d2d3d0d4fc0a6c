using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>The records that were asked for, active ones and tombstones (MS-WINSRA §2.2.10).</summary>
/// <param name="Records">The records, by version.</param>
public sealed record NameRecordsResponse(ImmutableArray<NameRecord> Records) : ReplicationMessage
{
    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"{Records.Length} name {(Records.Length == 1 ? "record" : "records")}");

    /// <inheritdoc/>
    public bool Equals(NameRecordsResponse? other) => base.Equals(other) && Records.AsSpan().SequenceEqual(other.Records.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}
