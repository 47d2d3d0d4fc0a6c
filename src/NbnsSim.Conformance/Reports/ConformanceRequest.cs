using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using NbnsSim.Conformance.Benches;
using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Reports;

/// <summary>What somebody wants held against cases, as it is said on a command line.</summary>
/// <example>
/// <code>
/// var request = new ConformanceRequest { Simulate = "nt4", Words = ["s5.1.1.5"] };
/// if (request.TryRun(null, out var report, out string? problem))
///     report.Write(new ReportWriter(Console.Out));
/// else
///     Console.WriteLine(problem);
/// </code>
/// </example>
public sealed record ConformanceRequest
{
    private const int MaxStations = 4;
    private readonly ulong _drawn = (ulong)Random.Shared.NextInt64(1, 1_000_000); // few digits: whoever repeats a run types it
    private const int Lanes = 4; // silent owners cost a name server's case up to half a minute; four at once make ten minutes two and a half

    /// <summary>The peer, <c>ADDRESS[:PORT]</c>, where there is one; then clauses (<c>s5.1.1</c>) and cases (<c>s5.1.1.5/1</c>), none for all.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether cases are only listed: there is no peer.</summary>
    public bool IsList { get; init; }

    /// <summary>The dialect of a machine of ours, in the simulator, in place of a peer; null for none.</summary>
    public string? Simulate { get; init; }

    /// <summary>A capture by which the peer is judged, in place of asking it: nothing is sent; null for none.</summary>
    public string? From { get; init; }

    /// <summary>As what the peer is tested: <c>node</c>, <c>server</c>, <c>client</c> or <c>both</c>; null for what it shows itself to be.</summary>
    public string? Role { get; init; }

    /// <summary>Its node type; null for the one that its node status gives, or B in the simulator.</summary>
    public OwnerNodeType? NodeType { get; init; }

    /// <summary>By whose documents.</summary>
    public ConformanceProfile Profile { get; init; }

    /// <summary>Whether what is not the profile's way counts as a failure.</summary>
    public bool Strict { get; init; }

    /// <summary>The runner's own addresses, with commas between; null for 127.0.0.51 to 127.0.0.54.</summary>
    public string? Stations { get; init; }

    /// <summary>Where to broadcast; null for no broadcasts.</summary>
    public Ipv4Address? Broadcast { get; init; }

    /// <summary>Unique names that the peer holds, with commas between, where its node status does not tell.</summary>
    public string? Unique { get; init; }

    /// <summary>Groups that it is in, likewise.</summary>
    public string? Group { get; init; }

    /// <summary>A name of the machine that its name server is on.</summary>
    public string? ServerName { get; init; }

    /// <summary>The shell command that is the peer, as <see cref="UdpBenchOptions.StartCommand"/> has it; null where it runs already.</summary>
    public string? Start { get; init; }

    /// <summary>
    /// How a client is told to do something, <c>VERB=COMMAND</c> each: a verb of <see cref="UdpBenchOptions.Commands"/> and the shell command for it.
    /// </summary>
    public IReadOnlyList<string> Tell { get; init; } = [];

    /// <summary>How many seconds a case may wait in one step; null for the usual 30.</summary>
    public uint? Patience { get; init; }

    /// <summary>
    /// Where ids and fresh names come from; null for 1 where nobody is asked, and on a network for one that no earlier run had: a name server remembers what it granted then.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>Whether the peer may be on a network that others may be on, too.</summary>
    public bool IsLab { get; init; }

    /// <summary>Whether text has all ladders.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>Whether this process is on networks of its own.</summary>
    internal Func<bool> IsApart { get; init; } = static () => NetworkPermit.IsApart();

