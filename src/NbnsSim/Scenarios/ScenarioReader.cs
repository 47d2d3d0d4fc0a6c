using System.Diagnostics.CodeAnalysis;
using System.Collections.Immutable;
using System.Text.Json;
using NbnsSim.Protocol;

namespace NbnsSim.Scenarios;

/// <summary>Reads a scenario file, and finds all its mistakes at once: whatever a run would stumble over is found here, where it stands.</summary>
internal sealed partial class ScenarioReader
{
    private const int MaxSegments = 4_096; // of a simulator
    private const int MaxRouters = 4_096;
    private const int MaxPlaces = 65_536; // of all routers together
    private const int MaxRules = 65_535; // of a simulator, those that steps add included
    private const int MaxExpectations = 100_000;

    private static readonly TimeSpan StandardLatency = TimeSpan.FromMicroseconds(500);

    private readonly MistakeList _mistakes;
    private readonly List<ScenarioSegment> _segments = [];
    private readonly Dictionary<string, ScenarioSegment> _segmentByName = new(StringComparer.Ordinal);
    private readonly List<ScenarioHost> _hosts = [];
    private readonly Dictionary<string, ScenarioHost> _hostByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _groups = new(StringComparer.Ordinal); // hosts by the name of their entry
    private readonly HashSet<string> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScenarioStep> _steps = new(StringComparer.Ordinal); // by id
    private int _places; // of all routers so far

    private ScenarioReader(MistakeList mistakes) => _mistakes = mistakes;

    public static bool TryRead(ReadOnlySpan<byte> utf8, string file, [NotNullWhen(true)] out Scenario? scenario, out ImmutableArray<ScenarioMistake> mistakes)
    {
        scenario = null;
        var found = new MistakeList(file, utf8.ToArray());
        try
        {
            if (Encodings.Refuse(utf8) is { } refusal)
            {
                mistakes = [found.At(0, refusal)];
                return false;
            }

            var read = new ScenarioReader(found).Read(JsonValue.Read(utf8, found));
            scenario = found.Count == 0 ? read : null;
            mistakes = found.ToArray();
        }
        catch (TooManyMistakesException)
        {
            mistakes = found.ToArray();
        }
        catch (JsonException error)
        {
            // The reader of JSON itself says where it stumbled, from zero.
            int line = (int)(error.LineNumber ?? 0) + 1;
            int column = (int)(error.BytePositionInLine ?? 0) + 1;
            string message = error.Message;
            int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            mistakes = [new ScenarioMistake(file, line, column, VisibleText.Escape(position < 0 ? message : message[..position]))];
        }

        return mistakes.IsEmpty;
    }

    private Scenario Read(JsonValue root)
    {
        var reader = new JsonObjectReader(_mistakes, root, "a scenario");
        reader.Find("$schema");
        string name = reader.Text("name", "a short name such as \"q131739\"");
        string title = reader.OptionalText("title", "a title") ?? name;
        string description = reader.OptionalText("description", "a text") ?? "";
        var sources = Texts(reader.Items("sources", "texts such as \"Q131739\""), "sources");
        ulong seed = (ulong)(reader.OptionalNumber("seed", 0, long.MaxValue) ?? 1);
        var dialect = reader.Find("dialect") is { } chosen ? ReadDialect(chosen) : new DialectChoice(NetBtDialect.WindowsNt35);

        var segments = reader.RequireItems("segments", "an array of segments");
        foreach (var item in segments.Take(MaxSegments))
            ReadSegment(item);
        if (segments.Count == 0 && reader.Find("segments") is { Type: JsonTokenType.StartArray } none)
            _mistakes.Add(none.Offset, "A scenario has at least one segment: where else should its hosts stand?");
        Limit(segments, MaxSegments, "segments");
        var routers = Limit(reader.Items("routers", "routers"), MaxRouters, "routers").ConvertAll(ReadRouter);
        ReadHosts(reader.RequireItems("hosts", "an array of hosts"));
        var rules = Limit(reader.Items("rules", "link rules"), MaxRules, "link rules").ConvertAll(item => ReadRule(item, Instant.Epoch));
        var steps = ReadSteps(reader.RequireItems("steps", "an array of steps"));
        var end = reader.Text<Instant>("end", ScenarioText.DurationExpected, ScenarioText.TryInstant);
        if (steps.Count > 0 && steps[^1].At > end && reader.Find("end") is { Type: JsonTokenType.String } value && ScenarioText.TryInstant(value.Text, out _))
            _mistakes.Add(value.Offset, $"'end' must not be before the last step, at {steps[^1].At} s.");
        var expectations = Limit(reader.Items("expect", "expectations"), MaxExpectations, "expectations").ConvertAll(item => ReadExpectation(item, end));
        var check = reader.Find("check") is { } asked ? ReadCheck(asked) : null;
        reader.Finish();

        return new Scenario
        {
            Name = name,
            Title = title,
            Description = description,
            Sources = sources,
            Seed = seed,
            Dialect = dialect,
            Segments = [.. _segments],
            Routers = [.. routers],
            Hosts = [.. _hosts],
            Rules = [.. rules],
            Steps = [.. steps],
            End = end,
            Expectations = [.. expectations],
            Check = check,
        };
    }

