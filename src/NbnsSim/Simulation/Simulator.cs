using System.Runtime.InteropServices;
using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <summary>
/// A network in virtual time: segments, routers between them, hosts with an endpoint each, and link rules that say what goes wrong. It
/// carries datagrams from endpoint to endpoint and calls their timers. The same seed and the same calls give the same run, on every
/// machine, to the last bit; <see cref="Fork"/> continues two futures from one present.
/// </summary>
/// <remarks>
/// Not for several threads at once. Events happen in the order of time, and at one time in the order in which they came up. A broadcast
/// is one event however many stations hear it; nothing is allocated for an event, a datagram or a delivery once the arrays have grown.
/// </remarks>
/// <example>
/// <code>
/// var network = new Simulator(seed: 1);
/// var segment = network.AddSegment("LAN", Ipv4Subnet.Parse("10.0.0.0/24"), TimeSpan.FromMilliseconds(1));
/// foreach (var (name, address) in new[] { ("ALPHA", "10.0.0.1"), ("BRAVO", "10.0.0.2") })
/// {
///     var node = new EndNode(name, EndNodeInterface.InSubnet(Ipv4Address.Parse(address)), new EndNodeOptions { Dialect = NetBtDialect.WindowsNt35 }, network.Seed);
///     var machine = network.AddHost(name, node, segment, node.Address);
///     network.Command&lt;EndNode&gt;(machine, "boot", (it, now) =&gt; it.Boot(now));
///     network.RunFor(TimeSpan.FromSeconds(10));
///     network.Command&lt;EndNode&gt;(machine, "logon JSMITH", (it, now) =&gt; it.Logon(now, "JSMITH"));
///     network.RunFor(TimeSpan.FromSeconds(20));
/// }
///
/// foreach (var logged in network.Log)
///     Console.WriteLine($"{network.NameOf(logged.Host)} logs {logged.Event.Id} about {logged.Event.Name}"); // ALPHA logs 4320 about JSMITH&lt;03&gt;
/// </code>
/// </example>
public sealed partial class Simulator
{
    private const int MaxTimeoutsAtOneInstant = 10_000;

    private EventQueue<SimulationEvent> _queue;
    private PacketPool _packets;
    private readonly List<LoggedEvent> _log = [];
    [NotState("a matter of who listens")]
    private SimulationObserver[] _observers = [];
    private long _now;
    private long _eventCount;
    private long _sentCount;
    private long _deliveryCount;

    /// <summary>Makes an empty network, at <see cref="Instant.Epoch"/>.</summary>
    /// <param name="seed">What all randomness in it follows from.</param>
    public Simulator(ulong seed = 0)
    {
        Seed = seed;
        _queue = new EventQueue<SimulationEvent>();
        _packets = new PacketPool();
    }

    /// <summary>What all randomness follows from.</summary>
    public ulong Seed { get; private set; }

    /// <summary>The current time; nanoseconds since the start.</summary>
    public Instant Now => new(_now);

    /// <summary>When the next event is due; null when nothing is to come unless somebody is told to do something.</summary>
    public Instant? NextEventTime => _queue.Count == 0 ? null : new Instant(_queue.PeekTime());

    /// <summary>How many events have happened: broadcasts reaching a segment, arrivals, hops, timers.</summary>
    public long EventCount => _eventCount;

    /// <summary>How many datagrams were sent.</summary>
    public long SentCount => _sentCount;

    /// <summary>How many datagrams were taken in by hosts; a broadcast counts once for each.</summary>
    public long DeliveryCount => _deliveryCount;

    /// <summary>All events that hosts wrote to their logs, in the order of time.</summary>
    public IReadOnlyList<LoggedEvent> Log => _log;

    /// <summary>
    /// A random stream for a part of the caller's own, such as an endpoint: it follows from the seed and the label alone, so that another
    /// part moves nobody's draws.
    /// </summary>
    /// <param name="label">The part's name.</param>
    public RandomStream DeriveStream(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return RandomStream.Derive(Seed, label);
    }

    /// <summary>Lets somebody watch from now on; observers are told in the order in which they were added.</summary>
    /// <param name="observer">The observer.</param>
    public void AddObserver(SimulationObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        _observers = [.. _observers, observer];
        HearDecisions();
    }

