namespace NbnsSim.Captures;

/// <summary>An interface that packets were captured on; pcap and snoop files have exactly one.</summary>
public sealed record CaptureInterface
{
    /// <summary>What its frames begin with.</summary>
    public LinkType LinkType { get; init; } = LinkType.Ethernet;

    /// <summary>The most octets that were kept of a packet; 0 means no limit.</summary>
    public int SnapLength { get; init; }

    /// <summary>Its name, such as <c>eth0</c> (if_name); null where the capture gives none. At most 256 octets are read.</summary>
    public string? Name { get; init; }

    /// <summary>A description for people (if_description); null where the capture gives none. At most 256 octets are read.</summary>
    public string? Description { get; init; }
}
