using System.Text.Json;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Scenarios;

/// <content>Link rules.</content>
internal sealed partial class ScenarioReader
{
    internal const string SegmentPrefix = "segment:";

    private ScenarioRule ReadRule(JsonValue value, Instant added)
    {
        var reader = new JsonObjectReader(_mistakes, value, "a link rule");
        string name = reader.Text<string>("name", ScenarioText.LabelExpected, ScenarioText.TryLabel) ?? "";
        var fault = reader.Text<LinkFault>("fault", ScenarioText.Expected<LinkFault>(), ScenarioText.TryEnum);
        var from = ReadScope(reader, "from");
        var to = ReadScope(reader, "to");
        var start = reader.OptionalText("start", ScenarioText.DurationExpected, ScenarioText.TryInstant, Instant.Epoch);
        var end = reader.OptionalText("end", ScenarioText.DurationExpected, ScenarioText.TryInstant, Instant.MaxValue);
        var rule = new LinkRule(name.Length == 0 ? "?" : name, fault)
        {
            PartsPerMillion = reader.OptionalText("probability", ScenarioText.ProbabilityExpected, ScenarioText.TryProbability, LinkRule.Always),
            Delay = reader.OptionalText("delay", ScenarioText.DelayExpected, ScenarioText.TryDelay, TimeSpan.Zero),
            Jitter = reader.OptionalText("jitter", ScenarioText.DelayExpected, ScenarioText.TryDelay, TimeSpan.Zero),
            BothWays = reader.Flag("bothWays"),
            Start = start,
            End = end,
            Match = reader.Find("match") is { } match ? ReadMatch(match) : null,
            Skip = (int)(reader.OptionalNumber("skip", 0, int.MaxValue) ?? 0),
            Datagram = (uint)(reader.OptionalNumber("datagram", 1, uint.MaxValue) ?? 0),
            Count = (int)(reader.OptionalNumber("count", 1, int.MaxValue) ?? int.MaxValue),
        };
        reader.Finish();
        if (rule.Datagram != 0 && from.Host is null)
            _mistakes.Add(value.Offset, $"Link rule '{name}' needs a host in 'from': 'datagram' is the number of one of its datagrams.");
        if (fault is LinkFault.Delay or LinkFault.Reorder && rule.Delay + rule.Jitter == TimeSpan.Zero)
            _mistakes.Add(value.Offset, $"Link rule '{name}' needs 'delay' or 'jitter'.");
        if (fault is LinkFault.Loss or LinkFault.Partition or LinkFault.Corrupt or LinkFault.Hold && rule.Delay + rule.Jitter > TimeSpan.Zero)
            _mistakes.Add(value.Offset, $"Link rule '{name}' delays nothing: 'delay' and 'jitter' are for 'delay', 'duplicate' and 'reorder'.");
        if (name.Length > 0 && !_rules.Add(name))
            _mistakes.Add(value.Offset, $"There is a link rule '{name}' already.");
        if (_rules.Count > MaxRules)
            _mistakes.Add(value.Offset, $"A scenario has at most {MaxRules} link rules.");
        if (end < start || end < added)
            _mistakes.Add(value.Offset, $"Link rule '{name}' ends before it begins.");
        return new ScenarioRule(rule, from, to);
    }

    /// <summary>A host's name, or a segment's behind "segment:".</summary>
    private ScenarioScope ReadScope(JsonObjectReader reader, string name)
    {
        if (reader.Find(name) is not { } value)
            return default;
        if (value.Type == JsonTokenType.String && value.Text.StartsWith(SegmentPrefix, StringComparison.Ordinal))
            return new ScenarioScope(null, FindSegment(value, value.Text[SegmentPrefix.Length..])?.Name);
        if (value.Type == JsonTokenType.String && _hostByName.ContainsKey(value.Text))
            return new ScenarioScope(value.Text, null);
        string seen = value.Type == JsonTokenType.String ? $"\"{value.Text}\"" : value.Kind;
        _mistakes.Add(value.Offset, $"'{name}' must be the name of a host, or \"segment:\" and the name of a segment, not {seen}.");
        return default;
    }

    private PacketMatch ReadMatch(JsonValue value)
    {
        var reader = new JsonObjectReader(_mistakes, value, "a match");
        var match = new PacketMatch
        {
            Kind = Optional<NbnsMessageKind>(reader, "kind", ScenarioText.Expected<NbnsMessageKind>(), ScenarioText.TryEnum),
            Opcode = Optional<NbnsOpcode>(reader, "opcode", ScenarioText.Expected<NbnsOpcode>(), ScenarioText.TryEnum),
            Rcode = Optional<NbnsRcode>(reader, "rcode", ScenarioText.Expected<NbnsRcode>(), ScenarioText.TryEnum),
            IsResponse = reader.OptionalFlag("response"),
            IsBroadcast = reader.OptionalFlag("broadcast"),
            Name = Optional<NetBiosName>(reader, "name", ScenarioText.NameExpected, ScenarioText.TryName),
        };
        reader.Finish();
        return match;
    }

    /// <summary>A value that may be left out.</summary>
    private static T? Optional<T>(JsonObjectReader reader, string name, string expected, JsonObjectReader.TryParse<T> parse)
        where T : struct
    {
        if (reader.Has(name))
            return reader.OptionalText(name, expected, parse);
        reader.Find(name);
        return null;
    }
}
