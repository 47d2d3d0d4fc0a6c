using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <content>
/// How messages between servers travel: not as datagrams, but as TCP would carry them, in order and whole, later or not at all. What is lost on the way (loss, a damaged
/// segment, a partition in either direction, a crashed host, datagrams held) is sent again after 3 s, 6 s, 12 s and so on, five times (the initial time-out of RFC
/// 1122 §4.2.3.1, and TcpMaxDataRetransmissions of Windows NT); then all that its sender has under way to its receiver is given up, as with a broken
/// connection. Delays add up; duplicates and datagrams that overtake each other TCP hides. A try counts when both the segment and its acknowledgement could pass; rules
/// about packets of one kind are about datagrams only.
/// </content>
public sealed partial class Simulator
{
    private const int MaxTries = 6;
    private const long FirstRetry = 3_000_000_000;

    private readonly List<MessageStream> _streams = [];
    private readonly Dictionary<(int Sender, int Receiver), int> _streamByEnds = [];

    /// <summary>Takes a message from a host's endpoint.</summary>
    private void Send(int host, ReplicationMessage message)
    {
        foreach (var observer in _observers)
            observer.MessageSent(this, new HostId(host), message);
        int receiver = FindInterface(message.Destination.Value);
        int sender = FindInterface(message.Source.Value);
        if (sender < 0 || _interfaces[sender].Host != host)
            sender = _hosts[host].FirstInterface;
        long latency = receiver < 0 ? -1 : LatencyOf(sender, receiver);
        if (latency < 0)
        {
            Tell(host, message, new DeliveryFate(receiver < 0 ? DeliveryFateKind.NoSuchHost : DeliveryFateKind.NoRoute, receiver < 0 ? null : new HostId(_interfaces[receiver].Host)));
            return;
        }

        if (!_streamByEnds.TryGetValue((sender, receiver), out int index))
        {
            _streamByEnds[(sender, receiver)] = index = _streams.Count;
            _streams.Add(new MessageStream(sender, receiver));
        }

        var stream = _streams[index];
        stream.Waiting.Enqueue((message, After(latency)));
        Schedule(index, stream, After(latency));
    }

    /// <summary>How long a datagram would take from one interface to another; −1 where no way leads there.</summary>
    private long LatencyOf(int sender, int receiver)
    {
        int segment = _interfaces[sender].Segment;
        int last = _interfaces[receiver].Segment;
        long latency = _segments[segment].Latency;
        while (segment != last)
        {
            (int router, segment) = NextHop(segment, last);
            if (router < 0)
                return -1;
            latency = Sum(latency, Sum(_routers[router].Latency, _segments[segment].Latency));
        }

        return latency;
    }

    private void Schedule(int index, MessageStream stream, long time)
    {
        if (stream.IsMoving)
            return;
        stream.IsMoving = true;
        _queue.Push(Math.Max(time, _now), new SimulationEvent { Kind = SimulationEventKind.Message, Target = index });
    }

    /// <summary>The first message of a stream arrives, or is lost and sent again.</summary>
    private void Move(int index)
    {
        var stream = _streams[index];
        stream.IsMoving = false;
        if (!stream.Waiting.TryPeek(out var first))
            return; // its sender has forgotten it
        if (first.Time > _now)
        {
            Schedule(index, stream, first.Time);
            return;
        }

        int host = _interfaces[stream.Sender].Host;
        int receiver = _interfaces[stream.Receiver].Host;
        var fate = stream.HasPassed ? default(DeliveryFate?) : FateOf(stream, host, receiver);
        if (_hosts[receiver].IsDown)
            fate = new DeliveryFate(DeliveryFateKind.HostDown, new HostId(receiver));
        stream.HasPassed = false;
        if (fate is { Kind: DeliveryFateKind.Delayed } delayed)
        {
            Tell(host, first.Message, delayed);
            stream.HasPassed = true;
            Schedule(index, stream, After(ToNanoseconds(delayed.Delay)));
            return;
        }

        if (fate is { } lost)
        {
            Retry(index, stream, host, lost);
            return;
        }

        stream.Tries = 0;
        stream.Waiting.Dequeue();
        if (stream.Waiting.TryPeek(out var next))
            Schedule(index, stream, next.Time);
        if (_hosts[receiver].Endpoint is not IReplicationEndpoint endpoint)
            return; // nobody listens there
        endpoint.HandleReplication(Now, first.Message);
        Drain(receiver, endpoint);
    }

