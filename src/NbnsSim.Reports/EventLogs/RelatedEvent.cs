using System.Collections.Immutable;

namespace NbnsSim.Reports.EventLogs;

/// <summary>An event of another source that a NetBIOS name in dispute brings with it, or that is taken for one.</summary>
/// <param name="Provider">Who logs it.</param>
/// <param name="Id">Its number.</param>
/// <param name="Meaning">What it says, in our words.</param>
/// <param name="Advice">What to do.</param>
public sealed record RelatedEvent(string Provider, int Id, string Meaning, string Advice)
{
    private const string TwoMasters = "A computer announced itself as master browser of the workgroup while this one is it; an election settles it.";
    private const string OneDeaf = "Harmless once. Where it recurs, the segment has a machine that cannot hear the other's broadcasts, or a wrong subnet mask.";

    /// <summary>Those that are known.</summary>
    public static ImmutableArray<RelatedEvent> All { get; } =
    [
        new("Server", 2505, "The Server service could not bind to a NetBT transport because another computer on the network has the same name; file sharing over NetBIOS does not work on that adapter.",
            "It goes with a NetBT event 4321 about the computer's <20> name at the same time, which names the other machine: give one of the two another name, then restart the Server service."),
        new("Server", 2504, "The Server service could not bind to a NetBT transport.", "Look for a NetBT event 4321 at the same time; without one, see whether NetBIOS over TCP/IP is enabled on the adapter."),
        new("Workstation", 3870, "The Workstation service refused the computer's name: another machine of the network has it, or it is none that may be used (Q103470).",
            "See the System log for NetBT events 4319 to 4321 and a Server event 2505 at the same time: give one of the two machines another name."),
        new("BROWSER", 8003, TwoMasters, OneDeaf),
        new("MRxSmb", 8003, TwoMasters, OneDeaf), // Windows 2000 to Server 2003
        new("bowser", 8003, TwoMasters, OneDeaf), // Vista and later
        new("BROWSER", 8021, "The browser could not get a list of servers from the master browser.", "Look whether the master browser (nbtstat -a WORKGROUP) can be reached at UDP 138 and TCP 139."),
        new("BROWSER", 8032, "The browser could not get the backup list too many times and gave up on a transport.", "Harmless where network browsing is not used."),
        new("Tcpip", 4198, "The system took an IP address out of use that another machine has.", "This is about the IP address, not about a NetBIOS name: the event names the other's MAC address."),
        new("Tcpip", 4199, "Another machine uses this machine's IP address.", "This is about the IP address, not about a NetBIOS name: the event names the other's MAC address."),
    ];

    /// <summary>The one with this source and number; null where there is none.</summary>
    /// <param name="provider">Who logged it; <c>LanmanServer</c> and the like end as ours do; null where the text does not say, and the number alone counts.</param>
    /// <param name="id">The number.</param>
    public static RelatedEvent? Find(string? provider, int? id) =>
        All.FirstOrDefault(one => one.Id == id && (provider is null || provider.EndsWith(one.Provider, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The one whose English sentence a text has; null where there is none.</summary>
    /// <param name="text">The text.</param>
    public static RelatedEvent? FindSentence(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return !line.Contains("server could not bind to the transport", StringComparison.OrdinalIgnoreCase) ? null
            : Find("Server", line.Contains("has the same name", StringComparison.OrdinalIgnoreCase) ? 2505 : 2504);
    }
}
