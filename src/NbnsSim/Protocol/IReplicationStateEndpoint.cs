namespace NbnsSim.Protocol;

/// <summary>An <see cref="IStateEndpoint"/> that exchanges messages, and so knows how those are written that are under way.</summary>
public interface IReplicationStateEndpoint : IReplicationEndpoint, IStateEndpoint
{
    /// <summary>Writes a message, or reads one.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="message">The message; <see langword="null"/> where one is read.</param>
    /// <returns>The message.</returns>
    /// <exception cref="StateException">The message is of a kind that this endpoint does not know, or the octets are none.</exception>
    ReplicationMessage CarryMessage(StateCodec codec, ReplicationMessage? message);
}
