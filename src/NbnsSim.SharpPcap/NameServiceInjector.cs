using NbnsSim.Captures;
using PacketDotNet;
using SharpPcap;

namespace NbnsSim.SharpPcap;

/// <summary>Sends name service packets through a capture device, to a real network as well: only with a permission that nobody gives by accident.</summary>
/// <remarks>
/// A forged release or conflict demand takes a name away from its owner (MS00-047). Therefore the caller has to name the device that it means,
/// apart from handing it over, and to say that injecting is allowed.
/// </remarks>
public sealed class NameServiceInjector
{
    private readonly IInjectionDevice _device;
    private readonly byte[] _frame = new byte[UdpFrame.HeaderLength + UdpFrame.MaxPayloadLength];
    private ushort _identification;

    /// <summary>Prepares to send.</summary>
    /// <param name="device">An open device whose link is an Ethernet.</param>
    /// <param name="deviceName">The name of the device that is meant: it must be <paramref name="device"/>'s.</param>
    /// <param name="allowInjection">Whether injecting is allowed: must be true.</param>
    /// <exception cref="InvalidOperationException">Injecting is not allowed, or the device is not the one that was named.</exception>
    /// <exception cref="NotSupportedException">The device's link is no Ethernet.</exception>
    /// <exception cref="DeviceNotReadyException">The device is not open.</exception>
    public NameServiceInjector(IInjectionDevice device, string deviceName, bool allowInjection)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (!allowInjection)
            throw new InvalidOperationException($"Injecting through {device.Name} is not allowed: pass allowInjection: true if that is what you want.");
        if (!string.Equals(device.Name, deviceName, StringComparison.Ordinal))
            throw new InvalidOperationException($"Injecting is allowed through '{deviceName}', but the device is '{device.Name}'.");
        if (device.LinkType != LinkLayers.Ethernet)
            throw new NotSupportedException($"{device.Name} has link type {device.LinkType}: frames are built for Ethernet only.");
        _device = device;
    }

    /// <summary>How many frames were sent.</summary>
    public long SentCount { get; private set; }

    /// <summary>Sends a datagram in a frame with right lengths and checksums; allocates nothing.</summary>
    /// <param name="sourceAddress">The sender's Ethernet address.</param>
    /// <param name="destinationAddress">The receiver's Ethernet address, or <see cref="MacAddress.Broadcast"/>.</param>
    /// <param name="source">The sender.</param>
    /// <param name="destination">The receiver, or the broadcast address of its subnet.</param>
    /// <param name="datagram">The UDP payload, as an encoder wrote it: right or wrong.</param>
    /// <exception cref="ArgumentException"><paramref name="datagram"/> is longer than IPv4 can carry.</exception>
    /// <exception cref="PcapException">The device does not take the frame.</exception>
    public void Send(MacAddress sourceAddress, MacAddress destinationAddress, Ipv4Endpoint source, Ipv4Endpoint destination, ReadOnlySpan<byte> datagram)
    {
        int length = UdpFrame.Write(_frame, sourceAddress, destinationAddress, source, destination, datagram, ++_identification);
        _device.SendPacket(_frame.AsSpan(0, length));
        SentCount++;
    }

    /// <summary>Sends a frame that was built with PacketDotNet, such as one of <see cref="NameServiceFrame.Create"/>.</summary>
    /// <param name="frame">The frame, from its link layer on.</param>
    /// <exception cref="PcapException">The device does not take the frame.</exception>
    public void Send(EthernetPacket frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        _device.SendPacket(frame.Bytes);
        SentCount++;
    }
}
