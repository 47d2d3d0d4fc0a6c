using System.Collections.Immutable;

namespace NbnsSim.Diagnosis;

/// <summary>The causes that a diagnosis knows.</summary>
public static class Causes
{
    /// <summary>A user is logged on at two machines.</summary>
    public static Cause SameUser { get; } = new(
        "same-user", Harm.None, "one user is logged on at two machines",
        "The Messenger service claims the name of whoever is logged on, suffix 03. The second machine is refused it, and some systems then release it for everybody to hear.",
        "Nothing needs mending: the network works, and both sessions do. Windows NT 3.51 and later do not log it as a release; to be rid of it on Windows NT 3.5, log off at one machine.",
        "Q131739, Q186486");

    /// <summary>Two machines have the same computer name.</summary>
    public static Cause DuplicateComputer { get; } = new(
        "duplicate-computer", Harm.Service, "two machines have one computer name",
        "A unique name belongs to one machine. Whoever comes second is refused it, and is not found under it.",
        "Rename one of the two machines.", "RFC 1001 §15.2, Q97491, Q120752");

    /// <summary>Machines were copied from one image.</summary>
    public static Cause ClonedMachines { get; } = new(
        "cloned-machines", Harm.Service, "machines were copied from one image and have all their names in common",
        "Several machines with different network adapters claim the same computer name with all its suffixes.",
        "Rename the copies, or prepare the image so that each copy gets a name of its own.", "RFC 1001 §15.2");

    /// <summary>One machine has two addresses.</summary>
    public static Cause TwoAddresses { get; } = new(
        "two-addresses", Harm.None, "one machine has several addresses",
        "The same machine holds its names at more than one address: several adapters, or several addresses on one.",
        "Nothing needs mending.", "RFC 1001 §15.1.1, MS-NBTE §3.1.4.1");

    /// <summary>A machine got another address.</summary>
    public static Cause Moved { get; } = new(
        "moved", Harm.None, "a machine moved to another address",
        "The same machine holds its names at one address first and at another later, as DHCP gives them out.",
        "Nothing needs mending.", "RFC 1001 §15.1.7, Q120752");

    /// <summary>Two machines hold one name in the same network, since neither heard the other.</summary>
    public static Cause SplitBrain { get; } = new(
        "split-brain", Harm.Service, "two machines hold one name because they did not hear one another",
        "Both claims of the name ran their course and nobody objected, though the other held it: the network was parted, or refusals were lost.",
        "Look for what parted the network or lost the broadcasts; then rename one machine if both are meant to stay.", "RFC 1001 §15.1.3.5, RFC 1002 §5.1.1.1");

    /// <summary>A name server's record is out of date.</summary>
    public static Cause StaleRecord { get; } = new(
        "stale-record", Harm.Service, "the name server has an old or static record of the name",
        "The name server gives out, or defends, an address at which the name is not held any more.",
        "Look at the record in the name server: delete a static mapping that is wrong, or let the right machine register again (nbtstat -RR).", "RFC 1001 §15.1.7");

    /// <summary>A machine with several adapters is in its own way.</summary>
    public static Cause MultihomedSelf { get; } = new(
        "multihomed-self", Harm.Service, "a machine with several adapters refuses a name to itself",
        "Two adapters of one machine are on one network and claim the same name; the first defends it against the second.",
        "Put the adapters on different networks, or take NetBIOS over TCP/IP off one of them.", "Q102795");

    /// <summary>One name is a group's and a machine's.</summary>
    public static Cause GroupClash { get; } = new(
        "group-unique-clash", Harm.Service, "a name is a group's for some and a machine's for others",
        "A workgroup or domain is called like a computer. A unique name cannot be that of a group too.",
        "Rename the computer or the workgroup.", "RFC 1001 §15.1.1, RFC 1002 §5.1.1.5");

    /// <summary>Members of a group take its name from one another.</summary>
    public static Cause GroupRelease { get; } = new(
        "group-release", Harm.Service, "a member of a group was told to release the group's name",
        "Some systems do not look at the type of a name that is released, and lose a group's name, such as a domain's <1C>, by a message that concerns one member.",
        "Patch the machine that lost the name (Q314696); register the name again (nbtstat -RR).", "Q314696, Q120752");

    /// <summary>Name servers disagreed over a name.</summary>
    public static Cause ReplicationConflict { get; } = new(
        "replication-conflict", Harm.Service, "name servers disagreed, and one took the name away from its holder",
        "A name server tells the holder of a name to give it up, though nobody else has claimed the name from it: it got another record from its partner.",
        "Look who registered the name with the other name server, and which of the two is right.", "MS-WINSRA §3.2.5.5, RFC 1001 §15.5.3");

