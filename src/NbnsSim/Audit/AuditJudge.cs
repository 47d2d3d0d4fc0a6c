using System.Collections.Immutable;
using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Wire;
using static NbnsSim.Audit.AuditTables;

namespace NbnsSim.Audit;

/// <summary>Comes to the answer, from what was remembered of a capture.</summary>
internal sealed class AuditJudge
{
    private const int MaxListed = 32;
    private const int MaxFrames = 16;

    private readonly AuditTables _tables;
    private readonly OtherNameServices _others;
    private readonly WinsAuditOptions _options;
    private readonly Vantage _vantage;
    private readonly Reachability _reach;

    public AuditJudge(AuditTables tables, SegmentMap segments, OtherNameServices others, WinsAuditOptions options, Vantage vantage)
    {
        (_tables, _others, _options, _vantage) = (tables, others, options, vantage);
        _reach = new Reachability(tables, segments);
    }

    public required Instant Since { get; init; }

    public required Instant Until { get; init; }

    public required long Datagrams { get; init; }

    public required long IncompleteFrom { get; init; }

    public required Instant BusiestMinute { get; init; }

    public required long BusiestMinutePackets { get; init; }

    public WinsAuditVerdict Build()
    {
        var load = new AuditLoad(Until - Since);
        var dependencies = Dependencies(load);
        var registrants = Registrants(load);
        ImmutableArray<AuditServer> servers = [.. _tables.Servers.Select(Server).OrderBy(server => server.Address)];
        var gaps = new AuditGaps(_tables, _options, _vantage, servers, Until - Since, IncompleteFrom).Build(dependencies, registrants);
        bool breaks = dependencies.Any(one => one.Outcome == AuditOutcome.Breaks) || registrants.Any(one => one.Outcome == AuditOutcome.Breaks);
        bool isOpen = dependencies.Any(one => one.Outcome == AuditOutcome.CannotTell) || registrants.Any(one => one.Outcome == AuditOutcome.CannotTell) || gaps.Any(gap => gap.PreventsYes);
        var answer = breaks ? AuditAnswer.No : isOpen ? AuditAnswer.CannotTellYet : AuditAnswer.Yes;
        return new WinsAuditVerdict
        {
            Answer = answer,
            Sentence = AuditSentence.Of(answer, dependencies, registrants, servers, gaps),
            Dependencies = dependencies,
            Registrants = registrants,
            Servers = servers,
            Roles = Roles(),
            Segments = [.. load.Segments()],
            LoadRules = [AuditRules.LoadQuery, AuditRules.LoadClaim, AuditRules.LoadRelease],
            BusiestMinute = BusiestMinute,
            BusiestMinutePackets = BusiestMinutePackets,
            Gaps = gaps,
            LmHosts = LmHostsAdvice.Join(dependencies.OrderBy(one => one.Name).SelectMany(one => one.Replacements).SelectMany(one => one.Lines)),
            Vantage = _vantage,
            Since = Since,
            Until = Until,
            Datagrams = Datagrams,
        };
    }

    private static AuditServer Server(KeyValuePair<Ipv4Address, Server> one) => new(
        one.Key, one.Value.FirstFrame, one.Value.Answers, one.Value.Lifetime == 0 ? null : TimeSpan.FromSeconds(one.Value.Lifetime), one.Value.LifetimeFrame, one.Value.GrantsForEver);

    private ImmutableArray<NameDependency> Dependencies(AuditLoad load)
    {
        bool hasServer = _tables.Servers.Any();
        var found = new List<NameDependency>();
        for (int i = 0; i < _tables.Pairs.Length; i++)
        {
            _tables.Steps++;
            ref readonly var pair = ref _tables.Pairs[i];
            if (_tables.Names[pair.Name].Octets.IsWildcard)
                continue;
            bool asksServer = AsksServer(pair);
            bool isForOthers = _tables.Hosts[pair.Host].IsProxy && pair.AskedForOthers >= pair.Questions;
            if (asksServer && !isForOthers)
                found.Add(Asked(pair, load));
            else if (hasServer && pair.AnsweredAll != 0)
                found.Add(Proxied(pair));
            else if (pair.Mixed != 0 && !pair.IsAnsweredByOther && _tables.Hosts[pair.Mixed - 1].HasRegistered)
                found.Add(Mixed(pair));
        }

        return
        [
            .. found.OrderBy(one => Order(one.Outcome)).ThenBy(one => one.Client).ThenBy(one => one.Name),
        ];
    }

