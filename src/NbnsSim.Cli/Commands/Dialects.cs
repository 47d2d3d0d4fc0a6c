using System.CommandLine;
using NbnsSim.Protocol;

namespace NbnsSim.Cli.Commands;

/// <summary>The option <c>--dialect</c>.</summary>
internal static class Dialects
{
    private const string Names = "rfc1002, nt3.5, nt3.51, nt4, w2k, w10, w11 or ws2025";

    /// <summary>The option; without a default it may be left out.</summary>
    public static Option<string> Option(string description, NetBtDialect? standard)
    {
        var option = new Option<string>("--dialect") { Description = $"{description}: {Names}.", HelpName = "DIALECT" };
        if (standard is not null)
            option.DefaultValueFactory = _ => standard.Name;
        option.CompletionSources.Add([.. NetBtDialect.All.Select(dialect => dialect.Name)]);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !NetBtDialect.TryFind(result.Tokens[0].Value, out _))
                result.AddError($"There is no dialect '{result.Tokens[0].Value}': expected {Names}.");
        });
        return option;
    }

    public static NetBtDialect Find(string name) => NetBtDialect.TryFind(name, out var dialect) ? dialect : throw new ArgumentException(name, nameof(name));
}
