using System.Collections.Immutable;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>A server has news for its partner, which is to pull them: a push (MS-WINSRA §2.2.8; RplOpCode 5 or 4, without persistent connection).</summary>
/// <param name="Versions">How far it knows the records of the owners that it is about.</param>
/// <param name="Propagates">Whether the partner is to notify its own partners when it has pulled.</param>
/// <param name="Initiator">The server at which the notification began.</param>
public sealed record UpdateNotification(ImmutableArray<OwnerVersion> Versions, bool Propagates, Ipv4Address Initiator) : ReplicationMessage
{
    /// <inheritdoc/>
    public override string Description => Propagates ? $"update notification of {Initiator}'s, to be passed on" : "update notification";

    /// <inheritdoc/>
    public bool Equals(UpdateNotification? other) =>
        base.Equals(other) && Propagates == other.Propagates && Initiator == other.Initiator && Versions.AsSpan().SequenceEqual(other.Versions.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}
