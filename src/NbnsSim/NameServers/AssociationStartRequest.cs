using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>A server opens an association (MS-WINSRA §2.2.3, §3.1.5.1).</summary>
public sealed record AssociationStartRequest : ReplicationMessage
{
    /// <inheritdoc/>
    public override string Description => "association start request";
}
