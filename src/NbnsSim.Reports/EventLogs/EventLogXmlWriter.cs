using System.Text;

namespace NbnsSim.Reports.EventLogs;

/// <summary>Writes events as Event Viewer exports them: XML, one event a line.</summary>
public sealed class EventLogXmlWriter : IDisposable
{
    private readonly StreamWriter _text;
    private ulong _count;

    /// <summary>Begins the file.</summary>
    /// <param name="stream">Where to; closed with the writer.</param>
    public EventLogXmlWriter(Stream stream)
    {
        _text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        _text.WriteLine("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>");
        _text.WriteLine("<Events>");
    }

    /// <summary>Writes an event.</summary>
    /// <param name="entry">The event.</param>
    public void Write(EventLogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _text.WriteLine(entry.ToXml(++_count));
    }

    /// <summary>Ends the file.</summary>
    public void Dispose()
    {
        if (_text.BaseStream is null)
            return;
        _text.WriteLine("</Events>");
        _text.Dispose();
    }
}
