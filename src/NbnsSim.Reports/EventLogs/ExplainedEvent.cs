using NbnsSim.Events;

namespace NbnsSim.Reports.EventLogs;

/// <summary>An event that was found in a file or in a text, and where it stands in a log.</summary>
/// <param name="Event">What the event says.</param>
public sealed record ExplainedEvent(PastedEvent Event)
{
    /// <summary>When it was logged; null where that is not known, as where a local time has no zone.</summary>
    public Instant? Time { get; init; }

    /// <summary>The time as it was given; null for none.</summary>
    public string? TimeText { get; init; }

    /// <summary>The computer that logged it; null where that is not known.</summary>
    public string? Computer { get; init; }

    /// <summary>The event's number in the log; null where that is not known.</summary>
    public ulong? RecordNumber { get; init; }

    /// <summary>Whether the event is NetBT's, or another's that belongs to the same kind of trouble.</summary>
    public bool IsOfInterest => Event.Definition is not null || RelatedEvent.Find(Event.Provider, Event.Id) is not null;

    /// <summary>Number, name and other machine on one line.</summary>
    public override string ToString() =>
        $"{Event.Id}{(Event.Name is { } name ? $" {name}" : "")}{(Event.Address is { } address ? $" {(Event.Id == NetBtEventId.DuplicateNameError ? "refused by" : "from")} {address}" : "")}";
}
