namespace NbnsSim.Names;

/// <summary>
/// What a name means by Microsoft's convention, from its suffix and from whether it is unique or a group
/// (MS-NBTE appendix A &lt;2&gt;, Q137423, Q163409).
/// </summary>
public static class NameSuffixes
{
    /// <summary>What the holder of a name is; knows the names with a meaning of their own, such as <c>__MSBROWSE__</c>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isGroup">Whether it is a group name.</param>
    /// <returns>A short phrase such as <c>Messenger service</c>; <see langword="null"/> where nothing is documented.</returns>
    public static string? Describe(in NetBiosName name, bool isGroup)
    {
        if (name.IsStatusWildcard)
            return "any node";
        if (name.High == NetBiosName.MsBrowse.High && name.Low == NetBiosName.MsBrowse.Low)
            return isGroup ? "master browsers" : null;
        if (isGroup && name.Suffix == NameSuffix.DomainControllers && name.High == INetServicesHigh && name.Low == INetServicesLow)
            return "Internet Information Server"; // Q163409
        if (!isGroup && name.Suffix == NameSuffix.Workstation && name.High >> 40 == InternetServerPrefix)
            return "Internet Information Server"; // Q163409: IS~ and the computer's name
        return Describe(name.Suffix, isGroup);
    }

    /// <summary>What the holder of a name with this suffix is.</summary>
    /// <param name="suffix">The sixteenth octet.</param>
    /// <param name="isGroup">Whether it is a group name.</param>
    /// <returns>A short phrase such as <c>Messenger service</c>; <see langword="null"/> where nothing is documented.</returns>
    public static string? Describe(NameSuffix suffix, bool isGroup) => (suffix, isGroup) switch
    {
        (NameSuffix.Workstation, false) => "Workstation service",
        (NameSuffix.Workstation, true) => "domain or workgroup",
        (NameSuffix.Browser, false) => "Messenger service",
        (NameSuffix.Browser, true) => "master browsers",
        (NameSuffix.Messenger, false) => "Messenger service",
        (NameSuffix.RasServer, false) => "RAS server",
        (NameSuffix.DomainMasterBrowser, false) => "domain master browser",
        (NameSuffix.DomainControllers, true) => "domain controllers",
        (NameSuffix.MasterBrowser, false) => "master browser",
        (NameSuffix.BrowserElections, true) => "browser elections",
        (NameSuffix.NetDde, false) => "NetDDE service",
        (NameSuffix.Server, false) => "Server service",
        (NameSuffix.Server, true) => "administrator's Internet group",
        (NameSuffix.RasClient, false) => "RAS client",
        (NameSuffix.ExchangeInterchange, false) => "Exchange interchange",
        (NameSuffix.ExchangeStore, false) => "Exchange store",
        (NameSuffix.ExchangeDirectory, false) => "Exchange directory",
        (NameSuffix.LotusNotesServer, false) => "Lotus Notes server",
        (NameSuffix.LotusNotesMulticast, true) => "Lotus Notes",
        (NameSuffix.ModemSharingServer, false) => "modem sharing server",
        (NameSuffix.ModemSharingClient, false) => "modem sharing client",
        (NameSuffix.LotusNotesNameServer, true) => "Lotus Notes",
        (NameSuffix.McAfee, false) => "McAfee anti-virus",
        (NameSuffix.SmsRemoteControl, false) => "SMS client remote control",
        (NameSuffix.SmsAdminRemoteControl, false) => "SMS administrators' remote control",
        (NameSuffix.SmsRemoteChat, false) => "SMS client remote chat",
        (NameSuffix.SmsRemoteTransfer, false) => "SMS client remote transfer",
        (NameSuffix.Pathworks or NameSuffix.PathworksAlternate, false) => "DEC Pathworks TCP/IP service",
        (NameSuffix.ExchangeImc, false) => "Exchange IMC",
        (NameSuffix.ExchangeMta, false) => "Exchange MTA",
        (NameSuffix.NetworkMonitorAgent, false) => "Network Monitor agent",
        (NameSuffix.NetworkMonitorApplication, false) => "Network Monitor application",
        _ => null,
    };

    // INet~Services, padded with spaces, and IS~
    private const ulong INetServicesHigh = 0x494E_6574_7E53_6572;
    private const ulong INetServicesLow = 0x7669_6365_7320_201C;
    private const ulong InternetServerPrefix = 0x49537E;
}
