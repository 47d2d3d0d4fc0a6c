using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Protocol;

namespace NbnsSim.SharpPcap.Tests;

/// <summary>A host whose timer goes off every millisecond for ever and that never says a word.</summary>
internal sealed class Ticker : INbnsEndpoint
{
    public Instant? Next { get; set; }

    public void HandleDatagram(Instant now, in Datagram datagram)
    {
    }

    public void HandleTimeout(Instant now) => Next = now + TimeSpan.FromMilliseconds(1);

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

    public Instant? PollTimeout() => Next;

    public INbnsEndpoint Fork() => new Ticker { Next = Next };
}