    /// <summary>What is wrong with it, a sentence each; to be asked before anything else.</summary>
    public IEnumerable<string> Mistakes
    {
        get
        {
            if (!IsList && Simulate is null && Words.Count == 0)
                yield return "Say whom to test: ADDRESS[:PORT], or --simulate DIALECT.";
            else if (HasPeer && !Ipv4Endpoint.TryParse(Words[0], out _))
                yield return $"'{Words[0]}' is no peer: expected ADDRESS[:PORT], such as 127.0.0.1:1137.";
            if (Simulate is not null && !IsDialect(Simulate))
                yield return $"There is no dialect '{Simulate}': nbnssim dialects lists them.";
            else if (Simulate is not null && (Role is "server" or "both" ? !NameServerDialect.TryFind(Simulate, out _) : Role is not null && !NetBtDialect.TryFind(Simulate, out _)))
                yield return $"'{Simulate}' is a dialect of {(Role is "server" or "both" ? "nodes, not of name servers" : "name servers, not of nodes")}: nbnssim dialects lists them.";
            if (Simulate is not null && HasPeerOptions)
                yield return "--stations, --unique, --group, --server-name, --start and --tell are about a peer on the network: --simulate has its own.";
            if (From is not null && (Simulate is not null || Words.Count == 0 || HasPeerOptions))
                yield return "--from judges a host by a capture: it takes ADDRESS, clauses and how to judge, and nothing about whom to ask.";
            if (Role is not (null or "node" or "server" or "client" or "both"))
                yield return $"'{Role}' is no role: expected node, server, client or both.";
            else if (Role == "client" && (Simulate ?? From ?? Start) is null && !IsList)
                yield return "A client is watched from its start on: say how to start it, --start COMMAND.";
            if (Start is not null && string.IsNullOrWhiteSpace(Start))
                yield return "--start is empty: expected the shell command that is the peer.";
            foreach (string word in Tell.Where(word => !TryTold(word, out _, out _)))
                yield return $"'{word}' tells nobody anything: expected VERB=COMMAND, the verb one of {string.Join(", ", UdpBenchOptions.Verbs)}.";
            foreach (string word in Clauses.Where(word => ConformanceCatalogue.Select(Clause(word), AllRoles).IsEmpty))
                yield return $"There is no clause and no case '{word}'.{Suggestion.For(Clause(word), ConformanceCatalogue.All.SelectMany(test => new[] { test.Clause, test.Id }).Distinct(StringComparer.Ordinal))} nbnssim conform --list lists them.";
            if (Role is "node" or "server" or "client" or "both" && Clauses.Any() && Cases.IsEmpty && !Select(AllRoles).IsEmpty)
                yield return $"None of these cases is for {(Role == "both" ? "a node or a server" : $"a {Role}")}.";
            foreach (string mistake in Listed(Unique).Concat(Listed(Group)).Concat(Listed(ServerName)).Where(name => !NetBiosName.TryParse(name, out _)))
                yield return $"'{mistake}' is no NetBIOS name: expected one such as ALPHA<20>.";
            foreach (string mistake in StationMistakes())
                yield return mistake;
        }
    }

    /// <summary>The cases that are meant.</summary>
    public ImmutableArray<ConformanceCase> Cases => Select(Roles);

    internal ulong Drawn => Seed ?? ((Simulate ?? From) is null ? _drawn : 1);

    internal static ConformanceRole AllRoles => ConformanceRole.Any | ConformanceRole.Client;

    private bool HasPeer => !IsList && Simulate is null;

    private bool HasPeerOptions => Tell.Count > 0 || (Stations ?? Unique ?? Group ?? ServerName ?? Start) is not null;

    private IEnumerable<string> Clauses => HasPeer ? Words.Skip(1) : Words;

    internal Ipv4Endpoint Peer => Ipv4Endpoint.Parse(Words[0]);

    internal ImmutableArray<Ipv4Address> OwnAddresses => Stations is null ? new UdpBenchOptions { Subject = default }.Stations : [.. Listed(Stations).Select(Ipv4Address.Parse)];

    internal ConformanceRole Roles => Role switch
    {
        "node" => ConformanceRole.Node,
        "server" => ConformanceRole.Server,
        "client" => ConformanceRole.Client,
        "both" => ConformanceRole.Any,
        _ when Simulate is not null => NetBtDialect.TryFind(Simulate, out _) ? ConformanceRole.Node : ConformanceRole.Server,
        _ when IsList => AllRoles,
        _ => ConformanceRole.Any,
    };

    internal ConformanceOptions Options => new()
    {
        Profile = Profile,
        Strict = Strict,
        NodeType = NodeType ?? (Simulate is null ? null : OwnerNodeType.B),
        Patience = Patience is { } seconds ? TimeSpan.FromSeconds(seconds) : new ConformanceOptions().Patience,
        Seed = Drawn,
    };

    /// <summary>What is to be said before anything is sent, where others than this machine may be on the network.</summary>
    public IReadOnlyList<string> Warnings => (Simulate ?? From) is null && !(NetworkPermit.IsLoopback(Peer.Address) && NetworkPermit.IsLoopback(Broadcast ?? Peer.Address)) ? [$"sends to a network: {Plan().Sentence}"] : [];

    /// <summary>What would be sent; nothing is.</summary>
    public ConformancePlan Plan()
    {
        if (Simulate is not null)
        {
            using var bench = new SimulatedBench(new SimulatedSubject());
            return new ConformancePlan([new("", Cases, [[.. bench.Stations]])], Options, "nobody outside the simulator", bench.Broadcast, isVirtual: true);
        }

        ImmutableArray<ImmutableArray<Ipv4Address>> one = [OwnAddresses];
        ConformancePlanPart[] parts = Role switch
        {
            null => [new("if it is a node, ", Select(ConformanceRole.Node), one), new("if it is a name server, ", Select(ConformanceRole.Server), [.. one, .. FurtherLanes])],
            "server" => [new("", Cases, [.. one, .. FurtherLanes])],
            _ => [new("", Cases, one)],
        };
        return new ConformancePlan([.. parts.Where(part => !part.Cases.IsEmpty)], Options, Peer.ToString(), Broadcast, isVirtual: false);
    }

