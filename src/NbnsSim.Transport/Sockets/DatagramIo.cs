using System.Net;
using System.Net.Sockets;

namespace NbnsSim.Transport.Sockets;

/// <summary>Waits on, reads from and writes to a host's sockets. One thread uses it; <see cref="Wake"/> alone may come from any.</summary>
internal abstract class DatagramIo : IDisposable
{
    /// <summary>The longest that a wait lasts, should the system lose or refuse the octet of <see cref="Wake"/>: who waits then looks around once a second.</summary>
    protected static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private static readonly byte[] WakeOctet = [0];
    private readonly byte[] _wakeBuffer = new byte[1];
    private int _awakened;

    protected DatagramIo(BoundSocket[] sockets)
    {
        Sockets = sockets;
        // A socket that only hears itself, since it is connected to itself: waiting on it with the others needs no second mechanism.
        WakeSocket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        WakeSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        WakeSocket.Connect(WakeSocket.LocalEndPoint!);
        WakeSocket.Blocking = false;
    }

    /// <summary>What it is called in the log.</summary>
    public abstract string Name { get; }

    protected BoundSocket[] Sockets { get; }

    protected Socket WakeSocket { get; }

    /// <summary>Returns when a socket is readable or somebody called <see cref="Wake"/>; after <see cref="LongestWait"/> at the latest.</summary>
    public abstract void Wait();

    /// <summary>Whether the last <see cref="Wait"/> found the socket readable.</summary>
    public abstract bool IsReadable(int socket);

    /// <summary>Fills the batch with what waits at a socket that <see cref="IsReadable"/>; at most a batch, never waits.</summary>
    /// <returns>0, or the error of the operating system.</returns>
    public abstract int Receive(int socket, DatagramBatch batch);

    /// <summary>The system's words for an error of <see cref="Receive"/> or <see cref="Send"/>, whose numbers differ from way to way.</summary>
    public abstract string Explain(int error);

    /// <summary>Sends a batch, in order, and empties it.</summary>
    /// <param name="batch">The datagrams.</param>
    /// <param name="failures">Receives the slots that could not be sent; as long as the batch.</param>
    /// <param name="error">The last error.</param>
    /// <returns>How many failed.</returns>
    public abstract int Send(DatagramBatch batch, Span<int> failures, out int error);

    /// <summary>Ends the current or the next <see cref="Wait"/>.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _awakened, 1) != 0)
            return; // one octet on its way is enough
        try
        {
            WakeSocket.Send(WakeOctet, SocketFlags.None, out var error);
            if (error != SocketError.Success)
                Volatile.Write(ref _awakened, 0); // no octet is on its way: whoever comes next tries again
        }
        catch (ObjectDisposedException)
        {
            // the host has stopped: nobody waits
        }
    }

    public virtual void Dispose()
    {
        foreach (var socket in Sockets)
            socket.Socket.Dispose();
        WakeSocket.Dispose();
    }

    /// <summary>Takes the octet of <see cref="Wake"/> out.</summary>
    protected void ClearWake()
    {
        Volatile.Write(ref _awakened, 0);
        WakeSocket.Receive(_wakeBuffer, 0, 1, SocketFlags.None, out _);
    }
}
