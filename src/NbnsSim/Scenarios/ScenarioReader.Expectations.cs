using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;

namespace NbnsSim.Scenarios;

/// <content>Expectations.</content>
internal sealed partial class ScenarioReader
{
    private const string Absent = "absent";

    private ScenarioExpectation ReadExpectation(JsonValue value, Instant end)
    {
        var reader = new JsonObjectReader(_mistakes, value, "an expectation");
        const string expected = "'event', 'name', 'packets', 'result' or 'record'";
        string what = reader.Text("expect", expected);
        var dialects = Texts(reader.Items("dialects", "names of dialects"), "dialects");
        foreach (string dialect in dialects)
        {
            if (!NetBtDialect.TryFind(dialect, out _))
                _mistakes.Add(reader.Find("dialects")!.Offset, $"There is no dialect \"{dialect}\": expected {JsonObjectReader.Listed(NetBtDialect.All.Select(one => one.Name))}.");
        }

        var at = Optional<Instant>(reader, "at", ScenarioText.DurationExpected, ScenarioText.TryInstant);
        if (at > end && end > Instant.Epoch)
            _mistakes.Add(reader.Find("at")!.Offset, $"'at' must not be after the end, at {end} s.");
        string? because = reader.OptionalText("because", "a text");
        ScenarioExpectation read = what switch
        {
            "event" => ReadEvent(reader),
            "name" => ReadName(reader),
            "packets" => ReadPackets(reader),
            "result" => ReadResult(reader),
            "record" => ReadRecord(reader),
            _ => new EventExpectation(0, default),
        };
        if (what.Length > 0 && read is EventExpectation && what != "event")
            _mistakes.Add(reader.Find("expect")!.Offset, $"'expect' must be {expected}, not \"{what}\".");
        else
            reader.Finish();
        return read with { Line = _mistakes.LineOf(value.Offset), Dialects = dialects, At = at, Because = because };
    }

    private EventExpectation ReadEvent(JsonObjectReader reader) => new(
        (int)(Required(reader, "id", reader.OptionalNumber("id", 1, ushort.MaxValue), "an event id such as 4320") ?? 0),
        ReadCount(reader, new ExpectedCount(1, 1)))
    {
        Hosts = ReadHostNames(reader.Find("host"), "host"),
        Address = ReadOptionalHostAddress(reader, "address"),
        Name = Optional<NetBiosName>(reader, "name", ScenarioText.NameExpected, ScenarioText.TryName),
    };

    private NameExpectation ReadName(JsonObjectReader reader) => new(
        reader.Text<NetBiosName>("name", ScenarioText.NameExpected, ScenarioText.TryName),
        ReadState<LocalNameState>(reader))
    {
        Hosts = Hosts(reader, HostRoles.Node),
        IsGroup = reader.OptionalFlag("group"),
    };

    private PacketExpectation ReadPackets(JsonObjectReader reader) => new(
        Optional<NbnsMessageKind>(reader, "kind", ScenarioText.Expected<NbnsMessageKind>(), ScenarioText.TryEnum),
        ReadCount(reader, null))
    {
        From = ReadHostNames(reader.Find("from"), "from"),
        To = ReadOptionalHostAddress(reader, "to"),
        IsBroadcast = reader.OptionalFlag("broadcast"),
        Name = Optional<NetBiosName>(reader, "name", ScenarioText.NameExpected, ScenarioText.TryName),
    };

    private ResultExpectation ReadResult(JsonObjectReader reader)
    {
        var of = reader.Require("of", "the id of a step");
        if (of is not null && (!_steps.TryGetValue(of.Text, out var step) || step is not NodeStep))
            _mistakes.Add(of.Offset, $"There is no command with the id \"{of.Text}\": expected {JsonObjectReader.Listed(_steps.Where(one => one.Value is NodeStep).Select(one => one.Key))}.");
        return new ResultExpectation(
            of?.Text ?? "", reader.Text<OperationOutcome>("outcome", ScenarioText.Expected<OperationOutcome>(), ScenarioText.TryEnum))
        {
            Responder = ReadOptionalHostAddress(reader, "by"),
            Addresses = ReadAddresses(reader),
        };
    }

    private RecordExpectation ReadRecord(JsonObjectReader reader) => new(
        reader.Text<NetBiosName>("name", ScenarioText.NameExpected, ScenarioText.TryName),
        ReadState<NameRecordState>(reader))
    {
        Hosts = Hosts(reader, HostRoles.NameServer),
        Type = Optional<NameRecordType>(reader, "type", ScenarioText.Expected<NameRecordType>(), ScenarioText.TryEnum),
        Addresses = ReadAddresses(reader),
    };

    private ImmutableArray<Ipv4Address> ReadAddresses(JsonObjectReader reader) => reader.Has("addresses")
        ? [.. reader.Items("addresses", "addresses or hosts").Select(item => ReadHostAddress(item, "addresses"))]
        : Nothing(reader, "addresses");

    private static ImmutableArray<Ipv4Address> Nothing(JsonObjectReader reader, string name)
    {
        reader.Find(name);
        return default;
    }

    /// <summary>A state, or "absent".</summary>
    private static T? ReadState<T>(JsonObjectReader reader)
        where T : struct, Enum => reader.Text("state", $"{ScenarioText.Expected<T>()}, or '{Absent}'", static (string text, out T? state) =>
    {
        state = null;
        if (text == Absent)
            return true;
        if (!ScenarioText.TryEnum(text, out T known))
            return false;
        state = known;
        return true;
    });

    /// <summary>'count', or 'atLeast' and 'atMost'.</summary>
    private ExpectedCount ReadCount(JsonObjectReader reader, ExpectedCount? standard)
    {
        long? count = reader.OptionalNumber("count", 0, long.MaxValue);
        long? least = reader.OptionalNumber("atLeast", 0, long.MaxValue);
        long? most = reader.OptionalNumber("atMost", 0, long.MaxValue);
        if (count is not null && (least ?? most) is not null)
            _mistakes.Add(reader.Offset, "Either 'count', or 'atLeast' and 'atMost'.");
        if (least > most)
            _mistakes.Add(reader.Offset, $"'atLeast' {least} is more than 'atMost' {most}.");
        if (count is { } exact)
            return new ExpectedCount(exact, exact);
        if ((least ?? most) is null && standard is null)
            reader.Require("count", "how many; or 'atLeast' and 'atMost'");
        return (least ?? most) is null ? standard ?? default : new ExpectedCount(least ?? 0, most ?? long.MaxValue);
    }

    private long? Required(JsonObjectReader reader, string name, long? number, string expected)
    {
        if (!reader.Has(name))
            _mistakes.Add(reader.Offset, $"an expectation of an event needs '{name}': {expected}.");
        return number;
    }
}
