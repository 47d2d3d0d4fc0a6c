using System.Runtime.InteropServices;
using NbnsSim.Names;
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
    private const int MaxKept = 1 << 20; // frames of what is unanswered or answered, over all

    private int _kept;

    private readonly Dictionary<NumberPair, Asking> _askings = [];
    private readonly Dictionary<int, Asker> _askers = [];
    private readonly Dictionary<int, Answerer> _answerers = [];
    private readonly Dictionary<NumberPair, Denial> _denials = [];
    private readonly Dictionary<int, (int Server, long Frame)> _given = [];
    private readonly Dictionary<Ipv4Address, (int Name, Ipv4Address Server, long Frame)> _givenAt = [];
    private readonly (Ipv4Endpoint From, ushort Id, NetBiosName Name, Instant Time)[] _broadcasts = new (Ipv4Endpoint, ushort, NetBiosName, Instant)[Remembered];
    private readonly Challenge[] _challenges = new Challenge[Remembered];

    /// <summary>Whether something was not kept for want of room.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What hosts asked for, by host and name.</summary>
    public IEnumerable<(int Host, int Name, Asking Asking)> Askings => _askings.Select(pair => (pair.Key.First, pair.Key.Second, pair.Value));

    /// <summary>Who asked many hosts for their names.</summary>
    public IEnumerable<(int Host, Asker Asker)> Askers => _askers.Select(pair => (pair.Key, pair.Value));

    /// <summary>Who answered for what.</summary>
    public IEnumerable<(int Host, Answerer Answerer)> Answerers => _answerers.Select(pair => (pair.Key, pair.Value));

    /// <summary>Which name servers said of which names that they do not exist.</summary>
    public IEnumerable<(int Server, int Name, Denial Denial)> Denials => _denials.Select(pair => (pair.Key.First, pair.Key.Second, pair.Value));

    /// <summary>A host asks for a name.</summary>
    public void Ask(long frame, Instant time, int host, Ipv4Address asker, int name, in NetBiosName octets, Ipv4Endpoint from, Ipv4Endpoint to, ushort id, bool isBroadcast, NbnsFlags flags)
    {
        if (isBroadcast)
            _broadcasts[Place(from.Address, id)] = (from, id, octets, time);
        else
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

        ref var asking = ref CollectionsMarshal.GetValueRefOrAddDefault(_askings, new NumberPair(host, name), out bool isKnown);
        if (!isKnown)
        {
            if (_askings.Count > MaxPairs)
            {
                _askings.Remove(new NumberPair(host, name));
                IsFull = true;
                return;
            }

            asking = new Asking { First = frame, Since = time };
        }

        asking.Count++;
        (asking.Last, asking.Until, asking.To) = (frame, time, to.Address);
        if (asking.Answers == 0)
            Remember(ref asking, frame);
        if (isBroadcast)
            return;
        if (flags.IsBroadcast)
            asking.WithBroadcastBit++;
        else
            asking.Unicast++;
        if (!flags.IsBroadcast && flags.RecursionDesired) // RFC 1002 §4.2.12: of a name server
            NoteRequest(ref asking, frame, to.Address);
    }

    /// <summary>What stays unanswered is shown by all its frames, as far as there is room: the first few, of which there are many pairs, are kept with the pair.</summary>
    private void Remember(ref Asking asking, long frame)
    {
        if (asking.Count <= FrameRun.Size)
            asking.Firsts.Add(frame);
        else if (_kept < MaxKept && (asking.More?.Count ?? 0) < Incident.MaxFrames)
        {
            (asking.More ??= []).Add(frame);
            _kept++;
        }
    }

    private static void NoteRequest(ref Asking asking, long frame, Ipv4Address server)
    {
        if (asking.Server == Ipv4Address.Any)
            asking.Server = server;
        if (asking.Server != server)
            return;
        asking.Requests++;
        asking.Requested.Add(frame);
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
    public void Answer(long frame, Instant time, int host, int name, Ipv4Endpoint from, int asker, Ipv4Address askerMachine, Ipv4Address given, bool isOwn, bool isGroup)
    {
        MarkAnswered(frame, time, from, askerMachine, asker, name);
        if (_given.Count < MaxPairs)
            _given.TryAdd(name, (isOwn ? -1 : host, frame));
        if (!isOwn && !isGroup && _givenAt.Count < MaxPairs)
            _givenAt[given] = (name, from.Address, frame);
        if (!isOwn || isGroup || WasAskedAlone(name, from.Address, askerMachine, time)) // whom somebody takes for the holder answers for its own
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
        if (answerer.Names.Count < MaxAsked)
            answerer.Names.Add(name);
        Keep(answerer.Frames, frame);
    }

    private void Keep(List<long> frames, long frame)
    {
        if (frames.Count >= Incident.MaxFrames || _kept >= MaxKept)
            return;
        frames.Add(frame);
        _kept++;
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

        ref var denial = ref CollectionsMarshal.GetValueRefOrAddDefault(_denials, new NumberPair(server, name), out bool isKnown);
        if (!isKnown)
            denial = new Denial { First = frame, Since = time, Client = client };
        (denial.Last, denial.Until) = (frame, time);
        denial.Count++;
    }

    /// <summary>Whether a response answers a broadcast query: only a holder answers one, or a proxy (RFC 1002 §5.1.1.3, §5.1.5).</summary>
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
    public bool IsHeld(int name) => _given.ContainsKey(name);

    /// <summary>For which name another machine last gave out an address; <see langword="null"/> where none did.</summary>
    public (int Name, Ipv4Address Server, long Frame)? GivenAt(Ipv4Address address) => _givenAt.TryGetValue(address, out var given) ? given : null;

    /// <summary>Which name server gave a name's address out, and in which frame; <see langword="null"/> where none did.</summary>
    public (int Server, long Frame)? GivenBy(int name) => _given.TryGetValue(name, out var given) && given.Server >= 0 ? given : null;

    /// <summary>What a host asked for one name.</summary>
    public Asking FindAsking(int host, int name) => _askings.GetValueOrDefault(new NumberPair(host, name));

    /// <summary>Whether a host was asked for a name by a question to it alone: by a name server that it is registered with, or by whoever knows it.</summary>
    private bool WasAskedAlone(int name, Ipv4Address host, Ipv4Address asker, Instant time)
    {
        ref readonly var challenge = ref _challenges[ChallengePlace(asker, host, name)];
        return challenge.Name == name && challenge.From == asker && challenge.To == host && time - challenge.Since <= AnswerWindow;
    }

    private void MarkAnswered(long frame, Instant time, Ipv4Endpoint from, Ipv4Address askerMachine, int asker, int name)
    {
        ref var challenge = ref _challenges[ChallengePlace(askerMachine, from.Address, name)];
        if (challenge.Name == name && challenge.To == from.Address && challenge.From == askerMachine && time - challenge.Since <= AnswerWindow)
            challenge.Answer(frame, time, isDenial: false);
        if (asker < 0)
            return;
        ref var asking = ref CollectionsMarshal.GetValueRefOrAddDefault(_askings, new NumberPair(asker, name), out bool isKnown);
        if (!isKnown) // whoever is answered has asked, though the capture lacks the question (RFC 1002 §5: a response goes to whoever sent the request)
        {
            if (_askings.Count > MaxPairs)
            {
                _askings.Remove(new NumberPair(asker, name));
                IsFull = true;
                return;
            }

            asking = new Asking { First = frame, Since = time };
        }

        asking.Answers++;
        asking.Until = time;
        _kept -= asking.More?.Count ?? 0;
        asking.More = null;
    }

    private static int Place(Ipv4Address from, ushort id) => (int)((uint)KeyedHash.Of(from.Value, id) % Remembered);

    private static int ChallengePlace(Ipv4Address from, Ipv4Address to, int name) => (int)((uint)KeyedHash.Of(((ulong)from.Value << 32) | to.Value, (uint)name) % Remembered);

    /// <summary>One host's questions for one name.</summary>
    internal struct Asking
    {
        public long First;
        public long Last;
        public Instant Since;
        public Instant Until; // of the last question or answer
        public FrameRun Firsts;
        public List<long>? More;
        public FrameRun Requested;
        public Ipv4Address To;
        public Ipv4Address Server; // the first that it asked as one
        public int Requests;
        public int Count;
        public int Answers;
        public int Unicast;
        public int WithBroadcastBit;

        /// <summary>The frames of questions that were not answered.</summary>
        public readonly IEnumerable<long> Frames => More is null ? Firsts.Listed : Firsts.Listed.Concat(More);
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
