using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>
/// A server knows nothing of an association that somebody uses, or has no room for it: what TCP says by RST (RFC 9293 §3.5.2). MS-WINSRA has no message for it: by §3.3.5.2
/// "the association is shut down".
/// </summary>
public sealed record AssociationReset : ReplicationMessage
{
    /// <inheritdoc/>
    public override string Description => "reset of the association";
}
