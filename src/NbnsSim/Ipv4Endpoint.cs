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

    /// <summary>Reads as <see cref="TryParse"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is no endpoint.</exception>
    public static Ipv4Endpoint Parse(string text) => TryParse(text, out var endpoint)
        ? endpoint
        : throw new FormatException($"'{VisibleText.Escape(text)}' is no address: expected ADDRESS or ADDRESS:PORT, such as 192.168.1.2 or 127.0.0.1:1137.");

    /// <summary>Reads <c>ADDRESS</c>, whose port is 137 then, or <c>ADDRESS:PORT</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>Whether it is one; port 0 is none.</returns>
    public static bool TryParse(string text, out Ipv4Endpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        ushort port = NameServicePort;
        bool good = Ipv4Address.TryParse(colon < 0 ? text : text[..colon], out var address)
            && (colon < 0 || (ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0));
        endpoint = good ? new Ipv4Endpoint(address, port) : default;
        return good;
    }

    /// <summary><c>10.0.0.2:137</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");
}
