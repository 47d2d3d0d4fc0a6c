using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Protocol;

namespace NbnsSim.Replay;

/// <summary>
/// Replays many hosts of a capture at once. A datagram costs what its sender and its receivers cost: a broadcast request only reaches
/// those who have a name such as it asks for in their table, a broadcast response also those who may ask about its name, as all others would let it go, and timers run
/// when they fall due.
/// </summary>
/// <remarks>
/// Each of <see cref="Replays"/> ends as if it had been fed with every datagram by itself. Feed every NBNS datagram in capture order to
/// <see cref="Observe"/>, then call <see cref="Complete"/>.
/// </remarks>
public sealed partial class CaptureReplays
{
    /// <summary>The most entries, events apart, that are kept in all; <see cref="CaptureReplay.DroppedEntries"/> counts the rest.</summary>
    public const int MaxEntries = 1_000_000;

    private readonly CaptureReplay[] _replays;
    private readonly ReplayDecisions? _decisions;
    private readonly Dictionary<Ipv4Address, int> _byAddress = [];
    private readonly List<Domain>[] _heardBy;
    private readonly PriorityQueue<int, Instant> _due = new();
    private readonly Instant[] _dueOf;
    private int _entries;
    private bool _started;

    /// <summary>Prepares the replays.</summary>
    /// <param name="hosts">Whom to stand in for.</param>
    /// <param name="dialect">Which era or vendor the nodes behave like.</param>
    /// <param name="eventsOnly">Whether of all entries only the events are kept: the other counts are there all the same.</param>
    /// <param name="keepsDecisions">Whether <see cref="Decisions"/> keeps what the nodes decide.</param>
    public CaptureReplays(IEnumerable<ReplayHost> hosts, NetBtDialect dialect, bool eventsOnly = false, bool keepsDecisions = false)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        ReplayHost[] all = [.. hosts];
        var decisions = keepsDecisions ? new ReplayDecisions(all) : null;
        _decisions = decisions;
        byte[] buffer = new byte[CaptureReplay.BufferSize];
        _replays = [.. all.Select((host, index) => new CaptureReplay(host, dialect, eventsOnly, buffer) { Watcher = (this, index), Decisions = decisions })];
        _heardBy = new List<Domain>[_replays.Length];
        _dueOf = new Instant[_replays.Length];
        Array.Fill(_dueOf, Instant.MaxValue);
        for (int i = 0; i < _replays.Length; i++)
        {
            _heardBy[i] = [];
            var host = _replays[i].Host;
            for (int j = 0; j < host.AddressCount; j++)
                _byAddress.TryAdd(host.AddressOf(j), i);
        }
    }

    /// <summary>The replays, in the order of the hosts.</summary>
    public IReadOnlyList<CaptureReplay> Replays => _replays;

    /// <summary>
    /// What the nodes decide, each with its cause: the captured datagrams are tied to the decisions that send the same, so that causes go from host to host.
    /// <see langword="null"/> where that is not kept.
    /// </summary>
    public DecisionHistory? Decisions => _decisions?.History;

    /// <summary>What <see cref="Decisions"/> calls a host: its computer name, its address where that is not known, both where several have that name.</summary>
    /// <param name="host">One of the hosts that are replayed.</param>
    /// <exception cref="InvalidOperationException">Decisions are not kept.</exception>
    public string LabelOf(ReplayHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return (_decisions ?? throw new InvalidOperationException("Decisions are not kept.")).LabelOf(host.Address) ?? throw new ArgumentException($"{host.Address} is not replayed.", nameof(host));
    }

    /// <summary>The frame that they have reached.</summary>
    public long Frame { get; private set; }

    /// <summary>The time that they have reached.</summary>
    public Instant Now { get; private set; }

    /// <summary>Takes the next datagram of the capture, whoever sent it. Bytes that cannot be read change nothing and never throw.</summary>
    /// <param name="frame">The frame's number, 1 for the first.</param>
    /// <param name="time">The frame's time.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">Whom it was sent to.</param>
    /// <param name="isBroadcast">Whether it went to every station.</param>
    /// <param name="payload">The UDP payload.</param>
    public void Observe(long frame, Instant time, Ipv4Endpoint source, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> payload)
    {
        AdvanceTo(time);
        Frame = frame;
        var datagram = new Datagram(payload, source, destination, isBroadcast);
        int sender = _byAddress.GetValueOrDefault(source.Address, -1);
        if (sender >= 0)
        {
            datagram = datagram.Of(Reach(sender).OwnDatagram(datagram));
            Schedule(sender);
        }

        if (isBroadcast)
            Broadcast(sender, datagram);
        else if (_byAddress.TryGetValue(destination.Address, out int receiver) && receiver != sender)
            Deliver(receiver, datagram);
    }

    /// <summary>Moves time on: timers that fall due are run at their time.</summary>
    /// <param name="time">Where to.</param>
    public void AdvanceTo(Instant time)
    {
        if (!_started)
            Start(time);
        while (_due.TryPeek(out int index, out var due) && due <= time)
        {
            _due.Dequeue();
            if (_dueOf[index] != due)
                continue; // it was moved
            _dueOf[index] = Instant.MaxValue;
            _replays[index].AdvanceTo(time, Frame);
            Schedule(index);
        }

        Now = time > Now ? time : Now;
    }

    /// <summary>Ends the replays: answers that the capture does not have are reported.</summary>
    public void Complete()
    {
        for (int i = 0; i < _replays.Length; i++)
        {
            if (_started)
                _replays[i].AdvanceTo(Now, Frame);
            _replays[i].Complete();
            foreach (var domain in _heardBy[i])
                _replays[i].Delivered += domain.Datagrams - domain.Known(i);
        }
    }

    internal bool TryKeepEntry() => _entries < MaxEntries && ++_entries > 0;

    internal void NameAdded(int index, NetBiosName name)
    {
        foreach (var domain in _heardBy[index])
            domain.Add(name, index);
    }

    internal void NameRemoved(int index, NetBiosName name)
    {
        Asks(index, name); // its release may still wait for an answer
        if (_replays[index].HasTwice(name))
            return; // the same octets in another scope
        foreach (var domain in _heardBy[index])
            domain.Remove(name, index);
    }

    private void Start(Instant time)
    {
        _started = true;
        for (int i = 0; i < _replays.Length; i++)
        {
            _replays[i].AdvanceTo(time);
            Schedule(i);
        }
    }

    private CaptureReplay Reach(int index)
    {
        _replays[index].AdvanceTo(Now, Frame);
        return _replays[index];
    }

    private void Schedule(int index)
    {
        var due = _replays[index].NextDue;
        if (due == _dueOf[index])
            return;
        _dueOf[index] = due;
        if (due == Instant.MaxValue)
            return;
        if (_due.Count <= 2 * _replays.Length + 1024)
        {
            _due.Enqueue(index, due);
            return;
        }

        _due.Clear(); // mostly times that were moved
        for (int i = 0; i < _dueOf.Length; i++)
        {
            if (_dueOf[i] != Instant.MaxValue)
                _due.Enqueue(i, _dueOf[i]);
        }
    }

    private void Deliver(int index, in Datagram datagram)
    {
        Reach(index).Deliver(datagram);
        Schedule(index);
    }
}
