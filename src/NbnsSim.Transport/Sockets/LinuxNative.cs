using System.Runtime.InteropServices;

namespace NbnsSim.Transport.Sockets;

/// <summary>The three calls of Linux that take many datagrams or sockets at once; see recvmmsg(2), sendmmsg(2), poll(2).</summary>
internal static unsafe partial class LinuxNative
{
    public const int MessageDontWait = 0x40;
    public const int MessageTruncated = 0x20;
    public const short PollIn = 1;
    public const ushort AddressFamilyInet = 2;
    public const int EIntr = 4;
    public const int EBadF = 9;
    public const int EAgain = 11;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(int socket, MultipleMessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMessages(int socket, MultipleMessageHeader* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    /// <summary>struct sockaddr_in; port and address in network order.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SocketAddressInet
    {
        public ushort Family;
        public ushort Port;
        public uint Address;
        public ulong Zero;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public SocketAddressInet* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct mmsghdr: a header, and the length that came or went. Two structures, since the first one's padding counts.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MultipleMessageHeader
    {
        public MessageHeader Header;
        public uint Length;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Socket;
        public short Events;
        public short Returned;
    }
}
