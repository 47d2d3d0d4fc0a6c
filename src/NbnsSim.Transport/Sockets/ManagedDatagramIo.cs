using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace NbnsSim.Transport.Sockets;

/// <summary>Datagrams through <see cref="Socket"/>, on every system. One <see cref="SocketAddress"/> is used over and over, so nothing is allocated.</summary>
internal sealed class ManagedDatagramIo : DatagramIo
{
    private readonly List<Socket> _readable;
    private readonly SocketAddress _address = new(AddressFamily.InterNetwork);
    private EndPoint _anyPeer = new IPEndPoint(IPAddress.Any, 0);

    public ManagedDatagramIo(BoundSocket[] sockets)
        : base(sockets)
    {
        _readable = new List<Socket>(sockets.Length + 1);
        foreach (var socket in sockets)
            socket.Socket.Blocking = false;
    }

    public override string Name => "managed sockets";

    public override void Wait()
    {
        _readable.Clear();
        foreach (var socket in Sockets)
            _readable.Add(socket.Socket);
        _readable.Add(WakeSocket);
        Socket.Select(_readable, null, null, LongestWait);
        if (_readable.Contains(WakeSocket))
            ClearWake();
    }

    public override bool IsReadable(int socket) => _readable.Contains(Sockets[socket].Socket);

    public override int Receive(int socket, DatagramBatch batch)
    {
        var bound = Sockets[socket];
        batch.Count = 0;
        try
        {
            do
            {
                int slot = batch.Count;
                var octets = batch.Slot(slot);
                // On Windows the socket of an interface hears its subnet's broadcasts too: only the packet information tells them apart.
                int length = OperatingSystem.IsWindows() ? ReceiveWithDestination(bound, batch, slot) : ReceivePlain(bound, batch, slot);
                batch.Lengths[slot] = length == octets.Length ? DatagramBatch.TooLong : length;
                batch.Count++;
            }
            while (!batch.IsFull && bound.Socket.Available > 0);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
            // readable, and then it was not: a datagram with a wrong checksum
        }
        catch (SocketException e)
        {
            return (int)e.SocketErrorCode;
        }

        return 0;
    }

    public override int Send(DatagramBatch batch, Span<int> failures, out int error)
    {
        int failed = 0;
        error = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            try
            {
                WritePeer(batch.Peers[i]);
                Sockets[batch.Sockets[i]].Socket.SendTo(batch.Slot(i)[..batch.Lengths[i]], SocketFlags.None, _address);
            }
            catch (SocketException e)
            {
                failures[failed++] = i;
                error = (int)e.SocketErrorCode;
            }
        }

        batch.Count = 0;
        return failed;
    }

    public override string Explain(int error) => new SocketException(error).Message;

    private int ReceivePlain(BoundSocket bound, DatagramBatch batch, int slot)
    {
        int length = bound.Socket.ReceiveFrom(batch.Slot(slot), SocketFlags.None, _address);
        var octets = _address.Buffer.Span; // sockaddr_in: family, port, address
        batch.Peers[slot] = new Ipv4Endpoint(Ipv4Address.Read(octets[4..]), BinaryPrimitives.ReadUInt16BigEndian(octets[2..]));
        batch.Destinations[slot] = bound.Local.Address;
        return length;
    }

    private int ReceiveWithDestination(BoundSocket bound, DatagramBatch batch, int slot)
    {
        var flags = SocketFlags.None;
        var peer = _anyPeer;
        try
        {
            int length = bound.Socket.ReceiveMessageFrom(batch.Slot(slot), ref flags, ref peer, out var information);
            batch.Peers[slot] = BoundSocket.FromIPEndPoint((IPEndPoint)peer);
            batch.Destinations[slot] = BoundSocket.FromIPAddress(information.Address);
            return flags.HasFlag(SocketFlags.Truncated) ? batch.SlotSize : length;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
        {
            return batch.SlotSize;
        }
        finally
        {
            _anyPeer = peer;
        }
    }

    private void WritePeer(Ipv4Endpoint peer)
    {
        var octets = _address.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(octets[2..], peer.Port);
        peer.Address.Write(octets[4..]);
    }
}
