using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Rules;
using static NbnsSim.Rules.RuleBasis;

namespace NbnsSim.Audit;

/// <summary>
/// The rules by which an audit decides. It asks what happens when the name server is off and nothing else is changed: node types, LMHOSTS files and the places of
/// machines stay as they are.
/// </summary>
public static class AuditRules
{
    private static readonly List<AuditRule> s_all = [];

    // The client.

    /// <summary>A P node never broadcasts.</summary>
    public static AuditRule ClientIsPointToPoint { get; } = Rule("client-point-to-point", Documented, "RFC 1001 §10.2, RFC 1002 §5.1.2.3", "A P node asks its name server alone and never broadcasts.");

    /// <summary>B, M and H nodes ask by broadcast.</summary>
    public static AuditRule ClientFallsBack { get; } = Rule("client-falls-back", Documented, "RFC 1002 §5.1.1.3, §5.1.3.3, Q119493", "B and M nodes ask by broadcast first, an H node when its name server is silent or does not know the name.");

    /// <summary>Whoever is seen to broadcast a question is no P node.</summary>
    public static AuditRule ClientSeenBroadcasting { get; } = Rule("client-seen-broadcasting", Observed, "the capture; RFC 1001 §10.2", "A client that is seen to ask by broadcast is no P node.");

    /// <summary>The client's node type is not seen.</summary>
    public static AuditRule ClientTypeNotSeen { get; } = Rule("client-type-not-seen", Observed, "the capture", "A client whose node type is not seen may be a P node, which never broadcasts.");

    // The holder.

    /// <summary>B and H nodes answer broadcasts.</summary>
    public static AuditRule HolderHears { get; } = Rule("holder-hears", Documented, "RFC 1002 §5.1.1.5, Q119493", "A B node answers a broadcast query for its names, and so does an H node, which registers by broadcast when no name server answers.");

    /// <summary>It is seen to answer a broadcast.</summary>
    public static AuditRule HolderSeenAnswering { get; } = Rule("holder-seen-answering", Observed, "the capture", "A machine that is seen to answer a broadcast query hears broadcasts.");

    /// <summary>A P node does not hear broadcasts.</summary>
    public static AuditRule HolderIsPointToPoint { get; } = Rule("holder-point-to-point", Documented, "RFC 1001 §10.2, RFC 1002 §5.1.2", "A P node discards broadcasts, so no broadcast query finds its names.");

    /// <summary>An M node gets no name without its name server.</summary>
    public static AuditRule HolderIsMixed { get; } = Rule("holder-mixed", Documented, "RFC 1002 §5.1.3.1", "An M node that starts while its name server is down cannot claim its names, and does not answer for them.");

    /// <summary>The holder's node type is not seen.</summary>
    public static AuditRule HolderTypeNotSeen { get; } = Rule("holder-type-not-seen", Observed, "the capture", "A machine whose node type is not seen may not answer broadcasts: it may be a P node, or a static mapping for a machine that speaks no NetBIOS.");

    // Where they stand.

    /// <summary>Two addresses are in one broadcast area.</summary>
    public static AuditRule SameSegment { get; } = Rule("same-segment", Inferred, "RFC 1001 §10.1, RFC 1002 §6 BROADCAST_ADDRESS", "Addresses of one subnet are taken to be in one broadcast area.");

    /// <summary>They are in two.</summary>
    public static AuditRule OtherSegment { get; } = Rule("other-segment", Documented, "RFC 1001 §10.1", "A broadcast finds names within its own broadcast area only: no router passes it on.");

    /// <summary>The capture does not show where they stand.</summary>
    public static AuditRule SegmentNotSeen { get; } = Rule("segment-not-seen", Observed, "the capture", "Whether two machines are in one broadcast area shows in the broadcast address that they use, and that is not seen.");

    // What was answered.

