using NbnsSim.Captures;
using NbnsSim.Simulation;
using SharpPcap;

namespace NbnsSim.SharpPcap;

/// <content>The side that the simulator sees: an observer of the segment, and a station on it that sends.</content>
public sealed partial class SimulatedDevice
{
    private readonly byte[] _frame = new byte[UdpFrame.HeaderLength + UdpFrame.MaxPayloadLength];
    private HostId? _station;

    /// <summary>Puts a silent station on the segment for <see cref="SendPacket"/> to send from; it hears everything that is for it and answers nothing.</summary>
    /// <param name="address">Its address: of the segment's subnet and nobody else's.</param>
    /// <exception cref="InvalidOperationException">There is a station already.</exception>
    /// <exception cref="ArgumentException">The address is not of the segment, or taken.</exception>
    public void AttachStation(Ipv4Address address)
    {
        if (_station is not null)
            throw new InvalidOperationException($"The device {Name} has a station already.");
        _station = _simulator.AddHost($"station of {Name}", SilentStation.Instance, _segment, address);
    }

    /// <summary>Sends a frame into the simulation, at the current simulated time: an Ethernet frame with one whole UDP datagram over IPv4, whoever it says it is from.</summary>
    /// <param name="p">The frame.</param>
    /// <param name="header">Not looked at.</param>
    /// <exception cref="InvalidOperationException">The device is not open, no station is attached, or a capture in the background has the simulation.</exception>
    /// <exception cref="ArgumentException">The frame is of another kind, or too long: a simulation carries nothing else.</exception>
    public void SendPacket(ReadOnlySpan<byte> p, ICaptureHeader? header = null)
    {
        ThrowIfNotOpen();
        if (_station is not { } station)
            throw new InvalidOperationException($"The device {Name} has no station to send from: call {nameof(AttachStation)} first.");
        if (Started && Task.CurrentId != _capture?.Id)
            throw new InvalidOperationException($"The device {Name} captures in the background: the simulation is not to be touched until that ends.");
        if (!NameServiceFrame.TryFindDatagram(p.ToArray(), out var source, out var destination, out var payload))
            throw new ArgumentException("The frame is no Ethernet frame with one whole UDP datagram over IPv4: a simulation carries nothing else.", nameof(p));
        bool toGroup = (p[0] & 1) != 0; // IEEE 802.3 §3.2.3: the first bit on the wire
        _simulator.Inject(station, source, destination, payload, toGroup);
    }

    private void Carried(in SimulatedDatagram datagram, in SimulatedFrame frame)
    {
        int length = UdpFrame.Write(
            _frame, frame.Source, frame.Destination, datagram.Source, datagram.Destination, datagram.Payload, frame.Identification, frame.TimeToLive);
        var octets = _frame.AsSpan(0, length);
        if (_program?.Matches(octets) ?? true)
            _frames.Add(new Instant(_start + _simulator.Now.Nanoseconds), octets);
    }

    private sealed class Tap(SimulatedDevice device) : SimulationObserver
    {
        public override void Carried(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame)
        {
            if (frame.Segment == device._segment)
                device.Carried(datagram, frame);
        }
    }
}
