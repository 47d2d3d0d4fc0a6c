using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using NbnsSim.Transport.Sockets;

namespace NbnsSim.Transport;

/// <summary>An address that a <see cref="NbnsUdpHost"/> listens on and sends from. Its place in the options is the endpoint's interface index.</summary>
public sealed record NbnsHostInterface
{
    /// <summary>Describes an interface.</summary>
    /// <param name="address">One of this machine's addresses.</param>
    /// <param name="port">The UDP port: 137, or 0 for any free one.</param>
    /// <param name="prefixLength">How many leading bits are the subnet's, 0 to 32; from 31 on there is no broadcast.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="prefixLength"/> is not within 0 to 32, or <paramref name="address"/> is a multicast or broadcast address.</exception>
    public NbnsHostInterface(Ipv4Address address, ushort port = Ipv4Endpoint.NameServicePort, int prefixLength = 32)
    {
        Subnet = new Ipv4Subnet(address, prefixLength);
        if (address.IsMulticast || address == Ipv4Address.Broadcast || address == Ipv4Address.Any)
            throw new ArgumentOutOfRangeException(nameof(address), address, "One address of this machine is needed: listening on all of them at once, nobody can tell a broadcast from the rest.");
        Address = address;
        Port = port;
    }

    /// <summary>The address.</summary>
    public Ipv4Address Address { get; }

    /// <summary>The UDP port; 0 for any free one.</summary>
    public ushort Port { get; }

    /// <summary>The subnet it is in.</summary>
    public Ipv4Subnet Subnet { get; }

    /// <summary>Where broadcasts go (RFC 1002 §5.1.1); <see langword="null"/> where there are none.</summary>
    public Ipv4Address? BroadcastAddress => Subnet.PrefixLength >= 31 ? null : Subnet.BroadcastAddress;

    /// <summary>Its Ethernet address, UNIT_ID in node status responses; zeros where it has none.</summary>
    public MacAddress UnitId { get; init; }

    /// <summary>
    /// An interface with the subnet and the Ethernet address that this machine's network settings give for an address. 127.0.0.0/8 is a subnet like any
    /// other; an address that is not in the settings has no broadcast.
    /// </summary>
    /// <param name="address">One of this machine's addresses.</param>
    /// <param name="port">The UDP port; 0 for any free one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="address"/> is a multicast or broadcast address.</exception>
    public static NbnsHostInterface ForAddress(Ipv4Address address, ushort port = Ipv4Endpoint.NameServicePort) =>
        address.Value >> 24 == 127 ? new(address, port, 8) : All(port).FirstOrDefault(candidate => candidate.Address == address) ?? new(address, port);

    /// <summary>All of this machine's IPv4 addresses on interfaces that are up, loopback left out.</summary>
    /// <param name="port">The UDP port.</param>
    public static IReadOnlyList<NbnsHostInterface> All(ushort port = Ipv4Endpoint.NameServicePort)
    {
        var found = new List<NbnsHostInterface>();
        foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (network.NetworkInterfaceType == NetworkInterfaceType.Loopback || network.OperationalStatus is not (OperationalStatus.Up or OperationalStatus.Unknown))
                continue;
            var octets = network.GetPhysicalAddress().GetAddressBytes();
            var unitId = octets.Length == MacAddress.Size ? MacAddress.Read(octets) : default;
            foreach (var unicast in network.GetIPProperties().UnicastAddresses)
            {
                if (unicast.Address.AddressFamily == AddressFamily.InterNetwork)
                    found.Add(new NbnsHostInterface(BoundSocket.FromIPAddress(unicast.Address), port, unicast.PrefixLength) { UnitId = unitId });
            }
        }

        return found;
    }

    /// <summary>Whether an address is the broadcast address of one of this machine's subnets, 127.0.0.0/8 among them: a socket can be bound to it, but nobody has it.</summary>
    /// <param name="address">The address.</param>
    public static bool IsBroadcastHere(Ipv4Address address) => address.Value == 0x7FFFFFFF || All().Any(one => one.BroadcastAddress == address && one.Address != address);

    /// <summary>Why nobody can be served at an address, in words that follow it: <c>stands for many machines: expected …</c>.</summary>
    /// <param name="candidate">Where to listen.</param>
    /// <param name="others">Where else.</param>
    /// <returns><see langword="null"/> where nothing is against it.</returns>
    public static string? WhyNotListen(Ipv4Endpoint candidate, IReadOnlyList<Ipv4Endpoint> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        if (candidate.Address == Ipv4Address.Any)
            return "stands for all addresses: expected each that is to be listened on.";
        if (candidate.Address.IsMulticast || candidate.Address == Ipv4Address.Broadcast)
            return "stands for many machines: expected one of this machine's own addresses; broadcasts to it are heard too.";
        if (IsBroadcastHere(candidate.Address))
            return "is the broadcast address of a subnet of this machine's: expected the machine's own address there; broadcasts to it are heard too.";
        if (others.Contains(candidate))
            return "is given twice: expected each address once.";
        return others.Count > 0 && others[0].Port != candidate.Port ? $"has another port than {others[0]}: a node has one port on all its addresses." : null;
    }

    /// <summary>The address that this machine sends from to get there; nothing is sent to find out. 0.0.0.0 where there is no way.</summary>
    /// <param name="target">Where to.</param>
    public static Ipv4Address AddressTowards(Ipv4Endpoint target)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(target.Address.ToIPAddress(), target.Port);
            return BoundSocket.FromIPAddress(((IPEndPoint)socket.LocalEndPoint!).Address);
        }
        catch (SocketException)
        {
            return Ipv4Address.Any;
        }
    }

    /// <summary><c>192.168.77.2/24:137</c>.</summary>
    public override string ToString() => $"{Address}/{Subnet.PrefixLength}:{Port}";
}
