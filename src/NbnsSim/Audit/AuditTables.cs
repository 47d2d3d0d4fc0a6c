using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Audit;

/// <summary>
/// What an audit remembers: a small struct for each host, for each name, and for each pair of them that had to do with one another. All keys come from outside and are
/// hashed under a secret one.
/// </summary>
internal sealed class AuditTables(int maxPairs)
{
    private const int MaxHosts = 1_000_000;
    private const int MaxNames = 1_000_000;
    private const int MaxServers = 4_096;

    /// <summary>How many addresses of one name are told apart; WINS keeps 25 (MS-NBTE §3.2.1).</summary>
    public const int MaxGiven = 32;

    /// <summary>The most pairs of host and name that are kept.</summary>
    public const int MaxPairs = 2_000_000;

    private readonly Dictionary<Ipv4Address, int> _hostIndex = [];
    private readonly Dictionary<NetBiosName, int> _nameIndex = [];
    private readonly Dictionary<NumberPair, int> _pairIndex = [];
    private readonly Dictionary<Ipv4Address, Server> _servers = [];
    private readonly List<Host> _hosts = [];
    private readonly List<Name> _names = [];
    private readonly List<Pair> _pairs = [];

    /// <summary>Whether something was not kept for want of room.</summary>
    public bool IsFull { get; private set; }

    /// <summary>How often a judge has looked at something that was remembered: what its cost is counted by.</summary>
    public long Steps { get; set; }

    public Span<Host> Hosts => CollectionsMarshal.AsSpan(_hosts);

    public Span<Name> Names => CollectionsMarshal.AsSpan(_names);

    public Span<Pair> Pairs => CollectionsMarshal.AsSpan(_pairs);

    public IEnumerable<KeyValuePair<Ipv4Address, Server>> Servers => _servers;

    /// <summary>The number of a host; -1 where there is no room for another.</summary>
    public int HostOf(Ipv4Address address)
    {
        ref int index = ref Place(_hostIndex, address, MaxHosts, out bool isNew);
        if (isNew)
        {
            index = _hosts.Count;
            _hosts.Add(new Host { Address = address });
        }

        return Unsafe.IsNullRef(ref index) ? -1 : index;
    }

    /// <summary>The number of a host that is known; -1 for another.</summary>
    public int FindHost(Ipv4Address address) => _hostIndex.GetValueOrDefault(address, -1);

    /// <summary>Whether an address is a name server's.</summary>
    public bool IsServer(Ipv4Address address) => _servers.ContainsKey(address);

    /// <summary>A datagram shows that an address is a name server's.</summary>
    public void NoteServer(Ipv4Address address, long frame, bool answers)
    {
        ref var server = ref Place(_servers, address, MaxServers, out bool isNew);
        if (Unsafe.IsNullRef(ref server))
            return;
        if (isNew)
            server.FirstFrame = frame;
        server.Answers |= answers;
    }

    /// <summary>A name server grants a name for so long; 0 for ever.</summary>
    public void NoteLifetime(Ipv4Address address, uint seconds, long frame)
    {
        ref var server = ref CollectionsMarshal.GetValueRefOrNullRef(_servers, address);
        if (Unsafe.IsNullRef(ref server))
            return;
        server.GrantsForEver |= seconds == 0;
        if (seconds > server.Lifetime)
            (server.Lifetime, server.LifetimeFrame) = (seconds, frame);
    }

    /// <summary>What is known of a host and a name; a null reference where there is no room for more.</summary>
    public ref Pair Of(Ipv4Address address, in NetBiosName name)
    {
        int host = HostOf(address);
        ref int nameAt = ref Place(_nameIndex, name, MaxNames, out bool isNewName);
        if (isNewName)
        {
            nameAt = _names.Count;
            _names.Add(new Name { Octets = name, FirstHolder = -1, FirstAsker = -1 });
        }

        if (host < 0 || Unsafe.IsNullRef(ref nameAt))
            return ref Unsafe.NullRef<Pair>();
        int nameNumber = nameAt;
        ref int index = ref Place(_pairIndex, new NumberPair(host, nameNumber), maxPairs, out bool isNew);
        if (Unsafe.IsNullRef(ref index))
            return ref Unsafe.NullRef<Pair>();
        if (isNew)
        {
            index = _pairs.Count;
            _pairs.Add(new Pair { Host = host, Name = nameNumber, NextHolder = -1, NextAsker = Names[nameNumber].FirstAsker });
            Names[nameNumber].FirstAsker = index;
        }

        return ref Pairs[index];
    }

