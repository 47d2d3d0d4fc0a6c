using System.CommandLine.Parsing;
using NbnsSim.Transport;

namespace NbnsSim.Cli.Live;

/// <summary>Reads and checks what <c>serve</c> is given, so that what is wrong is said before anything is opened.</summary>
internal static class ServeArguments
{
    /// <summary>The addresses to listen on: this machine's, each once, and all with one port.</summary>
    public static Ipv4Endpoint[] Listen(ArgumentResult result)
    {
        var found = new List<Ipv4Endpoint>();
        foreach (var token in result.Tokens)
        {
            if (!Ipv4Endpoint.TryParse(token.Value, out var endpoint))
                result.AddError(Choices.NoEndpoint(token.Value));
            else if (NbnsHostInterface.WhyNotListen(endpoint, found) is { } why)
                result.AddError($"'{token.Value}' {why}");
            found.Add(endpoint);
        }

        return [.. found];
    }

    public static void CheckName(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (!NbnsServedHostOptions.IsName(token.Value.ToUpperInvariant()))
                result.AddError($"'{token.Value}' is no NetBIOS name: expected 1 to 15 Latin-1 characters.");
        }
    }

    public static void CheckFile(OptionResult result)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            result.AddError($"{result.Option.Name} expects the name of a file.");
    }
}
