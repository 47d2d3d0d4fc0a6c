using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>A server asks its partner how far it knows the records of each owner (MS-WINSRA §2.2.6).</summary>
public sealed record OwnerVersionMapRequest : ReplicationMessage
{
    /// <inheritdoc/>
    public override string Description => "owner-version map request";
}
