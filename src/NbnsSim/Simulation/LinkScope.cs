using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <summary>Which end of a link a <see cref="LinkRule"/> is about: any host, one host, or all hosts on one segment.</summary>
/// <remarks><c>default</c> is any host.</remarks>
public readonly record struct LinkScope
{
    private LinkScope(int host, int segment)
    {
        HostPlusOne = host;
        SegmentPlusOne = segment;
    }

    /// <summary>Any host.</summary>
    public static LinkScope Any => default;

    /// <summary>The one host, or null.</summary>
    public HostId? Host => HostPlusOne > 0 ? new HostId(HostPlusOne - 1) : null;

    /// <summary>The one segment, or null.</summary>
    public SegmentId? Segment => SegmentPlusOne > 0 ? new SegmentId(SegmentPlusOne - 1) : null;

    internal int HostPlusOne { get; }

    internal int SegmentPlusOne { get; }

    /// <summary>One host, whatever its interface.</summary>
    /// <param name="host">The host.</param>
    public static LinkScope Of(HostId host) => new(host.Index + 1, 0);

    /// <summary>All interfaces on one segment.</summary>
    /// <param name="segment">The segment.</param>
    public static LinkScope Of(SegmentId segment) => new(0, segment.Index + 1);

    /// <summary>One host.</summary>
    /// <param name="host">The host.</param>
    public static implicit operator LinkScope(HostId host) => Of(host);

    /// <summary>All interfaces on one segment.</summary>
    /// <param name="segment">The segment.</param>
    public static implicit operator LinkScope(SegmentId segment) => Of(segment);

    /// <summary>One host: see the conversion.</summary>
    /// <param name="host">The host.</param>
    public static LinkScope ToLinkScope(HostId host) => Of(host);

    /// <summary>One segment: see the conversion.</summary>
    /// <param name="segment">The segment.</param>
    public static LinkScope ToLinkScope(SegmentId segment) => Of(segment);

    internal static void Carry(StateCodec codec, ref LinkScope scope, int hosts, int segments)
    {
        (int host, int segment) = (scope.HostPlusOne, scope.SegmentPlusOne);
        if (host > 0 && codec.Renaming is { } renaming)
            host = 1 + renaming.PlaceOf(host - 1);
        codec.Carry(ref host);
        codec.Carry(ref segment);
        codec.Check((uint)host <= (uint)hosts && (uint)segment <= (uint)segments, "A link rule is about a host or a segment that there is not");
        if (codec.IsReading)
            scope = new LinkScope(host, segment);
    }

    internal bool Contains(int host, int segment) =>
        HostPlusOne > 0 ? HostPlusOne == host + 1 : SegmentPlusOne == 0 || SegmentPlusOne == segment + 1;
}
