using System.CommandLine;
using System.Net.Sockets;
using NbnsSim.Names;
using NbnsSim.Transport;

namespace NbnsSim.Cli.Live;

/// <summary>What the commands that ask others have in common.</summary>
internal static class LiveNames
{
    /// <summary>The argument <c>NAME[#SUFFIX]</c>, upper-cased as Windows does it; its octets are those of the OEM code page 850.</summary>
    public static Argument<NetBiosName> Argument() => new("NAME[#SUFFIX]")
    {
        Description = "The name with its suffix: NAME, NAME#20 or NAME<20>; upper-cased, and sent in code page 850, as Windows does.",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!OemName.TryParse(text, out var name))
            {
                result.AddError($"'{text}' is no NetBIOS name: expected NAME, NAME#20 or NAME<20>, at most 15 characters.");
                return default;
            }

            // X.LAB.EXAMPLE could be a name with dots or one in a scope, and the two find different machines.
            if (text.Contains('.', StringComparison.Ordinal) && !text.AsSpan().ContainsAny('<', '#', ':'))
                result.AddError($"'{text}' has dots: for a name in a scope say {text.Split('.')[0]} --scope {text[(text.IndexOf('.', StringComparison.Ordinal) + 1)..]}; for dots in the name itself give its suffix, {text}#00.");
            return name;
        },
    };

    /// <summary>The option <c>--scope</c>.</summary>
    public static Option<NetBiosScope> Scope() => new("--scope")
    {
        Description = "The NetBIOS scope to ask in, case-sensitive: nodes of another scope do not answer.",
        HelpName = "SCOPE",
        DefaultValueFactory = _ => NetBiosScope.Empty,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (NetBiosScope.TryParse(text, out var scope))
                return scope;
            result.AddError($"'{text}' is no NetBIOS scope: expected labels of at most {NetBiosScope.MaxLabelLength} octets, joined by dots, {NetBiosScope.MaxEncodedLength} octets in all.");
            return NetBiosScope.Empty;
        },
    };

    /// <summary>Runs a request; what the network says against it becomes a message.</summary>
    public static async Task<T> TryAsync<T>(Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (SocketException e)
        {
            throw new BadInputException($"The request could not be sent: {e.Message}.");
        }
        catch (InvalidOperationException)
        {
            throw new BadInputException("No network with a broadcast address is up here: say whom to ask with --server ADDRESS, or where to broadcast with --broadcast ADDRESS.");
        }
    }

    /// <summary>Says who answered what cannot be used.</summary>
    public static void Report(Terminal terminal, NbnsDroppedAnswers dropped)
    {
        foreach (string sentence in dropped.Sentences)
            terminal.Error.WriteLine($"nbnssim: {sentence}");
    }
}