    /// <summary>A holder answered its name server too late or not at all.</summary>
    public static Cause LostChallenge { get; } = new(
        "lost-challenge", Harm.Service, "the holder of a name did not answer the name server in time and lost the name",
        "Somebody else claims the name, the name server asks its holder whether it still has it, and hears nothing in time.",
        "Look why the holder is slow or cannot be reached from the name server: it was asked before the name was given away.", "RFC 1002 §5.1.4.1, Q315259");

    /// <summary>A stranger takes names away.</summary>
    public static Cause ForgedDemand { get; } = new(
        "forged-demand", Harm.Security, "a machine that has nothing to do with a name takes it away from its holder",
        "A release, conflict message or refusal for a name comes from a station that neither held nor claimed it and serves no names, under a false address, or with one guessed id after the other.",
        "Find the machine that sends it. Patch the victims (MS00-047), and let NoNameReleaseOnDemand keep them from giving names up.", "MS00-047 (Q269239)");

    /// <summary>A machine answers for every name that is asked for.</summary>
    public static Cause PoisonedAnswers { get; } = new(
        "poisoned-answers", Harm.Security, "a machine answers for names that are not its own",
        "It answers queries for several unrelated names with its own address and never registered any of them, as tools do that collect passwords.",
        "Find the machine. Switch NetBIOS over TCP/IP off where it is not needed; require SMB signing.", "observed: Responder, Inveigh");

    /// <summary>A name server does not answer.</summary>
    public static Cause ServerSilent { get; } = new(
        "server-silent", Harm.Service, "the name server does not answer",
        "Requests to the name server stay without an answer; machines try again and fall back to broadcasts.",
        "See whether the name server runs and whether UDP 137 reaches it; see whether the machines have the right address for it.", "RFC 1002 §5.1.2.1, Q119493");

    /// <summary>The machine at the name server's address serves no names.</summary>
    public static Cause NotANameServer { get; } = new(
        "not-a-name-server", Harm.Nuisance, "the machine that is asked serves no names",
        "The machine is there, and answers other questions or speaks for itself, but never answers a registration or refresh.",
        "Correct the address of the WINS server in the clients' settings or in DHCP (option 44).", "RFC 1001 §15.1.7, RFC 2132 §8.5");

    /// <summary>The name server that is asked does not know what another knows.</summary>
    public static Cause WrongServer { get; } = new(
        "server-does-not-know", Harm.Service, "the name server that is asked does not know the name, and another one does",
        "One name server says that a name does not exist while another gives it out: they do not replicate, or not yet.",
        "See that the name servers are replication partners of one another, or give the machines a secondary one that knows the name.", "Q137780, Q222840");

    /// <summary>A machine that was shut down left names with the name server.</summary>
    public static Cause DeadRegistration { get; } = new(
        "dead-registration", Harm.Service, "a machine that was shut down is still registered",
        "As it shut down the machine released some of its names at the name server and left others, whose address is given out until the record runs out: nobody is there.",
        "Nothing is wrong with whoever asks. Windows NT 3.51 and 4.0 leave the computer's <00> and <03> and the domain's <1C> registered at shutdown, until they are corrected; delete the record where it is in the way.",
        "Q140419, RFC 1001 §15.4");

    /// <summary>An answer gives an address that cannot be reached.</summary>
    public static Cause UnreachableAddress { get; } = new(
        "unreachable-address", Harm.Service, "a machine gives an address for its name that others cannot reach",
        "The address is one of a network behind the machine (a virtual adapter, 169.254.x.x, a container bridge), a broadcast address, or none at all.",
        "Take NetBIOS over TCP/IP off the adapter with that address, or let the service use the right interface.", "RFC 1002 §4.2.13, RFC 3927");

    /// <summary>An answer went to the wrong port.</summary>
    public static Cause WrongPort { get; } = new(
        "wrong-port", Harm.Service, "answers go to another port than the question came from",
        "A response belongs to the port that the request was sent from; whoever asked from another port than 137 never gets it.",
        "Ask from port 137, or have the answering program mended.", "RFC 1002 §4.2, §5");

    /// <summary>Two scopes.</summary>
    public static Cause ScopeMismatch { get; } = new(
        "scope-mismatch", Harm.Service, "machines have different NetBIOS scopes",
        "A name is asked for in one scope and held in another: machines with different scopes do not see one another.",
        "Give all machines the same scope, none as a rule.", "RFC 1001 §9");

    /// <summary>The browser's elections.</summary>
    public static Cause BrowserNoise { get; } = new(
        "browser-election", Harm.None, "machines compete for the browse list",
        "The master browser's name <1D> is unique to a segment and is contested whenever browsers hold an election.",
        "Nothing needs mending.", "Q188001");

