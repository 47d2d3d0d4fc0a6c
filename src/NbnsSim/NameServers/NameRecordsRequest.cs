using System.Globalization;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>A server asks its partner for an owner's records (MS-WINSRA §2.2.9).</summary>
/// <param name="Owner">The server that owns the records.</param>
/// <param name="Least">The least version that is wanted.</param>
/// <param name="Most">The highest one.</param>
public sealed record NameRecordsRequest(Ipv4Address Owner, ulong Least, ulong Most) : ReplicationMessage
{
    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"request for {Owner}'s records, versions {Least} to {Most}");
}
