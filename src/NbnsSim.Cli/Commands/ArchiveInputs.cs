using System.CommandLine;
using NbnsSim.Jobs.Archives;

namespace NbnsSim.Cli.Commands;

/// <summary>The captures of an archive, on a command line: by name, or in a list.</summary>
internal sealed class ArchiveInputs
{
    private readonly Argument<string[]> _inputs = new("INPUT")
    {
        HelpName = "INPUT",
        Description = "Captures: files, folders with all that is in them, patterns such as 'tap2/*.pcapng', URLs of objects and of buckets' listings.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _list = new("--list") { HelpName = "FILE", Description = "Further inputs, a path or URL a line; '-' for standard input." };

    public void AddTo(Command command)
    {
        command.Add(_inputs);
        command.Add(_list);
        command.Refuse("No captures are named.", result => result.GetResult(_inputs) is not { Tokens.Count: > 0 } && result.GetResult(_list) is null);
    }

    public string[] Of(ParseResult parsed) => [.. parsed.GetValue(_inputs)!, .. parsed.GetValue(_list) is { } list ? InputList.Read(list) : []];

    /// <summary>A folder's full path.</summary>
    public static string? Full(string? folder) => folder is null ? null : Path.GetFullPath(folder);

    public static Option<long?> ShardOctets(string description) => Choices.Option<long?>(
        "--shard-octets", "N", description, text => long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long octets) && octets >= ArchiveSpec.MinShardOctets
            ? octets : throw new FormatException($"--shard-octets is at least {ArchiveSpec.MinShardOctets}, not '{text}'."));
}