    /// <summary>Lets somebody watch no longer.</summary>
    /// <param name="observer">The observer; nothing happens if it does not watch.</param>
    public void RemoveObserver(SimulationObserver observer)
    {
        _observers = Array.FindAll(_observers, other => !ReferenceEquals(other, observer));
        HearDecisions();
    }

    /// <summary>Lets the next event happen.</summary>
    /// <returns>False when there is none.</returns>
    public bool Step() => StepUntil(long.MaxValue);

    /// <summary>Lets everything happen that is due within a time, and stops at its end.</summary>
    /// <param name="duration">How long.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is negative.</exception>
    public void RunFor(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        RunUntil(Now + duration);
    }

    /// <summary>Lets everything happen that is due up to and at a time, and stops there.</summary>
    /// <param name="time">When to stop; nothing happens if it has passed.</param>
    public void RunUntil(Instant time)
    {
        while (StepUntil(time.Nanoseconds))
        {
        }

        _now = Math.Max(_now, time.Nanoseconds);
    }

    /// <summary>Lets events happen until a condition is met, which is looked at before the first and after each.</summary>
    /// <param name="condition">The condition; it must not change anything.</param>
    /// <param name="deadline">When to give up.</param>
    /// <returns>Whether it was met. If not, the time is the deadline's.</returns>
    public bool RunUntil(Func<Simulator, bool> condition, Instant deadline)
    {
        ArgumentNullException.ThrowIfNull(condition);
        while (!condition(this))
        {
            if (StepUntil(deadline.Nanoseconds))
                continue;
            _now = Math.Max(_now, deadline.Nanoseconds);
            return false;
        }

        return true;
    }

    /// <summary>Lets the next event happen if it is due by a time.</summary>
    /// <param name="limit">The time, in nanoseconds.</param>
    /// <returns>Whether there was one.</returns>
    internal bool StepUntil(long limit)
    {
        if (limit < _now || !_queue.TryPop(limit, out long time, out var item))
            return false;
        _now = time;
        _eventCount++;
        switch (item.Kind)
        {
            case SimulationEventKind.FanOut:
                FanOut(item.Packet, item.Target);
                break;
            case SimulationEventKind.Arrival:
                Arrive(item.Packet, item.Target, obeyRules: true);
                break;
            case SimulationEventKind.LateArrival:
                Arrive(item.Packet, item.Target, obeyRules: false);
                break;
            case SimulationEventKind.OvertakenArrival:
                ForgetOvertaken(item);
                Arrive(item.Packet, item.Target, obeyRules: false);
                break;
            case SimulationEventKind.Hop:
                PassOn(item.Packet, item.Target, item.Detail);
                break;
            case SimulationEventKind.Message:
                Move(item.Target);
                break;
            case SimulationEventKind.Timer:
                TimeOut(item.Target);
                break;
            default:
                EndRule(_rules[item.Target]);
                break;
        }

        return true;
    }

    /// <summary>The time <paramref name="nanoseconds"/> from now, or the end of time.</summary>
    private long After(long nanoseconds) => nanoseconds > long.MaxValue - _now ? long.MaxValue : _now + nanoseconds;

    private static long ToNanoseconds(TimeSpan duration) =>
        duration.Ticks > long.MaxValue / TimeSpan.NanosecondsPerTick ? long.MaxValue : duration.Ticks * TimeSpan.NanosecondsPerTick;

    private static TimeSpan ToTimeSpan(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    private SimulatedDatagram Observe(int packet)
    {
        ref PacketHeader header = ref _packets[packet];
        ref InterfaceState sender = ref _interfaces[header.Sender];
        return new SimulatedDatagram(header, _packets.Payload(packet), new HostId(sender.Host), header.Sender - _hosts[sender.Host].FirstInterface, new SegmentId(sender.Segment));
    }

    /// <summary>A host, in 32 octets.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct HostState
    {
        public INbnsEndpoint Endpoint;
        public long Due; // when its timer goes off, or long.MaxValue
        public int Timer; // its handle in the queue, while Due is set
        public int FirstInterface;
        public uint SentCount;
        public bool IsDown;
        [NotState("what the endpoint is")]
        public bool IsQuiet; // its endpoint is an IQuietEndpoint
        [NotState("what the endpoint is")]
        public bool Replicates; // its endpoint is an IReplicationEndpoint: asked once, not with each datagram
    }

    /// <summary>An interface, in 12 octets.</summary>
    private struct InterfaceState
    {
        public uint Address;
        public int Host;
        public int Segment;
    }
}
