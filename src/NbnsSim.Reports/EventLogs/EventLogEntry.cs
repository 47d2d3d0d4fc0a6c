using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NbnsSim.Events;
using NbnsSim.Names;

namespace NbnsSim.Reports.EventLogs;

/// <summary>An event in a machine's log: what Event Viewer knows of it.</summary>
public sealed record EventLogEntry
{
    /// <summary>Who logged it: <c>NetBT</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Its full code, of which the low sixteen bits are its number and the high ones its qualifiers.</summary>
    public required uint Code { get; init; }

    /// <summary>When; null where that is not known.</summary>
    public Instant? Time { get; init; }

    /// <summary>The computer's name.</summary>
    public string Computer { get; init; } = "";

    /// <summary>Which log.</summary>
    public string Channel { get; init; } = "System";

    /// <summary>The insertion strings.</summary>
    public ImmutableArray<string> Strings { get; init; } = [];

    /// <summary>The data octets.</summary>
    public ImmutableArray<byte> Data { get; init; } = [];

    /// <summary>1 critical, 2 error, 3 warning, 4 information.</summary>
    public byte Level => (Code >> 30) switch { 3 => 2, 2 => 3, _ => 4 };

    /// <summary>
    /// What a simulated machine logs. The strings of 4321 are as Windows 10 writes them (its own empty first, then name, own address, the other's), those of
    /// 4319 and 4320 one empty string, the device that the I/O system adds: that is inferred from the count of strings in their data.
    /// </summary>
    /// <param name="logged">The event.</param>
    /// <param name="computer">Whose log it is in.</param>
    /// <param name="start">When the simulation's time is 0.</param>
    public static EventLogEntry FromSimulation(NetBtEvent logged, string computer, Instant start)
    {
        ArgumentNullException.ThrowIfNull(logged);
        bool isClaim = logged.Id == NetBtEventId.DuplicateNameError;
        return new EventLogEntry
        {
            Provider = NetBtEvent.Source,
            Code = logged.Code,
            Time = start + (logged.Time - Instant.Epoch),
            Computer = computer,
            Strings = isClaim ? ["", ClaimText(logged.Name), logged.InterfaceAddress.ToString(), logged.Address.ToString()] : [""],
            Data = [.. logged.GetData()],
        };
    }

    /// <summary>The event's XML as Event Viewer shows it.</summary>
    /// <param name="recordNumber">Its number in the log.</param>
    public string ToXml(ulong recordNumber)
    {
        var xml = new StringBuilder("<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System><Provider Name=\"");
        BinaryXmlValue.AppendText(xml, Provider);
        xml.Append(CultureInfo.InvariantCulture, $"\"/><EventID Qualifiers=\"{Code >> 16}\">{(ushort)Code}</EventID><Level>{Level}</Level><Task>0</Task><Keywords>0x80000000000000</Keywords>");
        xml.Append(CultureInfo.InvariantCulture, $"<TimeCreated SystemTime=\"{BinaryXmlValue.FileTimeText(FileTime)}\"/><EventRecordID>{recordNumber}</EventRecordID><Channel>");
        BinaryXmlValue.AppendText(xml, Channel);
        xml.Append("</Channel><Computer>");
        BinaryXmlValue.AppendText(xml, Computer);
        xml.Append("</Computer><Security/></System><EventData>");
        foreach (string text in Strings)
        {
            xml.Append("<Data>");
            BinaryXmlValue.AppendText(xml, text);
            xml.Append("</Data>");
        }

        if (!Data.IsEmpty)
            xml.Append("<Binary>").Append(Convert.ToHexString(Data.AsSpan())).Append("</Binary>");
        return xml.Append("</EventData></Event>").ToString();
    }

    /// <summary>The time as 100 nanoseconds since 1601; 0 where it is not known.</summary>
    internal long FileTime => Time is { } time ? Math.Max(0, time.ToDateTimeOffset().UtcTicks - BinaryXmlValue.FileTimeEpoch) : 0;

    private static string ClaimText(NetBiosName name) => string.Create(CultureInfo.InvariantCulture, $"{name.PaddedBaseName}:{(byte)name.Suffix:x}");
}
