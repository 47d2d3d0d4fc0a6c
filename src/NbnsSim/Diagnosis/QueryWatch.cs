using System.Runtime.InteropServices;
using NbnsSim.Names;

namespace NbnsSim.Diagnosis;

/// <summary>Who asked for which name, and what came of it. Hosts and names are numbers; what is kept for a pair of them is one small struct.</summary>
internal sealed class QueryWatch
{
    /// <summary>How long an answer may take: three tries of 5 s (RFC 1002 §6), with room to spare.</summary>
    private static readonly TimeSpan AnswerWindow = TimeSpan.FromSeconds(20);

    /// <summary>A question and its answer may cross, and one captured on both sides of a router is seen twice.</summary>
    private static readonly TimeSpan Crossing = TimeSpan.FromMilliseconds(100);

    private const int MaxPairs = 1_000_000;
    private const int MaxWatched = 65_536; // hosts of whom it is kept whom they ask for all names, or for what they answer
    private const int MaxAsked = 64; // targets, or names, that are told apart of one host
    private const int Remembered = 1 << 12;

    private readonly Dictionary<ulong, Asking> _askings = [];
    private readonly Dictionary<int, Asker> _askers = [];
    private readonly Dictionary<int, Answerer> _answerers = [];
    private readonly Dictionary<ulong, Denial> _denials = [];
    private readonly Dictionary<int, (int Server, long Frame)> _given = [];
    private readonly Dictionary<Ipv4Address, (int Name, Ipv4Address Server, long Frame)> _givenAt = [];
    private readonly (Ipv4Endpoint From, ushort Id, NetBiosName Name, Instant Time)[] _broadcasts = new (Ipv4Endpoint, ushort, NetBiosName, Instant)[Remembered];
    private readonly Challenge[] _challenges = new Challenge[Remembered];

    /// <summary>Whether something was not kept for want of room.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What hosts asked for, by host and name.</summary>
    public IEnumerable<(int Host, int Name, Asking Asking)> Askings => _askings.Select(pair => ((int)(pair.Key >> 32), (int)(uint)pair.Key, pair.Value));

    /// <summary>Who asked many hosts for their names.</summary>
    public IEnumerable<(int Host, Asker Asker)> Askers => _askers.Select(pair => (pair.Key, pair.Value));

    /// <summary>Who answered for what.</summary>
    public IEnumerable<(int Host, Answerer Answerer)> Answerers => _answerers.Select(pair => (pair.Key, pair.Value));

    /// <summary>Which name servers said of which names that they do not exist.</summary>
    public IEnumerable<(int Server, int Name, Denial Denial)> Denials => _denials.Select(pair => ((int)(pair.Key >> 32), (int)(uint)pair.Key, pair.Value));

    /// <summary>A host asks for a name.</summary>
    public void Ask(long frame, Instant time, int host, int name, in NetBiosName octets, Ipv4Endpoint from, Ipv4Endpoint to, ushort id, bool isBroadcast, bool saysBroadcast)
    {
        if (isBroadcast)
            _broadcasts[Place(from.Address, id)] = (from, id, octets, time);
        else
        {
            ref var challenge = ref _challenges[ChallengePlace(from.Address, to.Address, name)];
            bool isRepeat = challenge.Name == name && challenge.From == from.Address && challenge.To == to.Address && challenge.Id == id && time - challenge.Since <= AnswerWindow;
            if (!isRepeat)
                challenge = new Challenge { Name = name, From = from.Address, To = to.Address, Id = id, Since = time, First = frame };
            else if (challenge.Answered != 0 && time - challenge.AnsweredAt > Crossing)
                challenge.IsAnswerLost = true; // it is asked again though it was answered
            challenge.Last = frame;
        }

        ref var asking = ref CollectionsMarshal.GetValueRefOrAddDefault(_askings, Pair(host, name), out bool isKnown);
        if (!isKnown)
        {
            if (_askings.Count > MaxPairs)
            {
                _askings.Remove(Pair(host, name));
                IsFull = true;
                return;
            }

            asking = new Asking { First = frame, Since = time };
        }

        asking.Count++;
        (asking.Last, asking.Until, asking.To) = (frame, time, to.Address);
        if (!isBroadcast && saysBroadcast)
            asking.WithBroadcastBit++;
        else if (!isBroadcast)
            asking.Unicast++;
    }

