namespace NbnsSim.Names;

/// <summary>
/// The sixteenth octet of a NetBIOS name by Microsoft's convention: what service or role holds the name
/// (MS-NBTE appendix A &lt;2&gt;, Q137423, Q163409). Any octet may occur; the members are those with a documented meaning.
/// </summary>
public enum NameSuffix : byte
{
    /// <summary><c>00</c>: Workstation service (unique), or a domain or workgroup (group).</summary>
    Workstation = 0x00,

    /// <summary><c>01</c>: Messenger service on older systems; with <c>__MSBROWSE__</c>, the master browsers' group.</summary>
    Browser = 0x01,

    /// <summary><c>03</c>: Messenger service; registered for the computer and for the user who is logged on.</summary>
    Messenger = 0x03,

    /// <summary><c>06</c>: RAS server.</summary>
    RasServer = 0x06,

    /// <summary><c>1B</c>: domain master browser, the primary domain controller (unique).</summary>
    DomainMasterBrowser = 0x1B,

    /// <summary><c>1C</c>: domain controllers (Internet group, at most 25 addresses returned).</summary>
    DomainControllers = 0x1C,

    /// <summary><c>1D</c>: segment master browser (unique; name servers never store it).</summary>
    MasterBrowser = 0x1D,

    /// <summary><c>1E</c>: browser elections (group).</summary>
    BrowserElections = 0x1E,

    /// <summary><c>1F</c>: NetDDE.</summary>
    NetDde = 0x1F,

    /// <summary><c>20</c>: Server service (unique), or an administrator's Internet group.</summary>
    Server = 0x20,

    /// <summary><c>21</c>: RAS client.</summary>
    RasClient = 0x21,

    /// <summary><c>22</c>: Exchange interchange.</summary>
    ExchangeInterchange = 0x22,

    /// <summary><c>23</c>: Exchange store.</summary>
    ExchangeStore = 0x23,

    /// <summary><c>24</c>: Exchange directory.</summary>
    ExchangeDirectory = 0x24,

    /// <summary><c>2B</c>: Lotus Notes server.</summary>
    LotusNotesServer = 0x2B,

    /// <summary><c>2F</c>: Lotus Notes, with the group name <c>IRISMULTICAST</c>.</summary>
    LotusNotesMulticast = 0x2F,

    /// <summary><c>30</c>: modem sharing server.</summary>
    ModemSharingServer = 0x30,

    /// <summary><c>31</c>: modem sharing client.</summary>
    ModemSharingClient = 0x31,

    /// <summary><c>33</c>: Lotus Notes, with the group name <c>IRISNAMESERVER</c>.</summary>
    LotusNotesNameServer = 0x33,

    /// <summary><c>42</c>: McAfee anti-virus.</summary>
    McAfee = 0x42,

    /// <summary><c>43</c>: SMS client remote control.</summary>
    SmsRemoteControl = 0x43,

    /// <summary><c>44</c>: SMS administrators' remote control tool.</summary>
    SmsAdminRemoteControl = 0x44,

    /// <summary><c>45</c>: SMS client remote chat.</summary>
    SmsRemoteChat = 0x45,

    /// <summary><c>46</c>: SMS client remote transfer.</summary>
    SmsRemoteTransfer = 0x46,

    /// <summary><c>4C</c>: DEC Pathworks TCP/IP service.</summary>
    Pathworks = 0x4C,

    /// <summary><c>52</c>: DEC Pathworks TCP/IP service.</summary>
    PathworksAlternate = 0x52,

    /// <summary><c>6A</c>: Exchange IMC.</summary>
    ExchangeImc = 0x6A,

    /// <summary><c>87</c>: Exchange MTA.</summary>
    ExchangeMta = 0x87,

    /// <summary><c>BE</c>: Network Monitor agent (pads with <c>+</c>, not spaces).</summary>
    NetworkMonitorAgent = 0xBE,

    /// <summary><c>BF</c>: Network Monitor application (pads with <c>+</c>, not spaces).</summary>
    NetworkMonitorApplication = 0xBF,
}
