using NbnsSim.Captures;
using NbnsSim.Replay;

namespace NbnsSim.Twins;

/// <summary>What a capture shows, in order of time: its name service packets, its hosts and its exchanges.</summary>
internal sealed class TwinEvidence
{
    /// <summary>So many packets make a twin; what comes behind them is left out, and said to be.</summary>
    public const int MaxPackets = 100_000;

    private TwinEvidence(List<TwinPacket> packets, CaptureHosts hosts, Instant start)
    {
        (Packets, Hosts, Start) = (packets, hosts, start);
        Exchanges = TwinExchange.Group(packets, out var unasked);
        Unasked = [.. unasked];
        foreach (var exchange in Exchanges)
        {
            foreach (var packet in exchange.Tries)
                ExchangeOf[packet] = exchange;
            foreach (var packet in exchange.Answers)
                ExchangeOf[packet] = exchange;
        }
    }

    public List<TwinPacket> Packets { get; }

    public CaptureHosts Hosts { get; }

    public List<TwinExchange> Exchanges { get; }

    public HashSet<TwinPacket> Unasked { get; }

    /// <summary>When the capture begins, by the twin's time: later than zero where requests of its beginning had been sent before.</summary>
    public Instant Begin { get; private init; } = Instant.Epoch;

    /// <summary>The first tries of requests that the capture has not from their beginning, at the times at which they must have been sent.</summary>
    public List<TwinPacket> Before { get; } = [];

    public Dictionary<TwinPacket, TwinExchange> ExchangeOf { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>When the first packet was captured: zero of the twin's time.</summary>
    public Instant Start { get; }

    /// <summary>When the last one was, by the twin's time.</summary>
    public Instant End => Packets.Count == 0 ? Instant.Epoch : Packets[^1].Time;

    /// <summary>How many datagrams are about no name that can be read, came over IPv6, or are beyond <see cref="MaxPackets"/>.</summary>
    public long Unread { get; private set; }

    public long BeyondMost { get; private set; }

    /// <summary>How many packets came again in the same words within 200 ms, and are counted once: no node repeats itself so soon (RFC 1002 §6), though Samba's sends on two sockets, and a router passes it on.</summary>
    public long Repeated { get; private set; }

    /// <summary>The same capture behind as much time as requests take that it has not from their beginning; itself where it has none.</summary>
    /// <param name="missing">How many tries an exchange lacks at its beginning, and how far apart they are.</param>
    public TwinEvidence WithWhatWasBefore(Func<TwinExchange, (int Tries, TimeSpan Interval)> missing)
    {
        var lead = TimeSpan.Zero;
        foreach (var exchange in Exchanges)
        {
            var (tries, interval) = missing(exchange);
            if (tries > 0 && (tries * interval) - (exchange.First.Time - Instant.Epoch) is var before && before > lead)
                lead = before;
        }

        if (lead == TimeSpan.Zero)
            return this;
        lead = TimeSpan.FromSeconds(Math.Ceiling(lead.TotalSeconds));
        var shifted = new TwinEvidence([.. Packets.Select(packet => packet with { Time = packet.Time + lead })], Hosts, Start - lead)
        {
            Unread = Unread,
            BeyondMost = BeyondMost,
            Repeated = Repeated,
            Begin = Instant.Epoch + lead,
        };
        for (int i = 0; i < Exchanges.Count; i++)
        {
            var (tries, interval) = missing(Exchanges[i]);
            if (tries == 0)
                continue;
            var exchange = shifted.Exchanges[i];
            exchange.Before = exchange.First with { Time = exchange.First.Time - (tries * interval) };
            shifted.ExchangeOf[exchange.Before] = exchange;
            shifted.Before.Add(exchange.Before);
        }

        shifted.Before.Sort((one, other) => one.Time.CompareTo(other.Time));
        return shifted;
    }

    /// <summary>Reads a capture to its end.</summary>
    public static TwinEvidence Read(DatagramReader datagrams)
    {
        var packets = new List<TwinPacket>();
        var hosts = new CaptureHosts();
        long unread = 0;
        long beyond = 0;
        Instant? first = null;
        while (datagrams.TryRead(out var datagram))
        {
            if (!CaptureFile.IsNameService(datagram))
                continue;
            bool isBroadcast = CaptureFile.IsBroadcast(datagram);
            if (datagram.IsIpv6 || TwinPacket.Read(datagram.FrameNumber, datagram.Time, datagram.Source, datagram.Destination, isBroadcast, datagram.Payload) is not { } packet)
            {
                unread++;
                continue;
            }

            if (packets.Count == MaxPackets)
            {
                beyond++;
                continue;
            }

            first ??= datagram.Time;
            hosts.Observe(datagram.FrameNumber, datagram.Source, datagram.Destination, isBroadcast, datagram.Payload);
            packets.Add(packet);
        }

        var inOrder = InOrder(packets, first ?? default, out var start);
        long all = inOrder.Count;
        inOrder = Once(inOrder);
        return new TwinEvidence(inOrder, hosts, start) { Unread = unread, BeyondMost = beyond, Repeated = all - inOrder.Count };
    }

    /// <summary>
    /// The packets by time, from zero. Several interfaces' packets come in bunches, a fraction of a second out of order; where a clock was set back, time stands still.
    /// </summary>
    private static List<TwinPacket> InOrder(List<TwinPacket> packets, Instant first, out Instant start)
    {
        var bunch = TimeSpan.FromSeconds(5);
        var latest = first;
        var times = new List<TwinPacket>(packets.Count);
        foreach (var packet in packets)
        {
            var time = packet.Time < latest - bunch ? latest : packet.Time;
            latest = time > latest ? time : latest;
            times.Add(packet with { Time = time });
        }

        var zero = times.Count == 0 ? first : times.Min(packet => packet.Time);
        start = zero;
        return [.. times.OrderBy(packet => packet.Time).Select(packet => packet with { Time = Instant.Epoch + (packet.Time - zero) })];
    }

    private static List<TwinPacket> Once(List<TwinPacket> packets)
    {
        var window = TimeSpan.FromMilliseconds(200); // RFC 1002 §6: BCAST_REQ_RETRY_TIMEOUT is 250 ms
        var seen = new Dictionary<(Messages.NbnsMessageKind, Names.NetBiosName, Ipv4Address Source, Ipv4Address Destination, ushort Id, ushort Port), TwinPacket>();
        var once = new List<TwinPacket>(packets.Count);
        foreach (var packet in packets)
        {
            var key = (packet.Kind, packet.Name, packet.Source, packet.Destination, packet.TransactionId, packet.AskersPort);
            bool isRepeated = seen.TryGetValue(key, out var before) && packet.Time - before.Time <= window && packet.Payload.AsSpan().SequenceEqual(before.Payload);
            if (isRepeated)
                continue;
            seen[key] = packet;
            once.Add(packet);
        }

        return once;
    }
}
