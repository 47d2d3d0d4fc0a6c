using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Transport.Tests;

/// <summary>The least endpoint there is: owns every name that begins with A, and remembers how it was called. Allocates nothing once it runs.</summary>
internal sealed class AnsweringEndpoint : INbnsEndpoint
{
    private readonly Queue<(ushort Id, NetBiosName Name, Ipv4Endpoint To, NbnsMessageKind Kind)> _answers = new(256);
    private readonly Queue<NetBtEvent> _events = new();
    private readonly Queue<Transmit> _commanded = new();

    public static readonly Ipv4Address Owner = new(0x0A000002);

    public List<(Ipv4Endpoint Source, Ipv4Endpoint Destination, bool IsBroadcast, int Interface, int Length)> Seen { get; } = [];

    public bool Remembers { get; set; } = true;

    public Instant? Deadline { get; set; }

    public List<Instant> Timeouts { get; } = [];

    public Action? OnDatagram { get; set; }

    public void Log(NetBtEvent logged) => _events.Enqueue(logged);

    public void Ask(Ipv4Endpoint target, bool broadcast = false, int interfaceIndex = 0) => _commanded.Enqueue(new Transmit(target, 0, broadcast, interfaceIndex));

    public void HandleDatagram(Instant now, in Datagram datagram)
    {
        OnDatagram?.Invoke();
        if (Remembers)
            Seen.Add((datagram.Source, datagram.Destination, datagram.IsBroadcast, datagram.InterfaceIndex, datagram.Payload.Length));
        if (!NbnsPacket.TryParse(datagram.Payload, out var packet) || packet.IsResponse || !packet.Name.TryGetName(out var name))
            return;
        var kind = NbnsClassification.Classify(packet);
        if (kind is NbnsMessageKind.NameQueryRequest or NbnsMessageKind.NodeStatusRequest)
            _answers.Enqueue((packet.TransactionId, name, datagram.Source, kind));
    }

    public void HandleTimeout(Instant now)
    {
        if (Deadline <= now)
        {
            Timeouts.Add(now);
            Deadline = null;
        }
    }

    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (_commanded.TryDequeue(out transmit))
        {
            transmit = transmit with { Length = NbnsEncoder.WriteQuery(buffer, 7, NbnsFlagWords.QueryRequest, new NetBiosName(0x4120202020202020, 0x2020202020202020)) };
            return true;
        }

        if (!_answers.TryDequeue(out var answer))
            return false;
        int length;
        if (answer.Kind == NbnsMessageKind.NodeStatusRequest)
            length = NbnsEncoder.WriteNodeStatus(buffer, answer.Id, NbnsFlagWords.NodeStatusResponse, answer.Name, [], default);
        else if (answer.Name.High >> 56 == 'A')
            length = NbnsEncoder.WriteResponse(buffer, answer.Id, NbnsFlagWords.QueryResponse, answer.Name, 300, new NbEntry(default, Owner));
        else
            length = NbnsEncoder.WriteNegativeQueryResponse(buffer, answer.Id, NbnsFlagWords.QueryResponse | (ushort)NbnsRcode.NameError, answer.Name);
        transmit = new Transmit(answer.To, length);
        return true;
    }

    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged) => _events.TryDequeue(out logged);

    public Instant? PollTimeout() => Deadline;

    public INbnsEndpoint Fork() => throw new NotSupportedException();
}
