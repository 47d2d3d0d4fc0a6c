using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Running;

/// <summary>Prints a run as JSON lines while it happens: commands, datagrams, losses, events and why; names at the end.</summary>
internal sealed class RunJson(Terminal terminal) : SimulationObserver
{
    public override bool HearsDecisions => true;

    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision) => WriteDecision(terminal, number, simulator.NameOf(host), decision);

    /// <summary>A decision: who, by which rule, about what, and what set it off.</summary>
    public static void WriteDecision(Terminal terminal, long number, string host, in Decision decision) =>
        JsonLines.Write(terminal, "decision", (number, host, decision), static (json, it) =>
        {
            json.WriteString("time", it.decision.Time.ToString());
            json.WriteNumber("number", it.number);
            json.WriteString("host", it.host);
            json.WriteString("rule", it.decision.Rule.Id);
            json.WriteString("kind", it.decision.Rule.Kind.ToString());
            json.WriteString("basis", JsonLines.Word(it.decision.Rule.Basis));
            json.WriteString("ruleSource", it.decision.Rule.Source);
            if (it.decision.Name != default)
            {
                json.WriteString("name", it.decision.Name.BaseName);
                json.WriteNumber("suffix", (int)it.decision.Name.Suffix);
                json.WriteString("scope", it.decision.Name.Scope.ToString());
                json.WriteBoolean("group", it.decision.IsGroup);
            }

            if (it.decision.Peer != default)
                json.WriteString("peer", it.decision.Peer.Address.ToString());
            if (it.decision.Address != default)
                json.WriteString("address", it.decision.Address.ToString());
            if (it.decision.TransactionId != 0)
                json.WriteNumber("transactionId", it.decision.TransactionId);
            if (it.decision.Tries > 0)
            {
                json.WriteNumber("try", it.decision.Try);
                json.WriteNumber("tries", it.decision.Tries);
            }

            json.WriteString("cause", it.decision.Cause.Kind.ToString());
            if (it.decision.Cause.Decision != 0)
                json.WriteNumber("causedBy", it.decision.Cause.Decision);
            if (it.decision.Event is { } logged)
                json.WriteNumber("logs", logged.Id);
        });

    public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
    {
        bool whole = NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _);
        JsonLines.Write(
            terminal, "datagram",
            new Datagram(
                simulator.Now, datagram.Number, simulator.NameOf(datagram.Sender), datagram.Source, datagram.Destination, datagram.IsBroadcast,
                whole ? packet.TransactionId : null, datagram.Decision, NbnsDescription.Describe(datagram.Payload), Convert.ToHexStringLower(datagram.Payload)),
            static (json, it) =>
            {
                json.WriteString("time", it.Time.ToString());
                json.WriteNumber("number", it.Number);
                json.WriteString("host", it.Host);
                json.WriteString("source", it.Source.Address.ToString());
                json.WriteNumber("sourcePort", it.Source.Port);
                json.WriteString("destination", it.Destination.Address.ToString());
                json.WriteNumber("destinationPort", it.Destination.Port);
                json.WriteBoolean("broadcast", it.IsBroadcast);
                if (it.TransactionId is { } id)
                    json.WriteNumber("transactionId", id);
                if (it.Decision != 0)
                    json.WriteNumber("decision", it.Decision);
                json.WriteString("description", it.Description);
                json.WriteString("payload", it.Payload);
            });
    }

    public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate) => JsonLines.Write(
        terminal, "fate",
        (simulator.Now, datagram.Number, fate.Kind, Receiver: fate.Receiver is { } receiver ? simulator.NameOf(receiver) : null, Rule: fate.Rule?.Name),
        static (json, it) =>
        {
            json.WriteString("time", it.Now.ToString());
            json.WriteNumber("number", it.Number);
            json.WriteString("fate", it.Kind.ToString());
            if (it.Receiver is not null)
                json.WriteString("receiver", it.Receiver);
            if (it.Rule is not null)
                json.WriteString("rule", it.Rule);
        });

    public override void Logged(Simulator simulator, HostId host, NetBtEvent logged)
    {
        JsonLines.WriteEvent(terminal, simulator.Now, simulator.NameOf(host), simulator.AddressOf(host), logged);
        JsonLines.WriteReason(terminal, simulator.Now, simulator.NameOf(host), logged);
    }

    public override void Commanded(Simulator simulator, HostId host, string description) => Command(simulator, host, description);

    public override void HostChanged(Simulator simulator, HostId host, bool isUp) => Command(simulator, host, isUp ? "restart" : "crash");

    public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded) => JsonLines.Write(
        terminal, "rule", (simulator.Now, rule.Name, isAdded), static (json, it) =>
        {
            json.WriteString("time", it.Now.ToString());
            json.WriteString("rule", it.Name);
            json.WriteBoolean("added", it.isAdded);
        });

    /// <summary>Every node's name table as it is now.</summary>
    public void WriteNames(ScenarioRun run)
    {
        var simulator = run.Simulator;
        for (int host = 0; host < simulator.HostCount; host++)
        {
            var id = new HostId(host);
            foreach (var record in run.NameServerOf(id)?.GetRecords() ?? [])
                WriteRecord(simulator, id, record);
            if (run.NodeOf(id) is not { } node)
                continue;
            foreach (var row in node.GetNameRows())
                JsonLines.WriteName(terminal, simulator.Now, simulator.NameOf(id), simulator.AddressOf(id), row);
        }
    }

    private void WriteRecord(Simulator simulator, HostId server, NameRecord record) => JsonLines.Write(
        terminal, "record", (simulator.Now, Server: simulator.NameOf(server), record), static (json, it) =>
        {
            json.WriteString("time", it.Now.ToString());
            json.WriteString("server", it.Server);
            json.WriteString("name", it.record.Name.BaseName);
            json.WriteNumber("suffix", (int)it.record.Name.Suffix);
            json.WriteString("scope", it.record.Name.Scope.ToString());
            json.WriteString("kind", it.record.Type.ToString());
            json.WriteString("state", it.record.State.ToString());
            json.WriteStartArray("addresses");
            foreach (var member in it.record.Addresses)
                json.WriteStringValue(member.Address.ToString());
            json.WriteEndArray();
        });

    private void Command(Simulator simulator, HostId host, string description) => JsonLines.Write(
        terminal, "command", (simulator.Now, Host: simulator.NameOf(host), description), static (json, it) =>
        {
            json.WriteString("time", it.Now.ToString());
            json.WriteString("host", it.Host);
            json.WriteString("command", it.description);
        });

    private readonly record struct Datagram(
        Instant Time, long Number, string Host, Ipv4Endpoint Source, Ipv4Endpoint Destination, bool IsBroadcast, ushort? TransactionId, long Decision, string Description, string Payload);
}
