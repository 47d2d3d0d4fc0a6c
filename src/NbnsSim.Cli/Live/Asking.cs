using System.CommandLine;
using NbnsSim.Names;
using NbnsSim.Transport;

namespace NbnsSim.Cli.Live;

/// <summary>What the commands that ask others have in common: a name, a scope, and what to say of what goes wrong.</summary>
internal sealed class Asking(Terminal terminal)
{
    private readonly NbnsDroppedAnswers _dropped = new();

    /// <summary>Whether somebody answered what cannot be used.</summary>
    public bool HasDropped => _dropped.Sentences.Count > 0;

    /// <summary>The argument <c>NAME[#SUFFIX]</c>, upper-cased as Windows does it; its octets are those of the OEM code page 850.</summary>
    public static Argument<NetBiosName> Argument() => Choices.Argument(
        "NAME[#SUFFIX]", "The name with its suffix: NAME, NAME#20 or NAME<20>; upper-cased, and sent in code page 850, as Windows does.", text =>
            !OemName.TryParse(text, out var name) ? throw new FormatException($"'{text}' is no NetBIOS name: expected NAME, NAME#20 or NAME<20>, at most 15 characters.")
            : !text.Contains('.', StringComparison.Ordinal) || text.AsSpan().ContainsAny('<', '#', ':') ? name
            : throw new FormatException( // the two find different machines
                $"'{text}' has dots: for a name in a scope say {text.Split('.')[0]} --scope {text.Split('.', 2)[1]}; for dots in the name itself give its suffix, {text}#00."));

    /// <summary>The option <c>--scope</c>.</summary>
    public static Option<NetBiosScope?> Scope() => Choices.Option<NetBiosScope>(
        "--scope", "SCOPE", "The NetBIOS scope to ask in, case-sensitive: nodes of another scope do not answer.",
        text => NetBiosScope.TryParse(text, out var scope) ? scope : throw new FormatException(
            $"'{text}' is no NetBIOS scope: expected labels of at most {NetBiosScope.MaxLabelLength} octets, joined by dots, {NetBiosScope.MaxEncodedLength} octets in all."),
        NetBiosScope.Empty);

    /// <summary>Asks; what the network says against it becomes a message.</summary>
    public async Task<T> AskAsync<T>(NbnsClientOptions options, Func<NbnsClient, Task<T>> ask)
    {
        using var client = new NbnsClient(options with { Dropped = _dropped.Add });
        try
        {
            return await ask(client);
        }
        catch (InvalidOperationException)
        {
            throw new BadInputException("No network with a broadcast address is up here: say whom to ask with --server ADDRESS, or where to broadcast with --broadcast ADDRESS.");
        }
    }

    /// <summary>Says what did not succeed, and who answered what cannot be used.</summary>
    public int Fail(params IEnumerable<string> sentences)
    {
        terminal.Say([.. sentences, .. _dropped.Sentences]);
        return ExitCode.No;
    }
}
