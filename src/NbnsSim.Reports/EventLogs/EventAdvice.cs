using System.Globalization;
using NbnsSim.Events;
using NbnsSim.Names;

namespace NbnsSim.Reports.EventLogs;

/// <summary>What a NetBT event means for whoever has it, and what to do.</summary>
public static class EventAdvice
{
    /// <summary>What an event means here, and the steps that lead out of it, the first to be taken first; empty where nothing is known.</summary>
    /// <param name="pasted">The event.</param>
    public static IEnumerable<string> For(PastedEvent pasted)
    {
        ArgumentNullException.ThrowIfNull(pasted);
        return pasted.Definition?.Id switch
        {
            NetBtEventId.DuplicateName => Conflict(pasted.Address),
            NetBtEventId.NameRelease => Release(pasted.Address),
            NetBtEventId.DuplicateNameError => Claim(pasted),
            NetBtEventId.NoBackupNameServer or NetBtEventId.NoNameServer => ["Harmless where no WINS server is used. Otherwise give the adapter its address (or DHCP options 44 and 46)."],
            4304 or 4305 or 4306 or 4316 => ["Correct the WINS addresses of the adapter (ipconfig /all shows them), or DHCP option 44."],
            NetBtEventId.ScopeLabelTooLong or NetBtEventId.ScopeTooLong => ["Correct ScopeId under HKLM\\SYSTEM\\CurrentControlSet\\Services\\NetBT\\Parameters, or DHCP option 47; nearly every network has none."],
            4307 => ["The adapter had no address when NetBT started: see whether DHCP answered, and whether a VPN or a disabled adapter is bound to NetBT."],
            4311 => ["Often two adapters with one MAC address (bridged, teamed or virtual ones), or an adapter that was removed: see which adapter was added last. No name is in dispute."],
            4322 => ["Memory ran out for requests: look for a flood of queries (nbnssim diagnose on a capture) and for what else the machine lacks."],
            >= 4300 => ["NetBT did not start as configured: see whether its registry key is whole and TCP/IP is bound to the adapter. No name is in dispute."],
            _ => [],
        };
    }

    /// <summary>What a name in dispute stands for, and whether its loss hurts.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isGroup">Whether it is known to be a group's.</param>
    public static string WhatIsLost(NetBiosName name, bool isGroup = false) => name.Suffix switch
    {
        _ when name.High == NetBiosName.MsBrowse.High => "It is the name of all master browsers: harmless.",
        NameSuffix.Messenger => "It is a user's or computer's Messenger name: where one user is logged on to two machines only the first has it, and only pop-up messages (net send) miss the second. Harmless (Q131739).",
        NameSuffix.MasterBrowser => "It is the master browser's name: the segment has a master browser already, and an election settles it. Harmless, unless it recurs all day.",
        NameSuffix.DomainMasterBrowser => "It is the domain master browser's name: another machine is it already. Right unless this one is the primary domain controller.",
        _ when isGroup || name.Suffix is NameSuffix.BrowserElections or NameSuffix.DomainControllers => "It is a group's name, which many may have: whoever refuses holds it as a unique name. Look for a computer that is named like the workgroup or domain.",
        NameSuffix.Workstation => "It is a computer's name, which another computer has too (a cloned image, a machine that was replaced, a second adapter); or it is the workgroup's or domain's, " +
            "and some computer is named like that.",
        NameSuffix.Server => "It is a computer's name: another computer has it (a cloned image, a machine that was replaced, a second adapter), and this one cannot be reached by it.",
        _ => $"It is the name of: {NameSuffixes.Describe(name, isGroup: false) ?? "a program of its own"}.",
    };

    private static IEnumerable<string> Conflict(Ipv4Address? sender) =>
    [
        "Run nbtstat -n on the machine that logged it, soon: the name in the state Conflict is the one in dispute; it is not answered for until it is registered again.",
        $"{Who(sender)}: a WINS server that found two owners, or the machine that holds the name too.",
        "Two computers with one name: rename one. A WINS server: delete its stale or static record. Then restart the machine, or nbtstat -RR.",
    ];

    private static IEnumerable<string> Release(Ipv4Address? sender) =>
    [
        "Run nbtstat -n on the machine that logged it, soon: the name in the state Conflict is the one that was released.",
        $"{Who(sender)}: another machine that gave up the same name, or the WINS server that gave it to somebody else.",
        "Where the name ends in <03> it is a user's, who is logged on to two machines: harmless (Q131739).",
        "Otherwise look for a second machine of that name, or a static WINS record (Q164016). Where there is neither, somebody may be forging releases (MS00-047): NoNameReleaseOnDemand=1 (Q269239).",
    ];

    private static IEnumerable<string> Claim(PastedEvent pasted)
    {
        if (pasted.Name is { } name)
            yield return WhatIsLost(name);
        else
            yield return "The name stands in the event's text, its suffix in hex behind the colon: paste the text too, for the data of a 4321 have neither name nor address.";
        if (pasted.Address is { } owner && owner == pasted.InterfaceAddress)
            yield return "The refusing address is this machine's own: a second adapter of it, or a machine with the same IP address.";
        else
            yield return $"{Who(pasted.Address)}: the holder of the name, or the WINS server that knows of one.";
        yield return string.Create(CultureInfo.InvariantCulture, $"Harmless cases aside: rename one of the two machines, or delete the stale WINS record of the name; then nbtstat -RR on this machine.");
    }

    private static string Who(Ipv4Address? address) => address is { } one ? $"nbtstat -A {one} says who the other is" : "Find out who the other is (nbtstat -A with its address)";
}
