namespace NbnsSim.Captures;

/// <summary>What a <see cref="DatagramReader"/> gives and how much it remembers.</summary>
public sealed record DatagramReaderOptions
{
    /// <summary>Gives only datagrams from or to this UDP port; null gives all.</summary>
    public ushort? Port { get; init; }

    /// <summary>
    /// Gives a datagram once that was captured several times within so long: at both ends of a mirrored port, on both sides of a router or
    /// a bridge. Such sightings have the same addresses, IP identification and content (RFC 791 §3.1). Null gives every sighting.
    /// </summary>
    public TimeSpan? SightingWindow { get; init; }

    /// <summary>
    /// Whether what tunnels over IP carry (GRE, ERSPAN, VXLAN, GENEVE, L2TP, IP in IP) is given in place of the tunnel's own packets. What lies
    /// in an L2TPv3 session is only negotiated (RFC 3931 §4.1): an IPv4 header with a right checksum shows where it begins.
    /// </summary>
    public bool LooksIntoTunnels { get; init; } = true;

    /// <summary>How many fragmented datagrams are remembered at once; the oldest gives way. Each takes up to 66 KiB. 0 gives up on fragments.</summary>
    public int MaxFragmentedDatagrams
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The number of datagrams cannot be negative.");
    } = 64;

    /// <summary>How long the fragments of a datagram are waited for, in capture time (RFC 1122 §3.3.2: 60 to 120 seconds).</summary>
    public TimeSpan FragmentTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
