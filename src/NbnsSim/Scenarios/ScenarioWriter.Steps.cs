using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Nodes;
using NbnsSim.Simulation;

namespace NbnsSim.Scenarios;

/// <content>Steps, link rules and expectations.</content>
internal sealed partial class ScenarioWriter
{
    private void WriteStep(ScenarioStep step)
    {
        Time("at", step.At);
        Text("id", step.Id);
        Text("note", step.Note);
        _json.WriteString("do", step switch
        {
            NodeStep command => ScenarioText.Camel(command.Command.ToString()),
            CrashStep => "crash",
            RestartStep => "restart",
            ReplicateStep => "replicate",
            PushStep => "push",
            AddRuleStep => "addRule",
            RemoveRuleStep => "removeRule",
            _ => "send",
        });
        Hosts("host", step.Hosts);
        switch (step)
        {
            case NodeStep command:
                Text("name", command.Name == default ? null : command.Name.ToString());
                Text("user", command.User, "");
                Text("of", command.Address == default ? null : command.Address.ToString());
                if (command.TransactionId is { } id)
                    _json.WriteNumber("transactionId", id);
                if (command.Tries is { } tries)
                    _json.WriteNumber("tries", tries);
                Flag("group", command.IsGroup);
                Flag("recursion", command.RecursionDesired, standard: true);
                break;
            case RestartStep restart:
                Flag("forget", restart.Forgets, standard: true);
                Text("dialect", restart.Dialect?.Name);
                break;
            case ReplicateStep replicate:
                Hosts("from", replicate.Partners);
                break;
            case PushStep push:
                Hosts("to", push.Partners);
                Flag("propagate", push.Propagates);
                break;
            case AddRuleStep add:
                _json.WriteStartObject("rule");
                WriteRule(add.Rule);
                _json.WriteEndObject();
                break;
            case RemoveRuleStep remove:
                _json.WriteString("rule", remove.Name);
                break;
            case SendStep send:
                _json.WriteString("to", send.To?.ToString() ?? "broadcast");
                Text("source", send.Source?.ToString());
                if (send.InterfaceIndex != 0)
                    _json.WriteNumber("interface", send.InterfaceIndex);
                _json.WriteString("octets", Convert.ToHexString(send.Payload.AsSpan()));
                break;
        }
    }

    private void WriteRule(ScenarioRule it)
    {
        var rule = it.Rule;
        _json.WriteString("name", rule.Name);
        Choice<LinkFault>("fault", rule.Fault);
        if (rule.PartsPerMillion != LinkRule.Always)
            _json.WriteString("probability", (rule.PartsPerMillion / 10_000m).ToString(CultureInfo.InvariantCulture) + "%");
        Text("from", it.From.Host ?? (it.From.Segment is { } from ? ScenarioReader.SegmentPrefix + from : null));
        Text("to", it.To.Host ?? (it.To.Segment is { } to ? ScenarioReader.SegmentPrefix + to : null));
        Duration("delay", rule.Delay);
        Duration("jitter", rule.Jitter);
        Flag("bothWays", rule.BothWays);
        if (rule.Start != Instant.Epoch)
            Time("start", rule.Start);
        if (rule.End != Instant.MaxValue)
            Time("end", rule.End);
        if (rule.Datagram != 0)
            _json.WriteNumber("datagram", rule.Datagram);
        if (rule.Skip != 0)
            _json.WriteNumber("skip", rule.Skip);
        if (rule.Count != int.MaxValue)
            _json.WriteNumber("count", rule.Count);
        if (rule.Match is not { } match)
            return;
        _json.WriteStartObject("match");
        Choice("kind", match.Kind);
        Choice("opcode", match.Opcode);
        Choice("rcode", match.Rcode);
        Optional("response", match.IsResponse);
        Optional("broadcast", match.IsBroadcast);
        Text("name", match.Name?.ToString());
        _json.WriteEndObject();
    }

    private void WriteExpectation(ScenarioExpectation expectation)
    {
        switch (expectation)
        {
            case EventExpectation it:
                _json.WriteString("expect", "event");
                _json.WriteNumber("id", it.Id);
                Hosts("host", it.Hosts);
                Text("address", it.Address?.ToString());
                Text("name", it.Name?.ToString());
                Count(it.Count);
                break;
            case NameExpectation it:
                _json.WriteString("expect", "name");
                _json.WriteString("name", it.Name.ToString());
                State(it.State);
                Hosts("host", it.Hosts);
                Optional("group", it.IsGroup);
                break;
            case PacketExpectation it:
                _json.WriteString("expect", "packets");
                Choice("kind", it.Kind);
                Hosts("from", it.From);
                Text("to", it.To?.ToString());
                Optional("broadcast", it.IsBroadcast);
                Text("name", it.Name?.ToString());
                Count(it.Count);
                break;
            case ResultExpectation it:
                _json.WriteString("expect", "result");
                _json.WriteString("of", it.Of);
                Choice<OperationOutcome>("outcome", it.Outcome);
                Text("by", it.Responder?.ToString());
                AllAddresses(it.Addresses);
                break;
            case RecordExpectation it:
                _json.WriteString("expect", "record");
                _json.WriteString("name", it.Name.ToString());
                State(it.State);
                Hosts("host", it.Hosts);
                Choice("type", it.Type);
                AllAddresses(it.Addresses);
                break;
            case DecisionExpectation it:
                _json.WriteString("expect", "decision");
                _json.WriteString("rule", it.Rule.Id);
                Hosts("host", it.Hosts);
                Text("name", it.Name?.ToString());
                Text("peer", it.Peer?.ToString());
                Count(it.Count);
                break;
        }

        Texts("dialects", expectation.Dialects);
        if (expectation.At is { } at)
            Time("at", at);
        Text("because", expectation.Because);
    }

    private void Hosts(string property, ImmutableArray<string> hosts)
    {
        if (hosts.Length == 1)
            _json.WriteString(property, hosts[0]);
        else
            Texts(property, hosts);
    }

    private void Count(ExpectedCount count)
    {
        if (count.Least == count.Most)
        {
            _json.WriteNumber("count", count.Least);
            return;
        }

        _json.WriteNumber("atLeast", count.Least);
        if (count.Most != long.MaxValue)
            _json.WriteNumber("atMost", count.Most);
    }

    private void State<T>(T? state)
        where T : struct, Enum => _json.WriteString("state", state is { } known ? ScenarioText.Camel(known.ToString()) : ScenarioReader.Absent);

    private void AllAddresses(ImmutableArray<Ipv4Address> addresses)
    {
        if (addresses.IsDefault)
            return;
        _json.WriteStartArray("addresses");
        foreach (var address in addresses)
            _json.WriteStringValue(address.ToString());
        _json.WriteEndArray();
    }

    private void Optional(string property, bool? value)
    {
        if (value is { } isSo)
            _json.WriteBoolean(property, isSo);
    }
}
