namespace NbnsSim.Simulation;

/// <summary>
/// Something that goes wrong, or is done on purpose, between a sender and a receiver. Rules are looked at once for each receiver, behind
/// the broadcast fan-out, so that one of many receivers can miss a broadcast; in the order in which they were added, each working on what
/// the one before left.
/// </summary>
/// <remarks>
/// Immutable data. Every draw depends on the simulator's seed, the rule's name, the sender and which of its datagrams it is, and the
/// receiver: neither another rule nor another host moves it.
/// </remarks>
public sealed partial record LinkRule
{
    /// <summary>Always: a million parts per million.</summary>
    public const uint Always = 1_000_000;

    /// <summary>Describes a rule.</summary>
    /// <param name="name">Its name in traces, and the label of its draws; one simulator takes a name once.</param>
    /// <param name="fault">What it does.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public LinkRule(string name, LinkFault fault)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Fault = fault;
    }

    /// <summary>Its name in traces, and the label of its draws.</summary>
    public string Name { get; }

    /// <summary>What it does.</summary>
    public LinkFault Fault { get; }

    /// <summary>How often it does it, in parts per million of the datagrams that it is about; always unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than a million.</exception>
    public uint PartsPerMillion
    {
        get;
        init => field = value <= Always ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A probability is at most 1,000,000 parts per million.");
    } = Always;

    /// <summary>How much later: see each <see cref="LinkFault"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public TimeSpan Delay
    {
        get;
        init => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A delay is not negative.");
    }

    /// <summary>A random time from zero to this is added to <see cref="Delay"/>, each time anew.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public TimeSpan Jitter
    {
        get;
        init => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A jitter is not negative.");
    }

    /// <summary>Who sends; anybody unless set.</summary>
    public LinkScope From { get; init; }

    /// <summary>Who receives; anybody unless set.</summary>
    public LinkScope To { get; init; }

    /// <summary>Whether it works from <see cref="To"/> to <see cref="From"/> too: a full partition instead of a one-way one.</summary>
    public bool BothWays { get; init; }

    /// <summary>From when on it works, by the time of arrival; from the start unless set.</summary>
    public Instant Start { get; init; } = Instant.Epoch;

    /// <summary>Up to when it works, not included; for ever unless set.</summary>
    public Instant End { get; init; } = Instant.MaxValue;

    /// <summary>Which datagrams; all unless set.</summary>
    public PacketMatch? Match { get; init; }

    /// <summary>
    /// Which one of its sender's datagrams, by <see cref="SimulatedDatagram.SenderNumber"/>; 0 for all, as it is unless set. With <see cref="From"/> one host, that is one datagram and no other,
    /// whatever else goes over the wire. It says nothing of messages between name servers.
    /// </summary>
    public uint Datagram { get; init; }

    /// <summary>How many arrivals that fit pass untouched before it begins to work. A broadcast counts once for each receiver in <see cref="To"/>.</summary>
    public int Skip { get; init; }

    /// <summary>On how many arrivals that fit it works, after <see cref="Skip"/>; on all unless set.</summary>
    public int Count { get; init; } = int.MaxValue;

    /// <summary>Datagrams get lost.</summary>
    /// <param name="name">The rule's name.</param>
    /// <param name="partsPerMillion">How many in a million.</param>
    public static LinkRule Loss(string name, uint partsPerMillion = Always) => new(name, LinkFault.Loss) { PartsPerMillion = partsPerMillion };

    /// <summary>Two sides hear nothing of each other.</summary>
    /// <param name="name">The rule's name.</param>
    /// <param name="one">One side.</param>
    /// <param name="other">The other.</param>
    public static LinkRule Partition(string name, LinkScope one, LinkScope other) => new(name, LinkFault.Partition) { From = one, To = other, BothWays = true };

    /// <summary>One side hears nothing of the other, which hears everything.</summary>
    /// <param name="name">The rule's name.</param>
    /// <param name="from">The side that is not heard.</param>
    /// <param name="to">The side that does not hear.</param>
    public static LinkRule OneWayPartition(string name, LinkScope from, LinkScope to) => new(name, LinkFault.Partition) { From = from, To = to };

    /// <summary>Datagrams arrive later.</summary>
    /// <param name="name">The rule's name.</param>
    /// <param name="delay">By how much at least.</param>
    /// <param name="jitter">By how much more at most.</param>
    public static LinkRule Delayed(string name, TimeSpan delay, TimeSpan jitter = default) => new(name, LinkFault.Delay) { Delay = delay, Jitter = jitter };

    /// <summary>Datagrams arrive twice.</summary>
    /// <param name="name">The rule's name.</param>
    /// <param name="partsPerMillion">How many in a million.</param>
    /// <param name="delay">How much later the copy arrives.</param>
    public static LinkRule Duplicate(string name, uint partsPerMillion = Always, TimeSpan delay = default) =>
        new(name, LinkFault.Duplicate) { PartsPerMillion = partsPerMillion, Delay = delay };

    /// <summary>Datagrams are overtaken by the next one.</summary>
    /// <param name="name">The rule's name.</param>
    /// <param name="longest">How long one waits for the next at most.</param>
    /// <param name="partsPerMillion">How many in a million.</param>
    public static LinkRule Reorder(string name, TimeSpan longest, uint partsPerMillion = Always) =>
        new(name, LinkFault.Reorder) { PartsPerMillion = partsPerMillion, Delay = longest };

    /// <summary>Datagrams arrive with an octet changed.</summary>
    /// <param name="name">The rule's name.</param>
    /// <param name="partsPerMillion">How many in a million.</param>
    public static LinkRule Corrupt(string name, uint partsPerMillion = Always) => new(name, LinkFault.Corrupt) { PartsPerMillion = partsPerMillion };

    /// <summary>Datagrams are kept until the rule ends or is removed.</summary>
    /// <param name="name">The rule's name.</param>
    public static LinkRule Hold(string name) => new(name, LinkFault.Hold);
}
