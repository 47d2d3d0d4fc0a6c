using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Protocol;

namespace NbnsSim.SharpPcap;

/// <summary>A host that is on a segment and does nothing there.</summary>
internal sealed class SilentStation : INbnsEndpoint
{
    public static readonly SilentStation Instance = new();

    public void HandleDatagram(Instant now, in Datagram datagram)
    {
    }

    public void HandleTimeout(Instant now)
    {
    }

    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        return false;
    }

    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
    {
        logged = null;
        return false;
    }

    public Instant? PollTimeout() => null;

    /// <summary>The same: it has no state.</summary>
    public INbnsEndpoint Fork() => this;
}
