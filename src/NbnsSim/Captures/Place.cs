namespace NbnsSim.Captures;

/// <summary>What is next in a frame that is being unwrapped.</summary>
internal enum Layer : byte
{
    /// <summary>Nothing that is looked into.</summary>
    None,

    /// <summary>A frame of the link type in <see cref="Place.Type"/>.</summary>
    Link,

    /// <summary>What the EtherType in <see cref="Place.Type"/> says.</summary>
    EtherType,

    /// <summary>IEEE 802.2.</summary>
    Llc,

    /// <summary>A PPP frame from its protocol on, or from the address field of HDLC.</summary>
    Ppp,

    /// <summary>An IPv4 or IPv6 packet.</summary>
    Internet,

    /// <summary>What the IP protocol in <see cref="Place.Type"/> says.</summary>
    Transport,

    /// <summary>The UDP datagram is found.</summary>
    Found,
}

/// <summary>How far a frame is unwrapped.</summary>
/// <param name="layer">What is next.</param>
/// <param name="rest">From there to the end.</param>
/// <param name="type">The number that goes with it.</param>
internal readonly ref struct Place(Layer layer, ReadOnlySpan<byte> rest, int type = 0)
{
    public readonly Layer Layer = layer;
    public readonly int Type = type;
    public readonly ReadOnlySpan<byte> Rest = rest;

    public static Place Link(LinkType link, ReadOnlySpan<byte> rest) => new(Layer.Link, rest, (int)link);

    public static Place EtherType(int type, ReadOnlySpan<byte> rest) => new(Layer.EtherType, rest, type);
}
