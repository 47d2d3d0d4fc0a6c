using NbnsSim.Captures;
using NbnsSim.Simulation;

namespace NbnsSim.Reports.Wireshark;

/// <summary>Holds a simulation back to the pace of the clock, and sends on what has been captured before each wait.</summary>
internal sealed class RealTimePace(CaptureWriter writer, TimeProvider clock) : SimulationObserver
{
    private readonly long _begin = clock.GetTimestamp();

    public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
    {
        var ahead = (simulator.Now - Instant.Epoch) - clock.GetElapsedTime(_begin);
        if (ahead <= TimeSpan.Zero)
            return;
        writer.Flush();
        Task.Delay(ahead, clock).GetAwaiter().GetResult();
    }
}
