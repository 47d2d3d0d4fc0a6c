using System.Collections.Immutable;

namespace NbnsSim.Events;

/// <summary>What is known of one of NetBT's event ids: its code, symbol and text.</summary>
/// <remarks>
/// Codes and symbols: public SDK constants. The code is severity (two bits), facility 0 and the id.
/// <code>
///  31  30  29  28  27 ............ 16  15 ............. 0
/// +-------+---+---+------------------+-------------------+
/// |  Sev  | 0 | 0 |    facility 0    |     event id      |
/// +-------+---+---+------------------+-------------------+
/// </code>
/// </remarks>
public sealed record NetBtEventDefinition
{
    private NetBtEventDefinition(int id, NetBtEventSeverity severity, string symbol, string meaning, string? text = null, string? laterText = null)
    {
        Id = id;
        Severity = severity;
        Symbol = symbol;
        Meaning = meaning;
        Text = text;
        LaterText = laterText ?? text;
    }

    /// <summary>Every NetBT event, by id: 4300 to 4322.</summary>
    public static ImmutableArray<NetBtEventDefinition> All { get; } =
    [
        new(4300, NetBtEventSeverity.Error, "EVENT_NBT_CREATE_DRIVER", "the driver could not be created"),
        new(4301, NetBtEventSeverity.Error, "EVENT_NBT_OPEN_REG_PARAMS", "the registry key Parameters could not be opened"),
        new(NetBtEventId.NoBackupNameServer, NetBtEventSeverity.Warning, "EVENT_NBT_NO_BACKUP_WINS", "no backup WINS server is configured"),
        new(
            NetBtEventId.NoNameServer, NetBtEventSeverity.Warning, "EVENT_NBT_NO_WINS", "no primary WINS server is configured",
            "The primary WINS server address is not configured in the registry."), // TechNet cc957269
        new(4304, NetBtEventSeverity.Warning, "EVENT_NBT_BAD_BACKUP_WINS_ADDR", "the backup WINS server's address is malformed"),
        new(4305, NetBtEventSeverity.Warning, "EVENT_NBT_BAD_PRIMARY_WINS_ADDR", "the primary WINS server's address is malformed"),
        new(4306, NetBtEventSeverity.Error, "EVENT_NBT_NAME_SERVER_ADDRS", "the WINS servers' addresses could not be configured"),
        new(4307, NetBtEventSeverity.Error, "EVENT_NBT_CREATE_ADDRESS", "the transport refused to open initial addresses"),
        new(4308, NetBtEventSeverity.Error, "EVENT_NBT_CREATE_CONNECTION", "the transport refused to open initial connections"),
        new(4309, NetBtEventSeverity.Error, "EVENT_NBT_NON_OS_INIT", "the data structures could not be initialised"),
        new(4310, NetBtEventSeverity.Error, "EVENT_NBT_TIMERS", "the timers could not be started"),
        new(4311, NetBtEventSeverity.Error, "EVENT_NBT_CREATE_DEVICE", "the driver's device could not be created"), // newer SDKs make it informational
        new(4312, NetBtEventSeverity.Warning, "EVENT_NBT_NO_DEVICES", "no adapter is configured"),
        new(4313, NetBtEventSeverity.Error, "EVENT_NBT_OPEN_REG_LINKAGE", "the registry key Linkage could not be opened"),
        new(4314, NetBtEventSeverity.Error, "EVENT_NBT_READ_BIND", "the bindings to the transport could not be read"),
        new(4315, NetBtEventSeverity.Error, "EVENT_NBT_READ_EXPORT", "the exported linkage could not be read"),
        new(4316, NetBtEventSeverity.Warning, "EVENT_NBT_OPEN_REG_NAMESERVER", "the registry key with the WINS servers' addresses could not be opened"),
        new(NetBtEventId.ScopeLabelTooLong, NetBtEventSeverity.Warning, "EVENT_SCOPE_LABEL_TOO_LONG", "a label of the NetBIOS scope has more than 63 octets"),
        new(NetBtEventId.ScopeTooLong, NetBtEventSeverity.Warning, "EVENT_SCOPE_TOO_LONG", "the NetBIOS scope has more than 255 octets"),
        new(
            NetBtEventId.DuplicateName, NetBtEventSeverity.Error, "EVENT_NBT_DUPLICATE_NAME", "another machine said that it holds one of this machine's names",
            "A duplicate name has been detected on the TCP network. The IP address of the machine that sent the message is in the data. " +
            "Use nbtstat -n in a command window to see which name is in the Conflict state.", // Q120752, Q242053
            "A duplicate name has been detected on the TCP network.  The IP address of the computer that sent the message is in the data. " +
            "Use nbtstat -n in a command window to see which name is in the Conflict state."), // an event of 2012
        new(
            NetBtEventId.NameRelease, NetBtEventSeverity.Error, "EVENT_NBT_NAME_RELEASE", "another machine released one of this machine's names",
            "Another machine has sent a name release message to this machine probably because a duplicate name has been detected on the TCP network. " +
            "The IP address of the node that sent the message is in the data. " +
            "Use nbtstat -n in a command window to see which name is in the Conflict state.", // Q131739, Q120752
            "Another computer has sent a name release message to this computer, probably because a duplicate name has been detected on the TCP network. " +
            "The IP address of the node that sent the message is in the data. " +
            "Use nbtstat -n in a command window to see which name is in the Conflict state."), // TechNet, Windows Server 2008 R2
        new(
            NetBtEventId.DuplicateNameError, NetBtEventSeverity.Error, "EVENT_NBT_DUPLICATE_NAME_ERROR", "a name could not be registered because another machine holds it",
            "The name \"%2\" could not be registered on the interface with IP address %3. " +
            "The machine with the IP address %4 did not allow the name to be claimed by this machine.", // Windows 2000 and later
            "The name \"%2\" could not be registered on the interface with IP address %3. " +
            "The computer with the IP address %4 did not allow the name to be claimed by this computer."), // Windows 10
        new(4322, NetBtEventSeverity.Error, "EVENT_NBT_NO_RESOURCES", "requests failed for want of resources within the last hour"),
    ];

