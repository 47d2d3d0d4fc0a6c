using System.Globalization;
using NbnsSim.Names;

namespace NbnsSim.Events;

/// <summary>An event as NetBT writes it to the System log.</summary>
/// <remarks>An immutable value; text and data octets are only made when asked for.</remarks>
public sealed record NetBtEvent
{
    /// <summary>The event source, as Event Viewer shows it.</summary>
    public const string Source = "NetBT";

    private readonly NetBtEventDefinition _definition;

    private NetBtEvent(Instant time, int id, Ipv4Address address, NetBiosName name, Ipv4Address interfaceAddress)
    {
        _definition = NetBtEventDefinition.Find(id)!;
        Time = time;
        Address = address;
        Name = name;
        InterfaceAddress = interfaceAddress;
    }

    /// <summary>When it was logged.</summary>
    public Instant Time { get; }

    /// <summary>The event id: 4319, 4320, 4321 …</summary>
    public int Id => _definition.Id;

    /// <summary>The full code: 0xC00010E0 for 4320.</summary>
    public uint Code => _definition.Code;

    /// <summary>The severity, Event Viewer's "Type".</summary>
    public NetBtEventSeverity Severity => _definition.Severity;

    /// <summary>What is known of the event id.</summary>
    public NetBtEventDefinition Definition => _definition;

    /// <summary>
    /// The node that sent the message: in the data of 4319 and 4320 (Q120752), in the text of 4321. 0.0.0.0 where the event has no sender.
    /// </summary>
    public Ipv4Address Address { get; }

    /// <summary>The NetBIOS name it is about. Windows tells only for 4321; for 4319 and 4320 it sends people to <c>nbtstat -n</c>.</summary>
    public NetBiosName Name { get; }

    /// <summary>The address of the interface concerned: <c>%3</c> in the text of 4321. 0.0.0.0 where the event has none.</summary>
    public Ipv4Address InterfaceAddress { get; }

    /// <summary>Why the node logged it; <see langword="null"/> for an event that was decoded rather than raised. No part of what Windows logs.</summary>
    public NetBtEventReason? Reason { get; init; }

    /// <summary>Whether the text says "computer" for "machine", as Windows does from Vista on: <c>NetBtDialect.EventsSayComputer</c>.</summary>
    public bool SaysComputer { get; init; }

    /// <summary>The description as Event Viewer shows it, insertion strings filled in; our own words where Windows' are not known.</summary>
    public string Message => (SaysComputer ? _definition.LaterText : _definition.Text) is not { } text
        ? _definition.Meaning
        : Id != NetBtEventId.DuplicateNameError
            ? text
            : text
                .Replace("%2", string.Create(CultureInfo.InvariantCulture, $"{Name.PaddedBaseName}:{(byte)Name.Suffix:x}"), StringComparison.Ordinal)
                .Replace("%3", InterfaceAddress.ToString(), StringComparison.Ordinal)
                .Replace("%4", Address.ToString(), StringComparison.Ordinal);

    /// <summary>An event of a known id, as it was logged before.</summary>
    internal static NetBtEvent Again(Instant time, int id, Ipv4Address address, NetBiosName name, Ipv4Address interfaceAddress) => new(time, id, address, name, interfaceAddress);

    /// <summary>4319: <paramref name="sender"/> told us that <paramref name="name"/> is in conflict.</summary>
    /// <param name="time">When.</param>
    /// <param name="sender">Who sent the conflict demand or the unsolicited negative response.</param>
    /// <param name="name">Our name that is now in conflict.</param>
    public static NetBtEvent DuplicateName(Instant time, Ipv4Address sender, NetBiosName name) =>
        new(time, NetBtEventId.DuplicateName, sender, name, default);

    /// <summary>4320: <paramref name="sender"/> released <paramref name="name"/>, which is ours (Q131739).</summary>
    /// <param name="time">When.</param>
    /// <param name="sender">Who sent the release.</param>
    /// <param name="name">Our name that is now in conflict.</param>
    public static NetBtEvent NameRelease(Instant time, Ipv4Address sender, NetBiosName name) =>
        new(time, NetBtEventId.NameRelease, sender, name, default);

    /// <summary>4321: <paramref name="owner"/> did not let us register <paramref name="name"/>. Windows 2000 and later.</summary>
    /// <param name="time">When.</param>
    /// <param name="owner">Who refused.</param>
    /// <param name="name">The name we wanted.</param>
    /// <param name="interfaceAddress">The address we wanted it for.</param>
    public static NetBtEvent DuplicateNameError(Instant time, Ipv4Address owner, NetBiosName name, Ipv4Address interfaceAddress) =>
        new(time, NetBtEventId.DuplicateNameError, owner, name, interfaceAddress);

    /// <summary>4303 or 4302: a node that uses name servers has none, or no backup.</summary>
    /// <param name="time">When.</param>
    /// <param name="backup">Whether it is the backup that is missing.</param>
    public static NetBtEvent NoNameServer(Instant time, bool backup) =>
        new(time, backup ? NetBtEventId.NoBackupNameServer : NetBtEventId.NoNameServer, default, default, default);

    /// <summary>4317 or 4318: the configured scope cannot be encoded.</summary>
    /// <param name="time">When.</param>
    /// <param name="label">Whether one label is over 63 octets, rather than the whole over 255.</param>
    public static NetBtEvent ScopeTooLong(Instant time, bool label) =>
        new(time, label ? NetBtEventId.ScopeLabelTooLong : NetBtEventId.ScopeTooLong, default, default, default);

    /// <summary>
    /// The event's data octets: <see cref="NetBtEventData.Write"/> with this event's code and address; for a 4321 the forty octets that Windows 10 was seen to
    /// write, which hold no address.
    /// </summary>
    public byte[] GetData()
    {
        if (Id == NetBtEventId.DuplicateNameError)
            return NetBtEventData.DuplicateNameError.ToArray();
        var octets = new byte[NetBtEventData.Size];
        NetBtEventData.Write(octets, Code, Address);
        return octets;
    }

    /// <summary>Id, name and sender on one line: <c>4320 JSMITH&lt;03&gt; from 10.0.0.2</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {Name} from {Address}");
}
