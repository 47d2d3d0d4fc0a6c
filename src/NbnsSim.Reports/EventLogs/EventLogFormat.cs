namespace NbnsSim.Reports.EventLogs;

/// <summary>How an event log is kept in a file.</summary>
public enum EventLogFormat
{
    /// <summary>A saved log (.evtx), which Event Viewer opens.</summary>
    Evtx,

    /// <summary>XML as Event Viewer exports it.</summary>
    Xml,
}
