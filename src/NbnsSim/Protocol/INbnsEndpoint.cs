using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;

namespace NbnsSim.Protocol;

/// <summary>
/// A node or a name server: a state machine that is fed datagrams and time, and drained of datagrams and events. It has no socket,
/// no clock and no thread of its own; a UDP socket, a capture replay, the simulator and the tests drive the same one.
/// </summary>
/// <remarks>
/// After every <see cref="HandleDatagram"/>, <see cref="HandleTimeout"/> or command, drain <see cref="TryPollTransmit"/>, then
/// <see cref="TryPollEvent"/>, then ask <see cref="PollTimeout"/> when to call back.
/// </remarks>
public interface INbnsEndpoint
{
    /// <summary>
    /// Who is told what the machine decides, and by which rule; <see langword="null"/> for nobody, which costs nothing. A fork begins without. An endpoint that is not
    /// of this library may say nothing.
    /// </summary>
    IDecisionSink? Decisions
    {
        get => null;
        set { }
    }

    /// <summary>Takes a datagram that arrived for this endpoint. Bytes that cannot be read change nothing and never throw.</summary>
    /// <param name="now">The time of arrival; never before that of an earlier call.</param>
    /// <param name="datagram">The datagram; not kept after the call.</param>
    void HandleDatagram(Instant now, in Datagram datagram);

    /// <summary>Runs the timers that are due at <paramref name="now"/>; being early is harmless.</summary>
    /// <param name="now">The current time.</param>
    void HandleTimeout(Instant now);

    /// <summary>Writes the next datagram to send, if any.</summary>
    /// <param name="buffer">At least 576 octets (RFC 1002 §6 MAX_DATAGRAM_LENGTH).</param>
    /// <param name="transmit">Where it goes and how long it is.</param>
    /// <returns>False when nothing waits to be sent.</returns>
    bool TryPollTransmit(Span<byte> buffer, out Transmit transmit);

    /// <summary>The next event for the event log, if any.</summary>
    /// <param name="logged">The event; null when there is none.</param>
    /// <returns>False when nothing waits to be logged.</returns>
    bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged);

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; null for never. Changes nothing.</summary>
    Instant? PollTimeout();

    /// <summary>A copy that lives on by itself: what happens to one never shows in the other.</summary>
    INbnsEndpoint Fork();
}
