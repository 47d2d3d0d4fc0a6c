using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NbnsSim.Scenarios;

/// <summary>What a scenario can change in a dialect of nodes or of name servers, by name.</summary>
internal sealed class DialectSettings<TDialect>(params ImmutableArray<DialectSetting<TDialect>> all)
    where TDialect : class
{
    public ImmutableArray<string> Names { get; } = [.. all.Select(one => one.Name)];

    /// <summary>Reads all that a dialect's object changes.</summary>
    public ImmutableArray<DialectSwitch> Read(JsonObjectReader reader) =>
        [.. all.Select(one => (one.Name, Value: one.Read(reader))).Where(one => one.Value is not null).Select(one => new DialectSwitch(one.Name, one.Value!))];

    /// <summary>What values a setting can have, in words; null where there is no such setting.</summary>
    public string? ExpectedOf(string name) => all.FirstOrDefault(one => one.Name == name)?.Expected;

    /// <exception cref="ArgumentException">There is no such setting, or it cannot have this value.</exception>
    public TDialect Set(TDialect dialect, DialectSwitch change)
    {
        foreach (var one in all)
        {
            if (one.Name == change.Name)
                return one.Set(dialect, change.Value) ?? throw new ArgumentException($"'{change.Name}' cannot be '{change.Value}'.", nameof(change));
        }

        throw new ArgumentException($"There is no switch '{change.Name}'.", nameof(change));
    }
}

/// <summary>One of them: what values it can have, how it is read, as text, and how it is set; null for a value that it cannot have.</summary>
internal sealed record DialectSetting<TDialect>(string Name, string Expected, Func<JsonObjectReader, string?> Read, Func<TDialect, string, TDialect?> Set)
    where TDialect : class
{
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(365); // of NetBtTiming

    public static DialectSetting<TDialect> Flag(string name, Func<TDialect, bool, TDialect> set) => new(
        name, "true or false", reader => reader.OptionalFlag(name) is { } isOn ? DialectSwitch.Word(isOn) : null,
        (dialect, text) => text == DialectSwitch.Word(true) ? set(dialect, true) : text == DialectSwitch.Word(false) ? set(dialect, false) : null);

    public static DialectSetting<TDialect> Choice<T>(string name, Func<TDialect, T, TDialect> set)
        where T : struct, Enum => Text(name, ScenarioText.Expected<T>(), ScenarioText.TryEnum, set);

    public static DialectSetting<TDialect> Number(string name, long least, long most, Func<TDialect, long, TDialect> set) => new(
        name, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"), reader => reader.OptionalNumber(name, least, most)?.ToString(CultureInfo.InvariantCulture),
        (dialect, text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most ? set(dialect, number) : null);

    /// <summary>What is done again and again has a least time, so that no file makes a run endless.</summary>
    public static DialectSetting<TDialect> Duration(string name, TimeSpan least, Func<TDialect, TimeSpan, TDialect> set, TimeSpan? most = null, bool allowsNone = false)
    {
        var longest = most ?? LongestDuration;
        bool takesZero = allowsNone || least == TimeSpan.Zero;
        string from = takesZero ? "or \"0\"" : $"at least {least.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms";
        string to = longest.Days > 0 ? $"{longest.Days.ToString(CultureInfo.InvariantCulture)} days" : $"{longest.TotalMinutes.ToString(CultureInfo.InvariantCulture)} min";
        return Text(
            name, $"a duration such as \"0.5ms\", \"20s\" or \"10min\", {from}, at most {to}",
            (string text, out TimeSpan duration) =>
                ScenarioText.TryDuration(text, out duration) && (duration >= least || (takesZero && duration == TimeSpan.Zero)) && duration <= longest,
            set);
    }

    private static DialectSetting<TDialect> Text<T>(string name, string expected, JsonObjectReader.TryParse<T> parse, Func<TDialect, T, TDialect> set)
        where T : struct => new(
        name, expected, reader => reader.OptionalText<string>(name, expected, (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text;
            return parse(text, out _);
        }),
        (dialect, text) => parse(text, out var value) ? set(dialect, value) : null);
}
