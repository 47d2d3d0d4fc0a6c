using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace NbnsSim.Conformance.Benches;

/// <summary>The sockets of all stations, and one that hears broadcasts.</summary>
internal sealed class StationSockets : IDisposable
{
    private const int MaxDatagram = 65_536;
    private const int ReceiveOctets = 4 << 20; // a burst of answers must wait here until it is read

    private readonly List<(Socket Socket, int Station)> _all = [];
    private readonly Socket[] _named;
    private readonly Socket?[] _unnamed;
    private readonly byte[] _buffer = new byte[MaxDatagram];

    /// <exception cref="SocketException">An address is not this machine's, or its port is taken or needs a privilege.</exception>
    public StationSockets(UdpBenchOptions options)
    {
        _named = new Socket[options.Stations.Length];
        _unnamed = new Socket?[options.Stations.Length];
        try
        {
            for (int i = 0; i < _named.Length; i++)
                _named[i] = Open(options.Stations[i], options.Subject.Port, i);
            if (options.Broadcast is { } broadcast)
                Open(broadcast, options.Subject.Port, -1);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Send(int station, Ipv4Address address, Ipv4Endpoint destination, ReadOnlySpan<byte> octets, bool fromAnyPort)
    {
        var socket = fromAnyPort ? _unnamed[station] ??= Open(address, 0, station) : _named[station];
        try
        {
            socket.SendTo(octets, SocketFlags.None, new IPEndPoint(destination.Address.ToIPAddress(), destination.Port));
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.NoBufferSpaceAvailable)
        {
            // nobody listens there, which an earlier datagram found out (ICMP), or the burst is too fast: the peer is silent, and the case says so
        }
    }

    /// <summary>Waits for a datagram, for so long at most.</summary>
    public bool TryReceive(TimeSpan wait, out int station, out Ipv4Endpoint source, out Ipv4Endpoint destination, out ImmutableArray<byte> octets)
    {
        var readable = _all.ConvertAll(one => one.Socket);
        Socket.Select(readable, null, null, wait > TimeSpan.Zero ? (int)Math.Min(wait.TotalMicroseconds, 1_000_000) : 0);
        foreach (var socket in readable)
        {
            EndPoint remote = new IPEndPoint(IPAddress.Any, 0);
            try
            {
                int length = socket.ReceiveFrom(_buffer, ref remote);
                station = _all.Find(one => one.Socket == socket).Station;
                (source, destination) = (Endpoint(remote), Endpoint(socket.LocalEndPoint!));
                octets = [.. _buffer.AsSpan(0, length)];
                return true;
            }
            catch (SocketException)
            {
                // an ICMP error for something sent before, or nothing after all
            }
        }

        (station, source, destination, octets) = (0, default, default, []);
        return false;
    }

    public void Dispose()
    {
        foreach (var (socket, _) in _all)
            socket.Dispose();
    }

    private Socket Open(Ipv4Address address, ushort port, int station)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false, EnableBroadcast = true, ReceiveBufferSize = ReceiveOctets };
        _all.Add((socket, station));
        if (station < 0)
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true); // everybody on this machine may hear broadcasts; a station's datagrams are its own
        socket.Bind(new IPEndPoint(address.ToIPAddress(), port));
        return socket;
    }

    private static Ipv4Endpoint Endpoint(EndPoint endpoint) =>
        endpoint is IPEndPoint ip ? new Ipv4Endpoint(Ipv4Address.FromIPAddress(ip.Address), (ushort)ip.Port) : default;
}
