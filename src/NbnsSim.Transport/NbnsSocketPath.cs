namespace NbnsSim.Transport;

/// <summary>How a <see cref="NbnsUdpHost"/> moves datagrams.</summary>
public enum NbnsSocketPath
{
    /// <summary><see cref="Batched"/> where the system has it, else <see cref="Managed"/>.</summary>
    Automatic,

    /// <summary><see cref="System.Net.Sockets.Socket"/>, one call for each datagram; on every system.</summary>
    Managed,

    /// <summary>Linux' recvmmsg and sendmmsg, one call for many datagrams.</summary>
    Batched,
}
