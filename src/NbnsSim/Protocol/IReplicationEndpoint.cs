using System.Diagnostics.CodeAnalysis;

namespace NbnsSim.Protocol;

/// <summary>
/// An endpoint that also exchanges <see cref="ReplicationMessage"/>s with partners. After every call drain <see cref="TryPollReplication"/> too. A message that is lost, or
/// that nobody takes, needs no word to its sender, whose timer runs (<see cref="INbnsEndpoint.PollTimeout"/>).
/// </summary>
public interface IReplicationEndpoint : INbnsEndpoint
{
    /// <summary>Takes in a partner's message. One that fits nothing changes nothing and never throws.</summary>
    /// <param name="now">The time of arrival; never before that of an earlier call.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is null.</exception>
    void HandleReplication(Instant now, ReplicationMessage message);

    /// <summary>The next message for a partner, if any.</summary>
    /// <param name="message">The message; null when there is none.</param>
    /// <returns>False when nothing waits to be sent.</returns>
    bool TryPollReplication([NotNullWhen(true)] out ReplicationMessage? message);
}
