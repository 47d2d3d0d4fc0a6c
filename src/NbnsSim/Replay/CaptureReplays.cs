using System.Runtime.InteropServices;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Protocol;

namespace NbnsSim.Replay;

/// <summary>
/// Replays many hosts of a capture at once. A datagram costs what its sender and its receivers cost: a broadcast request only reaches
/// those who have a name such as it asks for in their table, as all others would let it go, and timers run when they fall due.
/// </summary>
/// <remarks>
/// Each of <see cref="Replays"/> ends as if it had been fed with every datagram by itself. Feed every NBNS datagram in capture order to
/// <see cref="Observe"/>, then call <see cref="Complete"/>.
/// </remarks>
public sealed class CaptureReplays
{
    /// <summary>The most entries, events apart, that are kept in all; <see cref="CaptureReplay.DroppedEntries"/> counts the rest.</summary>
    public const int MaxEntries = 1_000_000;

    /// <summary>For so many broadcast addresses it is kept who hears them and whose names these are; for a further one everybody is asked.</summary>
    private const int MaxDomains = 64;

    private readonly CaptureReplay[] _replays;
    private readonly ReplayDecisions? _decisions;
    private readonly Dictionary<Ipv4Address, int> _byAddress = [];
    private readonly Dictionary<Ipv4Address, Domain> _domains = [];
    private readonly List<Domain>[] _heardBy;
    private readonly PriorityQueue<int, Instant> _due = new();
    private readonly Instant[] _dueOf;
    private int[] _receivers = [];
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
        _replays = [.. all.Select((host, index) => new CaptureReplay(host, dialect, eventsOnly) { Watcher = (this, index), Decisions = decisions })];
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

    private void Broadcast(int sender, in Datagram datagram)
    {
        var destination = datagram.Destination.Address;
        bool hearsItself = sender >= 0 && _replays[sender].Host.AddressCount > 1; // its other adapters do
        if (!_domains.TryGetValue(destination, out var domain) && _domains.Count < MaxDomains)
            domain = MakeDomain(destination);
        if (domain is null)
        {
            for (int i = 0; i < _replays.Length; i++)
            {
                if ((i != sender || hearsItself) && _replays[i].Host.Hears(destination))
                    Deliver(i, datagram);
            }

            return;
        }

        // Receivers are copied first: what one does of it may move names.
        domain.Datagrams++;
        int count = domain.CopyReceivers(datagram, ref _receivers);
        for (int i = 0; i < count; i++)
        {
            int receiver = _receivers[i];
            if (receiver == sender && !hearsItself)
                continue;
            Deliver(receiver, datagram);
            if (receiver != sender)
                domain.NoteKnown(receiver); // counted where it came in
        }

        if (sender >= 0)
            domain.NoteKnown(sender); // its own
    }

    private Domain MakeDomain(Ipv4Address broadcast)
    {
        var domain = new Domain();
        for (int i = 0; i < _replays.Length; i++)
        {
            if (!_replays[i].Host.Hears(broadcast))
                continue;
            domain.Join(i);
            _heardBy[i].Add(domain);
            foreach (var name in _replays[i].Names)
                domain.Add(name, i);
        }

        _domains[broadcast] = domain;
        return domain;
    }

    /// <summary>Who hears a broadcast address, and which of them have which name.</summary>
    private sealed class Domain
    {
        private readonly Dictionary<int, long> _members = []; // with the datagrams that need no more counting
        private readonly Dictionary<NetBiosName, HashSet<int>> _byName = []; // without scope

        /// <summary>How many went to it.</summary>
        public long Datagrams { get; set; }

        public void Join(int index) => _members[index] = 0;

        public long Known(int index) => _members[index];

        public void NoteKnown(int index)
        {
            ref long known = ref CollectionsMarshal.GetValueRefOrNullRef(_members, index);
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref known))
                known++;
        }

        public void Add(NetBiosName name, int index)
        {
            ref var holders = ref CollectionsMarshal.GetValueRefOrAddDefault(_byName, name.WithScope(null), out _);
            (holders ??= []).Add(index);
        }

        public void Remove(NetBiosName name, int index)
        {
            name = name.WithScope(null);
            if (_byName.TryGetValue(name, out var holders) && holders.Remove(index) && holders.Count == 0)
                _byName.Remove(name);
        }

        /// <summary>Whoever has to look at the packet; a node lets every other broadcast go (RFC 1002 §5.1: only its own names concern it).</summary>
        /// <returns>How many there are.</returns>
        public int CopyReceivers(in Datagram datagram, ref int[] receivers)
        {
            ref readonly var packet = ref datagram.Packet;
            if (!CaptureReplay.IsRead(datagram) || !packet.TryGetNameOctets(out ulong high, out ulong low))
                return 0; // nobody can read it
            var name = new NetBiosName(high, low);
            bool concernsAll = packet.IsResponse || name.IsWildcard;
            HashSet<int>? holders = null;
            int count = concernsAll ? _members.Count : _byName.TryGetValue(name, out holders) ? holders.Count : 0;
            if (receivers.Length < count)
                receivers = new int[Math.Max(count, receivers.Length * 2)];
            if (concernsAll)
                _members.Keys.CopyTo(receivers, 0);
            else
                holders?.CopyTo(receivers);
            return count;
        }
    }
}
