using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Reports;

namespace NbnsSim.Cli;

/// <summary>Options that several commands have.</summary>
internal static class Choices
{
    /// <summary>An option whose value is read by <paramref name="parse"/>: null for what is none, of which <paramref name="complaint"/> says what is wrong.</summary>
    public static Option<T?> Option<T>(string name, string helpName, string description, Func<string, T?> parse, Func<string, string> complaint, T? standard = default)
    {
        var option = new Option<T?>(name) { Description = description, HelpName = helpName, CustomParser = Parser(parse, complaint) };
        if (standard is not null)
            option.DefaultValueFactory = _ => standard;
        return option;
    }

    /// <summary>An option that may be given several times, each value read by <paramref name="parse"/>, whose <see cref="FormatException"/> says what is wrong.</summary>
    public static Option<T[]> Several<T>(string name, string helpName, string description, Func<string, T> parse) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result =>
        {
            var values = new List<T>();
            foreach (var token in result.Tokens)
            {
                try
                {
                    values.Add(parse(token.Value));
                }
                catch (FormatException e)
                {
                    result.AddError(e.Message);
                }
            }

            return [.. values];
        },
    };

    /// <summary>Reads the last word given.</summary>
    public static Func<ArgumentResult, T?> Parser<T>(Func<string, T?> parse, Func<string, string> complaint) => result =>
    {
        string text = result.Tokens[^1].Value;
        var value = parse(text);
        if (value is null)
            result.AddError(complaint(text));
        return value;
    };

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

    public static Option<NetBiosNameFilter?> Names() => Option(
        "--name", "NAME", "Only this name (JSMITH<03>, JSMITH#03, 'JSMITH         :3'), or names that begin with this (JSMITH).",
        text => NetBiosNameFilter.TryParse(text, out var filter) ? filter : null,
        text => $"'{text}' is no NetBIOS name: expected NAME, NAME<20>, NAME#20 or NAME:20, at most 15 characters and two hex digits.");

    public static Option<Ipv4Address?> Host(string name, string description) => Option<Ipv4Address?>(
        name, "ADDRESS", description, text => Ipv4Address.TryParse(text, out var address) ? address : null, text => $"'{text}' is no IPv4 address: expected one such as 10.0.0.1.");

    /// <summary>A whole number.</summary>
    public static Option<T?> Number<T>(string name, string helpName, string description, T most, Func<string, string> complaint)
        where T : struct, System.Numerics.IBinaryInteger<T> => Option<T?>(
            name, helpName, description, text => T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out T number) && number <= most ? number : null, complaint);

    /// <summary><c>ADDRESS[:PORT]</c>.</summary>
    public static Option<Ipv4Endpoint?> Endpoint(string name, string description) => Option(name, "ADDRESS[:PORT]", description, ParseEndpoint, NoEndpoint);

    public static Ipv4Endpoint? ParseEndpoint(string text) => Ipv4Endpoint.TryParse(text, out var endpoint) ? endpoint : null;

    public static string NoEndpoint(string text) => $"'{text}' is no address: expected ADDRESS or ADDRESS:PORT, such as 192.168.1.2 or 127.0.0.1:1137.";

    /// <summary>One of an enumeration's names; numbers are none.</summary>
    public static Option<T?> OneOf<T>(string name, string helpName, string description, string expected)
        where T : struct, Enum => Option<T?>(
            name, helpName, description, text => Enum.GetValues<T>().Where(value => value.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)).Select(value => (T?)value).FirstOrDefault(),
            text => $"'{text}' is none of those there are: expected {expected}.");

    /// <summary>A point of a capture, or of a run; <see langword="default"/> for its end.</summary>
    public static Option<ReplayPoint> At(string description, string expected) => new("--at")
    {
        Description = description,
        HelpName = "TIME|FRAME",
        CustomParser = result =>
        {
            if (!ReplayPoint.TryParse(result.Tokens[0].Value, out var point))
                result.AddError($"'{result.Tokens[0].Value}' is neither {expected} such as 14:31:00, 2024-02-29T14:31:00, 1709217060.5 or +90.5.");
            return point;
        },
    };
}