    /// <summary>Somebody asks a host for all its names.</summary>
    public void AskStatus(long frame, Instant time, int host, Ipv4Address target)
    {
        ref var asker = ref CollectionsMarshal.GetValueRefOrAddDefault(_askers, host, out bool isKnown);
        if (!isKnown && _askers.Count > MaxWatched)
        {
            _askers.Remove(host);
            IsFull = true;
            return;
        }

        asker ??= new Asker { First = frame, Since = time };
        (asker.Last, asker.Until) = (frame, time);
        if (asker.Targets.Count < MaxAsked && asker.Targets.Add(target) && asker.Frames.Count < Incident.MaxListed)
            asker.Frames.Add(frame);
    }

    /// <summary>A host answers for a name, with its own address or another's.</summary>
    public void Answer(long frame, Instant time, int host, int name, Ipv4Endpoint from, Ipv4Endpoint to, int asker, Ipv4Address given, bool isOwn, bool isGroup)
    {
        MarkAnswered(frame, time, from, to, asker, name);
        if (_given.Count < MaxPairs)
            _given.TryAdd(name, (isOwn ? -1 : host, frame));
        if (!isOwn && !isGroup && _givenAt.Count < MaxPairs)
            _givenAt[given] = (name, from.Address, frame);
        if (!isOwn || isGroup)
            return;
        ref var answerer = ref CollectionsMarshal.GetValueRefOrAddDefault(_answerers, host, out bool isKnown);
        if (!isKnown && _answerers.Count > MaxWatched)
        {
            _answerers.Remove(host);
            IsFull = true;
            return;
        }

        answerer ??= new Answerer { First = frame, Since = time };
        (answerer.Last, answerer.Until) = (frame, time);
        if (answerer.Names.Count < MaxAsked && answerer.Names.Add(name))
            answerer.Frames.Add(frame);
    }

    /// <summary>A node says that it does not have a name; a name server, that it does not exist.</summary>
    public void Deny(long frame, Instant time, int server, int name, Ipv4Endpoint from, Ipv4Endpoint to, bool isServer)
    {
        ref var challenge = ref _challenges[ChallengePlace(to.Address, from.Address, name)];
        if (challenge.Name == name && challenge.To == from.Address && challenge.From == to.Address)
            (challenge.Answered, challenge.AnsweredAt) = (frame, time);
        if (!isServer)
            return;
        if (_denials.Count >= MaxPairs)
        {
            IsFull = true;
            return;
        }

        ref var denial = ref CollectionsMarshal.GetValueRefOrAddDefault(_denials, Pair(server, name), out bool isKnown);
        if (!isKnown)
            denial = new Denial { First = frame, Since = time, Client = to.Address };
        (denial.Last, denial.Until) = (frame, time);
        denial.Count++;
    }

    /// <summary>Whether a response answers a broadcast query: only a holder answers one, or a proxy (RFC 1002 §5.1.1.2, §5.1.5).</summary>
    public bool AnswersBroadcast(Ipv4Endpoint to, ushort id, in NetBiosName name, Instant time, TimeSpan window)
    {
        ref readonly var query = ref _broadcasts[Place(to.Address, id)];
        return query.From == to && query.Id == id && query.Name == name && time - query.Time <= window;
    }

    /// <summary>The port that a broadcast query came from which a response belongs to but misses; 0 where it misses none.</summary>
    public ushort MissedPort(Ipv4Endpoint to, ushort id, in NetBiosName name, Instant time, TimeSpan window)
    {
        ref readonly var query = ref _broadcasts[Place(to.Address, id)];
        return query.From.Address == to.Address && query.From.Port != to.Port && query.Id == id && query.Name == name && time - query.Time <= window ? query.From.Port : (ushort)0;
    }

