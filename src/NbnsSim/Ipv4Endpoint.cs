using System.Globalization;

namespace NbnsSim;

/// <summary>An IPv4 address and a UDP port.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port; NBNS is 137 (RFC 1002 §6 NAME_SERVICE_UDP_PORT).</param>
public readonly record struct Ipv4Endpoint(Ipv4Address Address, ushort Port)
{
    /// <summary>NAME_SERVICE_UDP_PORT, 137 (RFC 1002 §6).</summary>
    public const ushort NameServicePort = 137;

    /// <summary><paramref name="address"/> on port 137.</summary>
    /// <param name="address">The address.</param>
    public static Ipv4Endpoint NameService(Ipv4Address address) => new(address, NameServicePort);

    /// <summary><c>10.0.0.2:137</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");
}