    /// <summary>What is known of a host and a name by their numbers; nothing where they had nothing to do with one another.</summary>
    public Pair Find(int host, int name) => _pairIndex.TryGetValue(new NumberPair(host, name), out int index) ? _pairs[index] : default;

    /// <summary>A host holds a name, by its registration or by what it broadcasts: it joins the name's holders once.</summary>
    public void NoteHolder(ref Pair pair, bool isGroup)
    {
        ref var name = ref Names[pair.Name];
        name.IsGroup = isGroup;
        if (pair.IsHolder)
            return;
        pair.IsHolder = true;
        pair.NextHolder = name.FirstHolder;
        name.FirstHolder = _pairIndex[new NumberPair(pair.Host, pair.Name)];
    }

    /// <summary>The bit that stands for an address among those that were given out for a name; 0 where there are too many.</summary>
    public uint BitOf(int name, Ipv4Address address)
    {
        ref var known = ref Names[name];
        known.Given ??= [];
        int index = known.Given.IndexOf(address);
        if (index < 0 && known.Given.Count < MaxGiven)
        {
            index = known.Given.Count;
            known.Given.Add(address);
        }

        IsFull |= index < 0;
        return index < 0 ? 0 : 1u << index;
    }

    private ref TValue Place<TKey, TValue>(Dictionary<TKey, TValue> table, TKey key, int most, out bool isNew)
        where TKey : notnull
    {
        isNew = false;
        if (table.Count >= most)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(table, key);
            IsFull |= Unsafe.IsNullRef(ref known);
            return ref known!;
        }

        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(table, key, out bool isKnown);
        isNew = !isKnown;
        return ref place!;
    }

    /// <summary>A host.</summary>
    internal struct Host
    {
        public Ipv4Address Address;
        public NetBiosName Computer;
        public OwnerNodeType? Type;
        public long TypeFrame;
        public long AskedAll; // the first broadcast query
        public long AnsweredAll; // the first answer to one
        public long Broadcasts; // of the name service
        public bool IsProxy; // it gave a name server's answer on
        public bool HasRegistered;
        public bool HasAsked;
    }

    /// <summary>A name.</summary>
    internal struct Name
    {
        public NetBiosName Octets;
        public List<Ipv4Address>? Given; // by name servers and proxies, in the order in which they came
        public int FirstHolder; // the first of a chain of pairs
        public int FirstAsker;
        public int LastAll; // who last asked for it by broadcast, + 1
        public Instant LastAllAt;
        public bool IsGroup;
    }

    /// <summary>A name server.</summary>
    internal struct Server
    {
        public long FirstFrame;
        public uint Lifetime;
        public long LifetimeFrame;
        public bool GrantsForEver;
        public bool Answers;
    }

    /// <summary>A host and a name: what it asked of a name server and of everybody, and what it registered.</summary>
    internal struct Pair
    {
        public int Host;
        public int Name;
        public int NextHolder;
        public int NextAsker;

        public Ipv4Address Server; // whom it asked last
        public Ipv4Address Answerer; // who last gave it an address
        public Instant LastAt;
        public long Asked;
        public long LastAsked;
        public long Answered;
        public long Denied;
        public long Octets; // of all questions, each once
        public int Questions;
        public uint Given; // of the addresses that are the name's, those in the last answer
        public ushort LastId;
        public bool IsGroup;
        public int AskedForOthers; // questions right behind another's broadcast for the same name
        public bool AnswersForOthers; // it gave an answer on, as a proxy does

        public Instant LastAllAt;
        public long AskedAll; // the first broadcast query
        public long AnsweredAll; // the first answer to a broadcast query that gave another's address
        public int Proxy; // whose answer that was, + 1
        public uint ProxyGiven;
        public int Mixed; // the M node that answered a broadcast query for its own name, + 1
        public long MixedAnswered;
        public bool IsAnsweredByOther; // so did one of another kind
        public ushort LastAllId;

        public Ipv4Address RegisteredAt;
        public Instant LastClaimAt;
        public long HeldAll; // the first broadcast that shows that it holds the name
        public long Registered;
        public long Granted;
        public long Refused;
        public long Refreshed;
        public long ClaimOctets;
        public long ReleaseOctets;
        public int Claims;
        public int Releases;
        public ushort LastClaimId;
        public ushort LastReleaseId;
        public bool IsHolder;

        /// <summary>Whether it registered the name at a name server.</summary>
        public readonly bool IsRegistered => Registered != 0 || Granted != 0;
    }
}