    /// <summary>Runs the cases.</summary>
    /// <param name="live">Where text goes as cases are run; null for nowhere.</param>
    /// <param name="report">What became of them; null where there is nobody to test.</param>
    /// <param name="problem">Why there is not, a sentence; null after success.</param>
    /// <param name="stop">Ends it before the next case; the report has what was run until then.</param>
    /// <exception cref="OperationCanceledException">It was stopped before the first case, while the peer was waited for.</exception>
    public bool TryRun(ReportWriter? live, [NotNullWhen(true)] out ConformanceReport? report, [NotNullWhen(false)] out string? problem, CancellationToken stop = default)
    {
        report = new RequestedRun(this, live, stop).Run(out problem);
        return report is not null;
    }

    private static bool TryTold(string word, out string verb, out string command)
    {
        int end = word.IndexOf('=', StringComparison.Ordinal);
        (verb, command) = end < 0 ? ("", "") : (word[..end].Trim(), word[(end + 1)..].Trim());
        return UdpBenchOptions.Verbs.Contains(verb, StringComparer.Ordinal) && command.Length > 0;
    }

    private static bool IsDialect(string name) => NetBtDialect.TryFind(name, out _) || NameServerDialect.TryFind(name, out _);

    private static string Clause(string word) => word.TrimStart('§') is var bare && bare.Length > 0 && char.IsAsciiDigit(bare[0]) ? $"s{bare}" : bare;

    private static string[] Listed(string? list) => list?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    private static ImmutableArray<NetBiosName> Parsed(string? list) => [.. Listed(list).Select(NetBiosName.Parse)];

    private IEnumerable<string> StationMistakes()
    {
        string[] texts = Listed(Stations);
        foreach (string text in texts.Where(text => !Ipv4Address.TryParse(text, out _)))
            yield return $"'{text}' is no IPv4 address: expected one such as 10.0.0.1.";
        if (texts.Length > MaxStations)
            yield return $"There are {MaxStations} stations at most, A to D.";
        foreach (string twice in texts.GroupBy(text => text, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key))
            yield return $"{twice} is two stations at once: each has an address of its own.";
        if (!HasPeer || From is not null || Words.Count == 0 || !Ipv4Endpoint.TryParse(Words[0], out var peer))
            yield break;
        if (Array.Exists(texts, text => text == peer.Address.ToString()))
            yield return $"{peer.Address} is the peer's address, and no station's.";
        var places = new[] { peer.Address }.Concat(Broadcast is { } broadcast ? [broadcast] : []).Where(address => !NetworkPermit.IsLoopback(address)).ToList();
        if (places.Count > 0 && !IsLab && !IsApart())
            yield return $"{places[0]} is not of this machine alone, and cases claim, refuse and release names there: --lab says that this network bears it.";
        else if (places.Count > 0 && Stations is null)
            yield return "--stations A,B,…: which of this machine's addresses on that network are the runner's own?";
    }

    /// <summary>
    /// The stations of the lanes beside the first one, where further addresses can be had for the asking: all of 127.0.0.0/8 is this machine's. They are 127.0.1.51 to .54 and so on.
    /// A name server alone has lanes, see <see cref="ConformanceLanes"/>.
    /// </summary>
    internal IEnumerable<ImmutableArray<Ipv4Address>> FurtherLanes => Start is not null || Stations is not null || !NetworkPermit.IsLoopback(Peer.Address)
        ? []
        : Enumerable.Range(1, Lanes - 1).Select(lane => OwnAddresses.Select(address => new Ipv4Address(address.Value + ((uint)lane << 8))).ToImmutableArray());

    internal ImmutableArray<ConformanceCase> Select(ConformanceRole roles) =>
        [.. Clauses.DefaultIfEmpty("").SelectMany(word => ConformanceCatalogue.Select(Clause(word), roles)).Distinct().OrderBy(ConformanceCatalogue.All.IndexOf)];

    internal UdpBenchOptions BenchOptions(CancellationToken stop) => new()
    {
        Subject = Peer,
        Stations = OwnAddresses,
        Broadcast = Broadcast,
        Names = new SubjectNames(Parsed(Unique), Parsed(Group), ServerName is null ? null : NetBiosName.Parse(ServerName)),
        StartCommand = Start,
        Commands = Tell.Aggregate(ImmutableDictionary<string, string>.Empty, static (all, word) => TryTold(word, out string verb, out string command) ? all.SetItem(verb, command) : all),
        Stop = stop,
        StartTypes = NodeType is { } type && Start is not null ? [type] : default,
    };
}
