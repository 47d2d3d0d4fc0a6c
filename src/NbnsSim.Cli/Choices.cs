using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Reports;

namespace NbnsSim.Cli;

/// <summary>Options that several commands have.</summary>
internal static class Choices
{
    /// <summary>An option whose value is read by <paramref name="parse"/>, whose <see cref="FormatException"/> says what is wrong.</summary>
    public static Option<T?> Option<T>(string name, string helpName, string description, Func<string, T> parse, T? standard = default)
    {
        var option = new Option<T?>(name) { Description = description, HelpName = helpName, CustomParser = result => Read(result, result.Tokens[^1].Value, parse) };
        if (standard is not null)
            option.DefaultValueFactory = _ => standard;
        return option;
    }

    /// <summary>An argument that is read in the same way.</summary>
    public static Argument<T?> Argument<T>(string name, string description, Func<string, T> parse) =>
        new(name) { HelpName = name, Description = description, Arity = ArgumentArity.ExactlyOne, CustomParser = result => Read(result, result.Tokens[^1].Value, parse) };

    /// <summary>An option that may be given several times; <paramref name="parse"/> gets the values before this one, too.</summary>
    public static Option<T[]> Several<T>(string name, string helpName, string description, Func<string, IReadOnlyList<T>, T> parse) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var values = new List<T>();
            foreach (var token in result.Tokens)
                values.Add(Read(result, token.Value, text => parse(text, values))!);
            return [.. values];
        },
    };

    /// <summary>Reads a word; what is wrong with it is an error of the command line.</summary>
    public static T? Read<T>(SymbolResult result, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
            return default;
        }
    }

    /// <summary>Refuses what does not go together.</summary>
    public static void Refuse(this Command command, string mistake, Func<CommandResult, bool> isMade) => command.Validators.Add(result =>
    {
        if (isMade(result))
            result.AddError(mistake);
    });

    /// <summary>Refuses what a request says is wrong with itself; a value that cannot be read is told of where it stands.</summary>
    public static void Refuse(this Command command, Func<CommandResult, IEnumerable<string>> mistakes) => command.Validators.Add(result =>
    {
        try
        {
            foreach (string mistake in mistakes(result))
                result.AddError(mistake);
        }
        catch (InvalidOperationException)
        {
        }
    });

    /// <summary>One or more captures, which are read as one.</summary>
    public static Argument<string[]> Captures(string what)
    {
        var files = new Argument<string[]>("FILE") { Description = $"{what}; several are one, merged by time. '-' reads from standard input.", Arity = ArgumentArity.OneOrMore };
        files.Validators.Add(result =>
        {
            if (result.Tokens.Count(token => token.Value == "-") > 1)
                result.AddError("Standard input can be read once.");
        });
        return files;
    }

    public static Option<bool> Json(string of = "Print JSON objects, one a line.") => new("--json") { Description = of };

    public static Option<bool> Local() => new("--local") { Description = "Print times in this machine's time zone rather than in UTC; JSON keeps UTC." };

    /// <summary>What <see cref="Local"/> chose.</summary>
    public static WallClock Clock(Terminal terminal, bool isLocal) => isLocal ? new WallClock(terminal.LocalZone) : WallClock.Utc;

    public static Option<NetBiosNameFilter?> Names() =>
        Option("--name", "NAME", "Only this name (JSMITH<03>, JSMITH#03, 'JSMITH         :3'), or names that begin with this (JSMITH).", NetBiosNameFilter.Parse);

    public static Option<Ipv4Address?> Host(string name, string description) => Option<Ipv4Address?>(
        name, "ADDRESS", description, text => Ipv4Address.TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no IPv4 address: expected one such as 10.0.0.1."));

    /// <summary>A whole number.</summary>
    public static Option<T?> Number<T>(string name, string helpName, string description, T most, Func<string, string> complaint, int least = 0)
        where T : struct, IBinaryInteger<T> => Option<T?>(
            name, helpName, description, text => T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out T number) && number <= most && number >= T.CreateChecked(least) ? number : throw new FormatException(complaint(text)));

    /// <summary><c>ADDRESS[:PORT]</c>.</summary>
    public static Option<Ipv4Endpoint?> Endpoint(string name, string description) => Option<Ipv4Endpoint?>(name, "ADDRESS[:PORT]", description, text => Ipv4Endpoint.Parse(text));

    /// <summary>One of an enumeration's names; numbers are none.</summary>
    public static Option<T?> OneOf<T>(string name, string helpName, string description, string expected)
        where T : struct, Enum => Option<T?>(
            name, helpName, description, text => Enum.GetValues<T>().Where(value => value.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)).Select(value => (T?)value).FirstOrDefault()
                ?? throw new FormatException($"'{text}' is none of those there are: expected {expected}."));

    /// <summary>A point of a capture, or of a run.</summary>
    public static Option<ReplayPoint?> At(string description, string expected) => Option<ReplayPoint?>("--at", "TIME|FRAME", description, text => ReplayPoint.TryParse(text, out var point)
        ? point
        : throw new FormatException($"'{text}' is neither {expected} such as 14:31:00, 2024-02-29T14:31:00, 1709217060.5 or +90.5."));

    /// <summary>What machines behave like; without a default it may be left out.</summary>
    public static Option<string?> Dialect(string description, NetBtDialect? standard = null)
    {
        const string names = "rfc1002, nt3.5, nt3.51, nt4, w2k, w10, w11 or ws2025";
        var option = Option(
            "--dialect", "DIALECT", $"{description}: {names}.", text => FindDialect(text)?.Name ?? throw new FormatException($"There is no dialect '{text}': expected {names}."), standard?.Name);
        option.CompletionSources.Add([.. NetBtDialect.All.Select(dialect => dialect.Name)]);
        return option;
    }

    public static NetBtDialect? FindDialect(string? name) => NetBtDialect.TryFind(name, out var dialect) ? dialect : null;
}
