using NbnsSim.Simulation;

namespace NbnsSim.Reports.EventLogs;

/// <summary>Writes what the machines of a simulation log to a file, as Event Viewer saves or exports it.</summary>
public static class SimulatedEventLog
{
    /// <summary>Begins the file.</summary>
    /// <param name="simulator">The simulation, before it runs.</param>
    /// <param name="output">Where to; need not seek. Closed with the result.</param>
    /// <param name="format">What to write.</param>
    /// <returns>The file: whole once this is disposed of.</returns>
    public static IDisposable Attach(Simulator simulator, Stream output, EventLogFormat format = EventLogFormat.Evtx)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        if (format == EventLogFormat.Xml)
        {
            var xml = new EventLogXmlWriter(output);
            simulator.AddObserver(new EventLogObserver(xml.Write));
            return xml;
        }

        var evtx = new EvtxWriter(output);
        simulator.AddObserver(new EventLogObserver(entry => evtx.Write(entry)));
        return evtx;
    }
}
