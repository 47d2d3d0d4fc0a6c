using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NbnsSim.Events;
using NbnsSim.Reports.Pasted;

namespace NbnsSim.Reports.EventLogs;

/// <summary>Whatever somebody has to be explained, whichever form it has: one event, a log of several, or another text such as a table of names.</summary>
public sealed class ExplainedInput : IReport
{
    private const string Accepted = "Nothing in this text is known. What is: an event's number, text, XML or data in hex; a log (.evtx, .evt, XML, CSV, JSON, the lists of wevtutil and PowerShell); " +
        "what nbtstat or nmblookup prints; lines of Samba's log.nmbd; an LMHOSTS file. Of an event in another language its number is enough.";

    private readonly EventLogFile? _log; // of several events
    private readonly PastedText? _other;

    private ExplainedInput(IReadOnlyList<ExplainedEvent> events, EventLogFile? log = null, PastedText? other = null) => (Events, _log, _other) = (events, log, other);

    /// <summary>The events; none where it is another text, or a log without any of interest.</summary>
    public IReadOnlyList<ExplainedEvent> Events { get; }

    /// <summary>Whether it is one event that does not say enough: its data are cut off, or it has no number.</summary>
    public bool IsIncomplete => _log is null && Events is [{ Event: { Address: null, IsNetBt: true } one }] && (one.Data?.IsTruncated ?? one.Id is null);

    /// <summary>Tells which form a file has. A text of one event or none is read as <see cref="TryRead(string, out ExplainedInput?, out string?)"/> reads it.</summary>
    /// <param name="log">The file.</param>
    /// <param name="input">What is in it.</param>
    /// <param name="problem">Why nothing in it can be explained, in a sentence; null where something can.</param>
    /// <returns>Whether something in it can be explained.</returns>
    public static bool TryRead(EventLogFile log, [NotNullWhen(true)] out ExplainedInput? input, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (log.Foreign is { } foreign)
        {
            (input, problem) = (null, $"This is {foreign}.");
            return false;
        }

        if (log.Text is { } text && (log.Count <= 1 || (log.Events.Count == 0 && PastedText.Read(text).Form != PastedForm.Unknown)))
            return TryRead(text, log.Events.Count > 0 ? log.Events[0] : null, out input, out problem);
        (input, problem) = (new ExplainedInput(log.Events, log), null);
        return true;
    }

    /// <summary>Tells which form a text has: an event, an event's number, or another text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="input">What is in it.</param>
    /// <param name="problem">Why nothing in it can be explained, in a sentence; null where something can.</param>
    /// <returns>Whether something in it can be explained.</returns>
    public static bool TryRead(string text, [NotNullWhen(true)] out ExplainedInput? input, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryRead(EventLogFile.Read(text, []), out input, out problem);
    }

    private static bool TryRead(string text, ExplainedEvent? read, [NotNullWhen(true)] out ExplainedInput? input, [NotNullWhen(false)] out string? problem)
    {
        (input, problem) = (null, null);
        if (string.IsNullOrWhiteSpace(text))
        {
            problem = "It is empty.";
            return false;
        }

        var other = PastedText.Read(text);
        if (other.Form != PastedForm.Unknown && read?.Event.Definition is null)
        {
            input = new ExplainedInput([], other: other);
            return true;
        }

        if (read is null)
        {
            if (RelatedEvent.FindSentence(text) is { } related)
            {
                read = new ExplainedEvent(PastedEvent.FromParts(related.Provider, related.Id, [], []));
            }
            else if (PastedEvent.TryParse(text, out var pasted, out problem))
            {
                read = new ExplainedEvent(pasted);
            }
            else
            {
                problem = IsHex(text) ? problem : Accepted;
                return false;
            }
        }

        var found = read.Event;
        if (read.IsOfInterest || (found.IsNetBt && (found.Id is null || found.Data is not null)))
            input = new ExplainedInput([read], other: other.Form == PastedForm.Unknown ? null : other);
        else if (found.IsNetBt)
            problem = string.Create(CultureInfo.InvariantCulture, $"Event {found.Id} is none of NetBT's (4300 to 4322), nor one that goes with them.");
        else
            problem = string.Create(CultureInfo.InvariantCulture, $"This is an event of '{VisibleText.Escape(found.Provider)}'{(found.Id is { } number ? $", number {number}" : "")}: not one of NetBT's.");
        return input is not null;
    }

    /// <summary>Whether a text is meant as hex, so that it helps to say which of it is none: half of its words are.</summary>
    private static bool IsHex(string text)
    {
        string[] words = text.Split([' ', '\t', '\r', '\n', ',', ':', '-'], StringSplitOptions.RemoveEmptyEntries);
        int hex = words.Count(word => word.Length % 2 == 0 && (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? word[2..] : word).All(char.IsAsciiHexDigit));
        return words.Length > 0 && hex * 2 >= words.Length;
    }

    /// <summary>Writes what it means and what to do as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        if (_log is not null)
            ExplanationReport.Write(writer, _log);
        else if (Events.Count > 0)
            ExplanationReport.Write(writer, Events[0]);
        if (_other is null)
            return;
        if (Events.Count > 0)
            writer.WriteLine();
        ExplanationReport.Write(writer, _other);
    }

    /// <summary>Writes what it means and what to do as NDJSON.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        if (_other is not null)
            ExplanationReport.Write(ndjson, _other);
        foreach (var one in Events)
            ExplanationReport.Write(ndjson, one);
    }
}
