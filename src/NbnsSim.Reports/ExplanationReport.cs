using System.Buffers.Binary;
using System.Globalization;
using NbnsSim.Events;
using NbnsSim.Reports.EventLogs;
using NbnsSim.Reports.Pasted;

namespace NbnsSim.Reports;

/// <summary>What a pasted text or an event log means and what to do about it, in text or in NDJSON.</summary>
public static class ExplanationReport
{
    /// <summary>Of one kind of event in a long log more are counted, not listed.</summary>
    private const int MaxListed = 50;

    /// <summary>Writes one event: what it says, then what it means and what to do.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="one">The event.</param>
    public static void Write(ReportWriter writer, ExplainedEvent one)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(one);
        if (Where(one) is { Length: > 0 } where)
            writer.WriteLine(where);
        if (RelatedEvent.Find(one.Event.Provider, one.Event.Id) is { } related)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Event ID: {related.Id}"));
            writer.WriteLine($"Source:   {one.Event.Provider ?? related.Provider}");
            writer.WriteWrapped("Meaning:  ", related.Meaning);
            WriteDetails(writer, one.Event);
        }
        else
        {
            new EventDataReport(one.Event).Write(writer);
            if (one.Event.Definition is { Text: null })
                WriteDetails(writer, one.Event);
        }

        WriteAdvice(writer, AdviceFor(one));
    }

    /// <summary>Writes the events of a log: a line each, then what each kind of them means.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="log">The log.</param>
    public static void Write(ReportWriter writer, EventLogFile log)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(log);
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{log.Count:N0} event{(log.Count == 1 ? "" : "s")}, {log.Events.Count:N0} of them about NetBIOS names or NetBT."));
        foreach (var kind in log.Events.GroupBy(one => (one.Event.Provider, one.Event.Id, one.Event.Name, one.Event.Address)))
        {
            var first = kind.First();
            writer.WriteHeading($"{(first.Event.Provider is { } provider ? provider + " " : "")}{first}");
            foreach (var one in kind.Take(MaxListed))
                writer.WriteLine("  " + Where(one));
            if (kind.Count() is var count && count > MaxListed)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … {count - MaxListed:N0} more"));
            writer.WriteWrapped("Meaning: ", RelatedEvent.Find(first.Event.Provider, first.Event.Id)?.Meaning ?? first.Event.Message ?? "not known");
            WriteDetails(writer, first.Event);
            WriteAdvice(writer, AdviceFor(first));
        }
    }

    /// <summary>Writes what another text than an event means.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="text">The text.</param>
    public static void Write(ReportWriter writer, PastedText text)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(text);
        writer.WriteLine(text.Title ?? "", ReportRole.Title);
        foreach (var item in text.Items)
        {
            writer.WriteLine($"{(item.IsTrouble ? "! " : "  ")}{item.Subject}", item.IsTrouble ? ReportRole.Negative : ReportRole.Plain);
            writer.WriteWrapped("      ", item.Meaning);
        }

        string[] advice = [.. text.Items.SelectMany(item => item.Advice).Distinct(StringComparer.Ordinal)];
        if (advice.Length == 0 && !text.Items.Any(item => item.IsTrouble))
            writer.WriteLine("Nothing in it is wrong.");
        WriteAdvice(writer, advice);
    }

    /// <summary>Writes an event as NDJSON: its data where it is NetBT's, and an explanation.</summary>
    /// <param name="ndjson">Where to.</param>
    /// <param name="one">The event.</param>
    public static void Write(NdjsonWriter ndjson, ExplainedEvent one)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        ArgumentNullException.ThrowIfNull(one);
        var related = RelatedEvent.Find(one.Event.Provider, one.Event.Id);
        if (related is null)
            new EventDataReport(one.Event).Write(ndjson);
        ndjson.Write("explanation", (one, related), static (json, it) =>
        {
            json.WriteString("form", "event");
            json.WriteString("subject", it.one.ToString());
            json.WriteString("meaning", it.related?.Meaning ?? it.one.Event.Definition?.Meaning ?? "");
            json.WriteBoolean("trouble", true);
            json.WriteTexts("advice", AdviceFor(it.one));
            if (it.one.Event.Id is { } id)
                json.WriteNumber("event", id);
            if (it.one.Event.Provider is { } provider)
                json.WriteString("source", provider);
            if (it.one.Event.Name is { } name)
                json.WriteName(name);
            if (it.one.Event.Address is { } address)
                json.WriteString("address", address.ToString());
            if (it.one.Time is { } time)
                json.WriteString("time", time.ToString());
            if (it.one.Computer is { } computer)
                json.WriteString("computer", computer);
            if (it.one.RecordNumber is { } number)
                json.WriteNumber("record", number);
        });
    }

    /// <summary>Writes what another text means as NDJSON, a line for each piece.</summary>
    /// <param name="ndjson">Where to.</param>
    /// <param name="text">The text.</param>
    public static void Write(NdjsonWriter ndjson, PastedText text)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        ArgumentNullException.ThrowIfNull(text);
        foreach (var item in text.Items)
        {
            ndjson.Write("explanation", (text.Form, item), static (json, it) =>
            {
                json.WriteString("form", it.Form switch { PastedForm.Cache => "cache", PastedForm.Statistics => "statistics", PastedForm.NmbdLog => "nmbdLog", PastedForm.LmHosts => "lmHosts", PastedForm.Sessions => "sessions", PastedForm.Answers => "answers", PastedForm.Message => "message", _ => "nameTable" });
                json.WriteString("subject", it.item.Subject);
                json.WriteString("meaning", it.item.Meaning);
                json.WriteBoolean("trouble", it.item.IsTrouble);
                json.WriteTexts("advice", it.item.Advice);
                if (it.item.Line > 0)
                    json.WriteNumber("line", it.item.Line);
                if (it.item.Name is { } name)
                    json.WriteName(name);
                if (it.item.Address is { } address)
                    json.WriteString("address", address.ToString());
            });
        }
    }

    private static IEnumerable<string> AdviceFor(ExplainedEvent one) =>
        RelatedEvent.Find(one.Event.Provider, one.Event.Id) is { } related ? [related.Advice] : EventAdvice.For(one.Event);

    private static void WriteAdvice(ReportWriter writer, IEnumerable<string> advice)
    {
        bool isFirst = true;
        foreach (string step in advice)
        {
            if (isFirst)
                writer.WriteBlock("\nWhat to do:\n");
            isFirst = false;
            writer.WriteWrapped("  - ", step);
        }
    }

    /// <summary>What an event's insertion strings and data say that its meaning does not: the device, the error.</summary>
    private static void WriteDetails(ReportWriter writer, PastedEvent one)
    {
        string[] strings = [.. one.Strings.Where(text => text.Length > 0)];
        if (one.Id != NetBtEventId.DuplicateNameError && strings.Length > 0)
            writer.WriteWrapped("Strings: ", string.Join(", ", strings));
        if (!one.IsNetBt && one.Data is { Octets.Length: sizeof(uint) } data)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Error:   {BinaryPrimitives.ReadUInt32LittleEndian(data.Octets) switch { 52 => "52, a duplicate name on the network", var code => code.ToString(CultureInfo.InvariantCulture) }}"));
    }

    private static string Where(ExplainedEvent one)
    {
        string?[] parts =
        [
            one.Time is { } time ? WallClock.Utc.At(time).ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture) : one.TimeText,
            one.Computer,
            one.RecordNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $"record {number}") : null,
        ];
        return string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }
}
