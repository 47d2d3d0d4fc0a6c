using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Protocol;

namespace NbnsSim.Conformance.Tests.Defects;

/// <summary>A machine whose datagrams go through a defect, in and out.</summary>
internal sealed class DefectiveEndpoint(INbnsEndpoint inner, Defect defect) : INbnsEndpoint
{
    private static readonly TimeSpan ChatterPeriod = TimeSpan.FromSeconds(30);
    private static readonly Ipv4Endpoint Segment = Ipv4Endpoint.Parse("10.0.0.255:137");
    private static readonly Ipv4Endpoint Server = Ipv4Endpoint.Parse("10.0.0.51:137"); // station A

    private readonly DefectMemory _memory = new();
    private readonly Queue<(byte[] Octets, Transmit Transmit)> _outbox = new();
    private Instant _nextChatter = Instant.MaxValue;

    public IDecisionSink? Decisions
    {
        get => inner.Decisions;
        set => inner.Decisions = value;
    }

    public void HandleDatagram(Instant now, in Datagram datagram)
    {
        if (_memory.IsDead)
            return;
        var passing = new Passing(datagram.Payload.ToArray(), datagram.Source, datagram.IsBroadcast, _memory);
        defect.In?.Invoke(passing);
        foreach (var (octets, to, isBroadcast) in passing.Said)
            _outbox.Enqueue((octets, new Transmit(to, octets.Length, isBroadcast)));
        if (_memory.IsDead)
            return;
        if (passing.Before is { } before)
            inner.HandleDatagram(now, new Datagram(before.Octets, before.From, datagram.Destination, isBroadcast: false, datagram.InterfaceIndex));
        for (int i = 0; i < passing.Copies; i++)
            inner.HandleDatagram(now, new Datagram(passing.Octets, passing.Remote, datagram.Destination, passing.IsBroadcast, datagram.InterfaceIndex));
    }

    public void HandleTimeout(Instant now)
    {
        inner.HandleTimeout(now);
        if (defect.Chatter is null)
            return;
        byte[] said = defect.Chatter().ToArray();
        _outbox.Enqueue((said, new Transmit(Segment, said.Length, IsBroadcast: true)));
        _outbox.Enqueue((said, new Transmit(Server, said.Length)));
        _nextChatter = now + ChatterPeriod;
    }

    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
    {
        while (_outbox.Count == 0 && inner.TryPollTransmit(buffer, out transmit))
        {
            if (_memory.IsDead)
                continue;
            var passing = new Passing(buffer[..transmit.Length].ToArray(), transmit.Destination, transmit.IsBroadcast, _memory) { SourcePort = transmit.SourcePort };
            if (!passing.IsResponse)
                (_memory.LastId, _memory.LastRemote) = (passing.Id, passing.Remote);
            defect.Out?.Invoke(passing);
            foreach (var (octets, to, isBroadcast) in passing.Said)
                _outbox.Enqueue((octets, new Transmit(to, octets.Length, isBroadcast)));
            for (int i = 0; i < passing.Copies; i++)
            {
                _outbox.Enqueue((passing.Octets, transmit with
                {
                    Destination = passing.Remote,
                    Length = passing.Octets.Length,
                    IsBroadcast = passing.IsBroadcast,
                    SourcePort = passing.SourcePort,
                    Decision = 0,
                }));
            }
        }

        transmit = default;
        if (!_outbox.TryDequeue(out var next))
            return false;
        next.Octets.CopyTo(buffer);
        transmit = next.Transmit;
        return true;
    }

    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged) => inner.TryPollEvent(out logged);

    public Instant? PollTimeout() => defect.Chatter is null ? inner.PollTimeout()
        : inner.PollTimeout() is { } due && due < _nextChatter ? due : _nextChatter;

    public INbnsEndpoint Fork() => throw new NotSupportedException("A machine that is wrong on purpose is not forked.");
}