    /// <summary>What became of a question that one host put to another alone, within the time before now.</summary>
    public (ChallengeOutcome Outcome, long[] Frames) ChallengeOf(Ipv4Address from, Ipv4Address to, int name, Instant now, TimeSpan window)
    {
        ref readonly var challenge = ref _challenges[ChallengePlace(from, to, name)];
        if (challenge.First == 0 || challenge.Name != name || challenge.From != from || challenge.To != to || now - challenge.Since > window)
            return (ChallengeOutcome.NotSeen, []);
        return challenge.Answered != 0 && !challenge.IsAnswerLost
            ? (ChallengeOutcome.Answered, [challenge.First, challenge.Answered])
            : (ChallengeOutcome.Unanswered, challenge.First == challenge.Last ? [challenge.First] : [challenge.First, challenge.Last]);
    }

    /// <summary>Whether somebody has answered for a name.</summary>
    public bool IsHeld(int name) => _given.ContainsKey(name);

    /// <summary>For which name another machine last gave out an address; <see langword="null"/> where none did.</summary>
    public (int Name, Ipv4Address Server, long Frame)? GivenAt(Ipv4Address address) => _givenAt.TryGetValue(address, out var given) ? given : null;

    /// <summary>Which name server gave a name's address out, and in which frame; <see langword="null"/> where none did.</summary>
    public (int Server, long Frame)? GivenBy(int name) => _given.TryGetValue(name, out var given) && given.Server >= 0 ? given : null;

    /// <summary>What a host asked for one name.</summary>
    public Asking FindAsking(int host, int name) => _askings.GetValueOrDefault(Pair(host, name));

    private void MarkAnswered(long frame, Instant time, Ipv4Endpoint from, Ipv4Endpoint to, int asker, int name)
    {
        ref var challenge = ref _challenges[ChallengePlace(to.Address, from.Address, name)];
        if (challenge.Name == name && challenge.To == from.Address && challenge.From == to.Address && time - challenge.Since <= AnswerWindow)
            (challenge.Answered, challenge.AnsweredAt) = (frame, time);
        if (asker < 0)
            return;
        ref var asking = ref CollectionsMarshal.GetValueRefOrNullRef(_askings, Pair(asker, name));
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref asking))
            asking.Answers++;
    }

    private static ulong Pair(int host, int name) => ((ulong)(uint)host << 32) | (uint)name;

    private static int Place(Ipv4Address from, ushort id) => (int)((uint)KeyedHash.Of(from.Value, id) % Remembered);

    private static int ChallengePlace(Ipv4Address from, Ipv4Address to, int name) => (int)((uint)KeyedHash.Of(((ulong)from.Value << 32) | to.Value, (uint)name) % Remembered);

    /// <summary>One host's questions for one name.</summary>
    internal struct Asking
    {
        public long First;
        public long Last;
        public Instant Since;
        public Instant Until;
        public Ipv4Address To;
        public int Count;
        public int Answers;
        public int Unicast;
        public int WithBroadcastBit;
    }

    /// <summary>One host's node status requests.</summary>
    internal sealed class Asker
    {
        public HashSet<Ipv4Address> Targets { get; } = [];

        public List<long> Frames { get; } = [];

        public required long First { get; init; }

        public long Last { get; set; }

        public required Instant Since { get; init; }

        public Instant Until { get; set; }
    }

    /// <summary>One host's answers with its own address for unique names.</summary>
    internal sealed class Answerer
    {
        public HashSet<int> Names { get; } = [];

        public List<long> Frames { get; } = [];

        public required long First { get; init; }

        public long Last { get; set; }

        public required Instant Since { get; init; }

        public Instant Until { get; set; }
    }

    /// <summary>One server's denials of one name.</summary>
    internal struct Denial
    {
        public long First;
        public long Last;
        public Instant Since;
        public Instant Until;
        public Ipv4Address Client;
        public int Count;
    }

    private struct Challenge
    {
        public int Name;
        public Ipv4Address From;
        public Ipv4Address To;
        public Instant Since;
        public long First;
        public long Last;
        public long Answered;
        public Instant AnsweredAt;
        public ushort Id;
        public bool IsAnswerLost;
    }
}
