using System.Collections.Immutable;
using System.Text.Json;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Scenarios;

/// <content>Expectations.</content>
internal sealed partial class ScenarioReader
{
    internal const string Absent = "absent";

    private ScenarioExpectation ReadExpectation(JsonValue value, Instant end)
    {
        var reader = new JsonObjectReader(_mistakes, value, "an expectation");
        const string expected = "'event', 'name', 'packets', 'result', 'record' or 'decision'";
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
        var becauseRules = because is null ? [] : ReadRuleIds(because, reader.Find("because")!.Offset);
        ScenarioExpectation read = what switch
        {
            "event" => ReadEvent(reader),
            "name" => ReadName(reader),
            "packets" => ReadPackets(reader),
            "result" => ReadResult(reader),
            "record" => ReadRecord(reader),
            "decision" => ReadDecision(reader),
            _ => new EventExpectation(0, default),
        };
        if (what.Length > 0 && read is EventExpectation && what != "event")
            _mistakes.Add(reader.Find("expect")!.Offset, $"'expect' must be {expected}, not \"{what}\".");
        else
            reader.Finish();
        return read with { Line = _mistakes.LineOf(value.Offset), Dialects = dialects, At = at, Because = because, BecauseRules = becauseRules };
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

    private DecisionExpectation ReadDecision(JsonObjectReader reader)
    {
        const string expected = "the id of a rule, such as B5.defend-unique";
        var value = reader.Require("rule", expected);
        var rule = value is { Type: JsonTokenType.String } ? RuleBook.Find(value.Text) : null;
        if (value is not null && rule is null)
            _mistakes.Add(value.Offset, value.Type == JsonTokenType.String ? NoSuchRule(value.Text) : $"'rule' must be {expected}, not {value.Kind}.");
        return new DecisionExpectation(rule ?? RuleBook.All[0], ReadCount(reader, new ExpectedCount(1, long.MaxValue)))
        {
            Hosts = ReadHostNames(reader.Find("host"), "host"),
            Name = Optional<NetBiosName>(reader, "name", ScenarioText.NameExpected, ScenarioText.TryName),
            Peer = ReadOptionalHostAddress(reader, "peer"),
        };
    }

    /// <summary>The rules that a text names by their ids; what looks like an id and is none is a mistake.</summary>
    private ImmutableArray<Rule> ReadRuleIds(string text, int offset)
    {
        var rules = ImmutableArray.CreateBuilder<Rule>();
        foreach (var range in text.AsSpan().SplitAny(" ,;:()[]'\"/\u2013\u2014\u2026\t\r\n"))
        {
            string word = text[range].Trim('.', '?', '!');
            if (RuleBook.Find(word) is { } rule)
                rules.Add(rule);
            else if (LooksLikeARule(word))
                _mistakes.Add(offset, NoSuchRule(word));
        }

        return rules.ToImmutable();
    }

    /// <summary>A group's letter and number, a period and words in small letters, as in B5.defend-unique: a clause such as §15.1.3.5 or a system such as nt3.51 is none.</summary>
    private static bool LooksLikeARule(string word)
    {
        int period = word.IndexOf('.', StringComparison.Ordinal);
        return period > 1 && period < word.Length - 1 && char.IsAsciiLetterUpper(word[0]) && !word.AsSpan(1, period - 1).ContainsAnyExceptInRange('0', '9')
            && char.IsAsciiLetterLower(word[period + 1]);
    }

    private static string NoSuchRule(string id) =>
        $"There is no rule \"{id}\": expected the id of one of the rule book, such as B5.defend-unique.{Suggestion.For(id, RuleBook.All.Select(rule => rule.Id))}";

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
