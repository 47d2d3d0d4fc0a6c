using System.Diagnostics.CodeAnalysis;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Scenarios;

/// <content>Steps.</content>
internal sealed partial class ScenarioReader
{
    private static readonly string[] OtherSteps = ["crash", "restart", "addRule", "removeRule", "send", "replicate", "push"];
    private static readonly string StepExpected = $"{ScenarioText.Expected<NodeCommand>()}, or {JsonObjectReader.Listed(OtherSteps)}";

    private List<ScenarioStep> ReadSteps(List<JsonValue> items)
    {
        var steps = new List<ScenarioStep>();
        foreach (var item in items)
        {
            var reader = new JsonObjectReader(_mistakes, item, "a step");
            int before = _mistakes.Count;
            var at = reader.Text<Instant>("at", ScenarioText.DurationExpected, ScenarioText.TryInstant);
            if (_mistakes.Count > before && steps.Count > 0)
                at = steps[^1].At; // said already
            if (steps.Count > 0 && at < steps[^1].At)
                _mistakes.Add(item.Offset, $"Steps stand in the order of time: this one, at {at} s, comes behind one at {steps[^1].At} s.");
            string? id = reader.OptionalText("id", "a name for expectations to refer to");
            string? note = reader.OptionalText("note", "a remark");
            var step = ReadStep(reader, at);
            if (step is null)
                continue; // said already; what its other properties should be, nobody knows
            reader.Finish();
            step = step with { Id = id, Note = note };
            if (id is not null && !_steps.TryAdd(id, step))
                _mistakes.Add(item.Offset, $"There is a step '{id}' already.");
            steps.Add(step);
        }

        return steps;
    }

    private ScenarioStep? ReadStep(JsonObjectReader reader, Instant at)
    {
        string what = reader.Text("do", StepExpected);
        switch (what)
        {
            case "crash":
                return new CrashStep(at) { Hosts = Hosts(reader, HostRoles.None) };
            case "restart":
                return ReadRestart(reader, at);
            case "addRule":
                return reader.Require("rule", "a link rule") is { } rule ? new AddRuleStep(at, ReadRule(rule, at)) : null;
            case "removeRule":
                return new RemoveRuleStep(at, reader.Text<string>("rule", "the name of a link rule", (string text, [MaybeNullWhen(false)] out string name) =>
                {
                    name = text;
                    return _rules.Contains(text);
                }) ?? "");
            case "send":
                return ReadSend(reader, at);
            case "replicate":
                return new ReplicateStep(at, ReadHostNames(reader.Require("from", "the name of a name server, or an array of names"), "from", HostRoles.NameServer))
                {
                    Hosts = Hosts(reader, HostRoles.NameServer),
                };
            case "push":
                return new PushStep(at, ReadHostNames(reader.Require("to", "the name of a name server, or an array of names"), "to", HostRoles.NameServer), reader.Flag("propagate"))
                {
                    Hosts = Hosts(reader, HostRoles.NameServer),
                };
        }

        if (ScenarioText.TryEnum(what, out NodeCommand command))
            return ReadCommand(reader, at, command);
        if (what.Length > 0)
            _mistakes.Add(reader.Find("do")!.Offset, $"'do' must be {StepExpected}, not \"{what}\".");
        return null;
    }

    private RestartStep ReadRestart(JsonObjectReader reader, Instant at)
    {
        var dialect = reader.OptionalText<NetBtDialect>("dialect", JsonObjectReader.Listed(NetBtDialect.All.Select(known => known.Name)), NetBtDialect.TryFind);
        var step = new RestartStep(at, reader.Flag("forget", standard: true)) { Hosts = Hosts(reader, dialect is null ? HostRoles.None : HostRoles.Node), Dialect = dialect };
        if (dialect is not null && !step.Forgets)
            _mistakes.Add(reader.Offset, "A machine that comes back with another dialect has forgotten everything: 'forget' must be true.");
        return step;
    }

    private NodeStep ReadCommand(JsonObjectReader reader, Instant at, NodeCommand command) => new(at, command)
    {
        Hosts = Hosts(reader, HostRoles.Node),
        Name = command switch
        {
            NodeCommand.AddName or NodeCommand.AddGroupName or NodeCommand.DeleteName or NodeCommand.Query or NodeCommand.RefreshName or NodeCommand.CorrectNameServer =>
                reader.Text<NetBiosName>("name", ScenarioText.NameExpected, ScenarioText.TryName),
            NodeCommand.NodeStatus => Optional<NetBiosName>(reader, "name", ScenarioText.NameExpected, ScenarioText.TryName) ?? default,
            _ => default,
        },
        User = command is NodeCommand.Logon or NodeCommand.Logoff
            ? reader.Text<string>("user", "the user's name, at most 15 characters", ScenarioText.TryBaseName) ?? ""
            : "",
        Address = command switch
        {
            NodeCommand.NodeStatus or NodeCommand.CorrectNameServer => reader.Require("of", ScenarioText.HostAddressExpected) is { } of ? ReadHostAddress(of, "of") : default,
            NodeCommand.Query => ReadOptionalHostAddress(reader, "of") ?? default,
            _ => default,
        },
        TransactionId = command is NodeCommand.Boot or NodeCommand.Refresh or NodeCommand.PurgeCache or NodeCommand.Shutdown
            ? null
            : (ushort?)reader.OptionalNumber("transactionId", 0, ushort.MaxValue),
        Tries = command is NodeCommand.Query or NodeCommand.NodeStatus ? (int?)reader.OptionalNumber("tries", 1, 100) : null,
        IsGroup = command == NodeCommand.CorrectNameServer && reader.Flag("group"),
        RecursionDesired = command != NodeCommand.Query || reader.Flag("recursion", standard: true),
    };

