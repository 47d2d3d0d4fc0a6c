using static NbnsSim.Audit.AuditTables;
using static NbnsSim.Audit.SegmentMap;

namespace NbnsSim.Audit;

/// <summary>The broadcasts that there would be if all clients of the name server did as B nodes do, by segment.</summary>
internal sealed class AuditLoad(TimeSpan length)
{
    /// <summary>BCAST_REQ_RETRY_COUNT (RFC 1002 §6).</summary>
    public const int Tries = 3;

    /// <summary>The tries of a claim, and the overwrite demand behind them (RFC 1002 §5.1.1.1).</summary>
    public const int ClaimPackets = Tries + 1;

    /// <summary>Ethernet, IPv4 and UDP headers of a frame.</summary>
    private const int HeaderOctets = 14 + 20 + 8;

    private readonly Dictionary<Ipv4Subnet, Sum> _byArea = [];
    private readonly Sum _elsewhere = new();

    /// <summary>A machine that uses a name server, or broadcasts.</summary>
    public void Add(Area? area, in Host host, bool isClient)
    {
        var sum = Of(area);
        sum.SeenNow += host.Broadcasts;
        sum.Clients += isClient ? 1 : 0;
    }

    /// <summary>What a client asks its name server for one name.</summary>
    public void AddQuestions(Area? area, in Pair pair, bool isNear)
    {
        var sum = Of(area);
        (sum.Found, sum.NotFound) = isNear ? (sum.Found + pair.Questions, sum.NotFound) : (sum.Found, sum.NotFound + pair.Questions);
        sum.Add(pair.Questions, pair.Octets, isNear ? 1 : Tries);
    }

    /// <summary>What a client registers and releases there.</summary>
    public void AddClaims(Area? area, in Pair pair)
    {
        var sum = Of(area);
        sum.Claims += pair.Claims;
        sum.Releases += pair.Releases;
        sum.Add(pair.Claims, pair.ClaimOctets, ClaimPackets);
        sum.Add(pair.Releases, pair.ReleaseOctets, Tries);
    }

    /// <summary>The segments that have clients, in order of their addresses, those of unknown place last.</summary>
    public IEnumerable<AuditSegment> Segments()
    {
        foreach (var (subnet, sum) in _byArea.Where(pair => pair.Value.Clients > 0).OrderBy(pair => pair.Key.Network).ThenBy(pair => pair.Key.PrefixLength))
            yield return Segment(subnet, sum);
        if (_elsewhere.Clients > 0)
            yield return Segment(null, _elsewhere);
    }

    private AuditSegment Segment(Ipv4Subnet? subnet, Sum sum) => new()
    {
        Subnet = subnet,
        IsGiven = subnet is not null && sum.Frame == 0,
        IsExact = sum.IsExact,
        Frame = sum.Frame,
        Clients = sum.Clients,
        FoundAtOnce = sum.Found,
        NotFound = sum.NotFound,
        Registrations = sum.Claims,
        Releases = sum.Releases,
        Packets = sum.Packets,
        Octets = sum.Octets,
        SeenNow = sum.SeenNow,
        PacketsPerSecond = length > TimeSpan.Zero ? sum.Packets / length.TotalSeconds : 0,
        OctetsPerSecond = length > TimeSpan.Zero ? sum.Octets / length.TotalSeconds : 0,
    };

    private Sum Of(Area? area)
    {
        if (area is not { } known)
            return _elsewhere;
        if (!_byArea.TryGetValue(known.Subnet, out var sum))
            _byArea[known.Subnet] = sum = new Sum { Frame = known.Frame, IsExact = known.IsExact };
        return sum;
    }

    private sealed class Sum
    {
        public long Frame { get; init; }

        public bool IsExact { get; init; }

        public int Clients { get; set; }

        public long Found { get; set; }

        public long NotFound { get; set; }

        public long Claims { get; set; }

        public long Releases { get; set; }

        public long Packets { get; private set; }

        public long Octets { get; private set; }

        public long SeenNow { get; set; }

        public void Add(int count, long octets, int packets)
        {
            Packets += (long)count * packets;
            Octets += (octets + ((long)count * HeaderOctets)) * packets;
        }
    }
}
