using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>How one name server is set up. Immutable.</summary>
public sealed record NameServerOptions
{
    /// <summary>The server's own address: who owns its records when partners replicate them, and what is told apart as "this server".</summary>
    public Ipv4Address Address { get; init; }

    /// <summary>What the server does; Windows 2000's WINS unless said otherwise.</summary>
    public NameServerDialect Dialect { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = NameServerDialect.Windows2000;

    /// <summary>Where transaction ids come from. A live server wants one that nobody can guess.</summary>
    public ulong Seed { get; init; }

    /// <summary>The UDP port that answers leave from: 137 (RFC 1002 §6).</summary>
    public ushort Port { get; init; } = Ipv4Endpoint.NameServicePort;

    /// <summary>The UDP port that challenges and demands go to: 137 (RFC 1002 §5.1).</summary>
    public ushort NodePort { get; init; } = Ipv4Endpoint.NameServicePort;

    /// <summary>How many names it holds before it answers SRV_ERR to new ones.</summary>
    public int MaxNames { get; init => field = InRange(value, 1, 500_000_000); } = 4_000_000;

    /// <summary>How many different scopes it holds before it answers SRV_ERR to new ones.</summary>
    public int MaxScopes { get; init => field = InRange(value, 0, 1_000_000); } = 4096;

    /// <summary>
    /// How many names and addresses of names one source may have registered before it is refused more with RFS_ERR; 0 for no limit. What a source has counts
    /// until the record is deleted. A host has some thirty names; relays and translators of addresses speak for many hosts.
    /// </summary>
    public int NamesPerSource { get; init => field = InRange(value, 0, 500_000_000); }

    /// <summary>How many claims of one source may wait for an owner's answer before it is refused more with RFS_ERR; 0 for no limit.</summary>
    public int ClaimsPerSource { get; init => field = InRange(value, 0, 32_768); }

    /// <summary>How many names one address may be asked about at the same time before claims on more of its names are refused with SRV_ERR; 0 for no limit.</summary>
    public int ChallengesPerOwner { get; init => field = InRange(value, 0, 32_768); }

    /// <summary>
    /// How many queries one dispute may send to owners; 0 for no limit. With a limit, each of a name's addresses is asked less often, at least once; a claim on
    /// a name with more addresses than that is refused when all that could be asked are silent. A challenge is shorter than the claim that causes it, so a
    /// claim makes less than this many times its own octets go elsewhere.
    /// </summary>
    public int ChallengesPerClaim { get; init => field = InRange(value, 0, 65_536); }

    /// <summary>How many claimants may wait for the verdict about one name before more are refused with SRV_ERR.</summary>
    public int ClaimsPerName { get; init => field = InRange(value, 1, 1024); } = 16;

    internal bool CountsSources => NamesPerSource > 0 || ClaimsPerSource > 0 || ChallengesPerOwner > 0;

    /// <summary>
    /// These options with the shares of a server that strangers can reach: 4,096 names and 64 waiting claims for each source, 64 challenges at a time for
    /// each owner, 12 queries for each claim.
    /// </summary>
    public NameServerOptions WithShares() => this with { NamesPerSource = 4096, ClaimsPerSource = 64, ChallengesPerOwner = 64, ChallengesPerClaim = 12 };

    /// <summary>How many challenges and release demands, at most 32,768, may be under way before a claim that needs one more is refused with SRV_ERR.</summary>
    public int MaxTransactions { get; init => field = InRange(value, 1, 32_768); } = 4096;

    /// <summary>How many octets of answers may wait for the driver before more are dropped.</summary>
    public int MaxQueuedOctets { get; init => field = InRange(value, NbnsHeader.MaxDatagramLength, int.MaxValue); } = 4 * 1024 * 1024;

    /// <summary>How many log entries wait for the driver before the oldest go.</summary>
    public int MaxLogEntries { get; init => field = InRange(value, 0, 1_000_000); } = 1024;

    /// <summary>
    /// The servers that it pulls from by itself, at the start and then at each <see cref="NameServerDialect.PullInterval"/> (its push partners, MS-WINSRA §1.1). Anybody's
    /// notification makes it pull, and it serves anybody.
    /// </summary>
    public ImmutableArray<Ipv4Address> PullsFrom { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>
    /// The servers that it notifies when it has news: after <see cref="NameServerDialect.PushUpdateCount"/> updates, of changed addresses
    /// (<see cref="NameServerDialect.PushesAddressChanges"/>), and of what others notified it of (its pull partners, MS-WINSRA §1.1).
    /// </summary>
    public ImmutableArray<Ipv4Address> Notifies { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How many replicas one exchange verifies with their owner at most (MS-WINSRA §3.2.5.3 &lt;10&gt;); the others wait for the next exchange.</summary>
    public int MaxVerifiedRecords { get; init => field = InRange(value, 1, int.MaxValue); } = 30_000;

    /// <summary>Whether static unique and multi-homed names give way like dynamic ones ("Migrate On", Q135922).</summary>
    public bool MigrateOn { get; init; }

    /// <summary>Whether every change of the database waits in <see cref="NameServer.TryPollChange"/> for a driver that keeps it on disk.</summary>
    public bool JournalsChanges { get; init; }

    /// <summary>
    /// How many requests a second it can serve; 0 for no limit. With a limit, requests wait for their turn and burst handling can be studied.
    /// Microsoft planned one WINS server for 75 queries a second.
    /// </summary>
    public int RequestsPerSecond { get; init => field = InRange(value, 0, 1_000_000); }

    /// <summary>The name server that queries for unknown names are sent on to (REDIRECT, RFC 1002 §4.2.15); null for none.</summary>
    public NameServerRedirect? Redirect { get; init; }

    /// <summary>A defect, for tests of what finds defects: an owner that is to be challenged is never asked, and who waits for its answer waits.</summary>
    internal bool ForgetsChallenges { get; init; }

    private static int InRange(int value, int least, int most) =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"Expected {least} to {most}.");
}

/// <summary>Another name server, as a REDIRECT names it (RFC 1002 §4.2.15).</summary>
/// <param name="ServerName">NSD_NAME.</param>
/// <param name="Address">NSD_IP_ADDR.</param>
public sealed record NameServerRedirect(NetBiosName ServerName, Ipv4Address Address);
