using System.Collections.Immutable;

namespace NbnsSim.Protocol;

/// <summary>
/// What an era or a vendor does differently, as data. Every switch says which text documents it, or that it is observed in recorded
/// traffic, or our inference; the presets are <see cref="Rfc1002"/> and Windows NT 3.5, 3.51, 4.0 and 2000. Vary one with <c>with</c>.
/// </summary>
public sealed partial record NetBtDialect
{
    /// <summary>A dialect that does what RFC 1001 and 1002 say, until switches are set.</summary>
    /// <param name="name">Its name on a command line: <c>nt3.5</c>.</param>
    /// <param name="title">Its name in a sentence: <c>Windows NT 3.5</c>.</param>
    public NetBtDialect(string name, string title)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(title);
        Name = name;
        Title = title;
    }

    /// <summary>Its name on a command line and in a scenario: <c>nt3.5</c>.</summary>
    public string Name { get; init; }

    /// <summary>Its name in a sentence: <c>Windows NT 3.5</c>.</summary>
    public string Title { get; init; }

    /// <summary>Counts and durations.</summary>
    public NetBtTiming Timing { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = NetBtTiming.Rfc1002;

    /// <summary>
    /// TTL of a broadcast registration, in seconds: 0 (RFC 1002 §5.1.1.1, documented); 300,000 in every recorded Windows (observed).
    /// </summary>
    public uint BroadcastTimeToLive { get; init; }

    /// <summary>
    /// TTL asked of a name server, in seconds. The RFC leaves it to the node (§4.2.2); 300,000 in every recorded Windows (observed), taken for all.
    /// </summary>
    public uint RequestedTimeToLive { get; init; } = 300_000;

    /// <summary>
    /// TTL in the node's positive query responses, in seconds: <see langword="null"/> for what the name server granted, 0 without one
    /// (RFC 1002 §4.2.13, documented); 300,000 in every recorded Windows (observed).
    /// </summary>
    public uint? AnswerTimeToLive { get; init; }

    /// <summary>
    /// Whether a broadcast claim that nobody objected to ends with a NAME OVERWRITE DEMAND (RFC 1002 §5.1.1.1, documented; Windows XP and 7
    /// do so too, observed).
    /// </summary>
    public bool SendsOverwriteDemand { get; init; } = true;

    /// <summary>
    /// Whether a user's name that could not be registered at logon is released at once, as if it were held. Inferred: Q131739 names no
    /// mechanism; the release that event 4320 reports must come from somewhere, and on one segment only the refused machine can send it.
    /// </summary>
    public bool ReleasesRefusedUserName { get; init; }

    /// <summary>What a release that somebody else sends does to a name the node holds: see the values for what is documented and what inferred.</summary>
    public ReleaseDemandRule ReleaseDemand { get; init; }

    /// <summary>
    /// Whether a release sent to this node alone also puts a group name into conflict, its type unchecked: documented for NT 4.0 (Q314696),
    /// inferred for 3.5 and 3.51, corrected later. A broadcast release of a group name is another member leaving and is never taken for ours (inferred).
    /// </summary>
    public bool ReleaseDemandTakesGroupNames { get; init; }

    /// <summary>
    /// Whether a release sent to this node alone is answered POSITIVE. The RFC's nodes do not answer (RFC 1002 §5.1.2.5); WINS waits for an
    /// answer (Q123171), so Windows is inferred to give one.
    /// </summary>
    public bool AnswersReleaseDemand { get; init; }

    /// <summary>
    /// <c>NoNameReleaseOnDemand</c> (MS00-047, Q269239, documented): releases are ignored, except from the node's own name servers. The
    /// registry value only exists where that update is installed, so it implies <see cref="SolicitedConflictsOnly"/>.
    /// </summary>
    public bool NoNameReleaseOnDemand { get; init; }

    /// <summary>
    /// Whether a name conflict demand is only believed as an answer to the node's own registration or from its own name server: what the
    /// update of MS00-047 brings (Q269239, documented). Without it, any name conflict demand is obeyed (RFC 1002 §5.1.1.5).
    /// </summary>
    public bool SolicitedConflictsOnly { get; init; }

    /// <summary>
    /// Whether a NEGATIVE registration response that answers nothing the node asked also means conflict. The RFC knows only the name
    /// conflict demand (RFC 1001 §15.1.3.5); for Windows, MS00-047 tells of "unsolicited" datagrams without saying which: inferred.
    /// </summary>
    public bool UnsolicitedNegativeMeansConflict { get; init; }

    /// <summary>Whether a refused registration logs 4321: Windows 2000 and later (documented by the event's text); what 3.x and 4.0 logged is not known.</summary>
    public bool LogsRefusedRegistration { get; init; }

    /// <summary>
    /// Whether a name that was refused everywhere stays in the table, in conflict, rather than leaving it. MS-NBTE §4.1 has it leave
    /// (documented), and so do all presets; consoles that show a refused name as Conflict are reported, hence the switch.
    /// </summary>
    public bool KeepsRefusedNameInConflict { get; init; }

    /// <summary>
    /// Whether the first of two adapters on one segment objects to the second's claim of the same unique name: documented for NT 3.1 to 4.0
    /// (Q102795, Q103470); that Windows 2000 knows its own adapters is inferred.
    /// </summary>
    public bool DefendsAgainstOwnAdapters { get; init; }

    /// <summary>
    /// Whether even a B node answers a query sent to it alone for a name it does not have, or has in conflict, with NEGATIVE. The RFC's B node
    /// is silent (RFC 1002 §5.1.1.5); MS-NBTE §4.1 shows the answer for a name in conflict (documented); for a name it never had, inferred.
    /// </summary>
    public bool AnswersUnicastMisses { get; init; }

    /// <summary>
    /// Whether a query for <c>*</c>, the name that every node answers a node status request for, is answered with the node's address, so that
    /// one broadcast finds everybody: Samba's nmbd does (observed). The RFC gives <c>*</c> to node status alone (RFC 1002 §4.2.17). That Windows
    /// answers, as those who look for it with <c>nmblookup '*'</c> expect, is inferred.
    /// </summary>
    public bool AnswersWildcardQuery { get; init; }

    /// <summary>
    /// Whether a host with several addresses claims a unique name with the multi-homed request, opcode 15 (MS-NBTE §2.2.2, documented), rather
    /// than with one plain registration for each address, of which the name server believes one.
    /// </summary>
    public bool UsesMultihomedRegistration { get; init; }

    /// <summary>
    /// What a machine registers when it starts, in order. Documented for NT 3.51 with a WINS server (Q139608); taken for the other eras
    /// (inferred). That each claim ends before the next starts, and the last ones run together, is observed on Windows XP.
    /// </summary>
    public ImmutableArray<BootName> BootNames { get; init => field = value.IsDefault ? [] : value; } = ClassicBootNames;

    /// <summary>Its title.</summary>
    public override string ToString() => Title;
}
