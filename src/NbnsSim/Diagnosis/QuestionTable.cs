namespace NbnsSim.Diagnosis;

/// <summary>
/// What hosts asked for, by host and name. Of a question that was answered little is kept; what its verdict needs of one that was not is in places that are used again once it is.
/// </summary>
internal sealed class QuestionTable
{
    private const int MaxPairs = 1_000_000;
    private const int MaxKept = 1 << 20; // frames of what is unanswered or answered, over all; the first few of a pair do not count
    private const int None = -1;

    private readonly KeyedSlab<NumberPair, Pair> _pairs = new();
    private readonly Slab<Asking> _open = new();
    private int _free = None; // the first of the places that nothing is in
    private int _kept;

    /// <summary>What nobody answered, in the order in which it was asked first.</summary>
    public IEnumerable<(int Host, int Name, Asking Asking)> Unanswered
    {
        get
        {
            for (int i = 0; i < _pairs.Count; i++)
            {
                if (_pairs[i].Place is >= 0 and var place)
                    yield return (_pairs[i].Key.First, _pairs[i].Key.Second, _open[place]);
            }
        }
    }

    /// <summary>The number of what a host asked for; −1 where it did not, as far as is kept.</summary>
    public int Find(int host, int name) => _pairs.Find(new NumberPair(host, name));

    /// <summary>What a host asked for one name.</summary>
    public Asked this[int pair]
    {
        get
        {
            ref readonly var it = ref _pairs[pair];
            return new Asked(true, it.Unicast, it.Until);
        }
    }

    /// <summary>A host asks for a name.</summary>
    /// <returns>The number of the two; −1 where there is no room.</returns>
    public int Ask(long frame, Instant time, int host, int name, Ipv4Address to, bool isBroadcast, bool hasBroadcastBit, bool isOfServer)
    {
        var key = new NumberPair(host, name);
        int number = _pairs.Find(key);
        if (number < 0)
        {
            if (_pairs.Count >= MaxPairs)
                return None;
            number = _pairs.Add(new Pair { Key = key, Place = Open(new Asking { First = frame, Since = time }) });
        }

        ref var pair = ref _pairs[number];
        pair.Count++;
        pair.Until = time;
        pair.Unicast += isBroadcast || hasBroadcastBit ? 0 : 1;
        if (pair.Place < 0)
            return number;
        ref var asking = ref _open[pair.Place];
        (asking.Count, asking.Unicast, asking.Last, asking.Until, asking.To) = (pair.Count, pair.Unicast, frame, time, to);
        if (asking.Count <= FrameRun.Size)
            asking.Firsts.Add(frame);
        else if ((asking.More?.Count ?? 0) < Incident.MaxFrames && TakesFrame())
            (asking.More ??= []).Add(frame);

        if (!isBroadcast && hasBroadcastBit)
            asking.WithBroadcastBit++;
        else if (!isBroadcast && isOfServer)
            asking.NoteRequest(frame, to);
        return number;
    }

    /// <summary>Whether there is room for another frame, of whatever is kept of questions and answers; it counts as taken then.</summary>
    public bool TakesFrame()
    {
        if (_kept >= MaxKept)
            return false;
        _kept++;
        return true;
    }

    /// <summary>It is answered. Whoever is answered has asked, though the capture may lack the question (RFC 1002 §5: a response goes to whoever sent the request).</summary>
    /// <returns>Whether there was room for it.</returns>
    public bool Answer(Instant time, int number, int host, int name)
    {
        if (number < 0)
        {
            if (_pairs.Count >= MaxPairs)
                return false;
            _pairs.Add(new Pair { Key = new NumberPair(host, name), Until = time, Place = None });
            return true;
        }

        ref var pair = ref _pairs[number];
        pair.Until = time;
        if (pair.Place < 0)
            return true;
        ref var asking = ref _open[pair.Place];
        _kept -= asking.More?.Count ?? 0;
        asking.More = null;
        asking.Count = _free;
        (_free, pair.Place) = (pair.Place, None);
        return true;
    }

    private int Open(in Asking asking)
    {
        if (_free == None)
        {
            _open.Add(asking);
            return _open.Count - 1;
        }

        int place = _free;
        _free = _open[place].Count;
        _open[place] = asking;
        return place;
    }

    /// <summary>One host's questions for one name.</summary>
    /// <param name="IsKnown">Whether there were any.</param>
    /// <param name="Unicast">How many went to one host, without the B bit.</param>
    /// <param name="Until">When the last came, or its answer.</param>
    internal readonly record struct Asked(bool IsKnown, int Unicast, Instant Until);

    /// <summary>One host's questions for one name that nobody answered.</summary>
    internal struct Asking
    {
        public long First;
        public long Last;
        public Instant Since;
        public Instant Until;
        public FrameRun Firsts;
        public List<long>? More;
        public FrameRun Requested;
        public Ipv4Address To;
        public Ipv4Address Server; // the first that it asked as one
        public int Requests;
        public int Count; // in a place that nothing is in: the next such place
        public int Unicast;
        public int WithBroadcastBit;

        /// <summary>The frames of questions that were not answered.</summary>
        public readonly IEnumerable<long> Frames => More is null ? Firsts.Listed : Firsts.Listed.Concat(More);

        public void NoteRequest(long frame, Ipv4Address server)
        {
            if (Server == Ipv4Address.Any)
                Server = server;
            if (Server != server)
                return;
            Requests++;
            Requested.Add(frame);
        }
    }

    private struct Pair : IKeyed<NumberPair>
    {
        public NumberPair Key { get; set; }

        public Instant Until;
        public int Count;
        public int Unicast;
        public int Place; // of what is kept while it is unanswered; −1 once it was answered
    }
}
