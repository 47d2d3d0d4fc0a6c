using System.Runtime.CompilerServices;
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
    private const int MaxWatched = 65_536; // hosts of whom it is kept whom they ask for all names
    private const int MaxAsked = 64; // targets that are told apart of one host
    private const int Remembered = 1 << 12;
    private const int RememberedEarly = 1 << 6; // answers to one host alone whose question may still come

    private readonly QuestionTable _questions = new();
    private readonly Dictionary<int, Asker> _askers = [];
    private readonly AnswerWatch _answers;
    private readonly AnswerWatch _answersAlone;
    private readonly KeyedSlab<NumberPair, Denial> _denials = new();
    private readonly Slab<Gift> _given = new(); // by name
    private readonly Dictionary<Ipv4Address, (int Name, Ipv4Address Server, long Frame)> _givenAt = [];
    private readonly RecentTable<BroadcastKey, Broadcast> _broadcasts = new(Remembered);
    private readonly RecentTable<ChallengeKey, Challenge> _challenges = new(Remembered);
    private readonly RecentTable<ChallengeKey, EarlyAnswer> _early = new(RememberedEarly);

    public QueryWatch() => (_answers, _answersAlone) = (new AnswerWatch(_questions), new AnswerWatch(_questions));

    /// <summary>Whether something was not kept for want of room.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What hosts asked for and nobody answered, by host and name.</summary>
    public IEnumerable<(int Host, int Name, QuestionTable.Asking Asking)> Askings => _questions.Unanswered;

    /// <summary>Who asked many hosts for their names.</summary>
    public IEnumerable<(int Host, Asker Asker)> Askers => _askers.Select(pair => (pair.Key, pair.Value));

    /// <summary>Who answered for several names with its own address, without having been asked alone.</summary>
    public IEnumerable<(int Host, AnswerWatch.Answerer Answerer)> Answerers => _answers.OfSeveralNames();

    /// <summary>Who did so where it was asked alone: mostly whoever somebody takes for the holder, and answers for its own.</summary>
    public IEnumerable<(int Host, AnswerWatch.Answerer Answerer)> AnswerersAlone => _answersAlone.OfSeveralNames();

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
            var key = new ChallengeKey(asker, to.Address, name);
            ref var challenge = ref _challenges.Find(key);
            bool isRepeat = !Unsafe.IsNullRef(ref challenge) && time - challenge.Since <= AnswerWindow && (challenge.Id == id || challenge.Answered == 0); // two that claim a name at once are asked about twice
            if (!isRepeat)
                challenge = ref _challenges.Add(Begin(key, id, time));
            else if (challenge.Answered != 0 && time - challenge.AnsweredAt > Crossing)
                challenge.IsAnswerLost = true; // it is asked again though it was answered
            challenge.Frames.Add(frame);
        }

        int pair = _questions.Ask(frame, time, host, name, to.Address, isBroadcast, flags.IsBroadcast, flags.RecursionDesired); // RFC 1002 §4.2.12: RD asks a name server
        if (isBroadcast)
            _broadcasts.Add(new Broadcast(new BroadcastKey(from.Address, id), from.Port, name, pair, time));
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

    /// <summary>The last query by broadcast that a response may answer.</summary>
    /// <param name="asker">Whom the response goes to.</param>
    /// <param name="id">Its NAME_TRN_ID.</param>
    /// <param name="name">Its name; −1 for one that nobody can have asked for.</param>
    /// <param name="query">The query.</param>
    /// <returns>Whether there was one for that name.</returns>
    public bool TryFindBroadcast(Ipv4Address asker, ushort id, int name, out Broadcast query)
    {
        ref var found = ref _broadcasts.Find(new BroadcastKey(asker, id));
        bool isFound = name >= 0 && !Unsafe.IsNullRef(ref found) && found.Name == name;
        query = isFound ? found : default;
        return isFound;
    }

    /// <summary>A host answers for a name, with its own address or another's.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="time">Its time.</param>
    /// <param name="host">Who answers.</param>
    /// <param name="name">For what.</param>
    /// <param name="from">Where it answers from.</param>
    /// <param name="pair">Who asked for what, where it answers a query by broadcast; else −1.</param>
    /// <param name="asker">Who asked; −1 for one without a number.</param>
    /// <param name="askerMachine">The first address of the machine that asked.</param>
    /// <param name="given">The address that it gives.</param>
    /// <param name="isOwn">Whether that is its own.</param>
    /// <param name="isGroup">Whether it is for a group.</param>
    public void Answer(long frame, Instant time, int host, int name, Ipv4Address from, int pair, int asker, Ipv4Address askerMachine, Ipv4Address given, bool isOwn, bool isGroup)
    {
        var asked = new ChallengeKey(askerMachine, from, name);
        ref var challenge = ref _challenges.Find(asked);
        bool wasAskedAlone = !Unsafe.IsNullRef(ref challenge) && time - challenge.Since <= AnswerWindow;
        if (wasAskedAlone)
            challenge.Answer(frame, time, isDenial: false);
        else if (pair < 0)
            _early.Add(new EarlyAnswer(asked, time, frame, false));
        if (asker >= 0 && !_questions.Answer(time, pair >= 0 ? pair : _questions.Find(asker, name), asker, name))
            IsFull = true;
        while (_given.Count <= name)
            _given.Add(default);
        ref var gift = ref _given[name];
        if (gift.Frame == 0)
            gift = new Gift { Server = isOwn ? -1 : host, Frame = frame };
        if (!isOwn && !isGroup && _givenAt.Count < MaxPairs)
            _givenAt[given] = (name, from, frame);
        if (isOwn && !isGroup)
            IsFull |= !(wasAskedAlone ? _answersAlone : _answers).Add(frame, time, host, name);
    }

    /// <summary>A question to one host alone; its answer may have overtaken it on the way to the capture.</summary>
    private Challenge Begin(in ChallengeKey key, ushort id, Instant time)
    {
        var challenge = new Challenge { Key = key, Id = id, Since = time };
        ref var early = ref _early.Find(key);
        if (!Unsafe.IsNullRef(ref early) && (early.Time - time).Duration() <= Crossing)
            challenge.Answer(early.Frame, early.Time, early.IsDenial);
        return challenge;
    }

    private void Keep(List<long> frames, long frame)
    {
        if (frames.Count < Incident.MaxFrames && _questions.TakesFrame())
            frames.Add(frame);
    }

    /// <summary>A node says that it does not have a name; a name server, that it does not exist.</summary>
    public void Deny(long frame, Instant time, int server, int name, Ipv4Endpoint from, Ipv4Address askerMachine, Ipv4Address client, bool isServer)
    {
        var asked = new ChallengeKey(askerMachine, from.Address, name);
        ref var challenge = ref _challenges.Find(asked);
        if (!Unsafe.IsNullRef(ref challenge) && time - challenge.Since <= AnswerWindow)
            challenge.Answer(frame, time, isDenial: true);
        else
            _early.Add(new EarlyAnswer(asked, time, frame, true));
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

    /// <summary>What became of a question that one host put to another alone, within the time before now.</summary>
    public (ChallengeOutcome Outcome, long[] Frames, Instant Since) ChallengeOf(Ipv4Address from, Ipv4Address to, int name, Instant now, TimeSpan window)
    {
        ref readonly var challenge = ref _challenges.Find(new ChallengeKey(from, to, name));
        if (Unsafe.IsNullRef(in challenge) || now - challenge.Since > window)
            return (ChallengeOutcome.NotSeen, [], default);
        return challenge.Answered != 0 && !challenge.IsAnswerLost
            ? (challenge.IsDenied ? ChallengeOutcome.Denied : ChallengeOutcome.Answered, [.. challenge.Frames.Listed, challenge.Answered], challenge.Since)
            : (ChallengeOutcome.Unanswered, [.. challenge.Frames.Listed], challenge.Since);
    }

    /// <summary>Whether one host put a question to another alone, within the time before now: whether <see cref="ChallengeOf"/> knows of one.</summary>
    public bool HasChallenge(Ipv4Address from, Ipv4Address to, int name, Instant now, TimeSpan window)
    {
        ref readonly var challenge = ref _challenges.Find(new ChallengeKey(from, to, name));
        return !Unsafe.IsNullRef(in challenge) && now - challenge.Since <= window;
    }

    /// <summary>Whether somebody has answered for a name.</summary>
    public bool IsHeld(int name) => name < _given.Count && _given[name].Frame != 0;

    /// <summary>For which name another machine last gave out an address; <see langword="null"/> where none did.</summary>
    public (int Name, Ipv4Address Server, long Frame)? GivenAt(Ipv4Address address) => _givenAt.TryGetValue(address, out var given) ? given : null;

    /// <summary>Which name server gave a name's address out, and in which frame; <see langword="null"/> where none did.</summary>
    public (int Server, long Frame)? GivenBy(int name) => IsHeld(name) && _given[name] is { Server: >= 0 } given ? (given.Server, given.Frame) : null;

    /// <summary>What a host asked for one name.</summary>
    public QuestionTable.Asked FindAsking(int host, int name) => _questions.Find(host, name) is >= 0 and var pair ? _questions[pair] : default;

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

    /// <summary>Who asks by broadcast, and the NAME_TRN_ID.</summary>
    internal readonly record struct BroadcastKey(Ipv4Address Asker, ushort Id)
    {
        public override int GetHashCode() => KeyedHash.Of(Asker.Value, Id);
    }

    /// <summary>A query by broadcast.</summary>
    /// <param name="Key">Who asks.</param>
    /// <param name="Port">From which port.</param>
    /// <param name="Name">For which name.</param>
    /// <param name="Pair">The number of the two in the table of questions; −1 where there is no room for it.</param>
    /// <param name="Time">When.</param>
    internal readonly record struct Broadcast(BroadcastKey Key, ushort Port, int Name, int Pair, Instant Time) : IKeyed<BroadcastKey>;

    private readonly record struct ChallengeKey(Ipv4Address From, Ipv4Address To, int Name)
    {
        public override int GetHashCode() => KeyedHash.Of(((ulong)From.Value << 32) | To.Value, (uint)Name);
    }

    /// <summary>Who gave out a name's address first: a name server, or -1 for a host of its own.</summary>
    private struct Gift
    {
        public long Frame;
        public int Server;
    }

    /// <summary>An answer that came before its question, or without it.</summary>
    private readonly record struct EarlyAnswer(ChallengeKey Key, Instant Time, long Frame, bool IsDenial) : IKeyed<ChallengeKey>;

    /// <summary>A question to one host alone.</summary>
    private struct Challenge : IKeyed<ChallengeKey>
    {
        public ChallengeKey Key { get; set; }

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