    /// <summary>The event id, the low sixteen bits of <see cref="Code"/>.</summary>
    public int Id { get; }

    /// <summary>How grave Windows thinks it is.</summary>
    public NetBtEventSeverity Severity { get; }

    /// <summary>The constant's name in Microsoft's SDK.</summary>
    public string Symbol { get; }

    /// <summary>What it says, in our words.</summary>
    public string Meaning { get; }

    /// <summary>
    /// Windows' own text with its insertion strings (<c>%2</c> …; <c>%1</c> is the device, which the I/O system adds), where it was read
    /// in a published source; otherwise null.
    /// </summary>
    public string? Text { get; }

    /// <summary>
    /// The text of Windows Vista and later, which says "computer" for "machine"; <see cref="Text"/> where no other was read in a published source.
    /// </summary>
    public string? LaterText { get; }

    /// <summary>The full event code: 0xC00010E0 for 4320.</summary>
    public uint Code => ((uint)Severity << 30) | (uint)Id;

    /// <summary>The definition of an id; null if NetBT has no such event.</summary>
    /// <param name="id">The id, such as 4320.</param>
    public static NetBtEventDefinition? Find(int id) => id >= All[0].Id && id - All[0].Id < All.Length ? All[id - All[0].Id] : null;

    /// <summary>The definition behind a full code; null if it is not NetBT's. The severity is not compared: 4311's changed between SDKs.</summary>
    /// <param name="code">The code, such as 0xC00010E0.</param>
    public static NetBtEventDefinition? FindByCode(uint code) => (code & 0x3FFF_0000) == 0 && code >> 30 != 0 ? Find((ushort)code) : null;
}
