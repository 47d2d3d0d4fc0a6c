using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Twins;

/// <summary>What can be read off a machine's packets of the way it behaves: how often and how soon it asks again, which times to live it gives. What differs from a dialect becomes switches.</summary>
internal sealed class TwinHabits
{
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);

    public TwinHabits(TwinMachine machine, TwinEvidence evidence)
    {
        var asked = machine.Exchanges.Where(exchange => exchange.First.Kind is Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest or Kind.NameQueryRequest
            or Kind.NameRefreshRequest or Kind.NodeStatusRequest or Kind.NameReleaseRequest).ToList();
        Tries("broadcast", asked.Where(exchange => exchange.First.IsBroadcast).ToList(), evidence);
        Tries("nameServer", asked.Where(exchange => !exchange.First.IsBroadcast && !(machine.IsNameServer && exchange.First.Kind == Kind.NameQueryRequest)).ToList(), evidence);
        TimesToLive(machine, evidence);
        Challenges = machine.IsNameServer ? ChallengesOf(machine, evidence) : null;
        TimeForVerdict = machine.IsNameServer ? VerdictTime(machine, evidence) : null;
        Load = machine.IsNameServer ? TwinLoad.Of(machine, evidence) : null;
        Demands(machine, evidence);
        if (machine.Exchanges.Exists(exchange => exchange.First.Kind == Kind.MultihomedNameRegistrationRequest))
        {
            Note("usesMultihomedRegistration", "true");
            if (machine.Addresses.Count == 1)
                Note("claimsAsMultihomed", "true");
        }
        else if (machine.Exchanges.Exists(exchange => exchange.First is { Kind: Kind.NameRegistrationRequest, IsBroadcast: false } first && !first.Entry.Flags.IsGroup))
            Note("usesMultihomedRegistration", "false");

        if (machine.NodeType == Wire.OwnerNodeType.M && ClaimsAtOnce(machine))
            Note("keepsSegmentAndServerApart", "true");
        if (!machine.IsNameServer && evidence.Packets.Exists(packet => packet.Kind == Kind.NegativeNameQueryResponse && machine.Is(packet.Source)))
            Note("answersUnicastMisses", "true");
    }

    private static (int, TimeSpan)? ChallengesOf(TwinMachine server, TwinEvidence evidence)
    {
        var silent = server.Exchanges.Find(exchange => exchange.First is { Kind: Kind.NameQueryRequest, IsBroadcast: false } && exchange.Answers.Count == 0 && exchange.Tries.Count is > 1 and <= 16
            && evidence.End - exchange.Last.Time > TimeSpan.FromSeconds(5));
        return silent is null ? null : (silent.Tries.Count, Rounded((silent.Last.Time - silent.First.Time) / (silent.Tries.Count - 1)));
    }

    /// <summary>From a WACK to the verdict, where the capture has no owner's answer in between.</summary>
    private static TimeSpan? VerdictTime(TwinMachine server, TwinEvidence evidence)
    {
        var times = new List<TimeSpan>();
        foreach (var exchange in evidence.Exchanges.Where(exchange => server.Is(exchange.First.Destination)))
        {
            if (exchange.Answers.Find(answer => answer.Kind == Kind.WaitForAcknowledgementResponse) is { } wack && exchange.Answers.Find(answer => answer.Kind != Kind.WaitForAcknowledgementResponse) is { } verdict
                && verdict.Time - wack.Time >= TimeSpan.FromSeconds(1))
                times.Add(verdict.Time - wack.Time);
        }

        times.Sort();
        return times.Count == 0 ? null : times[times.Count / 2];
    }

    /// <summary>What was seen, by the names that scenario files have for it.</summary>
    public IReadOnlyDictionary<string, string> Seen => _seen;

    /// <summary>How often, and how far apart, a name server asks an owner that does not answer; null where that was not seen.</summary>
    public (int Tries, TimeSpan Interval)? Challenges { get; }

    /// <summary>How a name server that cannot keep up works off what waits; null where none was seen to wait.</summary>
    public TwinLoad? Load { get; }

    /// <summary>A name server's dialect with what was seen to differ from it.</summary>
    public NameServers.NameServerDialect Applied(NameServers.NameServerDialect preset)
    {
        if (Challenges is { } challenges)
            preset = preset with { ChallengeTries = challenges.Tries, ChallengeInterval = challenges.Interval, ChallengeIntervalDoubles = false };
        else if (TimeForVerdict is { } time && time <= TimeSpan.FromMinutes(5))
            preset = preset with { ChallengeInterval = Rounded(time / preset.ChallengeTries), ChallengeIntervalDoubles = false };
        return Load is { } load ? load.Applied(preset) : preset;
    }

    /// <summary>How long a broadcast, or a request to one machine, waits before it is repeated; null where none was.</summary>
    public TimeSpan? BroadcastInterval { get; private set; }

    /// <summary>The same of requests to one machine.</summary>
    public TimeSpan? UnicastInterval { get; private set; }

    /// <summary>How many tries of a request were sent before the capture began, and how far apart.</summary>
    public (int Tries, TimeSpan Interval) Missing(TwinExchange exchange, TwinEvidence evidence)
    {
        var interval = (exchange.First.IsBroadcast ? BroadcastInterval : UnicastInterval) ?? TimeSpan.Zero;
        bool isCut = exchange.Answers.Count == 0 && exchange.First.Time - evidence.Begin < interval && evidence.End - exchange.Last.Time > interval
            && exchange.First.Kind is Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest or Kind.NameQueryRequest or Kind.NodeStatusRequest;
        return (isCut ? Math.Max(0, TriesOf(exchange.First) - exchange.Tries.Count) : 0, Rounded(interval));
    }

    /// <summary>How long a name server that asks for patience needs for its verdict where no owner answers it; null where none was seen.</summary>
    public TimeSpan? TimeForVerdict { get; }

    /// <summary>How often it sends such a request while nobody answers, as far as was seen; else three times (RFC 1002 §6).</summary>
    public int TriesOf(TwinPacket request) =>
        _seen.TryGetValue(request.IsBroadcast ? "broadcastRetryCount" : "nameServerRetryCount", out string? count) ? int.Parse(count, CultureInfo.InvariantCulture) : 3;

    /// <summary>The dialect with what was seen to differ from it.</summary>
    public DialectChoice Applied(NetBtDialect preset)
    {
        var usual = DialectBehaviour.Of(preset).ToDictionary(behaviour => behaviour.Name, behaviour => behaviour.Value, StringComparer.Ordinal);
        ImmutableArray<DialectSwitch> switches = [.. _seen.Where(one => usual[one.Key] != one.Value).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new DialectSwitch(one.Key, one.Value))];
        return new DialectChoice(preset, switches);
    }

    /// <summary>How often unanswered requests are sent, where neither end of the capture can have cut them, and how far apart repeats are.</summary>
    private void Tries(string means, List<TwinExchange> exchanges, TwinEvidence evidence)
    {
        var gaps = exchanges.Where(exchange => exchange.Tries.Count > 1).Select(exchange => (exchange.Last.Time - exchange.First.Time) / (exchange.Tries.Count - 1)).Order().ToList();
        if (gaps.Count == 0)
            return;
        var interval = TimeSpan.FromMilliseconds(Math.Max(1, Math.Round(gaps[gaps.Count / 2].TotalMilliseconds)));
        bool isBroadcast = means == "broadcast";
        if (isBroadcast)
            BroadcastInterval = interval;
        else
            UnicastInterval = interval;
        if (interval >= TimeSpan.FromMilliseconds(100) && interval <= TimeSpan.FromSeconds(30))
            Note($"{means}RetryTimeout", ScenarioText.Duration(Rounded(interval)));
        var margin = interval * 1.5;
        var counts = exchanges
            .Where(exchange => exchange.Answers.Count == 0 && (exchange.First.Time - evidence.Begin > margin || exchange.Tries.Count >= 3) && evidence.End - exchange.Last.Time > margin)
            .GroupBy(exchange => exchange.Tries.Count)
            .Where(group => group.Key <= 16)
            .OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).ToList();
        if (counts.Count > 0)
            Note($"{means}RetryCount", counts[0].Key.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Clocks tick: 755 ms is 750.</summary>
    private static TimeSpan Rounded(TimeSpan interval)
    {
        foreach (int usual in (int[])[250, 750, 1500, 2000, 5000])
        {
            if (Math.Abs(interval.TotalMilliseconds - usual) <= usual / 25.0)
                return TimeSpan.FromMilliseconds(usual);
        }

        return interval;
    }

    private void TimesToLive(TwinMachine machine, TwinEvidence evidence)
    {
        foreach (var exchange in machine.Exchanges)
        {
            if (exchange.First.Kind is Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest)
                Note(exchange.First.IsBroadcast ? "broadcastTimeToLive" : "requestedTimeToLive", exchange.First.TimeToLive.ToString(CultureInfo.InvariantCulture));
        }

        if (!machine.IsNameServer && evidence.Packets.Find(packet => packet.Kind == Kind.PositiveNameQueryResponse && machine.Is(packet.Source)) is { } answer)
            Note("answerTimeToLive", answer.TimeToLive.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Whether it asks its name server before its broadcasts are done.</summary>
    private bool ClaimsAtOnce(TwinMachine machine)
    {
        var broadcasts = machine.Exchanges.Where(exchange => exchange.First is { Kind: Kind.NameRegistrationRequest, IsBroadcast: true }).ToLookup(exchange => exchange.First.Name);
        var wait = BroadcastInterval ?? TimeSpan.FromMilliseconds(250);
        return machine.Exchanges.Exists(exchange => !exchange.First.IsBroadcast && exchange.First.Kind is Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest
            && broadcasts[exchange.First.Name].Any(claim => exchange.First.Time - claim.First.Time is var later && later >= TimeSpan.Zero && later < wait));
    }

    /// <summary>Whether a claim that nobody objected to ends with a demand (RFC 1002 §5.1.1.1).</summary>
    private void Demands(TwinMachine machine, TwinEvidence evidence)
    {
        var wait = (BroadcastInterval ?? TimeSpan.FromMilliseconds(750)) * 1.5;
        bool isReversed = machine.Exchanges.Exists(exchange => exchange.First is { IsBroadcast: true, Kind: Kind.NameOverwriteDemand } && exchange.Tries.Count > 1);
        if (isReversed)
            Note("reversesRecursionOfClaims", "true");
        var (claim, demand) = isReversed ? (Kind.NameOverwriteDemand, Kind.NameRegistrationRequest) : (Kind.NameRegistrationRequest, Kind.NameOverwriteDemand);
        var claims = machine.Exchanges.Where(exchange => exchange.First.IsBroadcast && exchange.First.Kind == claim && exchange.Answers.Count == 0 && evidence.End - exchange.Last.Time > wait).ToList();
        if (claims.Count == 0)
            return;
        var demands = machine.Exchanges.Where(exchange => exchange.First.Kind == demand && exchange.First.IsBroadcast).ToLookup(exchange => exchange.First.Name);
        int demanded = claims.Count(one => demands[one.First.Name].Any(other => other.First.Time >= one.Last.Time && other.First.Time - one.Last.Time <= wait));
        Note("sendsOverwriteDemand", demanded * 2 >= claims.Count ? "true" : "false");
        if (machine.NodeType == Wire.OwnerNodeType.M)
            Note("demandsNameBeforeNameServer", demanded * 2 >= claims.Count ? "true" : "false");
    }

    private void Note(string name, string value) => _seen.TryAdd(name, value);
}
