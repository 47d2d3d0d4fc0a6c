using System.Collections.Immutable;
using NbnsSim.Names;

namespace NbnsSim.Transport;

/// <summary>How a <see cref="NbnsClient"/> asks.</summary>
public sealed record NbnsClientOptions
{
    /// <summary>The name server to ask; <see langword="null"/> to ask by broadcast. Needed to register and release.</summary>
    public Ipv4Endpoint? NameServer { get; init; }

    /// <summary>
    /// Where broadcasts go; empty for the broadcast address of every interface that is up, looked up at the first broadcast.
    /// </summary>
    public ImmutableArray<Ipv4Address> BroadcastAddresses { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The port that nodes listen on: 137.</summary>
    public ushort Port { get; init; } = Ipv4Endpoint.NameServicePort;

    /// <summary>
    /// What to send from: any address, any free port. Some Windows servers answer to port 137 whatever the source port was (observed by
    /// others); to hear those, give 0.0.0.0:137.
    /// </summary>
    public Ipv4Endpoint Local { get; init; }

    /// <summary>The scope of names that are given without one, and of <c>*</c>.</summary>
    public NetBiosScope Scope { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = NetBiosScope.Empty;

    /// <summary>How often a request is sent: 3 (RFC 1002 §6 UCAST_REQ_RETRY_COUNT, BCAST_REQ_RETRY_COUNT).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within 1 to 100.</exception>
    public int Attempts { get; init => field = value is >= 1 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 100."); } = 3;

    /// <summary>How long to wait for an answer to a request that went to one address: 1.5 s (MS-NBTE §3.1.2; RFC 1002 §6 has 5 s).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public TimeSpan UnicastTimeout { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(1500);

    /// <summary>How long to wait for answers to a broadcast: 750 ms (BcastQueryTimeout; RFC 1002 §6 has 250 ms).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public TimeSpan BroadcastTimeout { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(750);

    /// <summary>The longest that a name server may have us wait for one answer, however often it says so (WACK, RFC 1002 §4.2.16): 2 minutes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public TimeSpan MaximumWait { get; init => field = Positive(value); } = TimeSpan.FromMinutes(2);

    /// <summary>How many requests may be on their way at once; further ones wait their turn: 1024.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within 1 to 16,384.</exception>
    public int MaxRequests { get; init => field = value is >= 1 and <= 16_384 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 16384."); } = 1024;

    /// <summary>
    /// Told of each datagram that carries the id of an open request and comes from whom was asked, but is no answer that can be used: who sent it,
    /// and why it was dropped. Runs where datagrams are received, so it must not block or throw; the reason has text from the network in it, escaped (<see cref="VisibleText"/>).
    /// </summary>
    public Action<Ipv4Endpoint, string>? Dropped { get; init; }

    private static TimeSpan Positive(TimeSpan value) => value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A positive time.");
}
