using System.Buffers.Binary;
using System.Collections.Immutable;
using NbnsSim.Conformance.Benches;

namespace NbnsSim.Conformance;

/// <summary>Sends, watches, and answers as the case's <c>on</c> steps have it, and keeps all that went over the wire.</summary>
/// <param name="bench">Where.</param>
/// <param name="matcher">Says what fits an <c>on</c>.</param>
/// <param name="writer">Writes what is answered.</param>
/// <param name="isOfTheCase">Whether a datagram belongs to this case.</param>
internal sealed class ExchangeWatch(IConformanceBench bench, CaseMatcher matcher, CasePacketWriter writer, Predicate<SeenDatagram> isOfTheCase)
{
    /// <summary>The most datagrams of a case; a peer that sends more floods, and is not listened to any longer.</summary>
    public const int MaxPackets = 20_000;

    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250); // a second answer, where there is one, follows the first at once

    private readonly ImmutableArray<ExchangePacket>.Builder _exchange = ImmutableArray.CreateBuilder<ExchangePacket>();
    private readonly List<Responder> _responders = [];
    private readonly HashSet<ushort> _fromAnyPort = [];
    private readonly List<SeenDatagram> _early = [];
    private long _replies;
    private readonly PriorityQueue<Pending, (long Time, long Number)> _pending = new();

    /// <summary>All datagrams until now.</summary>
    public ImmutableArray<ExchangePacket> Exchange => _exchange.ToImmutable();

    /// <summary>Whether there were more than <see cref="MaxPackets"/>.</summary>
    public bool IsFlooded => _exchange.Count >= MaxPackets;

    /// <summary>From now on the runner answers so. Of several that fit, the last one answers.</summary>
    public void Answer(StepData step) => _responders.Add(new Responder(step.On!, step.ReplyPackets, step.From, step.To, TimeSpan.FromSeconds(step.After)) { Left = step.Times ?? int.MaxValue });

    /// <summary>A station sends.</summary>
    public void Send(int station, Ipv4Endpoint destination, bool isBroadcast, byte[] octets, bool fromAnyPort = false)
    {
        _exchange.Add(new ExchangePacket(bench.Now, new Ipv4Endpoint(bench.Stations[station], fromAnyPort ? (ushort)0 : bench.StationPort), destination, isBroadcast, false, [.. octets]));
        if (fromAnyPort && octets.Length > 1)
            _fromAnyPort.Add(BinaryPrimitives.ReadUInt16BigEndian(octets));
        bench.Send(station, destination, isBroadcast, octets, fromAnyPort);
    }

    /// <summary>Waits for the first datagram of the peer, which the next watch sees again.</summary>
    /// <param name="wait">For how long at most.</param>
    /// <returns>When it came; now, where none did.</returns>
    public Instant WaitForFirst(TimeSpan wait)
    {
        for (var until = bench.Now + wait; bench.TryReceive(until, out var datagram);)
        {
            var one = new SeenDatagram(datagram);
            if (!Take(one))
                continue;
            _early.Add(one);
            return datagram.Time;
        }

        return bench.Now;
    }

    /// <summary>Watches until a time.</summary>
    /// <param name="until">Until when, at most.</param>
    /// <param name="station">The station that waits for an answer; -1 for none.</param>
    /// <param name="ids">The ids of its requests: shortly after all of them have a final answer the watch ends.</param>
    /// <returns>What the peer sent, to whomever.</returns>
    public List<SeenDatagram> Watch(Instant until, int station, IReadOnlyCollection<ushort> ids)
    {
        var seen = new List<SeenDatagram>(_early);
        _early.Clear();
        var answered = new HashSet<ushort>();
        while (true)
        {
            SendWhatIsDue();
            var next = _pending.TryPeek(out _, out var due) && due.Time < until.Nanoseconds ? new Instant(due.Time) : until;
            if (bench.TryReceive(next, out var datagram))
            {
                var one = new SeenDatagram(datagram);
                if (Take(one))
                    seen.Add(one);
                if (one.IsFinal && datagram.Station == station && ids.Contains(one.TransactionId) && answered.Add(one.TransactionId)
                    && answered.Count == ids.Count && datagram.Time + Settling < until)
                {
                    until = datagram.Time + Settling;
                }
            }
            else if (bench.Now >= until)
            {
                return seen;
            }

            if (IsFlooded)
                return seen;
        }
    }

    private bool Take(SeenDatagram seen)
    {
        var datagram = seen.Datagram;
        if (datagram.Source.Address != bench.Subject.Address || !isOfTheCase(seen))
            return false; // the stations' own, or of somebody or something else
        _exchange.Add(new ExchangePacket(datagram.Time, datagram.Source, datagram.Destination, datagram.Station < 0, true, datagram.Octets));
        if (seen.Flags.IsResponse && datagram.Destination.Port == bench.StationPort && _fromAnyPort.Contains(seen.TransactionId))
            return false; // RFC 1002 §5.1: it belongs to the port that was sent from, and who waits there does not get it
        for (int i = _responders.Count - 1; i >= 0; i--)
        {
            var responder = _responders[i];
            if (responder.Left == 0 || !matcher.Fits(responder.On, seen, -1, []))
                continue;
            responder.Left--;
            foreach (var packet in responder.Packets)
                _pending.Enqueue(new Pending(responder, packet, seen), ((datagram.Time + (packet.After is { } after ? TimeSpan.FromSeconds(after) : responder.After)).Nanoseconds, _replies++));
            break;
        }

        return true;
    }

    private void SendWhatIsDue()
    {
        while (_pending.TryPeek(out var pending, out var due) && due.Time <= bench.Now.Nanoseconds)
        {
            _pending.Dequeue();
            Reply(pending.Responder, pending.Packet, pending.Request);
        }
    }

    private void Reply(Responder responder, PacketData packet, SeenDatagram request)
    {
        int station = (packet.From ?? responder.From) is { } from ? from[0] - 'A' : Math.Max(request.Datagram.Station, 0);
        bool isBroadcast = responder.To == "all" && bench.Broadcast is not null;
        var destination = isBroadcast ? new Ipv4Endpoint(bench.Broadcast!.Value, bench.Subject.Port) : request.Datagram.Source;
        ushort id = packet.Id switch
        {
            null or "same" => request.TransactionId,
            "other" => (ushort)(request.TransactionId ^ 0x5555),
            var word => CaseWords.Word(word),
        };
        Send(station, destination, isBroadcast, writer.Write(packet, bench.Stations[station], isBroadcast, id, request.Name, request.Flags.Value));
    }

    private sealed record Responder(MatcherData On, PacketData[] Packets, string? From, string? To, TimeSpan After)
    {
        public int Left { get; set; }
    }

    private readonly record struct Pending(Responder Responder, PacketData Packet, SeenDatagram Request);
}
