using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using NbnsSim.Captures;

namespace NbnsSim.Transport;

/// <summary>
/// The IP packets of this machine's interfaces as a pcap stream that never ends until it is closed: Linux packet sockets, packet(7). They come without the
/// link's header, since only some links have Ethernet's: a tunnel has none.
/// </summary>
/// <remarks>
/// Give it to <see cref="CaptureReader.Open(Stream, bool)"/>. Each packet is what the interface saw, with the time at which it was read; what loops back is there once. A read waits for
/// the next packet, and ends within a quarter of a second once another thread has closed the stream.
/// </remarks>
public sealed class PacketSocketStream : Stream
{
    private const int HeaderLength = 24;
    private const int RecordHeaderLength = 16;
    private const int MaxFrame = 65_535;
    private const short AllProtocols = 3; // ETH_P_ALL
    private const ushort Ipv4Protocol = 0x0800; // ETH_P_IP
    private const ushort Ipv6Protocol = 0x86DD; // ETH_P_IPV6
    private const int LoopbackHardware = 772; // ARPHRD_LOOPBACK
    private const int LongestWait = 250; // milliseconds: closing a packet socket does not end a read of it
    private const byte Outgoing = 4; // PACKET_OUTGOING

    private readonly Socket _socket;
    private readonly int? _interface;
    private readonly SocketAddress _from = new(AddressFamily.Packet, 256);
    private readonly byte[] _chunk = new byte[RecordHeaderLength + MaxFrame];
    private int _next;
    private int _end;
    private volatile bool _isClosed;

    /// <summary>Begins to listen.</summary>
    /// <param name="interfaceName">The interface, such as <c>eth0</c>; null for all.</param>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    /// <exception cref="IOException">There is no such interface; the message names those there are.</exception>
    /// <exception cref="UnauthorizedAccessException">The process is not root's, nor has it the capability CAP_NET_RAW.</exception>
    /// <exception cref="SocketException">No packet socket can be had for another reason.</exception>
    public PacketSocketStream(string? interfaceName)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Watching interfaces needs Linux.");
        _interface = interfaceName is null ? null : IndexOf(interfaceName);
        try
        {
            _socket = new Socket(AddressFamily.Packet, SocketType.Dgram, (ProtocolType)IPAddress.HostToNetworkOrder(AllProtocols));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new UnauthorizedAccessException("Watching interfaces needs root, or the capability CAP_NET_RAW.", e);
        }

        _socket.ReceiveTimeout = LongestWait;
        BinaryPrimitives.WriteUInt32LittleEndian(_chunk, 0xA1B23C4D); // pcap, nanoseconds
        BinaryPrimitives.WriteUInt16LittleEndian(_chunk.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(_chunk.AsSpan(6), 4);
        _chunk.AsSpan(8, 8).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(_chunk.AsSpan(16), MaxFrame);
        BinaryPrimitives.WriteUInt32LittleEndian(_chunk.AsSpan(20), (uint)LinkType.Raw);
        _end = HeaderLength;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_next == _end && !Receive())
            return 0;
        int length = Math.Min(buffer.Length, _end - _next);
        _chunk.AsSpan(_next, length).CopyTo(buffer);
        _next += length;
        return length;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _isClosed = true;
        if (disposing)
            _socket.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Waits for the next frame that is wanted; false once the socket is closed.</summary>
    private bool Receive()
    {
        try
        {
            while (!_isClosed)
            {
                _from.Size = _from.Buffer.Length; // the last call cut it to what it wrote
                int length;
                try
                {
                    length = _socket.ReceiveFrom(_chunk.AsSpan(RecordHeaderLength), SocketFlags.None, _from);
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock or SocketError.Interrupted)
                {
                    continue; // nothing came: have we been closed meanwhile?
                }

                var from = _from.Buffer.Span; // struct sockaddr_ll: protocol at 2, ifindex at 4, hatype at 8, pkttype at 10
                bool loopback = BinaryPrimitives.ReadUInt16LittleEndian(from[8..]) == LoopbackHardware;
                if (BinaryPrimitives.ReadUInt16BigEndian(from[2..]) is not (Ipv4Protocol or Ipv6Protocol)
                    || (loopback && from[10] == Outgoing) // the same frame comes back in
                    || (_interface is { } wanted && BinaryPrimitives.ReadInt32LittleEndian(from[4..]) != wanted))
                    continue;
                long nanoseconds = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
                BinaryPrimitives.WriteUInt32LittleEndian(_chunk, (uint)(nanoseconds / 1_000_000_000));
                BinaryPrimitives.WriteUInt32LittleEndian(_chunk.AsSpan(4), (uint)(nanoseconds % 1_000_000_000));
                BinaryPrimitives.WriteInt32LittleEndian(_chunk.AsSpan(8), length);
                BinaryPrimitives.WriteInt32LittleEndian(_chunk.AsSpan(12), length);
                (_next, _end) = (0, RecordHeaderLength + length);
                return true;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // closed, or the interface is gone
        }

        return false;
    }

    private static int IndexOf(string interfaceName)
    {
        var all = NetworkInterface.GetAllNetworkInterfaces();
        return all.FirstOrDefault(candidate => candidate.Name == interfaceName) is { } found
            ? found.GetIPProperties().GetIPv4Properties().Index
            : throw new IOException($"There is no interface '{interfaceName}': expected {string.Join(", ", all.Select(candidate => candidate.Name))}.");
    }
}
