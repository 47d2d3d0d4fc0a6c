using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Protocol;

namespace NbnsSim.Conformance.Benches;

/// <summary>A station in the simulator: sends what it is given, and keeps what it gets.</summary>
internal sealed class StationEndpoint(int station) : INbnsEndpoint
{
    private readonly Queue<(byte[] Octets, Ipv4Endpoint Destination, bool IsBroadcast, ushort Port)> _outbox = new();

    /// <summary>What came and was not taken yet.</summary>
    public Queue<BenchDatagram> Inbox { get; } = new();

    public void Send(ReadOnlySpan<byte> octets, Ipv4Endpoint destination, bool isBroadcast, ushort port) => _outbox.Enqueue((octets.ToArray(), destination, isBroadcast, port));

    public void HandleDatagram(Instant now, in Datagram datagram)
    {
        if (datagram.IsBroadcast && station != 0)
            return; // everybody hears it; it is written down once
        Inbox.Enqueue(new BenchDatagram(now, datagram.IsBroadcast ? -1 : station, datagram.Source, datagram.Destination, [.. datagram.Payload]));
    }

    public void HandleTimeout(Instant now)
    {
    }

    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        if (!_outbox.TryDequeue(out var next))
            return false;
        next.Octets.CopyTo(buffer);
        transmit = new Transmit(next.Destination, next.Octets.Length, next.IsBroadcast, SourcePort: next.Port);
        return true;
    }

    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
    {
        logged = null;
        return false;
    }

    public Instant? PollTimeout() => null;

    public INbnsEndpoint Fork() => throw new NotSupportedException("A station is not forked.");
}