    private NameDependency Asked(in Pair pair, AuditLoad load)
    {
        _tables.Hosts[pair.Host].HasAsked = true;
        if (pair.Answered != 0)
        {
            var given = Addresses(pair.Name, pair.Given);
            var reached = _reach.Find(pair.Host, pair.Name, given);
            load.AddQuestions(_reach.AreaOf(pair.Host), pair, reached.IsNear);
            if (reached.Outcome == AuditOutcome.Breaks && pair.AskedForOthers >= pair.Questions)
            {
                var perhaps = new AuditGround(AuditRules.PerhapsForOthers, $"{_tables.Hosts[pair.Host].Address} asked right behind another's broadcast for the name.", [pair.Asked]);
                reached = reached with { Outcome = AuditOutcome.CannotTell, Grounds = [perhaps, .. reached.Grounds.Take(2)] };
            }

            return Dependency(pair, given, reached.Outcome, reached.Grounds, Replacements(pair, given, reached), pair.Answerer, null, [pair.Asked, pair.Answered]);
        }

        load.AddQuestions(_reach.AreaOf(pair.Host), pair, isNear: false);
        return pair.Denied != 0
            ? Dependency(pair, [], AuditOutcome.NoWorse, [new AuditGround(AuditRules.UnknownToServer, $"{pair.Server} says that there is no such name.", [pair.Denied])], [], pair.Server, null, [pair.Asked, pair.Denied])
            : Dependency(pair, [], AuditOutcome.CannotTell, [new AuditGround(AuditRules.NotAnswered, $"No answer of {pair.Server} is in the capture.", [pair.LastAsked])], [], pair.Server, null, [pair.Asked, pair.LastAsked]);
    }

    /// <summary>A broadcast that an M node answered: it holds its name only as long as it can claim it from a name server.</summary>
    private NameDependency Mixed(in Pair pair)
    {
        var holder = _tables.Hosts[pair.Mixed - 1].Address;
        ImmutableArray<Ipv4Address> given = [holder];
        var reached = _reach.Find(pair.Host, pair.Name, given);
        var ground = new AuditGround(AuditRules.HolderIsMixed, $"{holder} answered, an M node: it cannot claim its names without a name server.", [pair.MixedAnswered]);
        reached = reached with { Outcome = AuditOutcome.Breaks, NodeTypeMends = true };
        return Dependency(pair, given, AuditOutcome.Breaks, [ground], Replacements(pair, given, reached), _tables.Find(pair.Mixed - 1, pair.Name).RegisteredAt, null, [pair.AskedAll, pair.MixedAnswered]);
    }

    /// <summary>A broadcast that somebody answered for another: what a proxy knows, it knows from its name server.</summary>
    private NameDependency Proxied(in Pair pair)
    {
        var proxy = _tables.Hosts[pair.Proxy - 1].Address;
        var given = Addresses(pair.Name, pair.ProxyGiven);
        var own = _tables.Find(pair.Proxy - 1, pair.Name);
        long asked = own.AnswersForOthers ? own.Asked : 0;
        if (asked == 0)
        {
            return Dependency(pair, given, AuditOutcome.CannotTell, [new AuditGround(AuditRules.AnsweredForAnother, $"{proxy} answered with {string.Join(", ", given.Take(4))}.", [pair.AnsweredAll])], [], default, proxy, [pair.AskedAll, pair.AnsweredAll]);
        }

        var reached = _reach.Find(pair.Host, pair.Name, given);
        var outcome = reached.Outcome == AuditOutcome.GoesOn ? AuditOutcome.GoesOn : AuditOutcome.Breaks; // nobody but the proxy answered its broadcasts
        return Dependency(
            pair, given, outcome, [new AuditGround(AuditRules.Proxied, $"{proxy} answered for {string.Join(", ", given.Take(4))} after it had asked its name server.", [asked, pair.AnsweredAll]), .. reached.Grounds.Take(2)],
            outcome == AuditOutcome.Breaks ? Replacements(pair, given, reached) : [], own.Server, proxy, [pair.AskedAll, asked, pair.AnsweredAll]);
    }

