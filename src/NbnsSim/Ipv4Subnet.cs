using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NbnsSim;

/// <summary>An IPv4 subnet: 10.0.0.0/24.</summary>
public readonly record struct Ipv4Subnet
{
    /// <summary>Describes a subnet.</summary>
    /// <param name="address">Any address in it; its host bits are cleared.</param>
    /// <param name="prefixLength">The number of network bits, 0 to 32.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="prefixLength"/> is not within 0 to 32.</exception>
    public Ipv4Subnet(Ipv4Address address, int prefixLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, 32);
        PrefixLength = prefixLength;
        Network = new Ipv4Address(address.Value & Mask.Value);
    }

    /// <summary>The address with all host bits zero.</summary>
    public Ipv4Address Network { get; }

    /// <summary>The number of network bits, 0 to 32.</summary>
    public int PrefixLength { get; }

    /// <summary>The subnet mask: 255.255.255.0 for /24.</summary>
    public Ipv4Address Mask => new(PrefixLength == 0 ? 0 : uint.MaxValue << (32 - PrefixLength));

    /// <summary>The address with all host bits one: where a node broadcasts to (RFC 1002 §5.1.1).</summary>
    public Ipv4Address BroadcastAddress => new(Network.Value | ~Mask.Value);

    /// <summary>Whether <paramref name="address"/> lies in the subnet.</summary>
    /// <param name="address">The address.</param>
    public bool Contains(Ipv4Address address) => (address.Value & Mask.Value) == Network.Value;

    /// <summary>Whether the two have an address in common.</summary>
    /// <param name="other">The other subnet.</param>
    public bool Overlaps(Ipv4Subnet other) => Contains(other.Network) || other.Contains(Network);

    /// <summary>Parses <c>10.0.0.0/24</c>; host bits may be set.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is not a subnet.</exception>
    public static Ipv4Subnet Parse(string text) =>
        TryParse(text, out var subnet) ? subnet : throw new FormatException($"'{VisibleText.Escape(text)}' is not a subnet: expected an address and the number of network bits, such as 10.0.0.0/24.");

    /// <summary>Parses as <see cref="Parse"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="subnet">The subnet, or 0.0.0.0/0.</param>
    /// <returns>Whether <paramref name="text"/> is a subnet.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Ipv4Subnet subnet)
    {
        subnet = default;
        int slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0 || !Ipv4Address.TryParse(text![..slash], out var address)
            || !byte.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out byte prefixLength) || prefixLength > 32)
            return false;
        subnet = new Ipv4Subnet(address, prefixLength);
        return true;
    }

    /// <summary><c>10.0.0.0/24</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Network}/{PrefixLength}");
}
