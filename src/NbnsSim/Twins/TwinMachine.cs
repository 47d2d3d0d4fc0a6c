using NbnsSim.Names;
using NbnsSim.Scenarios;
using NbnsSim.Wire;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Twins;

/// <summary>A machine of a capture: its addresses, and what it did from them.</summary>
internal sealed class TwinMachine
{
    public required string Name { get; init; }

    public required List<Ipv4Address> Addresses { get; init; }

    public required NetBiosScope Scope { get; init; }

    public required bool IsNameServer { get; init; }

    /// <summary>The name servers that it turned to, first seen first; not itself.</summary>
    public required List<Ipv4Address> NameServers { get; init; }

    public required List<ScenarioHeldName> HeldNames { get; init; }

    /// <summary>What it asked, in order of time.</summary>
    public List<TwinExchange> Exchanges { get; } = [];

    /// <summary>What its name server's database has from the start.</summary>
    public Dictionary<NetBiosName, ScenarioStaticMapping> Records { get; } = [];

    public OwnerNodeType? ToldType { get; set; }

    /// <summary>Whether it answered broadcast queries for names at other addresses than its own, with a name server to ask: a proxy (RFC 1001 §16.4).</summary>
    public bool IsProxy { get; set; }

    public bool Is(Ipv4Address address) => Addresses.Contains(address);

    /// <summary>What it began to ask from a time on, up to another.</summary>
    public IEnumerable<TwinExchange> Asked(Instant from, Instant to)
    {
        int low = 0;
        for (int high = Exchanges.Count; low < high;)
        {
            int middle = (low + high) / 2;
            if (Exchanges[middle].First.Time < from)
                low = middle + 1;
            else
                high = middle;
        }

        for (int i = low; i < Exchanges.Count && Exchanges[i].First.Time <= to; i++)
            yield return Exchanges[i];
    }

    /// <summary>Which way it went about its claims, and so what kind of node it is, whatever it says of itself.</summary>
    public OwnerNodeType NodeType
    {
        get
        {
            if (NameServers.Count == 0)
                return OwnerNodeType.B;
            var broadcast = FirstClaims(ofBroadcasts: true);
            var unicast = FirstClaims(ofBroadcasts: false);
            if (broadcast.Count == 0 && Exchanges.Exists(exchange => exchange.First is { Kind: Kind.NameQueryRequest, IsBroadcast: true }))
                return AsksServerFirst() ? OwnerNodeType.H : OwnerNodeType.M;
            if (broadcast.Count == 0)
                return ToldType is OwnerNodeType.M ? OwnerNodeType.H : ToldType is OwnerNodeType.B or null ? OwnerNodeType.P : ToldType.Value;
            if (broadcast.Any(claim => unicast.TryGetValue(claim.Key, out var asked) && asked < claim.Value))
                return OwnerNodeType.H; // an M node never asks before it has broadcast
            int broadcastFirst = broadcast.Count(claim => !unicast.TryGetValue(claim.Key, out var asked) || claim.Value <= asked);
            return broadcastFirst * 2 > broadcast.Count ? OwnerNodeType.M : OwnerNodeType.H;
        }
    }

    /// <summary>Whether its broadcast queries follow those that its name server did not answer.</summary>
    private bool AsksServerFirst()
    {
        var asked = Exchanges.Where(exchange => exchange.First is { Kind: Kind.NameQueryRequest, IsBroadcast: false } && NameServers.Contains(exchange.First.Destination)).ToLookup(exchange => exchange.First.Name);
        return Exchanges.Exists(exchange => exchange.First is { Kind: Kind.NameQueryRequest, IsBroadcast: true } && asked[exchange.First.Name].Any(before => before.First.Time <= exchange.First.Time));
    }

    private Dictionary<NetBiosName, Instant> FirstClaims(bool ofBroadcasts)
    {
        var first = new Dictionary<NetBiosName, Instant>();
        foreach (var exchange in Exchanges)
        {
            if (exchange.First.Kind is Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest && exchange.First.IsBroadcast == ofBroadcasts)
                first.TryAdd(exchange.First.Name, exchange.First.Time);
        }

        return first;
    }
}
