using System.Net;
using System.Net.Sockets;
using NbnsSim.Names;
using NbnsSim.Transport.Sockets;
using NbnsSim.Wire;

namespace NbnsSim.Transport.Tests;

/// <summary>A program on the other side: one blocking socket. An answer that never comes ends the test rather than hang it.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _buffer = new byte[2048];

    public Peer(string address = "127.0.0.1", ushort port = 0)
    {
        _socket.EnableBroadcast = true;
        _socket.ReceiveTimeout = 20_000;
        _socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
    }

    public Ipv4Endpoint Endpoint => BoundSocket.FromIPEndPoint((IPEndPoint)_socket.LocalEndPoint!);

    public void Send(ReadOnlySpan<byte> octets, Ipv4Endpoint to) => _socket.SendTo(octets, BoundSocket.ToIPEndPoint(to));

    public void SendQuery(Ipv4Endpoint to, ushort id, string name = "ALICE<20>", NbnsType type = NbnsType.NB)
    {
        Span<byte> packet = stackalloc byte[100];
        int length = NbnsEncoder.WriteQuery(packet, id, type == NbnsType.NB ? NbnsFlagWords.QueryRequest : NbnsFlagWords.NodeStatusRequest, NetBiosName.Parse(name), type);
        Send(packet[..length], to);
    }

    public NbnsPacket Receive() => Receive(out _);

    public NbnsPacket Receive(out Ipv4Endpoint from)
    {
        EndPoint any = new IPEndPoint(IPAddress.Any, 0);
        int length = _socket.ReceiveFrom(_buffer, ref any);
        from = BoundSocket.FromIPEndPoint((IPEndPoint)any);
        Assert.That(NbnsPacket.TryParse(_buffer.AsSpan(0, length), out var packet, out var error), Is.True, error.ToString());
        return packet;
    }

    public bool HasNothing => _socket.Available == 0;

    public void Dispose() => _socket.Dispose();
}
