using NbnsSim.Reports.EventLogs;
using NbnsSim.Simulation;

namespace NbnsSim.Cli.Running;

/// <summary>Writes what the machines of a simulation log to a file: XML, or .evtx as Event Viewer opens it.</summary>
internal static class SimulatedEventLog
{
    /// <summary>Begins the file; it is whole once the result is disposed of.</summary>
    public static IDisposable Attach(Simulator simulator, string path)
    {
        bool isXml = path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase);
        if (isXml)
        {
            var xml = new EventLogXmlWriter(OutputFile.Create(path));
            simulator.AddObserver(new EventLogObserver(xml.Write));
            return xml;
        }

        var evtx = new EvtxWriter(new MemoryThenFile(OutputFile.Create(path)));
        simulator.AddObserver(new EventLogObserver(entry => evtx.Write(entry)));
        return evtx;
    }

    /// <summary>The header of an .evtx file counts what follows, and an output need not seek: the file is written when it is whole.</summary>
    private sealed class MemoryThenFile(Stream file) : MemoryStream
    {
        protected override void Dispose(bool disposing)
        {
            if (disposing && CanRead)
            {
                using (file)
                    WriteTo(file);
            }

            base.Dispose(disposing);
        }
    }
}
