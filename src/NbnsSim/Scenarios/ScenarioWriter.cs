using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using NbnsSim.NameServers;
using NbnsSim.Protocol;

namespace NbnsSim.Scenarios;

/// <summary>Writes a scenario as a file that <see cref="ScenarioReader"/> reads as the same: hosts one by one, what has its standard value left out.</summary>
internal sealed partial class ScenarioWriter
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _json;
    private readonly Scenario _scenario;

    private ScenarioWriter(Utf8JsonWriter json, Scenario scenario) => (_json, _scenario) = (json, scenario);

    public static void Write(Scenario scenario, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Options);
        new ScenarioWriter(json, scenario).Write();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private void Write()
    {
        _json.WriteStartObject();
        _json.WriteString("name", _scenario.Name);
        Text("title", _scenario.Title, _scenario.Name);
        Text("description", _scenario.Description, "");
        Texts("sources", _scenario.Sources);
        if (_scenario.Seed != 1)
            _json.WriteNumber("seed", _scenario.Seed);
        WriteDialect("dialect", _scenario.Dialect);
        Array("segments", _scenario.Segments, WriteSegment);
        if (!_scenario.Routers.IsEmpty)
            Array("routers", _scenario.Routers, WriteRouter);
        Array("hosts", _scenario.Hosts, WriteHost);
        if (!_scenario.Rules.IsEmpty)
            Array("rules", _scenario.Rules, WriteRule);
        Array("steps", _scenario.Steps, WriteStep);
        Time("end", _scenario.End);
        if (!_scenario.Expectations.IsEmpty)
            Array("expect", _scenario.Expectations, WriteExpectation);
        if (_scenario.Check is { } check)
            WriteCheck(check);
        _json.WriteEndObject();
    }

    private void WriteSegment(ScenarioSegment segment)
    {
        _json.WriteString("name", segment.Name);
        _json.WriteString("subnet", segment.Subnet.ToString());
        _json.WriteString("latency", ScenarioText.Duration(segment.Latency));
    }

    private void WriteRouter(ScenarioRouter router)
    {
        _json.WriteString("name", router.Name);
        Texts("segments", router.Segments);
        Duration("latency", router.Latency);
    }

    private void WriteDialect(string property, DialectChoice choice)
    {
        if (choice.Switches.IsDefaultOrEmpty)
        {
            _json.WriteString(property, choice.Preset.Name);
            return;
        }

        WriteDialect(property, choice.Preset.Name, choice.Switches);
    }

    private void WriteDialect(string property, string preset, IEnumerable<DialectSwitch> switches)
    {
        _json.WriteStartObject(property);
        _json.WriteString("preset", preset);
        foreach (var change in switches)
        {
            if (change.Value is "true" or "false")
                _json.WriteBoolean(change.Name, change.Value == "true");
            else if (change.Value != "0" && long.TryParse(change.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                _json.WriteNumber(change.Name, number);
            else if (change.Value == "0" && IsNumber(change.Name))
                _json.WriteNumber(change.Name, 0);
            else
                _json.WriteString(change.Name, change.Value);
        }

        _json.WriteEndObject();
    }

    /// <summary>Whether a setting is a count, so that a zero is the number and no duration: those of times are told by what other values they have.</summary>
    private static bool IsNumber(string name) =>
        !DialectBehaviour.Of(NetBtDialect.Windows2000).Concat(DialectBehaviour.Of(NameServerDialect.Windows2000)).Any(one => one.Name == name && one.IsDuration);

    /// <summary>A name server's dialect has its changes in it: they are what differs from the preset of its name.</summary>
    private void WriteServerDialect(NameServerDialect dialect)
    {
        if (!NameServerDialect.TryFind(dialect.Name, out var preset))
            preset = NameServerDialect.Windows2000;
        ImmutableArray<DialectSwitch> changes =
        [
            .. DialectBehaviour.Of(dialect).Zip(DialectBehaviour.Of(preset)).Where(both => both.First.Value != both.Second.Value)
                .Select(both => new DialectSwitch(both.First.Name, both.First.Value)),
        ];
        if (changes.IsEmpty)
            _json.WriteString("dialect", preset.Name);
        else
            WriteDialect("dialect", preset.Name, changes);
    }

    private void Array<T>(string property, ImmutableArray<T> items, Action<T> write)
    {
        _json.WriteStartArray(property);
        foreach (var item in items)
        {
            _json.WriteStartObject();
            write(item);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void Text(string property, string? value, string? standard = null)
    {
        if (value is not null && value != standard)
            _json.WriteString(property, value);
    }

    private void Texts(string property, IEnumerable<string> values)
    {
        string[] all = [.. values];
        if (all.Length == 0)
            return;
        _json.WriteStartArray(property);
        foreach (string value in all)
            _json.WriteStringValue(value);
        _json.WriteEndArray();
    }

    private void Addresses(string property, IEnumerable<Ipv4Address> addresses) => Texts(property, addresses.Select(address => address.ToString()));

    private void Time(string property, Instant time) => _json.WriteString(property, ScenarioText.Duration(time - Instant.Epoch));

    private void Duration(string property, TimeSpan duration)
    {
        if (duration != TimeSpan.Zero)
            _json.WriteString(property, ScenarioText.Duration(duration));
    }

    private void Flag(string property, bool isOn, bool standard = false)
    {
        if (isOn != standard)
            _json.WriteBoolean(property, isOn);
    }

    private void Choice<T>(string property, T? value)
        where T : struct, Enum
    {
        if (value is { } choice)
            _json.WriteString(property, ScenarioText.Camel(choice.ToString()));
    }
}