    private NameDependency Dependency(
        in Pair pair, ImmutableArray<Ipv4Address> given, AuditOutcome outcome, ImmutableArray<AuditGround> grounds, ImmutableArray<AuditReplacement> replacements,
        Ipv4Address server, Ipv4Address? proxy, long[] frames)
    {
        ref readonly var client = ref _tables.Hosts[pair.Host];
        return new NameDependency
        {
            Client = client.Address,
            ClientName = ComputerOf(client),
            ClientType = client.Type,
            Name = _tables.Names[pair.Name].Octets,
            IsGroup = pair.IsGroup || (pair.Answered == 0 && _tables.Names[pair.Name].IsGroup),
            AsksByBroadcast = frames[0] == pair.AskedAll && frames[0] != 0,
            Server = server,
            Proxy = proxy,
            Given = given,
            Questions = Math.Max(pair.Questions, 1),
            Outcome = outcome,
            Grounds = grounds,
            Replacements = replacements,
            Frames = [.. frames.Where(frame => frame > 0).Distinct().Order()],
        };
    }

    private ImmutableArray<AuditReplacement> Replacements(in Pair pair, ImmutableArray<Ipv4Address> given, Reachability.Finding reached)
    {
        if (reached.Outcome != AuditOutcome.Breaks)
            return [];
        var found = ImmutableArray.CreateBuilder<AuditReplacement>();
        var name = _tables.Names[pair.Name].Octets;
        var client = _tables.Hosts[pair.Host].Address;
        if (reached.NodeTypeMends)
            found.Add(new AuditReplacement(AuditRules.ReplaceNodeType, $"Make {NodesToChange(pair.Host, given)}: client and holder are in one broadcast area.", [], []));
        var (rule, lines) = LmHostsAdvice.Of(name, pair.IsGroup, given, address => _tables.FindHost(address) is >= 0 and var host ? ComputerOf(_tables.Hosts[host]) : null);
        if (!lines.IsEmpty)
            found.Add(new AuditReplacement(rule, $"{(lines.Length == 1 ? "A line" : "Lines")} in {client}'s LMHOSTS file.", lines, []));
        if (!pair.IsGroup && name.Suffix is NameSuffix.Workstation or NameSuffix.Server)
        {
            var lookup = _others.Find(client, name);
            found.Add(lookup.Answered != 0 ? new AuditReplacement(AuditRules.ReplaceDnsSeen, $"{lookup.Service} answers {client} for the same name.", [], [lookup.Asked, lookup.Answered])
                : lookup.Asked != 0 ? new AuditReplacement(AuditRules.ReplaceDnsAsked, $"{client} asks {lookup.Service} for the same name, without an answer that is seen: a record there would help.", [], [lookup.Asked])
                : new AuditReplacement(AuditRules.ReplaceDns, $"A DNS record for {VisibleText.Escape(name.BaseName)}, and its suffix in {client}'s search list, for programs that use DNS names.", [], []));
        }

        return found.ToImmutable();
    }

    private string NodesToChange(int client, ImmutableArray<Ipv4Address> given)
    {
        var nodes = new List<Ipv4Address>();
        if (_tables.Hosts[client].Type == OwnerNodeType.P)
            nodes.Add(_tables.Hosts[client].Address);
        nodes.AddRange(given.Where(address => _tables.FindHost(address) is >= 0 and var host && _tables.Hosts[host].Type is OwnerNodeType.P or OwnerNodeType.M));
        return nodes.Count switch { 0 => "the members of the group H or B nodes", 1 => $"{nodes[0]} an H or B node", _ => $"{string.Join(" and ", nodes)} H or B nodes" };
    }

    private ImmutableArray<AuditRegistrant> Registrants(AuditLoad load)
    {
        var ofHost = new Dictionary<int, List<int>>();
        var clients = new HashSet<int>();
        for (int i = 0; i < _tables.Pairs.Length; i++)
        {
            ref readonly var pair = ref _tables.Pairs[i];
            if (pair.IsRegistered || pair.Releases != 0)
            {
                load.AddClaims(_reach.AreaOf(pair.Host), pair);
                clients.Add(pair.Host);
            }

            if (!pair.IsRegistered)
                continue;
            if (!ofHost.TryGetValue(pair.Host, out var pairs))
                ofHost[pair.Host] = pairs = [];
            pairs.Add(i);
        }

        for (int i = 0; i < _tables.Hosts.Length; i++)
            load.Add(_reach.AreaOf(i), _tables.Hosts[i], clients.Contains(i) || _tables.Hosts[i].HasAsked);
        return [.. ofHost.Select(one => Registrant(one.Key, one.Value)).OrderBy(one => Order(one.Outcome)).ThenBy(one => one.Address)];
    }

