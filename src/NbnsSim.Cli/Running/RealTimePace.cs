using System.Diagnostics;
using NbnsSim.Captures;
using NbnsSim.Simulation;

namespace NbnsSim.Cli.Running;

/// <summary>Holds a simulation back to the pace of the clock, and sends on what has been captured before each wait.</summary>
internal sealed class RealTimePace(CaptureWriter writer) : SimulationObserver
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
    {
        var ahead = TimeSpan.FromMilliseconds(simulator.Now.Nanoseconds / 1e6) - _watch.Elapsed;
        if (ahead <= TimeSpan.Zero)
            return;
        writer.Flush();
        Thread.Sleep(ahead);
    }
}
