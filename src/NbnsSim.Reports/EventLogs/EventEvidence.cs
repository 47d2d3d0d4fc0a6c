using NbnsSim.Captures;
using NbnsSim.Replay;

namespace NbnsSim.Reports.EventLogs;

/// <summary>Looks in captures for the frames that made several events.</summary>
/// <param name="events">The events; of more than a thousand the first ones are looked for, since each datagram is held against each of them.</param>
public sealed class EventEvidence(IReadOnlyList<ExplainedEvent> events) : IReport
{
    private const int MaxEvents = 1_000;

    private readonly EventFrames[] _searched = [.. events.Take(MaxEvents).Select(one => new EventFrames(one))];

    /// <summary>Whether frames were found for every event.</summary>
    public bool IsComplete => Array.TrueForAll(_searched, frames => frames.Found.Count > 0);

    /// <summary>Looks at a datagram.</summary>
    /// <param name="capture">What its capture is called.</param>
    /// <param name="datagram">The datagram.</param>
    public void Observe(string capture, in CapturedDatagram datagram)
    {
        foreach (var frames in _searched)
            frames.Observe(capture, datagram);
    }

    /// <summary>Looks through a whole capture.</summary>
    /// <param name="title">What it is called.</param>
    /// <param name="capture">The capture, of which this is one pass.</param>
    public void Observe(string title, CapturePasses capture)
    {
        ArgumentNullException.ThrowIfNull(capture);
        capture.ForEach((in CapturedDatagram datagram) =>
        {
            Observe(title, datagram);
            return true;
        });
    }

    /// <summary>Writes the frames of each event as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        foreach (var frames in _searched)
            frames.Write(writer);
    }

    /// <summary>Writes the frames as NDJSON, a line for each event.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        foreach (var frames in _searched)
            frames.Write(ndjson);
    }
}
