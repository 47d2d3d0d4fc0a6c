using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>Whoever opened an association ends it; there is no response (MS-WINSRA §2.2.5, §3.1.5.1).</summary>
/// <param name="IsError">Whether because of an error: Association Stop Reason 4 instead of 0.</param>
public sealed record AssociationStopRequest(bool IsError) : ReplicationMessage
{
    /// <inheritdoc/>
    public override string Description => IsError ? "association stop request, because of an error" : "association stop request";
}