    private void Retry(int index, MessageStream stream, int host, in DeliveryFate lost)
    {
        if (++stream.Tries < MaxTries)
        {
            long pause = FirstRetry << (stream.Tries - 1);
            Tell(host, stream.Waiting.Peek().Message, lost with { Kind = DeliveryFateKind.Delayed, Delay = ToTimeSpan(pause) });
            Schedule(index, stream, After(pause));
            return;
        }

        stream.Tries = 0;
        while (stream.Waiting.TryDequeue(out var given))
            Tell(host, given.Message, lost);
    }

    /// <summary>What happens to the first message of a stream that arrives now; null where nothing does.</summary>
    private DeliveryFate? FateOf(MessageStream stream, int host, int receiver)
    {
        if (stream.Tries > 0 && _hosts[host].IsDown)
            return new DeliveryFate(DeliveryFateKind.HostDown, new HostId(receiver)); // nobody sends it again
        stream.Number++;
        long delay = 0;
        LinkRule? delays = null;
        foreach (var state in _activeRules)
        {
            var rule = state.Rule;
            if (_now < rule.Start.Nanoseconds || _now >= rule.End.Nanoseconds || rule.Match is not null || rule.Datagram != 0 || rule.Fault is LinkFault.Duplicate or LinkFault.Reorder)
                continue;
            bool there = IsAbout(rule, stream.Sender, stream.Receiver);
            if (!there && (rule.Fault == LinkFault.Delay || !IsAbout(rule, stream.Receiver, stream.Sender)))
                continue;
            var draws = new RandomStream(new RandomStream(state.Seed ^ LabelOf(stream.Sender)).NextUInt64() + ~stream.Number);
            draws = new RandomStream(draws.NextUInt64() ^ LabelOf(stream.Receiver));
            long number = state.Fitted++;
            if (number < rule.Skip || number - rule.Skip >= rule.Count || !draws.Chance(rule.PartsPerMillion))
                continue;
            if (rule.Fault != LinkFault.Delay)
                return new DeliveryFate(rule.Fault == LinkFault.Partition ? DeliveryFateKind.CutOff : DeliveryFateKind.Lost, new HostId(receiver), rule);
            delay = Sum(delay, DrawDelay(rule, ref draws));
            delays = rule;
        }

        return delay == 0 ? null : new DeliveryFate(DeliveryFateKind.Delayed, new HostId(receiver), delays, ToTimeSpan(delay));
    }

    private bool IsAbout(LinkRule rule, int sender, int receiver)
    {
        ref InterfaceState from = ref _interfaces[sender];
        ref InterfaceState to = ref _interfaces[receiver];
        return (rule.From.Contains(from.Host, from.Segment) && rule.To.Contains(to.Host, to.Segment))
            || (rule.BothWays && rule.From.Contains(to.Host, to.Segment) && rule.To.Contains(from.Host, from.Segment));
    }

    /// <summary>A host has forgotten everything: what it had under way is not sent again.</summary>
    private void ForgetMessages(int host)
    {
        foreach (var stream in _streams)
        {
            if (_interfaces[stream.Sender].Host != host)
                continue;
            stream.Waiting.Clear();
            stream.Tries = 0;
            stream.HasPassed = false;
        }
    }

    private void Tell(int host, ReplicationMessage message, in DeliveryFate fate)
    {
        foreach (var observer in _observers)
            observer.MessageDiverted(this, new HostId(host), message, fate);
    }

    /// <summary>What one interface has under way to another, in order, with the time at which each can be there at the earliest.</summary>
    private sealed class MessageStream(int sender, int receiver)
    {
        public int Sender => sender;

        public int Receiver => receiver;

        public Queue<(ReplicationMessage Message, long Time)> Waiting { get; private init; } = new();

        /// <summary>Whether an event for it is queued.</summary>
        public bool IsMoving { get; set; }

        /// <summary>Whether that event has been read, while a state is.</summary>
        [field: NotState("only while a state is read")]
        public bool HasEvent { get; set; }

        /// <summary>How often the first was lost.</summary>
        public int Tries { get; set; }

        /// <summary>Whether the first has passed the rules, and is only late.</summary>
        public bool HasPassed { get; set; }

        /// <summary>How often anything was tried: what draws depend on.</summary>
        public ulong Number { get; set; }

        public MessageStream Clone() => new(sender, receiver)
        {
            Waiting = new Queue<(ReplicationMessage, long)>(Waiting),
            IsMoving = IsMoving,
            Tries = Tries,
            HasPassed = HasPassed,
            Number = Number,
        };
    }
}