    /// <summary>A preset's name, or an object with a preset and switches.</summary>
    private DialectChoice ReadDialect(JsonValue value)
    {
        string expected = JsonObjectReader.Listed(NetBtDialect.All.Select(dialect => dialect.Name));
        if (value.Type == JsonTokenType.String)
        {
            if (NetBtDialect.TryFind(value.Text, out var named))
                return new DialectChoice(named);
            _mistakes.Add(value.Offset, $"There is no dialect \"{value.Text}\": expected {expected}.");
            return new DialectChoice(NetBtDialect.Rfc1002);
        }

        var reader = new JsonObjectReader(_mistakes, value, "a dialect");
        var preset = reader.Text<NetBtDialect>("preset", expected, NetBtDialect.TryFind);
        var switches = DialectSwitches.Read(reader);
        reader.Finish();
        return new DialectChoice(preset ?? NetBtDialect.Rfc1002, switches);
    }

    private void ReadSegment(JsonValue value)
    {
        var reader = new JsonObjectReader(_mistakes, value, "a segment");
        string name = reader.Text<string>("name", ScenarioText.LabelExpected, ScenarioText.TryLabel) ?? "";
        var subnet = reader.Text<Ipv4Subnet>("subnet", "a subnet such as \"10.0.0.0/24\"", ScenarioText.TrySubnet);
        var latency = reader.OptionalText("latency", ScenarioText.DelayExpected, ScenarioText.TryDelay, StandardLatency);
        bool isRight = reader.Find("subnet") is { Type: JsonTokenType.String } given && ScenarioText.TrySubnet(given.Text, out _);
        reader.Finish();
        if (name.Length == 0)
            return;
        var segment = new ScenarioSegment(name, subnet, latency);
        if (!_segmentByName.TryAdd(name, segment))
            _mistakes.Add(value.Offset, $"There is a segment '{name}' already.");
        else if (isRight && _segments.Find(other => other.Subnet.Overlaps(subnet)) is { } other)
            _mistakes.Add(value.Offset, $"Subnet {subnet} overlaps {other.Subnet} of segment '{other.Name}'.");
        _segments.Add(segment);
    }

    private ScenarioRouter ReadRouter(JsonValue value)
    {
        var reader = new JsonObjectReader(_mistakes, value, "a router");
        string name = reader.Text<string>("name", ScenarioText.LabelExpected, ScenarioText.TryLabel) ?? "";
        var items = reader.RequireItems("segments", "the names of two or more segments");
        var latency = reader.OptionalText("latency", ScenarioText.DelayExpected, ScenarioText.TryDelay, TimeSpan.Zero);
        reader.Finish();
        _places += items.Count;
        if (_places > MaxPlaces)
        {
            _mistakes.Add(value.Offset, $"The routers of a scenario stand on at most {MaxPlaces} segments together.");
            return new ScenarioRouter(name, [], latency);
        }

        var segments = items.ConvertAll(item => FindSegment(item, item.Text)?.Name ?? "");
        if (segments.Count < 2 || segments.Distinct(StringComparer.Ordinal).Count() < segments.Count)
            _mistakes.Add(value.Offset, "A router stands between two or more segments, each given once.");
        return new ScenarioRouter(name, [.. segments], latency);
    }

    private ScenarioSegment? FindSegment(JsonValue where, string name)
    {
        var found = where.Type == JsonTokenType.String ? _segmentByName.GetValueOrDefault(name) : null;
        if (found is null)
            _mistakes.Add(where.Offset, $"There is no segment '{name}': expected {JsonObjectReader.Listed(_segments.Select(segment => segment.Name))}.");
        return found;
    }

    /// <summary>Notes an array of more than can be; the rest is not read.</summary>
    private List<JsonValue> Limit(List<JsonValue> items, int most, string what)
    {
        if (items.Count <= most)
            return items;
        _mistakes.Add(items[most].Offset, FormattableString.Invariant($"A scenario has at most {most} {what}, not {items.Count}."));
        return items[..most];
    }

    private ImmutableArray<string> Texts(List<JsonValue> items, string name)
    {
        foreach (var item in items)
        {
            if (item.Type != JsonTokenType.String)
                _mistakes.Add(item.Offset, $"'{name}' holds texts, not {item.Kind}.");
        }

        return [.. items.Select(item => item.Text)];
    }
}
