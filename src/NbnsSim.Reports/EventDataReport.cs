using NbnsSim.Events;

namespace NbnsSim.Reports;

/// <summary>An event that somebody copied out of Event Viewer, in text or in NDJSON: which one it is, and whose address is in it (Q120752).</summary>
/// <param name="pasted">The event.</param>
public sealed class EventDataReport(PastedEvent pasted) : IReport
{
    /// <summary>Writes it as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (pasted.Definition is { } definition)
        {
            writer.WriteLine($"Event ID: {definition.Id} (0x{pasted.Data?.Code ?? definition.Code:X8}, {definition.Symbol})");
            writer.WriteLine($"Source:   {NetBtEvent.Source}");
            writer.WriteLine($"Type:     {definition.Severity}");
            writer.WriteLine("Description:");
            foreach (string line in TextColumns.Wrap(pasted.Message!, 80))
                writer.WriteLine(line);
            if (pasted.Data is null)
                writer.WriteLine($"Meaning:  {definition.Meaning}");
        }

        if (pasted.Data is { } data)
        {
            writer.WriteBlock("Data (bytes):\n" + EventViewerText.FormatBytes(data.Octets) + "Data (words):\n" + EventViewerText.FormatWords(data.Octets));
            if (data.Address is { } sender && pasted.Address == sender)
                writer.WriteBlock($"\nAddress: {sender} sent the message. Ask who that is with: nbtstat -A {sender}\n");
            if (data.Octets.Length == Ipv4Address.Size && data.Address is not null)
                writer.WriteLine($"Should the four octets be a word of Event Viewer's Words view, it is {Ipv4Address.Read(data.Octets)}.");
        }

        if (pasted.Name is { } name)
        {
            writer.WriteBlock($"\nName:    {name}\n");
            if (pasted.InterfaceAddress is { } own)
                writer.WriteLine($"Wanted:  by this machine, on its interface {own}.");
            if (pasted.Address is { } owner)
                writer.WriteLine($"Address: {owner} did not allow it. Ask who that is with: nbtstat -A {owner}");
        }
        else if (pasted.Data is null && pasted.Id is NetBtEventId.DuplicateName or NetBtEventId.NameRelease)
        {
            writer.WriteBlock("\nAddress: in the event's data, at offset 0028 (Q120752): paste that too.\n");
        }

        foreach (string remark in pasted.Remarks)
            writer.WriteBlock($"\nNote: {VisibleText.Escape(remark)}\n");
    }

    /// <summary>Writes it as NDJSON, one object.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        ndjson.Write("eventData", pasted, static (json, it) =>
        {
            if (it.Definition is { } definition)
                json.WriteNumber("eventId", definition.Id);
            else
                json.WriteNull("eventId");
            json.WriteString("code", (it.Data is { } given ? given.Code : it.Definition?.Code) is { } code ? $"0x{code:X8}" : null);
            json.WriteString("source", NetBtEvent.Source);
            json.WriteString("address", it.Address?.ToString());
            if (it.Name is { } name)
            {
                json.WriteName(name);
                json.WriteString("interfaceAddress", it.InterfaceAddress?.ToString());
            }

            json.WriteString("description", it.Message);
            json.WriteString("data", it.Data is { } data ? Convert.ToHexStringLower(data.Octets) : "");
            json.WriteTexts("remarks", it.Remarks);
        });
    }
}