    private System.Collections.Immutable.ImmutableArray<string> Hosts(JsonObjectReader reader, HostRoles roles) =>
        ReadHostNames(reader.Require("host", "the name of a host, or an array of names"), "host", roles);

    private SendStep ReadSend(JsonObjectReader reader, Instant at)
    {
        var hosts = Hosts(reader, HostRoles.None);
        var source = ReadOptionalHostAddress(reader, "source");
        int interfaceIndex = (int)(reader.OptionalNumber("interface", 0, 15) ?? 0);
        foreach (string host in hosts)
        {
            if (interfaceIndex >= _hostByName[host].Interfaces.Length)
                _mistakes.Add(reader.Offset, $"'{host}' has no interface {interfaceIndex}: the first is 0.");
        }

        Ipv4Address? to = null;
        if (reader.Require("to", "\"broadcast\", an address, or the name of a host") is { } target && target.Text != "broadcast")
            to = ReadHostAddress(target, "to");
        byte[] payload = reader.Has("octets")
            ? reader.OptionalText<byte[]>("octets", "the octets of a packet in hex", ScenarioText.TryOctets) ?? []
            : ReadPacket(reader, to is null);
        if (payload.Length > 1472)
            _mistakes.Add(reader.Offset, "A packet has at most 1,472 octets.");
        return new SendStep(at, [.. payload]) { Hosts = hosts, To = to, Source = source, InterfaceIndex = interfaceIndex };
    }

    /// <summary>A packet by its kind: RFC 1002 §4.2.</summary>
    private byte[] ReadPacket(JsonObjectReader reader, bool isBroadcast)
    {
        var kind = reader.Text<NbnsMessageKind>("packet", $"its kind ({ScenarioText.Expected<NbnsMessageKind>()}), or 'octets' instead", ScenarioText.TryEnum);
        var name = reader.Text<NetBiosName>("name", ScenarioText.NameExpected, ScenarioText.TryName);
        ushort id = (ushort)(reader.OptionalNumber("transactionId", 0, ushort.MaxValue) ?? 1);
        var address = ReadOptionalHostAddress(reader, "address") ?? default;
        bool isGroup = reader.Flag("group");
        var nodeType = reader.OptionalText("nodeType", "'B', 'P', 'M' or 'H'", ScenarioText.TryEnum, OwnerNodeType.B);
        uint timeToLive = (uint)(reader.OptionalNumber("ttl", 0, uint.MaxValue) ?? 0);
        var rcode = reader.OptionalText("rcode", ScenarioText.Expected<NbnsRcode>(), ScenarioText.TryEnum, NbnsRcode.ActiveError);
        var entry = new NbEntry(new NbFlags(isGroup, nodeType), address);
        try
        {
            NbnsMessage? message = kind switch
            {
                NbnsMessageKind.NameRegistrationRequest => new NameRegistrationRequest(id, name, entry, timeToLive, isBroadcast),
                NbnsMessageKind.NameOverwriteRequest => new NameOverwriteRequest(id, name, entry, timeToLive),
                NbnsMessageKind.NameOverwriteDemand => new NameOverwriteDemand(id, name, entry, timeToLive),
                NbnsMessageKind.NameRefreshRequest => new NameRefreshRequest(id, name, entry, timeToLive),
                NbnsMessageKind.MultihomedNameRegistrationRequest => new MultihomedNameRegistrationRequest(id, name, entry, timeToLive),
                NbnsMessageKind.PositiveNameRegistrationResponse => new PositiveNameRegistrationResponse(id, name, entry, timeToLive),
                NbnsMessageKind.NegativeNameRegistrationResponse => new NegativeNameRegistrationResponse(id, name, rcode, entry, timeToLive),
                NbnsMessageKind.EndNodeChallengeNameRegistrationResponse => new EndNodeChallengeNameRegistrationResponse(id, name, entry, timeToLive),
                NbnsMessageKind.NameConflictDemand => new NameConflictDemand(id, name, nodeType),
                NbnsMessageKind.NameReleaseRequest => new NameReleaseRequest(id, name, entry),
                NbnsMessageKind.NameReleaseDemand => new NameReleaseDemand(id, name, entry),
                NbnsMessageKind.PositiveNameReleaseResponse => new PositiveNameReleaseResponse(id, name, entry),
                NbnsMessageKind.NegativeNameReleaseResponse => new NegativeNameReleaseResponse(id, name, rcode, entry),
                NbnsMessageKind.NameQueryRequest => new NameQueryRequest(id, name, isBroadcast),
                NbnsMessageKind.PositiveNameQueryResponse => new PositiveNameQueryResponse(id, name, [entry], timeToLive),
                NbnsMessageKind.NegativeNameQueryResponse => new NegativeNameQueryResponse(id, name, rcode),
                NbnsMessageKind.NodeStatusRequest => new NodeStatusRequest(id, name, isBroadcast),
                _ => null,
            };
            if (message is not null)
                return message.ToArray();
            if (kind != NbnsMessageKind.Unknown)
                _mistakes.Add(reader.Offset, $"A packet of this kind is sent as 'octets'.");
        }
        catch (ArgumentException error)
        {
            _mistakes.Add(reader.Offset, error.Message);
        }

        return [];
    }
}