    /// <summary>A normal group is answered with the limited broadcast address.</summary>
    public static AuditRule GroupIsBroadcast { get; } = Rule("group-is-broadcast", Documented, "Q130232, MS-NBTE appendix A <2>", "WINS answers 255.255.255.255 for a normal group, which reaches the client's own segment only: nothing on others was reached through it.");

    /// <summary>The answer is no machine's address.</summary>
    public static AuditRule AnswerLeadsNowhere { get; } = Rule("answer-leads-nowhere", Inferred, "0.0.0.0 and addresses from 224.0.0.0 on are no machine's", "An answer without a machine's address leads nowhere today either.");

    /// <summary>Nobody is seen to be in the group.</summary>
    public static AuditRule MembersNotSeen { get; } = Rule("members-not-seen", Observed, "the capture", "Who is in a normal group shows in its members' registrations, and none is seen.");

    /// <summary>The name server does not know the name.</summary>
    public static AuditRule UnknownToServer { get; } = Rule("unknown-to-server", Documented, "RFC 1002 §4.2.14", "A name that the name server denies is not found there today either.");

    /// <summary>No answer is seen.</summary>
    public static AuditRule NotAnswered { get; } = Rule("not-answered", Observed, "the capture", "A question without an answer in the capture was lost, came too late to be answered, or its answer went another way.");

    /// <summary>A proxy takes a broadcast to the name server.</summary>
    public static AuditRule Proxied { get; } = Rule("proxied", Documented, "RFC 1001 §11.4, Q121004", "A proxy answers broadcasts with what its name server knows, and no more without it.");

    /// <summary>Somebody answers for another without being seen to ask the name server.</summary>
    public static AuditRule AnsweredForAnother { get; } = Rule("answered-for-another", Inferred, "Q121004", "Who answers a broadcast with another's address is a proxy, or has several addresses.");

    /// <summary>A question right behind another's broadcast.</summary>
    public static AuditRule PerhapsForOthers { get; } = Rule("perhaps-for-others", Inferred, "Q121004", "Who asks the name server right behind another's broadcast for the same name may ask as a proxy, though it is not seen to give an answer on.");

    // Registrations.

    /// <summary>B and H nodes register by broadcast.</summary>
    public static AuditRule RegistersByBroadcast { get; } = Rule("registers-by-broadcast", Documented, "RFC 1002 §5.1.1.1, Q119493", "An H node registers by broadcast when no name server answers, as a B node always does.");

    /// <summary>A P node cannot register without its name server.</summary>
    public static AuditRule RegistersPointToPoint { get; } = Rule("registers-point-to-point", Documented, "RFC 1002 §5.1.2.1", "A P node whose name server does not answer cannot claim its names.");

    /// <summary>Nor can an M node.</summary>
    public static AuditRule RegistersMixed { get; } = Rule("registers-mixed", Documented, "RFC 1002 §5.1.3.1", "An M node whose name server does not answer cannot claim its names, though nobody objects to its broadcasts.");

    /// <summary>A registration whose node type is not seen.</summary>
    public static AuditRule RegistrantTypeNotSeen { get; } = Rule("registrant-type-not-seen", Observed, "the capture", "What becomes of a registration depends on the node type, and that is not seen.");

    // What can take the place.

    /// <summary>Another node type.</summary>
    public static AuditRule ReplaceNodeType { get; } = Rule("replace-node-type", Documented, "Q314053 NodeType, DHCP option 46, MS-NBTE §3.1.3", "A node type is a setting: 1 for B, 8 for H; without a name server the type is B unless one is set.");

    /// <summary>A line in LMHOSTS.</summary>
    public static AuditRule ReplaceLmHosts { get; } = Rule("replace-lmhosts", Documented, "MS-NBTE §2.2.3, §3.1.8, Q119493", "What no name service finds is looked for in LMHOSTS; lines with #PRE are in the name cache from the start.");

