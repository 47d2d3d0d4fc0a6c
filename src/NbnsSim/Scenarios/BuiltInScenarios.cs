using System.Collections.Immutable;
using System.Text;

namespace NbnsSim.Scenarios;

/// <summary>The scenarios that come with the library, and the JSON Schema of scenario files.</summary>
public static class BuiltInScenarios
{
    private const string Prefix = "NbnsSim.Scenarios.";
    private const string Suffix = ".json";
    private const string SchemaName = "scenario.schema";

    /// <summary>Their names, in order.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        .. typeof(BuiltInScenarios).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length])
            .Where(name => name != SchemaName)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The JSON Schema (draft 7) of scenario files.</summary>
    public static string Schema => Encoding.UTF8.GetString(Read(SchemaName)!);

    /// <summary>The text of one, to look at or to start from; null where there is none of that name.</summary>
    /// <param name="name">Its name, in any case.</param>
    public static string? FindText(string name) => Read(name) is { } text ? Encoding.UTF8.GetString(text) : null;

    /// <summary>One of them; null where there is none of that name.</summary>
    /// <param name="name">Its name, in any case.</param>
    public static Scenario? Find(string name) => Read(name) is { } text ? Scenario.Parse(text, name + Suffix) : null;

    private static byte[]? Read(string name)
    {
        using var stream = typeof(BuiltInScenarios).Assembly.GetManifestResourceStream(Prefix + name.ToLowerInvariant() + Suffix);
        if (stream is null)
            return null;
        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }
}
