using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Diagnosis.Seeds;

/// <summary>A program that answers queries, as a poisoner does or a service with a mistake in it, and has no names of its own that it would claim.</summary>
/// <param name="answer">What it answers for a name that is asked for; <see langword="null"/> for nothing.</param>
/// <param name="port">The port to which it answers; 0 for the one that the query came from.</param>
internal sealed class Responder(Func<NetBiosName, bool, Ipv4Address?> answer, ushort port = 0) : INbnsEndpoint
{
    private readonly Queue<(Ipv4Endpoint To, byte[] Octets)> _waiting = new();

    public void HandleDatagram(Instant now, in Datagram datagram)
    {
        if (!NbnsPacket.TryParse(datagram.Payload, out var packet, out _) || NbnsClassification.Classify(packet) != NbnsMessageKind.NameQueryRequest || !packet.Name.TryGetName(out var name))
            return;
        if (answer(name, datagram.IsBroadcast) is { } address)
        {
            var response = new PositiveNameQueryResponse(packet.TransactionId, name, [new NbEntry(new NbFlags(false, OwnerNodeType.B), address)], new TimeToLive(165));
            _waiting.Enqueue((port == 0 ? datagram.Source : new Ipv4Endpoint(datagram.Source.Address, port), response.ToArray()));
        }
    }

    public void HandleTimeout(Instant now)
    {
    }

    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (!_waiting.TryDequeue(out var next))
        {
            transmit = default;
            return false;
        }

        next.Octets.CopyTo(buffer);
        transmit = new Transmit(next.To, next.Octets.Length);
        return true;
    }

    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
    {
        logged = null;
        return false;
    }

    public Instant? PollTimeout() => null;

    public INbnsEndpoint Fork() => new Responder(answer, port);
}
