using System.Globalization;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <summary>
/// Writes a simulation as text, one line for each thing that happens: the time in seconds, who, what. Two runs are the same when their
/// traces are.
/// </summary>
/// <remarks>
/// <code>
/// 0.000000000 ALPHA command logon JSMITH
/// 0.000000000 ALPHA send #1 id 4D2A to 10.0.0.255 (broadcast): NAME REGISTRATION REQUEST JSMITH&lt;03&gt; unique 10.0.0.1 B-node TTL 0
/// 0.000500000 BETA lost #1 from ALPHA: rule 'deaf'
/// 0.750000000 ALPHA timeout
/// 9.000500000 ALPHA event 4320 JSMITH&lt;03&gt; from 10.0.0.2
/// </code>
/// Datagrams are numbered as they are sent; the id is NAME_TRN_ID. A port is given where it is not 137. What arrives in time has no line.
/// </remarks>
public sealed class TraceWriter : SimulationObserver
{
    private readonly TextWriter _output;
    private readonly TraceDetail _detail;

    /// <summary>Writes to <paramref name="output"/>, lines ending in a line feed on every system.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="detail">What to write beside sends, faults, events and commands.</param>
    public TraceWriter(TextWriter output, TraceDetail detail = TraceDetail.None)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _detail = detail;
    }

    /// <inheritdoc/>
    public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        string way = datagram.IsBroadcast ? " (broadcast)" : "";
        string on = datagram.InterfaceIndex > 0 ? Line($" on interface {datagram.InterfaceIndex}") : "";
        string from = datagram.Source.Port == Ipv4Endpoint.NameServicePort ? "" : Line($" from port {datagram.Source.Port}");
        Write(simulator, datagram.Sender, Line($"send {Reference(datagram)}{on}{from} to {Target(datagram.Destination)}{way}: {NbnsDescription.Describe(datagram.Payload)}"));
    }

    /// <inheritdoc/>
    public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        if (_detail.HasFlag(TraceDetail.Arrivals))
            Write(simulator, receiver, Line($"receive {Reference(datagram)} from {simulator.NameOf(datagram.Sender)}"));
    }

    /// <inheritdoc/>
    public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        string what = fate.Kind switch
        {
            DeliveryFateKind.Lost or DeliveryFateKind.NoSuchHost or DeliveryFateKind.NoRoute or DeliveryFateKind.HostDown => "lost",
            DeliveryFateKind.CutOff => "cut off",
            DeliveryFateKind.Delayed => "delayed",
            DeliveryFateKind.Duplicated => "duplicated",
            DeliveryFateKind.Reordered => "kept back",
            DeliveryFateKind.Corrupted => "corrupted",
            DeliveryFateKind.Held => "held",
            _ => "released",
        };
        string why = fate.Kind switch
        {
            DeliveryFateKind.NoSuchHost => Line($"no host has {datagram.Destination.Address}"),
            DeliveryFateKind.NoRoute => "no router leads there",
            DeliveryFateKind.HostDown => "host is down",
            DeliveryFateKind.Delayed or DeliveryFateKind.Duplicated => Line($"by {Seconds(fate.Delay)} s, rule '{fate.Rule?.Name}'"),
            DeliveryFateKind.Corrupted => Line($"octet {fate.Octet}, rule '{fate.Rule?.Name}'"),
            _ => Line($"rule '{fate.Rule?.Name}'"),
        };
        if (fate.Receiver is { } receiver)
            Write(simulator, receiver, Line($"{what} #{datagram.Number} from {simulator.NameOf(datagram.Sender)}: {why}"));
        else
            Write(simulator, datagram.Sender, Line($"{what} #{datagram.Number}: {why}"));
    }

    /// <inheritdoc/>
    public override void MessageSent(Simulator simulator, HostId sender, ReplicationMessage message)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(message);
        Write(simulator, sender, Line($"message to {message.Destination}: {message.Description}"));
    }

    /// <inheritdoc/>
    public override void MessageDiverted(Simulator simulator, HostId sender, ReplicationMessage message, in DeliveryFate fate)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(message);
        string what = fate.Kind == DeliveryFateKind.Delayed ? Line($"delayed by {Seconds(fate.Delay)} s") : "given up";
        string why = fate.Rule is { } rule ? Line($", rule '{rule.Name}'") : "";
        Write(simulator, sender, Line($"{what}: message to {message.Destination}: {message.Description}{why}"));
    }

    /// <inheritdoc/>
    public override void Logged(Simulator simulator, HostId host, NetBtEvent logged)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        Write(simulator, host, Line($"event {logged}"));
    }

    /// <inheritdoc/>
    public override void Commanded(Simulator simulator, HostId host, string description)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        Write(simulator, host, Line($"command {description}"));
    }

    /// <inheritdoc/>
    public override void TimedOut(Simulator simulator, HostId host)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        if (_detail.HasFlag(TraceDetail.Timeouts))
            Write(simulator, host, "timeout");
    }

    /// <inheritdoc/>
    public override void HostChanged(Simulator simulator, HostId host, bool isUp)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        Write(simulator, host, isUp ? "restart" : "crash");
    }

    /// <inheritdoc/>
    public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(rule);
        WriteLine(Line($"{simulator.Now} - rule '{rule.Name}' {(isAdded ? "added" : "ended")}"));
    }

    private static string Reference(in SimulatedDatagram datagram) => datagram.Payload.Length < 2
        ? Line($"#{datagram.Number}")
        : Line($"#{datagram.Number} id {datagram.Payload[0]:X2}{datagram.Payload[1]:X2}");

    private static string Target(Ipv4Endpoint target) => target.Port == Ipv4Endpoint.NameServicePort ? target.Address.ToString() : target.ToString();

    private static string Seconds(TimeSpan duration) => (Instant.Epoch + duration).ToString();

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Write(Simulator simulator, HostId host, string text) => WriteLine(Line($"{simulator.Now} {simulator.NameOf(host)} {text}"));

    /// <summary>Names come from a scenario's file: none of them begins a line of its own.</summary>
    private void WriteLine(string line)
    {
        _output.Write(VisibleText.Escape(line));
        _output.Write('\n');
    }
}

/// <summary>What a <see cref="TraceWriter"/> writes beside sends, faults, events and commands.</summary>
[Flags]
public enum TraceDetail
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A line for every timer that goes off.</summary>
    Timeouts = 1,

    /// <summary>A line for every datagram that a host takes in.</summary>
    Arrivals = 2,
}