    /// <summary>Somebody looks at every machine.</summary>
    public static Cause Sweep { get; } = new(
        "sweep", Harm.Nuisance, "one machine asks many others for their names",
        "Node status requests go to many addresses one after the other: an inventory tool or a scanner.",
        "See whether the machine is meant to do so.", "observed: nbtscan, nmap");

    /// <summary>Somebody asks for one name without end.</summary>
    public static Cause QueryFlood { get; } = new(
        "query-flood", Harm.Nuisance, "one machine asks again and again for a name that nobody has",
        "Queries for the name stay without an answer and are repeated all the time.",
        "See what on that machine wants the name: a mapped drive, a printer, a browser's search for WPAD. An unanswered WPAD can be taken by anybody in the segment.", "RFC 1002 §5.1.1.3");

    /// <summary>A policy refuses a name.</summary>
    public static Cause RefusedByPolicy { get; } = new(
        "refused-by-policy", Harm.Service, "the name server refuses the name by policy",
        "The refusal says RFS_ERR: the server does not take this name from this machine, whoever holds it.",
        "Look at the name server's restrictions.", "RFC 1002 §4.2.6");

    /// <summary>A name server cannot do what it is asked.</summary>
    public static Cause ServerError { get; } = new(
        "server-error", Harm.Service, "the name server answers with an error of its own",
        "The refusal says FMT_ERR, SRV_ERR or IMP_ERR: nobody contests the name, the server cannot read, serve or do what was asked.",
        "Look at the name server's log; look at the request where it calls it malformed.", "RFC 1002 §4.2.6");

    /// <summary>The same name in networks that do not hear one another.</summary>
    public static Cause SeparateNetworks { get; } = new(
        "separate-networks", Harm.None, "the same name is held in networks that do not hear one another",
        "Without a name server in common there is no conflict: each network has its own names.",
        "Nothing needs mending unless the networks are joined or get a common name server.", "RFC 1001 §10.1");

    /// <summary>Only one side is in the capture.</summary>
    public static Cause ReleaseSeen { get; } = new(
        "release-seen", Harm.None, "a name was released, and who held it is not in the capture",
        "Whoever gives up a name of its own says so by broadcast; nothing is lost then. If another machine holds the name, that one may log the release (event 4320).",
        "To tell, capture from before the release on the machine that logged the event, or compare the sender's address with the event's data.", "RFC 1002 §5.1.1.4, Q120752");

    /// <summary>Somebody was refused, and the rest cannot be seen.</summary>
    public static Cause Unexplained { get; } = new(
        "not-enough", Harm.Service, "a name is contested, and the capture does not show why",
        "The frames show that something happened to the name and not what led to it.",
        "Capture at both machines, or on a mirror port, from before they start.", "");

    /// <summary>A packet that cannot be read.</summary>
    public static Cause Malformed { get; } = new(
        "malformed", Harm.Security, "packets on port 137 are malformed",
        "They break the format of RFC 1002 §4.2; some programs have crashed over such packets.",
        "Find out which program sends them. If it is none of yours, take it for an attack.", "RFC 1002 §4.2; CVE-2020-14303, CVE-2026-3238");

    /// <summary>A name that nobody would give.</summary>
    public static Cause OddName { get; } = new(
        "odd-name", Harm.Nuisance, "a name is empty, or has nothing but characters that cannot be printed",
        "Names have up to fifteen characters that can be read; some machine registers one without any.",
        "See what program on that machine registers it: its own name is not set, as a rule.", "RFC 1001 §5.2");

    /// <summary>A query whose B bit is wrong.</summary>
    public static Cause BroadcastBit { get; } = new(
        "broadcast-bit", Harm.Service, "a query that was sent to one machine says that it was broadcast, and is not answered",
        "Some systems discard a packet to them alone whose B bit is set.",
        "Have the program that asks clear the bit.", "RFC 1002 §4.2.1.1, §5.1.2");

    /// <summary>All of them.</summary>
    public static ImmutableArray<Cause> All { get; } =
    [
        SameUser, DuplicateComputer, ClonedMachines, TwoAddresses, Moved, SplitBrain, StaleRecord, MultihomedSelf, GroupClash, GroupRelease, ReplicationConflict, LostChallenge,
        ForgedDemand, PoisonedAnswers, ServerSilent, NotANameServer, WrongServer, DeadRegistration, UnreachableAddress, WrongPort, ScopeMismatch, BrowserNoise, Sweep, QueryFlood,
        RefusedByPolicy, ServerError, SeparateNetworks, ReleaseSeen, Unexplained, Malformed, OddName, BroadcastBit,
    ];

    /// <summary>A cause by its name.</summary>
    /// <param name="id">The name.</param>
    /// <returns><see langword="null"/> where there is none.</returns>
    public static Cause? Find(string id) => All.FirstOrDefault(cause => cause.Id == id);
}
