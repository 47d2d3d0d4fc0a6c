using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static NbnsSim.Transport.Sockets.LinuxNative;

namespace NbnsSim.Transport.Sockets;

/// <summary>Datagrams through recvmmsg and sendmmsg: one call of the kernel for a batch.</summary>
internal sealed unsafe class LinuxDatagramIo : DatagramIo
{
    private readonly PollDescriptor[] _descriptors;
    private readonly Headers _incoming;
    private readonly Headers _outgoing;

    /// <summary>Prepares the headers for two batches; they are bound to those batches for good.</summary>
    public LinuxDatagramIo(BoundSocket[] sockets, DatagramBatch incoming, DatagramBatch outgoing)
        : base(sockets)
    {
        _descriptors = new PollDescriptor[sockets.Length + 1];
        for (int i = 0; i < sockets.Length; i++)
            _descriptors[i] = new PollDescriptor { Socket = (int)sockets[i].Socket.Handle, Events = PollIn };
        _descriptors[^1] = new PollDescriptor { Socket = (int)WakeSocket.Handle, Events = PollIn };
        _incoming = new Headers(incoming);
        _outgoing = new Headers(outgoing);
    }

    public override string Name => "recvmmsg and sendmmsg";

    /// <summary>Whether this system has the calls, with structures laid out as <see cref="LinuxNative"/> has them.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && BitConverter.IsLittleEndian && Probe();

    public override void Wait()
    {
        fixed (PollDescriptor* descriptors = _descriptors)
        {
            if (Poll(descriptors, (nuint)_descriptors.Length, (int)LongestWait.TotalMilliseconds) < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                foreach (ref var descriptor in _descriptors.AsSpan())
                    descriptor.Returned = 0;
                if (error != EIntr)
                    throw new SocketException(error, Explain(error));
            }
        }

        if (_descriptors[^1].Returned != 0)
            ClearWake();
    }

    public override bool IsReadable(int socket) => _descriptors[socket].Returned != 0;

    public override int Receive(int socket, DatagramBatch batch)
    {
        batch.Count = 0;
        var bound = Sockets[socket];
        int count = _incoming.Receive(_descriptors[socket].Socket, batch.Capacity);
        if (count < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            return error is EAgain or EIntr ? 0 : error;
        }

        for (int i = 0; i < count; i++)
        {
            batch.Lengths[i] = _incoming.ReadLength(i);
            batch.Peers[i] = _incoming.ReadPeer(i);
            batch.Destinations[i] = bound.Local.Address;
        }

        batch.Count = count;
        return 0;
    }

    public override int Send(DatagramBatch batch, Span<int> failures, out int error)
    {
        int failed = 0;
        error = 0;
        for (int i = 0; i < batch.Count; i++)
            _outgoing.WritePeer(i, batch.Peers[i], batch.Lengths[i]);
        for (int at = 0; at < batch.Count;)
        {
            int socket = batch.Sockets[at];
            int end = at + 1;
            while (end < batch.Count && batch.Sockets[end] == socket)
                end++;
            int sent = _outgoing.Send(_descriptors[socket].Socket, at, end - at);
            if (sent > 0)
            {
                at += sent;
                continue;
            }

            int code = Marshal.GetLastPInvokeError();
            if (code == EIntr)
                continue;
            failures[failed++] = at++; // sendmmsg stops at the first it cannot send: go on behind it
            error = code;
        }

        batch.Count = 0;
        return failed;
    }

    public override string Explain(int error) => Marshal.GetPInvokeErrorMessage(error);

    private static bool Probe()
    {
        try
        {
            _ = Poll(null, 0, 0);
            // Those that are there say that there is no such socket; a kernel or a sandbox without them says something else.
            return ReceiveMessages(-1, null, 0, 0, null) < 0 && Marshal.GetLastPInvokeError() == EBadF
                && SendMessages(-1, null, 0, 0) < 0 && Marshal.GetLastPInvokeError() == EBadF;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false; // a C library without them: managed sockets do
        }
    }

    /// <summary>The kernel's view of a batch. The arrays are pinned for good, since they point at each other.</summary>
    private sealed class Headers
    {
        private readonly MultipleMessageHeader[] _messages;
        private readonly Vector[] _vectors;
        private readonly SocketAddressInet[] _addresses;
        private readonly int _slotSize;

        public Headers(DatagramBatch batch)
        {
            _slotSize = batch.SlotSize;
            _messages = GC.AllocateArray<MultipleMessageHeader>(batch.Capacity, pinned: true);
            _vectors = GC.AllocateArray<Vector>(batch.Capacity, pinned: true);
            _addresses = GC.AllocateArray<SocketAddressInet>(batch.Capacity, pinned: true);
            for (int i = 0; i < batch.Capacity; i++)
            {
                _addresses[i].Family = AddressFamilyInet;
                _vectors[i] = new Vector { Base = batch.Address(i), Length = (nuint)batch.SlotSize };
                _messages[i].Header = new MessageHeader
                {
                    Name = (SocketAddressInet*)Marshal.UnsafeAddrOfPinnedArrayElement(_addresses, i),
                    NameLength = (uint)sizeof(SocketAddressInet),
                    Vectors = (Vector*)Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, i),
                    VectorCount = 1,
                };
            }
        }

        public int Receive(int socket, int capacity)
        {
            for (int i = 0; i < capacity; i++)
                _messages[i].Header.NameLength = (uint)sizeof(SocketAddressInet); // the kernel wrote what it used
            fixed (MultipleMessageHeader* messages = _messages)
                return ReceiveMessages(socket, messages, (uint)capacity, MessageDontWait, null);
        }

        public int Send(int socket, int first, int count)
        {
            fixed (MultipleMessageHeader* messages = _messages)
                return SendMessages(socket, messages + first, (uint)count, MessageDontWait); // a full buffer must not hold the others up
        }

        public int ReadLength(int index) =>
            (_messages[index].Header.Flags & MessageTruncated) != 0 || _messages[index].Length >= _slotSize ? DatagramBatch.TooLong : (int)_messages[index].Length;

        public Ipv4Endpoint ReadPeer(int index)
        {
            ref readonly var address = ref _addresses[index];
            return new Ipv4Endpoint(new Ipv4Address(BinaryPrimitives.ReverseEndianness(address.Address)), BinaryPrimitives.ReverseEndianness(address.Port));
        }

        public void WritePeer(int index, Ipv4Endpoint peer, int length)
        {
            _addresses[index].Port = BinaryPrimitives.ReverseEndianness(peer.Port);
            _addresses[index].Address = BinaryPrimitives.ReverseEndianness(peer.Address.Value);
            _vectors[index].Length = (nuint)length;
        }
    }
}