    /// <summary>A quoted line.</summary>
    public static AuditRule ReplaceLmHostsQuoted { get; } = Rule("replace-lmhosts-quoted", Documented, "MS-NBTE §2.2.3.2", "A name with another suffix than a computer's, or with unusual octets, stands in quotes with its octets as \\0xhh.");

    /// <summary>A domain controller's line.</summary>
    public static AuditRule ReplaceLmHostsDomain { get; } = Rule("replace-lmhosts-domain", Documented, "MS-NBTE §2.2.3.1, §3.1.8", "#DOM with #PRE names a domain's controllers, which a query for <1C> is answered from.");

    /// <summary>DNS answered the client for the same name.</summary>
    public static AuditRule ReplaceDnsSeen { get; } = Rule("replace-dns-seen", Observed, "the capture", "The client is seen to get an answer for the same name from DNS, LLMNR or mDNS: programs that ask there do not notice. Whether the one that asked by NetBIOS does, the capture does not tell.");

    /// <summary>The client asks DNS for it without an answer being seen.</summary>
    public static AuditRule ReplaceDnsAsked { get; } = Rule("replace-dns-asked", Observed, "the capture", "The client is seen to ask DNS, LLMNR or mDNS for the same name too, and no answer is seen.");

    /// <summary>A DNS record and a suffix may do.</summary>
    public static AuditRule ReplaceDns { get; } = Rule("replace-dns", Inferred, "MS-NBTE appendix A <2>, Q314053 EnableDns", "Windows 2000 and later know computers by DNS names too: with a DNS record for the computer and its suffix in the clients' search list, programs that use such names need no NetBIOS.");

    // The load.

    /// <summary>A question is broadcast three times unless it is answered.</summary>
    public static AuditRule LoadQuery { get; } = Rule("load-query", Documented, "RFC 1002 §5.1.1.3, §6 BCAST_REQ_RETRY_COUNT", "A B node broadcasts a question until it is answered, three times at most: one packet where a holder is near, else three. Each is as long as the one to the name server.");

    /// <summary>A claim takes four broadcasts.</summary>
    public static AuditRule LoadClaim { get; } = Rule("load-claim", Documented, "RFC 1002 §5.1.1.1, §6 BCAST_REQ_RETRY_COUNT", "A B node broadcasts a claim three times and then the overwrite demand: four packets for each name. It never refreshes.");

    /// <summary>A release takes three.</summary>
    public static AuditRule LoadRelease { get; } = Rule("load-release", Documented, "RFC 1002 §5.1.1.4, §6 BCAST_REQ_RETRY_COUNT", "A B node broadcasts a release three times.");

    // What cannot be told.

    /// <summary>No name server is seen.</summary>
    public static AuditRule NoNameServer { get; } = Rule("no-name-server", Observed, "the capture", "Nobody speaks with a name server in the capture.");

    /// <summary>It was taken where too little passes.</summary>
    public static AuditRule NarrowVantage { get; } = Rule("narrow-vantage", Inferred, "who speaks with whom in the capture", "What clients ask a name server passes there alone, or at a mirror port on the way: elsewhere other clients are not seen.");

    /// <summary>The capture is shorter than the time to live that was granted.</summary>
    public static AuditRule ShorterThanLifetime { get; } = Rule("shorter-than-lifetime", Documented, "RFC 1001 §15.1.3.2", "A machine that is up refreshes each name before its time to live ends: within that time every client of the name server shows itself.");

    /// <summary>No time to live is seen.</summary>
    public static AuditRule LifetimeNotSeen { get; } = Rule("lifetime-not-seen", Observed, "the capture; Q154414", "No registration is granted in the capture, so it does not tell how soon every client must show itself; WINS of Windows NT 4.0 grants six days.");

    /// <summary>The capture is shorter than the cycle.</summary>
    public static AuditRule ShorterThanCycle { get; } = Rule("shorter-than-cycle", Inferred, "what is asked for once a week is not in a shorter capture", "A name that is asked for less often than the capture is long may not be in it.");

