using System.Collections.Immutable;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Reports;

/// <summary>
/// A simulation as NDJSON while it happens: who takes part, commands, decisions, datagrams, losses, events and why; the names that machines have, and what
/// became of a scenario's expectations, at the end.
/// </summary>
public sealed class RunNdjson
{
    private readonly NdjsonWriter _ndjson;
    private readonly Simulator _simulator;

    private RunNdjson(NdjsonWriter ndjson, Simulator simulator)
    {
        (_ndjson, _simulator) = (ndjson, simulator);
        simulator.AddObserver(new Observer(ndjson));
    }

    /// <summary>Begins to write what happens in a simulation.</summary>
    /// <param name="simulator">The simulation.</param>
    /// <param name="ndjson">Where to.</param>
    public static RunNdjson Attach(Simulator simulator, NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(ndjson);
        return new RunNdjson(ndjson, simulator);
    }

    /// <summary>Writes what a scenario is, and begins to write what happens in its run.</summary>
    /// <param name="run">The run, before its first step.</param>
    /// <param name="ndjson">Where to.</param>
    public static RunNdjson Attach(ScenarioRun run, NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(ndjson);
        ScenarioReport.WriteStart(ndjson, run);
        return new RunNdjson(ndjson, run.Simulator);
    }

    /// <summary>Writes every machine's name table, and what name servers have registered, as they are now.</summary>
    public void WriteNames()
    {
        foreach (var host in _simulator.Hosts())
        {
            foreach (var record in _simulator.NameServerOf(host)?.GetRecords() ?? [])
                _ndjson.WriteRecord(_simulator, host, record);
            foreach (var row in _simulator.NodeOf(host)?.GetNameRows() ?? [])
                _ndjson.WriteState(_simulator.Now, _simulator.NameOf(host), _simulator.AddressOf(host), row);
        }
    }

    /// <summary>Writes the names, and what became of a scenario's expectations.</summary>
    /// <param name="results">What became of each.</param>
    public void WriteEnd(ImmutableArray<ExpectationResult> results)
    {
        WriteNames();
        ScenarioReport.WriteResults(_ndjson, results);
    }

    private sealed class Observer(NdjsonWriter ndjson) : SimulationObserver
    {
        private readonly Dictionary<NetBtEvent, long> _logging = new(ReferenceEqualityComparer.Instance); // the decision behind an event that is about to be logged

        public override bool HearsDecisions => true;

        public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
        {
            ndjson.WriteDecision(number, simulator.NameOf(host), decision);
            if (decision.Event is { } logged)
                _logging[logged] = number;
        }

        public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
        {
            bool whole = NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _);
            ndjson.Write(
                "datagram",
                new Datagram(
                    simulator, datagram.Number, datagram.Sender, datagram.Source, datagram.Destination, datagram.IsBroadcast,
                    whole ? packet.TransactionId : null, datagram.Decision, NbnsDescription.Describe(datagram.Payload), Convert.ToHexStringLower(datagram.Payload)),
                static (json, it) =>
                {
                    json.WriteMoment(it.Simulator.Now);
                    json.WriteNumber("number", it.Number);
                    json.WriteHost(it.Simulator, it.Sender);
                    json.WriteString("source", it.Source.Address.ToString());
                    json.WriteNumber("sourcePort", it.Source.Port);
                    json.WriteString("destination", it.Destination.Address.ToString());
                    json.WriteNumber("destinationPort", it.Destination.Port);
                    json.WriteBoolean("broadcast", it.IsBroadcast);
                    if (it.TransactionId is { } id)
                        json.WriteNumber("transactionId", id);
                    if (it.Decision != 0)
                        json.WriteNumber("causedBy", it.Decision);
                    json.WriteString("description", it.Description);
                    json.WriteString("payload", it.Payload);
                });
        }

        public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate) => ndjson.Write(
            "fate",
            (simulator.Now, datagram.Number, fate.Kind, Receiver: fate.Receiver is { } receiver ? simulator.NameOf(receiver) : null, Rule: fate.Rule?.Name),
            static (json, it) =>
            {
                json.WriteMoment(it.Now);
                json.WriteNumber("number", it.Number);
                json.WriteString("fate", it.Kind.ToString());
                if (it.Receiver is not null)
                    json.WriteString("receiver", it.Receiver);
                if (it.Rule is not null)
                    json.WriteString("linkRule", it.Rule);
            });

        public override void Logged(Simulator simulator, HostId host, NetBtEvent logged)
        {
            _logging.Remove(logged, out long decision);
            ndjson.WriteEvent(simulator.Now, simulator.NameOf(host), simulator.AddressOf(host), logged, decision);
        }

        public override void Commanded(Simulator simulator, HostId host, string description) => Command(simulator, host, description);

        public override void HostChanged(Simulator simulator, HostId host, bool isUp) => Command(simulator, host, isUp ? "restart" : "crash");

        public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded) => ndjson.Write(
            "linkRule", (simulator.Now, rule.Name, isAdded), static (json, it) =>
            {
                json.WriteMoment(it.Now);
                json.WriteString("linkRule", it.Name);
                json.WriteBoolean("added", it.isAdded);
            });

        private void Command(Simulator simulator, HostId host, string description) => ndjson.Write(
            "command", (Simulator: simulator, host, description), static (json, it) =>
            {
                json.WriteMoment(it.Simulator.Now);
                json.WriteHost(it.Simulator, it.host);
                json.WriteString("command", it.description);
            });

        private readonly record struct Datagram(
            Simulator Simulator, long Number, HostId Sender, Ipv4Endpoint Source, Ipv4Endpoint Destination, bool IsBroadcast, ushort? TransactionId, long Decision, string Description, string Payload);
    }
}