    private AuditRegistrant Registrant(int index, List<int> pairs)
    {
        ref readonly var host = ref _tables.Hosts[index];
        long[] seen = host.TypeFrame > 0 ? [host.TypeFrame] : [];
        var (outcome, ground) = host.Type switch
        {
            null => (AuditOutcome.CannotTell, new AuditGround(AuditRules.RegistrantTypeNotSeen, $"What kind of node {host.Address} is, is not seen.", [])),
            OwnerNodeType.P => (AuditOutcome.Breaks, new AuditGround(AuditRules.RegistersPointToPoint, $"{host.Address} is a P node: it cannot claim its names.", [.. seen])),
            OwnerNodeType.M => (AuditOutcome.Breaks, new AuditGround(AuditRules.RegistersMixed, $"{host.Address} is an M node: it cannot claim its names when it starts.", [.. seen])),
            var type => (AuditOutcome.GoesOn, new AuditGround(AuditRules.RegistersByBroadcast, $"{host.Address} is {(type == OwnerNodeType.H ? "an H" : "a B")} node: it registers by broadcast.", [.. seen])),
        };
        var frames = new SortedSet<long>();
        var names = ImmutableArray.CreateBuilder<NetBiosName>(pairs.Count);
        foreach (int at in pairs)
        {
            ref readonly var pair = ref _tables.Pairs[at];
            names.Add(_tables.Names[pair.Name].Octets);
            if (frames.Count < MaxFrames)
                frames.UnionWith(new[] { pair.Registered, pair.Granted }.Where(frame => frame > 0));
        }

        names.Sort();
        return new AuditRegistrant
        {
            Address = host.Address,
            ComputerName = ComputerOf(host),
            NodeType = host.Type,
            Names = names.DrainToImmutable(),
            Asks = host.HasAsked,
            Outcome = outcome,
            Grounds = [ground],
            Replacements = outcome == AuditOutcome.Breaks ? [new AuditReplacement(AuditRules.ReplaceNodeType, $"Make {host.Address} an H or B node.", [], [])] : [],
            Frames = [.. frames],
        };
    }

    private ImmutableArray<AuditRole> Roles()
    {
        var roles = new List<AuditRole>();
        for (int i = 0; i < _tables.Names.Length; i++)
        {
            ref readonly var name = ref _tables.Names[i];
            if (name.Octets.IsWildcard || AuditRules.RoleOf(name.Octets) is not { } rule)
                continue;
            var holders = new SortedSet<Ipv4Address>();
            var frames = new SortedSet<long>();
            int askers = 0;
            for (int at = name.FirstAsker; at >= 0; at = _tables.Pairs[at].NextAsker)
            {
                _tables.Steps++;
                ref readonly var pair = ref _tables.Pairs[at];
                bool asks = AsksServer(pair);
                askers += asks ? 1 : 0;
                if (pair.IsRegistered && holders.Count < MaxListed)
                    holders.Add(_tables.Hosts[pair.Host].Address);
                if ((asks || pair.IsRegistered) && frames.Count < MaxFrames)
                    frames.UnionWith(new[] { asks ? pair.Asked : 0, asks ? Math.Max(pair.Answered, pair.Denied) : 0, pair.Registered, pair.Granted }.Where(frame => frame > 0));
            }

            if (frames.Count == 0)
                continue;
            holders.UnionWith((name.Given ?? []).Where(address => address.IsUnicast));
            roles.Add(new AuditRole(rule, name.Octets, [.. holders.Take(MaxListed)], askers, [.. frames]));
        }

        return [.. roles.OrderBy(role => role.Name)];
    }

    /// <summary>Whether a question was a name server's to answer, rather than a holder's: a challenge, say.</summary>
    private bool AsksServer(in Pair pair) => pair.Answered != 0 ? _tables.IsServer(pair.Answerer) : pair.Asked != 0 && _tables.IsServer(pair.Server);

    private ImmutableArray<Ipv4Address> Addresses(int name, uint given)
    {
        var addresses = ImmutableArray.CreateBuilder<Ipv4Address>();
        for (int i = 0; i < MaxGiven; i++)
        {
            if ((given & (1u << i)) != 0)
                addresses.Add(_tables.Names[name].Given![i]);
        }

        return addresses.ToImmutable();
    }

    private static string? ComputerOf(in Host host) => host.Computer == default ? null : host.Computer.BaseName;

    private static int Order(AuditOutcome outcome) => outcome switch { AuditOutcome.Breaks => 0, AuditOutcome.CannotTell => 1, AuditOutcome.GoesOn => 2, _ => 3 };
}
