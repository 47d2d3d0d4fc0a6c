using System.CommandLine;
using System.CommandLine.Parsing;

namespace NbnsSim.Cli.Live;

/// <summary>Addresses and ports on the command line.</summary>
internal static class Addresses
{
    public static Ipv4Endpoint Parse(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (!Ipv4Endpoint.TryParse(text, out var endpoint))
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
