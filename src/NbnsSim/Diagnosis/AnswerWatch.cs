namespace NbnsSim.Diagnosis;

/// <summary>Who answered for which unique names with its own address. Most hosts do so for a few of their own, so that little is kept of each, and frames in the order of the capture.</summary>
/// <param name="room">Tells how much room there is for frames.</param>
internal sealed class AnswerWatch(QuestionTable room)
{
    private const int MaxWatched = 1 << PlaceBits;
    private const int PlaceBits = 16;
    private const int MaxNames = 64; // that are told apart of one host

    private readonly Slab<int> _places = new(); // by host: one more than its place, 0 for none
    private readonly Slab<One> _all = new();
    private readonly Slab<ulong> _frames = new(); // with the place of whose answer it is in the lower bits

    /// <summary>A host answers.</summary>
    /// <returns>Whether there was room for it.</returns>
    public bool Add(long frame, Instant time, int host, int name)
    {
        while (_places.Count <= host)
            _places.Add(0);
        ref int place = ref _places[host];
        if (place == 0)
        {
            if (_all.Count >= MaxWatched)
                return false;
            _all.Add(new One { Host = host, Name = name, Since = time });
            place = _all.Count;
        }

        ref var one = ref _all[place - 1];
        (one.Last, one.Until) = (frame, time);
        if (one.Name != name && !(one.Others ??= []).Contains(name) && one.Others.Count + 1 < MaxNames)
            one.Others.Add(name);
        if (one.Frames < Incident.MaxFrames && room.TakesFrame())
        {
            one.Frames++;
            _frames.Add(((ulong)frame << PlaceBits) | (uint)(place - 1));
        }

        return true;
    }

    /// <summary>Those that answered for more than one name, in the order of their first answers.</summary>
    public IEnumerable<(int Host, Answerer Answerer)> OfSeveralNames()
    {
        var frames = new Dictionary<int, List<long>>();
        for (int place = 0; place < _all.Count; place++)
        {
            if (_all[place].Others is not null)
                frames.Add(place, []);
        }

        for (int i = 0; i < _frames.Count && frames.Count > 0; i++)
        {
            if (frames.TryGetValue((int)(_frames[i] & (MaxWatched - 1)), out var its))
                its.Add((long)(_frames[i] >> PlaceBits));
        }

        foreach (var (place, its) in frames)
        {
            var one = _all[place];
            yield return (one.Host, new Answerer([one.Name, .. one.Others!], its, one.Since, one.Until, one.Last));
        }
    }

    /// <summary>One host's answers with its own address for unique names.</summary>
    /// <param name="Names">The names, in the order in which they came; the first of them where there are many.</param>
    /// <param name="Frames">The frames, the first of them where there are many.</param>
    /// <param name="Since">When the first was captured.</param>
    /// <param name="Until">When the last was.</param>
    /// <param name="Last">The last frame.</param>
    internal sealed record Answerer(IReadOnlyList<int> Names, IReadOnlyList<long> Frames, Instant Since, Instant Until, long Last);

    private struct One
    {
        public List<int>? Others; // names besides the first
        public Instant Since;
        public Instant Until;
        public long Last;
        public int Host;
        public int Name;
        public int Frames;
    }
}
