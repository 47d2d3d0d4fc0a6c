using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace NbnsSim.Cli.Live;

/// <summary>Addresses and ports on the command line.</summary>
internal static class Addresses
{
    /// <summary>Reads <c>ADDRESS</c> or <c>ADDRESS:PORT</c>.</summary>
    public static bool TryParse(string text, out Ipv4Endpoint endpoint)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        ushort port = Ipv4Endpoint.NameServicePort;
        bool good = Ipv4Address.TryParse(colon < 0 ? text : text[..colon], out var address)
            && (colon < 0 || (ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0));
        endpoint = new Ipv4Endpoint(address, port);
        return good;
    }

    public static Ipv4Endpoint Parse(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (!TryParse(text, out var endpoint))
            result.AddError($"'{text}' is no address: expected ADDRESS or ADDRESS:PORT, such as 192.168.1.2 or 127.0.0.1:1137.");
        return endpoint;
    }

    /// <summary>An option that takes <c>ADDRESS[:PORT]</c>.</summary>
    public static Option<Ipv4Endpoint?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS[:PORT]",
        CustomParser = result => Parse(result),
    };
}
