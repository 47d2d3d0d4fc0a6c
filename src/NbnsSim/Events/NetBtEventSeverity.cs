namespace NbnsSim.Events;

/// <summary>The severity in the top two bits of an event code, and Event Viewer's "Type".</summary>
public enum NetBtEventSeverity : byte
{
    /// <summary>00: success; no NetBT event has it.</summary>
    Success = 0,

    /// <summary>01: "Information".</summary>
    Information = 1,

    /// <summary>10: "Warning".</summary>
    Warning = 2,

    /// <summary>11: "Error".</summary>
    Error = 3,
}
