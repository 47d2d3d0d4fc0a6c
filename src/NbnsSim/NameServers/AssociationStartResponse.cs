using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>The partner takes part in the association (MS-WINSRA §2.2.4).</summary>
public sealed record AssociationStartResponse : ReplicationMessage
{
    /// <inheritdoc/>
    public override string Description => "association start response";
}
