using System.Net;
using System.Net.Sockets;

namespace NbnsSim.Transport.Sockets;

/// <summary>A socket of a host: bound to an interface's address, to its subnet's broadcast address, or to 255.255.255.255.</summary>
/// <param name="Socket">The socket.</param>
/// <param name="Local">What it is bound to.</param>
/// <param name="InterfaceIndex">Which of the host's interfaces it belongs to; −1 for the limited broadcast, which may come in on any.</param>
/// <param name="IsBroadcast">Whether everything it receives was broadcast.</param>
internal sealed record BoundSocket(Socket Socket, Ipv4Endpoint Local, int InterfaceIndex, bool IsBroadcast)
{
    private const int SioUdpConnectionReset = unchecked((int)0x9800000C);

    /// <summary>Opens a socket for datagrams to <paramref name="local"/>.</summary>
    public static BoundSocket Open(Ipv4Endpoint local, int interfaceIndex, bool isBroadcast, int bufferSize)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.ReceiveBufferSize = bufferSize;
            socket.SendBufferSize = bufferSize;
            socket.EnableBroadcast = true;
            if (isBroadcast)
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true); // a broadcast is for everyone who listens, several hosts on a machine too
            else if (OperatingSystem.IsWindows())
                socket.ExclusiveAddressUse = true; // elsewhere a port is one's own unless one says otherwise
            if (OperatingSystem.IsWindows())
            {
                socket.IOControl(SioUdpConnectionReset, [0, 0, 0, 0], null); // or a peer's closed port ends the next receive with an error
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true); // only Windows: its sockets hear their subnet's broadcasts too
            }

            socket.Bind(ToIPEndPoint(local));
            local = local with { Port = (ushort)((IPEndPoint)socket.LocalEndPoint!).Port };
            return new BoundSocket(socket, local, interfaceIndex, isBroadcast);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static IPEndPoint ToIPEndPoint(Ipv4Endpoint endpoint)
    {
        Span<byte> octets = stackalloc byte[Ipv4Address.Size];
        endpoint.Address.Write(octets);
        return new IPEndPoint(new IPAddress(octets), endpoint.Port);
    }

    public static Ipv4Endpoint FromIPEndPoint(IPEndPoint endpoint) => new(FromIPAddress(endpoint.Address), (ushort)endpoint.Port);

    public static Ipv4Address FromIPAddress(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        return address.TryWriteBytes(octets, out int length) && length == Ipv4Address.Size ? Ipv4Address.Read(octets) : default;
    }
}
