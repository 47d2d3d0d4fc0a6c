using NbnsSim.Captures;

namespace NbnsSim.Simulation;

/// <summary>
/// Writes what passes on segments, or what single hosts send and hear, to a capture: Ethernet, IPv4 and UDP headers with right lengths and
/// checksums. Each segment and host tapped is an interface of the capture; pcap has room for one, pcapng for any number.
/// </summary>
/// <remarks>
/// A segment's tap sees what is sent, whatever becomes of it; a host's tap sees what the host gets, losses left out, delays and changed
/// octets included. A datagram to an address that nobody has is in no tap: it would need an Ethernet address, and nobody answers ARP.
/// </remarks>
public sealed class CaptureTap : SimulationObserver
{
    private readonly CaptureWriter _writer;
    private readonly long _start;
    private readonly byte[] _frame = new byte[UdpFrame.HeaderLength + PacketPool.MaxLength];
    private int[] _segments = []; // by segment: interface + 1
    private int[] _hosts = []; // by host: interface + 1

    /// <summary>Writes to <paramref name="writer"/>.</summary>
    /// <param name="writer">The capture; flushed and closed by whoever made it.</param>
    /// <param name="startsAt">What the capture says for <see cref="Instant.Epoch"/>, as if the simulation had been recorded then: 1970 unless given.</param>
    public CaptureTap(CaptureWriter writer, Instant startsAt = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
        _start = startsAt.Nanoseconds;
    }

    /// <summary>Begins to capture what passes on all segments of a simulation.</summary>
    /// <param name="simulator">The simulation, before it runs.</param>
    /// <param name="output">Where to; need not seek.</param>
    /// <param name="options">How it is written; null for pcapng in nanoseconds.</param>
    /// <param name="leaveOpen">Whether disposing the result leaves <paramref name="output"/> open.</param>
    /// <param name="startsAt">What the capture says for <see cref="Instant.Epoch"/>: 1970 unless given.</param>
    /// <returns>The capture: whole once this is disposed of.</returns>
    /// <exception cref="InvalidOperationException">The capture is pcap, and there are several segments.</exception>
    public static CaptureWriter Attach(Simulator simulator, Stream output, CaptureWriterOptions? options = null, bool leaveOpen = false, Instant startsAt = default)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        var writer = new CaptureWriter(output, options, leaveOpen);
        simulator.AddObserver(new CaptureTap(writer, startsAt).AddSegments(simulator));
        return writer;
    }

    /// <summary>Taps a segment. Then add the tap to the simulator's observers, once.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="segment">The segment.</param>
    /// <returns>This tap.</returns>
    /// <exception cref="InvalidOperationException">The capture is pcap and has its interface.</exception>
    public CaptureTap Add(Simulator simulator, SegmentId segment)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        string name = simulator.NameOf(segment);
        Note(ref _segments, segment.Index, name, FormattableString.Invariant($"segment {name}, {simulator.SubnetOf(segment)}"));
        return this;
    }

    /// <summary>Taps all segments. Then add the tap to the simulator's observers, once.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <returns>This tap.</returns>
    /// <exception cref="InvalidOperationException">The capture is pcap, and there are several segments.</exception>
    public CaptureTap AddSegments(Simulator simulator)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        for (int segment = 0; segment < simulator.SegmentCount; segment++)
            Add(simulator, new SegmentId(segment));
        return this;
    }

    /// <summary>Taps a host, all its interfaces. Then add the tap to the simulator's observers, once.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="host">The host.</param>
    /// <returns>This tap.</returns>
    /// <exception cref="InvalidOperationException">The capture is pcap and has its interface.</exception>
    public CaptureTap Add(Simulator simulator, HostId host)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        string name = simulator.NameOf(host);
        Note(ref _hosts, host.Index, name, FormattableString.Invariant($"host {name}, {simulator.AddressOf(host)}"));
        return this;
    }

    /// <inheritdoc/>
    public override void Carried(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        if (Find(_segments, frame.Segment.Index) is >= 0 and int segment)
            Write(simulator, datagram, frame, segment);
        if (frame.TimeToLive == SimulatedFrame.InitialTimeToLive && Find(_hosts, datagram.Sender.Index) is >= 0 and int host)
            Write(simulator, datagram, frame, host);
    }

    /// <inheritdoc/>
    public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        if (Find(_hosts, receiver.Index) is >= 0 and int host)
            Write(simulator, datagram, frame, host);
    }

    private static int Find(int[] interfaces, int index) => index < interfaces.Length ? interfaces[index] - 1 : -1;

    private void Note(ref int[] interfaces, int index, string name, string description)
    {
        if (Find(interfaces, index) >= 0)
            return;
        int added = _writer.AddInterface(new CaptureInterface { LinkType = LinkType.Ethernet, Name = name, Description = description });
        if (index >= interfaces.Length)
            Array.Resize(ref interfaces, index + 1);
        interfaces[index] = added + 1;
    }

    private void Write(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, int captureInterface)
    {
        int length = UdpFrame.Write(
            _frame, frame.Source, frame.Destination, datagram.Source, datagram.Destination, datagram.Payload, frame.Identification, frame.TimeToLive);
        _writer.Write(new Instant(_start + simulator.Now.Nanoseconds), _frame.AsSpan(0, length), captureInterface);
    }
}
