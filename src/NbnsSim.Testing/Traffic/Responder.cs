using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Traffic;

/// <summary>A program that answers and has no names of its own that it would claim: a poisoner, a false name server, a service with a mistake in it.</summary>
/// <param name="answer">What it says to a message, which was broadcast or not; <see langword="null"/> for nothing.</param>
/// <param name="port">The port to which it answers; 0 for the one that the request came from.</param>
internal sealed class Responder(Func<NbnsMessage, bool, NbnsMessage?> answer, ushort port = 0) : INbnsEndpoint
{
    private readonly Queue<(Ipv4Endpoint To, byte[] Octets)> _waiting = new();

    /// <summary>One that answers queries alone.</summary>
    /// <param name="find">The address for a name that is asked for, by broadcast or not; <see langword="null"/> for no answer.</param>
    /// <param name="port">The port to which it answers; 0 for the one that the query came from.</param>
    /// <param name="timeToLive">The answers' TTL in seconds: 300,000 in every recorded Windows; the program Responder says 165 (observed).</param>
    public static Responder ToQueries(Func<NetBiosName, bool, Ipv4Address?> find, ushort port = 0, uint timeToLive = 300_000) => new(
        (message, isBroadcast) => message is NameQueryRequest && find(message.Name, isBroadcast) is { } address ? Answer(message, address, timeToLive) : null, port);

    /// <summary>The answer to a query that gives an address.</summary>
    public static PositiveNameQueryResponse Answer(NbnsMessage query, Ipv4Address address, uint timeToLive) =>
        new(query.TransactionId, query.Name, [new NbEntry(new NbFlags(false, OwnerNodeType.B), address)], new TimeToLive(timeToLive));

    public void HandleDatagram(Instant now, in Datagram datagram)
    {
        if (NbnsMessage.TryRead(datagram.Payload, out var message, out _) && answer(message, datagram.IsBroadcast) is { } response)
            _waiting.Enqueue((port == 0 ? datagram.Source : new Ipv4Endpoint(datagram.Source.Address, port), response.ToArray()));
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
