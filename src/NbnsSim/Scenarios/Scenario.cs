using System.Diagnostics.CodeAnalysis;
using System.Collections.Immutable;
using NbnsSim.Protocol;

namespace NbnsSim.Scenarios;

/// <summary>
/// A network, what happens in it and what is expected of it, as data: read from a JSON file (schema: <see cref="BuiltInScenarios.Schema"/>), run by
/// <see cref="ScenarioRun"/>. What a scenario refers to exists: that is checked when it is read.
/// </summary>
/// <example>
/// <code>
/// byte[] text = """{ "title": "Two printers", "hosts": [ { "name": "ALPHA", "address": "10.0.0.1", "colour": "red" } ] }"""u8.ToArray();
/// if (!Scenario.TryParse(text, "printers.json", out var scenario, out var mistakes))
/// {
///     foreach (var mistake in mistakes)
///         Console.WriteLine(mistake); // file, line and column, and what is wrong
/// }
/// </code>
/// </example>
public sealed record Scenario
{
    private const int MaxFileSize = 16 * 1024 * 1024;

    /// <summary>Its short name, as on a command line.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in a sentence.</summary>
    public string Title { get; init; } = "";

    /// <summary>What it shows.</summary>
    public string Description { get; init; } = "";

    /// <summary>What it rests on: articles, RFC sections.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>What all randomness follows from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How hosts behave that have no dialect of their own; a run may choose another.</summary>
    public DialectChoice Dialect { get; init; } = new(NetBtDialect.WindowsNt35);

    /// <summary>The segments.</summary>
    public ImmutableArray<ScenarioSegment> Segments { get; init; } = [];

    /// <summary>The routers between them.</summary>
    public ImmutableArray<ScenarioRouter> Routers { get; init; } = [];

    /// <summary>The hosts, those with a count expanded.</summary>
    public ImmutableArray<ScenarioHost> Hosts { get; init; } = [];

    /// <summary>The link rules that are there from the start.</summary>
    public ImmutableArray<ScenarioRule> Rules { get; init; } = [];

    /// <summary>What is done, in the order of time.</summary>
    public ImmutableArray<ScenarioStep> Steps { get; init; } = [];

    /// <summary>When it is over.</summary>
    public Instant End { get; init; }

    /// <summary>What is expected.</summary>
    public ImmutableArray<ScenarioExpectation> Expectations { get; init; } = [];

    /// <summary>How it is to be checked, unless somebody says otherwise; <see langword="null"/> where it does not say.</summary>
    public ScenarioCheck? Check { get; init; }

    /// <summary>Reads a scenario.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="file">What mistakes call the file.</param>
    /// <exception cref="ScenarioException">It has mistakes.</exception>
    public static Scenario Parse(ReadOnlySpan<byte> utf8, string file) =>
        TryParse(utf8, file, out var scenario, out var mistakes) ? scenario! : throw new ScenarioException(mistakes);

    /// <summary>Reads a scenario.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="file">What mistakes call the file.</param>
    /// <param name="scenario">The scenario, or null.</param>
    /// <param name="mistakes">What is wrong with it: the first hundred mistakes; where there may be more, a last one says so.</param>
    /// <returns>Whether nothing is.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, string file, [NotNullWhen(true)] out Scenario? scenario, out ImmutableArray<ScenarioMistake> mistakes)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return ScenarioReader.TryRead(utf8, file, out scenario, out mistakes);
    }

    /// <summary>Reads a scenario from a file.</summary>
    /// <param name="path">The file; at most 16 MiB.</param>
    /// <exception cref="ScenarioException">It has mistakes, or is too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static Scenario Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        return Read(stream, path);
    }

    /// <summary>Whether a file may be a scenario, as its first character tells: JSON, which may begin with a comment.</summary>
    /// <param name="file">The file; it can seek, and is at its start afterwards.</param>
    public static bool IsLikely(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        file.Position = 0;
        int first = file.ReadByte();
        while (first is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF) // white space, or UTF-8's mark
            first = file.ReadByte();
        file.Position = 0;
        return first is '{' or '/';
    }

    /// <summary>Writes it as a scenario file: <see cref="Read"/> makes the same of it. Hosts stand one by one, and what has its standard value is left out.</summary>
    /// <param name="output">Where to; left open.</param>
    public void Write(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        ScenarioWriter.Write(this, output);
    }

    /// <summary>Reads a scenario from a stream, such as standard input, to its end.</summary>
    /// <param name="stream">The stream, which need not seek; at most 16 MiB.</param>
    /// <param name="file">What mistakes call it.</param>
    /// <exception cref="ScenarioException">It has mistakes, or is too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Scenario Read(Stream stream, string file) => Parse(ReadText(stream, file), file);

    /// <summary>The text of a scenario, to be parsed or to be saved with its run (<see cref="ScenarioRun.Save"/>), from a stream to its end.</summary>
    /// <param name="stream">The stream, which need not seek; at most 16 MiB.</param>
    /// <param name="file">What mistakes call it.</param>
    /// <exception cref="ScenarioException">It is too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] ReadText(Stream stream, string file)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var text = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            text.Write(buffer, 0, read);
            if (text.Length > MaxFileSize)
                throw new ScenarioException([new ScenarioMistake(file, 1, 1, "The file is larger than 16 MiB: expected a scenario.")]);
        }

        return text.ToArray();
    }
}

/// <summary>A dialect and what is changed in it.</summary>
/// <param name="Preset">The dialect.</param>
/// <param name="Switches">Names and values of what is changed, in the order given; they are kept when a run chooses another dialect.</param>
public sealed record DialectChoice(NetBtDialect Preset, ImmutableArray<DialectSwitch> Switches = default)
{
    /// <summary>The dialect with its changes.</summary>
    /// <param name="chosen">A dialect to take in place of <see cref="Preset"/>, or null.</param>
    public NetBtDialect Make(NetBtDialect? chosen = null)
    {
        var dialect = chosen ?? Preset;
        foreach (var change in Switches.IsDefault ? [] : Switches)
            dialect = DialectSwitches.Set(dialect, change);
        return dialect;
    }
}

/// <summary>A switch, a choice, a count or a time of a dialect, set.</summary>
/// <param name="Name">Its name as in a scenario file: <c>noNameReleaseOnDemand</c>, <c>releaseDemand</c>, <c>broadcastRetryTimeout</c>.</param>
/// <param name="Value">Its value as there: <c>true</c>, <c>conflictOnName</c>, <c>3</c>, <c>750ms</c>.</param>
public readonly record struct DialectSwitch(string Name, string Value)
{
    /// <summary>A switch that is on or off.</summary>
    /// <param name="name">Its name as in a scenario file: <c>noNameReleaseOnDemand</c>.</param>
    /// <param name="isOn">Whether it is on.</param>
    public DialectSwitch(string name, bool isOn)
        : this(name, Word(isOn))
    {
    }

    internal static string Word(bool isOn) => isOn ? "true" : "false";
}
