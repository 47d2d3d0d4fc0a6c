using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace NbnsSim.Scenarios;

/// <summary>Reads an object property by property, and notes what is missing, wrong, unknown or there twice. Mistakes give a stand-in value.</summary>
internal sealed class JsonObjectReader
{
    private readonly JsonValue _value;
    private readonly string _what;
    private readonly List<string> _known = [];

    /// <summary>Begins to read.</summary>
    /// <param name="mistakes">Where mistakes are noted.</param>
    /// <param name="value">The value, which should be an object.</param>
    /// <param name="what">What it stands for, with an article: "a host".</param>
    public JsonObjectReader(MistakeList mistakes, JsonValue value, string what)
    {
        Mistakes = mistakes;
        _value = value;
        _what = what;
        if (value.Type != JsonTokenType.StartObject)
            mistakes.Add(value.Offset, $"{what} must be an object, not {value.Kind}.");
    }

    /// <summary>Reads text into a value.</summary>
    public delegate bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value);

    public MistakeList Mistakes { get; }

    public int Offset => _value.Offset;

    /// <summary>A property's value, or null where there is none.</summary>
    public JsonValue? Find(string name)
    {
        _known.Add(name);
        return _value.Members.Find(member => member.Name == name)?.Value;
    }

    public bool Has(string name) => _value.Members.Exists(member => member.Name == name);

    /// <summary>A property that must be there.</summary>
    public JsonValue? Require(string name, string expected)
    {
        var found = Find(name);
        if (found is null && _value.Type == JsonTokenType.StartObject)
            Mistakes.Add(_value.Offset, $"{_what} needs '{name}': {expected}.");
        return found;
    }

    public string Text(string name, string expected) => Parse<string>(Require(name, expected), name, expected, AnyText) ?? "";

    public string? OptionalText(string name, string expected) => Parse<string>(Find(name), name, expected, AnyText);

    public T? Text<T>(string name, string expected, TryParse<T> parse) => Parse(Require(name, expected), name, expected, parse);

    public T? OptionalText<T>(string name, string expected, TryParse<T> parse) => Parse(Find(name), name, expected, parse);

    public T OptionalText<T>(string name, string expected, TryParse<T> parse, T standard) => Has(name) ? OptionalText(name, expected, parse) ?? standard : Known(name, standard);

    public bool Flag(string name, bool standard = false) => OptionalFlag(name) ?? standard;

    public bool? OptionalFlag(string name)
    {
        var found = Find(name);
        if (found is null)
            return null;
        if (found.Type is JsonTokenType.True or JsonTokenType.False)
            return found.Type == JsonTokenType.True;
        Mistakes.Add(found.Offset, $"'{name}' must be true or false, not {found.Kind}.");
        return null;
    }

    public long? OptionalNumber(string name, long minimum, long maximum)
    {
        var found = Find(name);
        if (found is null)
            return null;
        if (found.Type == JsonTokenType.Number && long.TryParse(found.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= minimum && number <= maximum)
            return number;
        string seen = found.Type == JsonTokenType.Number ? found.Text : found.Kind;
        Mistakes.Add(found.Offset, FormattableString.Invariant($"'{name}' must be a whole number from {minimum} to {maximum}, not {seen}."));
        return null;
    }

    /// <summary>The items of an array; none where there is no such property.</summary>
    public List<JsonValue> Items(string name, string expected) => Items(Find(name), name, expected);

    /// <summary>The items of an array that must be there.</summary>
    public List<JsonValue> RequireItems(string name, string expected) => Items(Require(name, expected), name, expected);

    /// <summary>Notes the properties that nobody asked for, and those that are there twice.</summary>
    public void Finish()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in _value.Members)
        {
            if (!seen.Add(member.Name))
                Mistakes.Add(member.Offset, $"'{member.Name}' is given twice.");
            else if (!_known.Contains(member.Name, StringComparer.Ordinal))
                Mistakes.Add(member.Offset, $"{_what} has no '{member.Name}': expected {Listed(_known.Distinct(StringComparer.Ordinal))}.");
        }
    }

    /// <summary>'a', 'b' or 'c'.</summary>
    public static string Listed(IEnumerable<string> names)
    {
        string[] quoted = [.. names.Select(name => $"'{name}'")];
        return quoted.Length < 2 ? string.Concat(quoted) : $"{string.Join(", ", quoted[..^1])} or {quoted[^1]}";
    }

    /// <summary>The text of an item that is to be a string.</summary>
    public T? Parse<T>(JsonValue? value, string name, string expected, TryParse<T> parse)
    {
        if (value is null)
            return default;
        if (value.Type == JsonTokenType.String && parse(value.Text, out var parsed))
            return parsed;
        string seen = value.Type == JsonTokenType.String ? $"\"{value.Text}\"" : value.Kind;
        Mistakes.Add(value.Offset, $"'{name}' must be {expected}, not {seen}.");
        return default;
    }

    private T Known<T>(string name, T standard)
    {
        _known.Add(name);
        return standard;
    }

    private List<JsonValue> Items(JsonValue? found, string name, string expected)
    {
        if (found is null)
            return [];
        if (found.Type != JsonTokenType.StartArray)
            Mistakes.Add(found.Offset, $"'{name}' must be an array of {expected}, not {found.Kind}.");
        return found.Items;
    }

    private static bool AnyText(string text, out string value)
    {
        value = text;
        return true;
    }
}
