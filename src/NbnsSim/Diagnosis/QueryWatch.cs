using System.Runtime.InteropServices;
using NbnsSim.Wire;

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

    private readonly QuestionTable _questions = new();
    private readonly Dictionary<int, Asker> _askers = [];
    private readonly List<Answerer> _answerers = [];
    private readonly Slab<int> _answererOf = new(); // by host; one more than the place in the list, 0 for none
    private readonly KeyedSlab<NumberPair, Denial> _denials = new();
    private readonly Slab<Gift> _given = new(); // by name
    private readonly Dictionary<Ipv4Address, (int Name, Ipv4Address Server, long Frame)> _givenAt = [];
    private readonly Broadcast[] _broadcasts = new Broadcast[Remembered];
    private readonly Challenge[] _challenges = new Challenge[Remembered];

    /// <summary>Whether something was not kept for want of room.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What hosts asked for and nobody answered, by host and name.</summary>
    public IEnumerable<(int Host, int Name, QuestionTable.Asking Asking)> Askings => _questions.Unanswered;

    /// <summary>Who asked many hosts for their names.</summary>
    public IEnumerable<(int Host, Asker Asker)> Askers => _askers.Select(pair => (pair.Key, pair.Value));

    /// <summary>Who answered for what.</summary>
    public IEnumerable<(int Host, Answerer Answerer)> Answerers => _answerers.Select(answerer => (answerer.Host, answerer));

    /// <summary>Which name servers said of which names that they do not exist.</summary>
    public IEnumerable<(int Server, int Name, Denial Denial)> Denials
    {
        get
        {
            for (int i = 0; i < _denials.Count; i++)
                yield return (_denials[i].Key.First, _denials[i].Key.Second, _denials[i]);
        }
    }

    /// <summary>A host asks for a name.</summary>
    public void Ask(long frame, Instant time, int host, Ipv4Address asker, int name, Ipv4Endpoint from, Ipv4Endpoint to, ushort id, bool isBroadcast, NbnsFlags flags)
    {
        if (!isBroadcast)
        {
            ref var challenge = ref _challenges[ChallengePlace(asker, to.Address, name)];
            bool isRepeat = challenge.Name == name && challenge.From == asker && challenge.To == to.Address && time - challenge.Since <= AnswerWindow
                && (challenge.Id == id || challenge.Answered == 0); // two that claim a name at once are asked about twice
            if (!isRepeat)
                challenge = new Challenge { Name = name, From = asker, To = to.Address, Id = id, Since = time };
            else if (challenge.Answered != 0 && time - challenge.AnsweredAt > Crossing)
                challenge.IsAnswerLost = true; // it is asked again though it was answered
            challenge.Frames.Add(frame);
        }

        int pair = _questions.Ask(frame, time, host, name, to.Address, isBroadcast, flags.IsBroadcast, flags.RecursionDesired); // RFC 1002 §4.2.12: RD asks a name server
        if (isBroadcast)
            _broadcasts[Place(from.Address, id)] = new Broadcast { From = from, Id = id, Name = name + 1, Pair = pair, Time = time };
        IsFull |= pair < 0;
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
        if (asker.Targets.Count < MaxAsked)
            asker.Targets.Add(target);
        Keep(asker.Frames, frame);
    }

    /// <summary>A host answers for a name, with its own address or another's.</summary>
    public void Answer(long frame, Instant time, int host, int name, Ipv4Endpoint from, Ipv4Endpoint to, ushort id, int asker, Ipv4Address askerMachine, Ipv4Address given, bool isOwn, bool isGroup)
    {
        ref var challenge = ref _challenges[ChallengePlace(askerMachine, from.Address, name)];
        bool wasAskedAlone = challenge.Name == name && challenge.From == askerMachine && challenge.To == from.Address && time - challenge.Since <= AnswerWindow;
        if (wasAskedAlone)
            challenge.Answer(frame, time, isDenial: false);
        ref readonly var query = ref _broadcasts[Place(to.Address, id)];
        int pair = query.IsOf(to.Address, id, name) ? query.Pair : asker < 0 ? -1 : _questions.Find(asker, name);
        if (asker >= 0 && !_questions.Answer(time, pair, asker, name))
            IsFull = true;
        while (_given.Count <= name)
            _given.Add(default);
        if (_given[name].Frame == 0)
            _given[name] = new Gift { Server = isOwn ? -1 : host, Frame = frame };
        if (!isOwn && !isGroup && _givenAt.Count < MaxPairs)
            _givenAt[given] = (name, from.Address, frame);
        if (!isOwn || isGroup || wasAskedAlone) // whom somebody takes for the holder answers for its own
            return;
        while (_answererOf.Count <= host)
            _answererOf.Add(0);
        ref int place = ref _answererOf[host];
        if (place == 0)
        {
            if (_answerers.Count >= MaxWatched)
            {
                IsFull = true;
                return;
            }

            _answerers.Add(new Answerer { Host = host, First = frame, Since = time });
            place = _answerers.Count;
        }

        var answerer = _answerers[place - 1];
        (answerer.Last, answerer.Until) = (frame, time);
        answerer.Add(name);
        Keep(answerer.Frames, frame);
    }

    private void Keep(List<long> frames, long frame)
    {
        if (frames.Count < Incident.MaxFrames && _questions.TakesFrame())
            frames.Add(frame);
    }

    /// <summary>A node says that it does not have a name; a name server, that it does not exist.</summary>
    public void Deny(long frame, Instant time, int server, int name, Ipv4Endpoint from, Ipv4Address askerMachine, Ipv4Address client, bool isServer)
    {
        ref var challenge = ref _challenges[ChallengePlace(askerMachine, from.Address, name)];
        if (challenge.Name == name && challenge.To == from.Address && challenge.From == askerMachine)
            challenge.Answer(frame, time, isDenial: true);
        if (!isServer)
            return;
        if (_denials.Count >= MaxPairs)
        {
            IsFull = true;
            return;
        }

        var key = new NumberPair(server, name);
        int number = _denials.Find(key);
        if (number < 0)
            number = _denials.Add(new Denial { Key = key, First = frame, Since = time, Client = client });
        ref var denial = ref _denials[number];
        (denial.Last, denial.Until) = (frame, time);
        denial.Count++;
    }

    /// <summary>Whether a response answers a broadcast query: only a holder answers one, or a proxy (RFC 1002 §5.1.1.3, §5.1.5).</summary>
    public bool AnswersBroadcast(Ipv4Endpoint to, ushort id, int name, Instant time, TimeSpan window)
    {
        ref readonly var query = ref _broadcasts[Place(to.Address, id)];
        return query.IsOf(to.Address, id, name) && query.From.Port == to.Port && time - query.Time <= window;
    }

    /// <summary>The port that a broadcast query came from which a response belongs to but misses; 0 where it misses none.</summary>
    public ushort MissedPort(Ipv4Endpoint to, ushort id, int name, Instant time, TimeSpan window)
    {
        ref readonly var query = ref _broadcasts[Place(to.Address, id)];
        return query.IsOf(to.Address, id, name) && query.From.Port != to.Port && time - query.Time <= window ? query.From.Port : (ushort)0;
    }

    /// <summary>What became of a question that one host put to another alone, within the time before now.</summary>
    public (ChallengeOutcome Outcome, long[] Frames, Instant Since) ChallengeOf(Ipv4Address from, Ipv4Address to, int name, Instant now, TimeSpan window)
    {
        if (!HasChallenge(from, to, name, now, window))
            return (ChallengeOutcome.NotSeen, [], default);
        ref readonly var challenge = ref _challenges[ChallengePlace(from, to, name)];
        return challenge.Answered != 0 && !challenge.IsAnswerLost
            ? (challenge.IsDenied ? ChallengeOutcome.Denied : ChallengeOutcome.Answered, [.. challenge.Frames.Listed, challenge.Answered], challenge.Since)
            : (ChallengeOutcome.Unanswered, [.. challenge.Frames.Listed], challenge.Since);
    }

    /// <summary>Whether one host put a question to another alone, within the time before now: whether <see cref="ChallengeOf"/> knows of one.</summary>
    public bool HasChallenge(Ipv4Address from, Ipv4Address to, int name, Instant now, TimeSpan window)
    {
        ref readonly var challenge = ref _challenges[ChallengePlace(from, to, name)];
        return challenge.Frames.Count > 0 && challenge.Name == name && challenge.From == from && challenge.To == to && now - challenge.Since <= window;
    }

    /// <summary>Whether somebody has answered for a name.</summary>
    public bool IsHeld(int name) => name < _given.Count && _given[name].Frame != 0;

    /// <summary>For which name another machine last gave out an address; <see langword="null"/> where none did.</summary>
    public (int Name, Ipv4Address Server, long Frame)? GivenAt(Ipv4Address address) => _givenAt.TryGetValue(address, out var given) ? given : null;

    /// <summary>Which name server gave a name's address out, and in which frame; <see langword="null"/> where none did.</summary>
    public (int Server, long Frame)? GivenBy(int name) => IsHeld(name) && _given[name] is { Server: >= 0 } given ? (given.Server, given.Frame) : null;

    /// <summary>What a host asked for one name.</summary>
    public QuestionTable.Asked FindAsking(int host, int name) => _questions.Find(host, name) is >= 0 and var pair ? _questions[pair] : default;

    private static int Place(Ipv4Address from, ushort id) => (int)((uint)KeyedHash.Of(from.Value, id) % Remembered);

    private static int ChallengePlace(Ipv4Address from, Ipv4Address to, int name) => (int)((uint)KeyedHash.Of(((ulong)from.Value << 32) | to.Value, (uint)name) % Remembered);

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
        public required int Host { get; init; }

        /// <summary>The names, in the order in which they came; the first of them where there are many.</summary>
        public List<int> Names { get; } = new(1);

        public List<long> Frames { get; } = new(1);

        public required long First { get; init; }

        public long Last { get; set; }

        public required Instant Since { get; init; }

        public Instant Until { get; set; }

        public void Add(int name)
        {
            if (Names.Count < MaxAsked && !Names.Contains(name))
                Names.Add(name);
        }
    }

    /// <summary>One server's denials of one name.</summary>
    internal struct Denial : IKeyed<NumberPair>
    {
        public NumberPair Key { get; set; }

        public long First;
        public long Last;
        public Instant Since;
        public Instant Until;
        public Ipv4Address Client;
        public int Count;
    }

    /// <summary>The last query by broadcast in its place.</summary>
    private struct Broadcast
    {
        public Instant Time;
        public Ipv4Endpoint From;
        public int Name; // one more than its number
        public int Pair; // who asks for what; -1 where there is no room for it
        public ushort Id;

        public readonly bool IsOf(Ipv4Address asker, ushort id, int name) => name >= 0 && Name == name + 1 && From.Address == asker && Id == id;
    }

    /// <summary>Who gave out a name's address first: a name server, or -1 for a host of its own.</summary>
    private struct Gift
    {
        public long Frame;
        public int Server;
    }

    private struct Challenge
    {
        public int Name;
        public Ipv4Address From;
        public Ipv4Address To;
        public Instant Since;
        public FrameRun Frames;
        public long Answered;
        public Instant AnsweredAt;
        public ushort Id;
        public bool IsAnswerLost;
        public bool IsDenied;

        /// <summary>It is answered: the first answer counts, since whoever has one asks no more.</summary>
        public void Answer(long frame, Instant time, bool isDenial)
        {
            if (Answered == 0)
                (Answered, AnsweredAt, IsDenied) = (frame, time, isDenial);
        }
    }
}