    /// <summary>What is asked for less often than the capture is long.</summary>
    public static AuditRule RarerThanCapture { get; } = Rule("rarer-than-capture", Inferred, "no capture shows what happens outside it", "A name that is asked for less often than the capture is long (at the end of a month, when something fails over) may not be in it.");

    /// <summary>Clients that only register.</summary>
    public static AuditRule OnlyRegistering { get; } = Rule("only-registering", Observed, "the capture", "A machine that registers or refreshes names and asks for none has nothing to lose by what is seen; what it asks for at other times is not in the capture.");

    /// <summary>An address that never registers.</summary>
    public static AuditRule NeverRegisters { get; } = Rule("never-registers", Inferred, "RFC 1001 §15.1.3.2, Q161432", "An address that a name server gives out and that is not seen to register for a whole time to live is a static mapping, or reaches the name server from a partner.");

    /// <summary>Several name servers.</summary>
    public static AuditRule SeveralServers { get; } = Rule("several-servers", Inferred, "MS-WINSRA §1.3, §2.1", "Name servers that are partners replicate over TCP port 42, which is not looked at here: what the clients of another one depend on is in the captures taken there.");

    /// <summary>Too much to keep.</summary>
    public static AuditRule NotKept { get; } = Rule("not-kept", Observed, "the capture", "The capture holds more clients and names than are kept.");

    // What domains and the browser need.

    /// <summary>The domain master browser.</summary>
    public static AuditRule DomainMasterBrowser { get; } = Rule("role-1b", Inferred, "MS-NBTE appendix A <2>, Q137423", "<1B> is the domain master browser. Master browsers of other segments find it through the name server: without it, the lists of the network neighbourhood end at the router.");

    /// <summary>Domain controllers.</summary>
    public static AuditRule DomainControllers { get; } = Rule("role-1c", Inferred, "MS-NBTE appendix A <2>, Q137423", "<1C> is a domain's controllers. Who asks for it looks for one to log on at: without the name server, only those of its own segment are found.");

    /// <summary>A segment's master browser.</summary>
    public static AuditRule SegmentMasterBrowser { get; } = Rule("role-1d", Documented, "Q137423, MS-NBTE appendix A <2>", "<1D> is a segment's master browser: name servers never store it, and it is found by broadcast alone.");

    /// <summary>Browser elections.</summary>
    public static AuditRule BrowserElections { get; } = Rule("role-1e", Documented, "Q137423, Q130232", "<1E> is the group of a segment's browser elections, which go by broadcast.");

    /// <summary>The group of all master browsers.</summary>
    public static AuditRule MasterBrowsers { get; } = Rule("role-msbrowse", Documented, "MS-NBTE appendix A <2>, Q130232", "<01><02>__MSBROWSE__<02><01> is the group of a segment's master browsers, who announce themselves by broadcast.");

    /// <summary>All of them, in the order of this class.</summary>
    public static ImmutableArray<AuditRule> All { get; } = [.. s_all]; // behind the last of them

    /// <summary>What a name is for in domains and the browser.</summary>
    /// <param name="name">The name.</param>
    /// <returns><see langword="null"/> where it is for neither.</returns>
    public static AuditRule? RoleOf(in NetBiosName name) => name.Suffix switch
    {
        NameSuffix.DomainMasterBrowser => DomainMasterBrowser,
        NameSuffix.DomainControllers => DomainControllers,
        NameSuffix.MasterBrowser => SegmentMasterBrowser,
        NameSuffix.BrowserElections => BrowserElections,
        _ => name.High == NetBiosName.MsBrowse.High && name.Low == NetBiosName.MsBrowse.Low ? MasterBrowsers : null,
    };

    private static AuditRule Rule(string id, RuleBasis basis, string source, string sentence)
    {
        var rule = new AuditRule(id, basis, source, sentence);
        s_all.Add(rule);
        return rule;
    }
}
