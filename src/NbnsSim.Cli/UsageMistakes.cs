using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace NbnsSim.Cli;

/// <summary>What is wrong with a command line, in words that name the mistake rather than what followed from it.</summary>
internal static class UsageMistakes
{
    /// <summary>The mistakes, a sentence each; empty where there are none.</summary>
    public static ImmutableArray<string> In(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        if (parsed.Action is HelpWithExamples)
            return [];
        var command = parsed.CommandResult.Command;
        string[] unknown = [.. UnknownOptions(parsed, arguments)];
        if (unknown.Length > 0) // whatever else seems wrong follows from it: its value is taken for an argument
        {
            var known = command.Options.Union(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive));
            string[] options = [.. known.SelectMany(option => option.Aliases.Prepend(option.Name)).Distinct(StringComparer.Ordinal)];
            string owner = parsed.CommandResult.Parent is null ? "nbnssim" : $"'{command.Name}'";
            return [.. unknown.Select(word => $"{owner} has no option '{word}'.{Suggestion.For(word, options)}")];
        }

        if (parsed.Action is not ParseErrorAction)
            return [];
        if (parsed.CommandResult.Parent is null && parsed.UnmatchedTokens is [var first, ..])
            return [$"There is no command '{first}'.{Suggestion.For(first, command.Subcommands.SelectMany(sub => sub.Aliases.Prepend(sub.Name)))}"];
        return [.. parsed.Errors.Select(error => error.Message)];
    }

    /// <summary>Words that begin as options do and are taken for something else. Behind '--' every word is an argument.</summary>
    private static IEnumerable<string> UnknownOptions(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var plain = arguments.SkipWhile(word => word != "--").Skip(1).ToHashSet(StringComparer.Ordinal);
        return parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens.Select(token => token.Value))
            .Concat(parsed.UnmatchedTokens)
            .Where(word => word.Length > 1 && word[0] == '-' && !plain.Contains(word))
            .Select(word => word.Split('=', 2)[0]);
    }
}
