using NbnsSim.Captures;

namespace NbnsSim.Reports;

/// <summary>What prints, or counts, the name service packets of a capture one after the other, while they come.</summary>
public interface IPacketReport
{
    /// <summary>Takes a packet.</summary>
    /// <param name="datagram">The datagram that carries it.</param>
    void Write(in CapturedDatagram datagram);

    /// <summary>Gives everything that was printed to whoever reads it.</summary>
    void Flush();
}
