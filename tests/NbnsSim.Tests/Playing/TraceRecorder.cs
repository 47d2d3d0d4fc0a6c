using System.Text;
using NbnsSim.Events;
using NbnsSim.Narrative;
using NbnsSim.Playing;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Playing;

/// <summary>Keeps the trace of a play, with every detail unless told otherwise.</summary>
internal sealed class TraceRecorder : PlayRecorder
{
    private readonly StringBuilder _text = new();
    private readonly HistoryObserver _history;
    private readonly TraceWriter _trace;
    private readonly TraceDetail _detail;

    public TraceRecorder(Simulator simulator, TraceDetail detail = TraceDetail.Arrivals | TraceDetail.Timeouts)
        : this(new HistoryObserver(simulator), "", detail)
    {
    }

    private TraceRecorder(HistoryObserver history, string text, TraceDetail detail)
    {
        (_history, _detail) = (history, detail);
        _text.Append(text);
        _trace = new TraceWriter(new StringWriter(_text), detail);
    }

    public string Text => _text.ToString();

    public override DecisionHistory History => _history.History;

    /// <summary>The trace of a scenario's run, as the tool runs it.</summary>
    public static string Of(Scenario scenario)
    {
        var run = new ScenarioRun(scenario);
        using var text = new StringWriter();
        run.Simulator.AddObserver(new TraceWriter(text, TraceDetail.Arrivals | TraceDetail.Timeouts));
        run.Run();
        return text.ToString();
    }

    public override PlayRecorder Fork(Simulator simulator) => new TraceRecorder(_history.Fork(simulator), Text, _detail);

    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision) => _history.Decided(simulator, host, number, decision);

    public override void Sent(Simulator simulator, in SimulatedDatagram datagram) => _trace.Sent(simulator, datagram);

    public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex) =>
        _trace.Received(simulator, datagram, frame, receiver, interfaceIndex);

    public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate)
    {
        _history.Diverted(simulator, datagram, fate);
        _trace.Diverted(simulator, datagram, fate);
    }

    public override void MessageSent(Simulator simulator, HostId sender, ReplicationMessage message) => _trace.MessageSent(simulator, sender, message);

    public override void MessageDiverted(Simulator simulator, HostId sender, ReplicationMessage message, in DeliveryFate fate) => _trace.MessageDiverted(simulator, sender, message, fate);

    public override void Logged(Simulator simulator, HostId host, NetBtEvent logged) => _trace.Logged(simulator, host, logged);

    public override void Commanded(Simulator simulator, HostId host, string description) => _trace.Commanded(simulator, host, description);

    public override void TimedOut(Simulator simulator, HostId host) => _trace.TimedOut(simulator, host);

    public override void HostChanged(Simulator simulator, HostId host, bool isUp) => _trace.HostChanged(simulator, host, isUp);

    public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded)
    {
        _history.RuleChanged(simulator, rule, isAdded);
        _trace.RuleChanged(simulator, rule, isAdded);
    }
}
