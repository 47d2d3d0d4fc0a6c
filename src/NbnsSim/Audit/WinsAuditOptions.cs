using System.Collections.Immutable;

namespace NbnsSim.Audit;

/// <summary>What somebody knows that the capture does not tell.</summary>
public sealed record WinsAuditOptions
{
    /// <summary>What is known without anybody's help.</summary>
    public static WinsAuditOptions Default { get; } = new();

    /// <summary>The subnets, each a broadcast area of its own; of several that an address is in, the smallest counts. Without them, broadcasts that were seen tell.</summary>
    public ImmutableArray<Ipv4Subnet> Subnets { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How long a capture must be for a yes: what is asked for once in so long is in it. A week unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public TimeSpan Cycle
    {
        get;
        init => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A time cannot be negative.");
    } = TimeSpan.FromDays(7);
}
