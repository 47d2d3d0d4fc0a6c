using System.Collections.Immutable;

namespace NbnsSim.Transport;

/// <summary>What a <see cref="NbnsUdpHost"/> has counted so far. The meter <see cref="NbnsUdpHost.MeterName"/> has the same, by opcode and rcode.</summary>
public sealed record NbnsHostStatistics
{
    /// <summary>Requests and demands that came in and could be read.</summary>
    public long RequestsReceived { get; init; }

    /// <summary>Responses that came in and could be read.</summary>
    public long ResponsesReceived { get; init; }

    /// <summary>Requests and demands that were sent.</summary>
    public long RequestsSent { get; init; }

    /// <summary>Responses that were sent.</summary>
    public long ResponsesSent { get; init; }

    /// <summary>Datagrams that could not be read.</summary>
    public long ParseErrors { get; init; }

    /// <summary>Datagrams that were let go, indexed by <see cref="NbnsDropReason"/>.</summary>
    public ImmutableArray<long> Drops { get; init; } = [.. new long[Enum.GetValues<NbnsDropReason>().Length]];

    /// <summary>Datagrams that were let go for one reason.</summary>
    /// <param name="reason">The reason.</param>
    public long DropsFor(NbnsDropReason reason) => Drops[(int)reason];

    /// <summary><c>5 requests and 0 responses received, 0 and 5 sent; 1 unreadable; dropped: 2 TooLong</c>.</summary>
    public override string ToString()
    {
        var drops = Enum.GetValues<NbnsDropReason>().Where(reason => DropsFor(reason) != 0).Select(reason => $"{DropsFor(reason)} {reason}");
        return $"{RequestsReceived} requests and {ResponsesReceived} responses received, {RequestsSent} and {ResponsesSent} sent; {ParseErrors} unreadable; dropped: {string.Join(", ", drops.DefaultIfEmpty("none"))}";
    }
}
