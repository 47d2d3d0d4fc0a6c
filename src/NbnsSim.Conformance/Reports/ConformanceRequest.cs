using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using NbnsSim.Captures;
using NbnsSim.Conformance.Benches;
using NbnsSim.Conformance.Passive;
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
    private const uint Lanes = 4; // silent owners cost a name server's case up to half a minute; four at once make ten minutes two and a half

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

    /// <summary>How many seconds a case may wait in one step; null for the usual 30.</summary>
    public uint? Patience { get; init; }

    /// <summary>
    /// Where ids and fresh names come from; null for 1 in the simulator, and on a network for one that no earlier run had: a name server remembers what it granted then.
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
            if (Simulate is not null && (Stations ?? Unique ?? Group ?? ServerName ?? Start) is not null)
                yield return "--stations, --unique, --group, --server-name and --start are about a peer on the network: --simulate has its own.";
            if (From is not null && (Simulate is not null || Words.Count == 0 || (Start ?? Stations ?? Unique ?? Group ?? ServerName) is not null))
                yield return "--from judges a host by a capture: it takes ADDRESS, clauses and how to judge, and nothing about whom to ask.";
            if (Role is not (null or "node" or "server" or "client" or "both"))
                yield return $"'{Role}' is no role: expected node, server, client or both.";
            else if (Role == "client" && (Simulate ?? From ?? Start) is null && !IsList)
                yield return "A client is watched from its start on: say how to start it, --start COMMAND.";
            foreach (string word in Clauses.Where(word => ConformanceCatalogue.Select(Clause(word), AllRoles).IsEmpty))
                yield return $"There is no clause and no case '{word}'.{Suggestion.For(Clause(word), ConformanceCatalogue.All.SelectMany(test => new[] { test.Clause, test.Id }).Distinct(StringComparer.Ordinal))} nbnssim conform --list lists them.";
            if (Role is "node" or "server" or "client" or "both" && Clauses.Any() && Cases.IsEmpty && !Select(AllRoles).IsEmpty)
                yield return $"None of these cases is for {(Role == "both" ? "a node or a server" : $"a {Role}")}.";
            foreach (string mistake in Names(Unique).Concat(Names(Group)).Concat(Names(ServerName)).Where(name => !NetBiosName.TryParse(name, out _)))
                yield return $"'{mistake}' is no NetBIOS name: expected one such as ALPHA<20>.";
            foreach (string mistake in StationMistakes())
                yield return mistake;
        }
    }

    /// <summary>The cases that are meant.</summary>
    public ImmutableArray<ConformanceCase> Cases => Select(Roles);

    private ulong Drawn => Seed ?? (Simulate is null ? _drawn : 1);

    private static ConformanceRole AllRoles => ConformanceRole.Any | ConformanceRole.Client;

    private bool HasPeer => !IsList && Simulate is null;

    private IEnumerable<string> Clauses => HasPeer ? Words.Skip(1) : Words;

    private Ipv4Endpoint Peer => Ipv4Endpoint.Parse(Words[0]);

    private ImmutableArray<Ipv4Address> OwnAddresses => Stations is null ? new UdpBenchOptions { Subject = default }.Stations : [.. Stations.Split(',').Select(text => Ipv4Address.Parse(text.Trim()))];

    private ConformanceRole Roles => Role switch
    {
        "node" => ConformanceRole.Node,
        "server" => ConformanceRole.Server,
        "client" => ConformanceRole.Client,
        "both" => ConformanceRole.Any,
        _ when Simulate is not null => NetBtDialect.TryFind(Simulate, out _) ? ConformanceRole.Node : ConformanceRole.Server,
        _ when IsList => AllRoles,
        _ => ConformanceRole.Any,
    };

    private ConformanceOptions Options => new()
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
        if (Simulate is null)
            return new ConformancePlan(Cases, Options, Peer.ToString(), OwnAddresses, Broadcast, isVirtual: false);
        using var bench = new SimulatedBench(new SimulatedSubject());
        return new ConformancePlan(Cases, Options, "nobody outside the simulator", [.. bench.Stations], bench.Broadcast, isVirtual: true);
    }

    /// <summary>Runs the cases.</summary>
    /// <param name="live">Where text goes as cases are run; null for nowhere.</param>
    /// <param name="report">What became of them; null where there is nobody to test.</param>
    /// <param name="problem">Why there is not, a sentence; null after success.</param>
    /// <param name="stop">Ends it before the next case; the report has what was run until then.</param>
    public bool TryRun(ReportWriter? live, [NotNullWhen(true)] out ConformanceReport? report, [NotNullWhen(false)] out string? problem, CancellationToken stop = default)
    {
        (report, problem) = (null, null);
        if (From is not null)
            return TryJudge(live, out report, out problem);
        if (Simulate is not null)
        {
            report = RunSimulated(live, stop);
            return true;
        }

        try
        {
            using var bench = new UdpBench(BenchOptions());
            if (Role != "client" && !bench.IsThere()) // a client is started by its cases
                problem = $"Nothing answers at {Peer}: no node status, no name query.{(Start is null ? "" : " Does --start start it in the foreground?")}";
            else
                problem = RunPeer(bench, live, stop, out report);
        }
        catch (Win32Exception e) when (e is not SocketException)
        {
            problem = $"--start cannot be run: {e.Message}.";
        }
        catch (SocketException e)
        {
            problem = $"The stations {string.Join(", ", OwnAddresses)} cannot use port {Peer.Port}: {e.Message}. --stations says which of this machine's addresses are the runner's own.";
        }

        return problem is null;
    }

    private static bool IsDialect(string name) => NetBtDialect.TryFind(name, out _) || NameServerDialect.TryFind(name, out _);

    private static string Clause(string word) => word.TrimStart('§') is var bare && bare.Length > 0 && char.IsAsciiDigit(bare[0]) ? $"s{bare}" : bare;

    private static string[] Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    private static ImmutableArray<NetBiosName> Parsed(string? list) => [.. Names(list).Select(NetBiosName.Parse)];

    private IEnumerable<string> StationMistakes()
    {
        string[] texts = Stations?.Split(',') ?? [];
        foreach (string text in texts.Where(text => !Ipv4Address.TryParse(text.Trim(), out _)))
            yield return $"'{text.Trim()}' is no IPv4 address: expected one such as 10.0.0.1.";
        if (texts.Length > MaxStations)
            yield return $"There are {MaxStations} stations at most, A to D.";
        if (!HasPeer || From is not null || Words.Count == 0 || !Ipv4Endpoint.TryParse(Words[0], out var peer))
            yield break;
        var places = new[] { peer.Address }.Concat(Broadcast is { } broadcast ? [broadcast] : []).Where(address => !NetworkPermit.IsLoopback(address)).ToList();
        if (places.Count > 0 && !IsLab && !IsApart())
            yield return $"{places[0]} is not of this machine alone, and cases claim, refuse and release names there: --lab says that this network bears it.";
        else if (places.Count > 0 && Stations is null)
            yield return "--stations A,B,…: which of this machine's addresses on that network are the runner's own?";
    }

    private ImmutableArray<ConformanceCase> Select(ConformanceRole roles) =>
        [.. Clauses.DefaultIfEmpty("").SelectMany(word => ConformanceCatalogue.Select(Clause(word), roles)).Distinct().OrderBy(ConformanceCatalogue.All.IndexOf)];

    private UdpBenchOptions BenchOptions() => new()
    {
        Subject = Peer,
        Stations = OwnAddresses,
        Broadcast = Broadcast,
        Names = new SubjectNames(Parsed(Unique), Parsed(Group), ServerName is null ? null : NetBiosName.Parse(ServerName)),
        StartCommand = Start,
        StartTypes = NodeType is { } type && Start is not null ? [type] : default,
    };

    private bool TryJudge(ReportWriter? live, [NotNullWhen(true)] out ConformanceReport? report, [NotNullWhen(false)] out string? problem)
    {
        (report, problem) = (null, null);
        try
        {
            using var capture = CaptureReader.Open(From!);
            var options = Options with { NodeType = NodeType };
            var cases = Role is null ? [.. Select(AllRoles)] : Cases.ToHashSet();
            report = new ConformanceReport($"{Peer.Address} in a capture", Peer, [], options) { IsVerbose = IsVerbose };
            var text = live is null ? null : new ConformanceText(live, report);
            text?.Begin();
            foreach (var result in PassiveJudge.ByCase(PassiveJudge.Judge(capture, Peer.Address, options)).Where(result => cases.Contains(result.Case)))
            {
                report.Add(result);
                text?.Case(result);
            }

            text?.End();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            problem = $"{From}: {e.Message}";
        }

        return problem is null;
    }

    /// <returns>Why none of the cases is for it; null if some are.</returns>
    private string? RunPeer(UdpBench bench, ReportWriter? live, CancellationToken stop, out ConformanceReport? report)
    {
        report = null;
        var probe = Role == "client" ? default : PeerProbe.Ask(bench, Drawn);
        var roles = Role is not null ? Roles : probe.IsServer ? ConformanceRole.Server : ConformanceRole.Node;
        var options = Options with { NodeType = NodeType ?? (roles.HasFlag(ConformanceRole.Node) ? probe.NodeType : null) };
        string what = roles switch
        {
            ConformanceRole.Server => "name server",
            ConformanceRole.Client => "client",
            ConformanceRole.Any => "machine",
            _ => options.NodeType is { } type ? $"{type} node" : "node",
        };
        if (Select(roles) is not { IsEmpty: false } cases)
            return $"{Peer} shows itself to be a {what}, and none of these cases is for one: --role says as what it is tested.";
        report = new ConformanceReport(bench, options) { Title = $"the {what} at {Peer}", IsVerbose = IsVerbose };
        if (roles == ConformanceRole.Server && CanHaveLanes)
            RunLanes(report, bench, cases, live, stop);
        else
            Run(report, [(bench, cases)], live, stop);
        return null;
    }

    /// <summary>Whether further addresses can be had for the asking: all of 127.0.0.0/8 is this machine's, where nothing else is said.</summary>
    private bool CanHaveLanes => Start is null && Stations is null && NetworkPermit.IsLoopback(Peer.Address);

    /// <summary>Tests a name server from 127.0.1.51 to .54 and so on besides, at the same time and at one pace.</summary>
    private void RunLanes(ConformanceReport report, UdpBench first, ImmutableArray<ConformanceCase> cases, ReportWriter? live, CancellationToken stop)
    {
        var benches = new List<UdpBench> { first };
        try
        {
            for (uint lane = 1; lane < Lanes; lane++)
                benches.Add(new UdpBench(BenchOptions() with { Stations = [.. OwnAddresses.Select(address => new Ipv4Address(address.Value + (lane << 8)))], Pace = first.Pace }));
        }
        catch (SocketException)
        {
            // other systems have 127.0.0.1 alone on loopback; the lanes that there are do
        }

        try
        {
            Tell(report, ConformanceLanes.Run(benches, report.Options, cases, stop), cases.Length, live, stop);
        }
        finally
        {
            foreach (var bench in benches.Skip(1))
                bench.Dispose();
        }
    }

    private ConformanceReport RunSimulated(ReportWriter? live, CancellationToken stop)
    {
        var subject = new SimulatedSubject
        {
            Dialect = NetBtDialect.TryFind(Simulate, out var dialect) ? dialect : NetBtDialect.Rfc1002,
            ServerDialect = NameServerDialect.TryFind(Simulate, out var server) ? server : NameServerDialect.Windows2000,
            NodeType = NodeType ?? OwnerNodeType.B,
        };
        using var node = new SimulatedBench(subject, Drawn);
        using var nameServer = new SimulatedBench(subject with { Role = ConformanceRole.Server }, Drawn);
        var forNode = Roles == ConformanceRole.Server ? [] : Cases.RemoveAll(test => test.Role == ConformanceRole.Server);
        var forServer = Cases.RemoveRange(forNode);
        string title = Roles switch
        {
            ConformanceRole.Server => nameServer.Title,
            ConformanceRole.Client => $"a node of {subject.Dialect.Title} as it boots, asks and leaves, in the simulator",
            ConformanceRole.Any => $"{subject.NodeType} node of {subject.Dialect.Title}, and {nameServer.Title}",
            _ => node.Title,
        };
        var report = new ConformanceReport(node, Options) { Title = title, IsVerbose = IsVerbose };
        Run(report, [(node, forNode), (nameServer, forServer)], live, stop);
        return report;
    }

    private static void Run(ConformanceReport report, IReadOnlyList<(IConformanceBench Bench, ImmutableArray<ConformanceCase> Cases)> parts, ReportWriter? live, CancellationToken stop) =>
        Tell(report, parts.SelectMany(part => new ConformanceRunner(part.Bench, report.Options).Run(part.Cases)), parts.Sum(part => part.Cases.Length), live, stop);

    private static void Tell(ConformanceReport report, IEnumerable<ConformanceResult> results, int count, ReportWriter? live, CancellationToken stop)
    {
        var text = live is null ? null : new ConformanceText(live, report);
        text?.Begin();
        foreach (var result in results)
        {
            report.Add(result);
            text?.Case(result);
            if (stop.IsCancellationRequested)
                break;
        }

        report.IsInterrupted = report.Results.Count < count;
        text?.End();
    }
}
