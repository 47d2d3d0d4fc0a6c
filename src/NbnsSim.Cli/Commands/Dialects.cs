using System.CommandLine;
using NbnsSim.Protocol;

namespace NbnsSim.Cli.Commands;

/// <summary>The option <c>--dialect</c>.</summary>
internal static class Dialects
{
    private const string Names = "rfc1002, nt3.5, nt3.51, nt4, w2k, w10, w11 or ws2025";

    /// <summary>The option; without a default it may be left out.</summary>
    public static Option<string?> Option(string description, NetBtDialect? standard = null)
    {
        var option = Choices.Option(
            "--dialect", "DIALECT", $"{description}: {Names}.", static text => Find(text)?.Name ?? throw new FormatException($"There is no dialect '{text}': expected {Names}."), standard?.Name);
        option.CompletionSources.Add([.. NetBtDialect.All.Select(dialect => dialect.Name)]);
        return option;
    }

    public static NetBtDialect? Find(string? name) => NetBtDialect.TryFind(name, out var dialect) ? dialect : null;
}
