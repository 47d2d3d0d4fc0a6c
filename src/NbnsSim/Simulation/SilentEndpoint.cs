using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <summary>A host without NetBIOS: it hears and says nothing. What it sends is injected (<see cref="Simulator.Inject"/>).</summary>
public sealed class SilentEndpoint : IStateEndpoint
{
    /// <inheritdoc/>
    public void HandleDatagram(Instant now, in Datagram datagram)
    {
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
    }

    /// <inheritdoc/>
    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        return false;
    }

    /// <inheritdoc/>
    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
    {
        logged = null;
        return false;
    }

    /// <inheritdoc/>
    public Instant? PollTimeout() => null;

    /// <inheritdoc/>
    public INbnsEndpoint Fork() => this; // has no state

    /// <inheritdoc/>
    void IStateEndpoint.WriteState(StateCodec codec)
    {
    }

    /// <inheritdoc/>
    INbnsEndpoint IStateEndpoint.ReadState(StateCodec codec) => this;
}
