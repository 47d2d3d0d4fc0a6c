using System.Globalization;
using System.Runtime.InteropServices;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Replay;

/// <summary>
/// Puts an <see cref="EndNode"/> into a capture in the place of one of its hosts. The host's own requests become the node's commands under
/// the same transaction ids, every datagram that the host would have received is delivered at its time, and the node's answers are held
/// against the captured ones.
/// </summary>
/// <remarks>
/// Feed every NBNS datagram in capture order to <see cref="Observe"/>, then call <see cref="Complete"/>. A capture whose clock runs
/// backwards is replayed in file order with time standing still. At most <see cref="MaxEntries"/> entries are kept.
/// </remarks>
public sealed partial class CaptureReplay
{
    /// <summary>The most entries that are kept; <see cref="DroppedEntries"/> counts the rest.</summary>
    public const int MaxEntries = 100_000;

    /// <summary>Room for whatever a node sends.</summary>
    internal const int BufferSize = 1024;

    private const int MaxRecentRequests = 1024;

    /// <summary>So many timers are run between two frames: after a gap of years, whatever the node does every two minutes would take for ever.</summary>
    private const int MaxTimersBetweenFrames = 10_000;

    /// <summary>How long a request may be repeated: three tries of 5 s (RFC 1002 §6), with room to spare. Later it is another under the same id.</summary>
    private static readonly TimeSpan RepeatWindow = TimeSpan.FromSeconds(20);

    private readonly List<ReplayEntry> _entries = [];
    private readonly List<(NetBiosName Name, LocalNameState State)> _states = []; // in the order of the node's own table
    private readonly Dictionary<RequestKey, Instant> _requests = []; // the host's own, and when each was last seen
    private readonly Queue<(RequestKey Request, Instant Since)> _recentRequests = new(); // the same, oldest first
    private readonly byte[] _buffer; // for what the node sends
    private readonly bool _eventsOnly; // of all entries only events are kept
    private uint _tableVersion;
    private bool _started;

    /// <summary>Prepares a replay.</summary>
    /// <param name="host">The host to stand in for, as <see cref="CaptureHosts"/> found it, or <see cref="ReplayHost.Unknown"/>.</param>
    /// <param name="dialect">Which era or vendor the node behaves like.</param>
    public CaptureReplay(ReplayHost host, NetBtDialect dialect)
        : this(host, dialect, eventsOnly: false, new byte[BufferSize])
    {
    }

    /// <summary>Prepares a replay that may keep nothing but events, one of many that share a buffer.</summary>
    internal CaptureReplay(ReplayHost host, NetBtDialect dialect, bool eventsOnly, byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(dialect);
        Host = host;
        (_eventsOnly, _buffer) = (eventsOnly, buffer);
        var type = host.NodeType ?? (host.NameServers.IsEmpty ? OwnerNodeType.B : OwnerNodeType.H); // MS-NBTE §3.1.3
        Node = new EndNode(
            host.ComputerName,
            [.. Enumerable.Range(0, host.AddressCount).Select(host.AddressOf).Select(address => new EndNodeInterface(address, Ipv4Address.Broadcast, MacAddress.FromIpv4(address)))],
            new EndNodeOptions { Dialect = dialect, NodeType = host.NameServers.IsEmpty ? OwnerNodeType.B : type, NameServers = host.NameServers, Scope = host.Scope, ReportsResults = !eventsOnly });
    }

    /// <summary>The host that the node stands in for.</summary>
    public ReplayHost Host { get; }

    /// <summary>The node, in the state that the capture has brought it to so far.</summary>
    public EndNode Node { get; }

    /// <summary>The time that the replay has reached.</summary>
    public Instant Now { get; private set; }

    /// <summary>The frame that the replay has reached.</summary>
    public long Frame { get; private set; }

    /// <summary>What happened, in order.</summary>
    public IReadOnlyList<ReplayEntry> Entries => _entries;

    /// <summary>How many entries went beyond <see cref="MaxEntries"/>.</summary>
    public long DroppedEntries { get; private set; }

    /// <summary>How many datagrams the host would have received.</summary>
    public long Delivered { get; internal set; }

    /// <summary>How many of them the node had to look at: all but broadcasts about names that are none of its own.</summary>
    public long Handled { get; private set; }

    /// <summary>How many of the host's requests became commands.</summary>
    public long Commands { get; private set; }

    /// <summary>How many captured answers the node gave octet for octet.</summary>
    public long EqualAnswers { get; private set; }

    /// <summary>How many answers a host that serves names gave for others: a replay stands in for end nodes, and compares none of them.</summary>
    public long NameServerAnswers { get; private set; }

    /// <summary>How many answers differ.</summary>
    public long DifferentAnswers { get; private set; }

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
        bool isOwn = Host.IndexOf(source.Address) >= 0;
        long decision = isOwn ? OwnDatagram(datagram) : 0;
        if (isBroadcast ? (!isOwn || Host.AddressCount > 1) && Host.Hears(destination.Address) : !isOwn && Host.IndexOf(destination.Address) >= 0)
            Deliver(datagram.Of(decision));
    }

    /// <summary>When something of this replay's falls due though nothing is captured.</summary>
    internal Instant NextDue
    {
        get
        {
            var due = Node.PollTimeout() ?? Instant.MaxValue;
            return _expected.TryPeek(out var oldest) && oldest.Time + AnswerWindow is var end && end < due ? new Instant(end.Nanoseconds + 1) : due;
        }
    }

    /// <summary>Who is told of names that come into the node's table and leave it.</summary>
    internal (CaptureReplays All, int Index)? Watcher { get; init; }

    /// <summary>Whether somebody registers, refreshes or releases a name of its own with the name server that is on this host: its node never sees that.</summary>
    private static bool IsForTheServer(in Datagram datagram) =>
        IsRead(datagram) && !datagram.Packet.IsResponse && datagram.Packet.HasEntry && datagram.Packet.Opcode != NbnsOpcode.Query
        && datagram.Packet.Record.FirstEntry.Address is var owner && (owner == datagram.Source.Address || owner == Ipv4Address.Any);

    /// <summary>Whether a node reads a datagram: names longer than RFC 1002 §4.1 has room for it refuses.</summary>
    internal static bool IsRead(in Datagram datagram) => datagram.IsReadable && (datagram.Packet.Anomalies & NbnsAnomalies.LongName) == NbnsAnomalies.None;

    /// <summary>Who keeps what the node decides; <see langword="null"/> where nobody wants to know.</summary>
    internal ReplayDecisions? Decisions
    {
        get;
        init
        {
            field = value;
            Node.Decisions = value?.Of(Host);
        }
    }

    /// <summary>The names in the node's table.</summary>
    internal IEnumerable<NetBiosName> Names => _states.Select(row => row.Name);

    /// <summary>Whether two names of the table have these octets.</summary>
    internal bool HasTwice(NetBiosName name)
    {
        int count = 0;
        foreach (var (held, _) in _states)
            count += held.High == name.High && held.Low == name.Low ? 1 : 0;
        return count > 1;
    }

    /// <summary>Moves time on, and the frame that what falls due is put down to.</summary>
    internal void AdvanceTo(Instant time, long frame)
    {
        Frame = frame;
        AdvanceTo(time);
    }

    /// <summary>The host gets a datagram.</summary>
    internal void Deliver(in Datagram datagram)
    {
        var (source, destination) = (datagram.Source.Address, datagram.Destination.Address);
        if (Host.IndexOf(source) < 0) // else another of its adapters hears it
            Delivered++;
        Handled++;
        if (Host.IsNameServer && !datagram.IsBroadcast && IsForTheServer(datagram))
            return;
        Decisions?.BeginFrame(Frame);
        Node.HandleDatagram(Now, datagram.On(datagram.IsBroadcast ? Host.InterfaceFor(source, destination) : Host.IndexOf(destination)));
        Drain(Frame);
        Decisions?.EndFrame();
    }

    /// <summary>Moves time on: timers that fall due are run at their time.</summary>
    /// <param name="time">Where to.</param>
    public void AdvanceTo(Instant time)
    {
        if (!_started)
            Start(time);
        for (int timers = 0; Node.PollTimeout() is { } due && due <= time; timers++)
        {
            if (timers == MaxTimersBetweenFrames)
            {
                Add(new ReplayEntry(ReplayEntryKind.ClockJump, Now, Frame, default, $"the capture's clock goes on by {(time - Now).TotalDays.ToString("0.0", CultureInfo.InvariantCulture)} days at once: what the node would have done meanwhile is left out"));
                Node.HandleTimeout(time); // all that is overdue, once
                Now = time;
                Drain(requestFrame: 0);
                break;
            }

            Now = due > Now ? due : Now;
            Node.HandleTimeout(Now);
            Drain(requestFrame: 0);
        }

        Now = time > Now ? time : Now;
        ForgetOldAnswers();
    }

    /// <summary>Ends the replay: answers that the capture does not have are reported.</summary>
    public void Complete() => ForgetAllAnswers();

    private void Start(Instant time)
    {
        _started = true;
        Now = time;
        foreach (var held in Host.NamesFromStart)
            Assume(held.Name, held.IsGroup, held.Frame);
        Drain(requestFrame: 0);
    }

    private void Assume(NetBiosName name, bool isGroup, long frame)
    {
        Decisions?.BeginFrame(frame);
        bool assumed = Node.AssumeName(Now, name, isGroup);
        Decisions?.EndFrame();
        if (!assumed)
            return;
        if (Keeps())
        {
            Add(new ReplayEntry(
                ReplayEntryKind.AssumedName, Now, frame, name, $"{name} was held before the capture began, as frame {frame.ToString(CultureInfo.InvariantCulture)} shows (inferred)"));
        }

        _states.Add((name, LocalNameState.Registered));
        Watcher?.All.NameAdded(Watcher.Value.Index, name);
    }

    /// <summary>The host sent a datagram.</summary>
    /// <returns>The node's decision that sends the same; 0 where there is none, or nobody listens.</returns>
    internal long OwnDatagram(in Datagram datagram)
    {
        ref readonly var packet = ref datagram.Packet;
        if (!datagram.IsReadable || !packet.Name.TryGetName(out var name))
            return 0;
        var kind = NbnsClassification.Classify(packet);
        long decision;
        if (packet.IsResponse)
        {
            decision = CompareAnswer(packet, kind, name, datagram.Destination);
        }
        else
        {
            Decisions?.BeginFrame(Frame);
            TakeCommand(datagram, kind, name);
            Decisions?.EndFrame();
            decision = Decisions?.SenderOf(Host.Address, packet, name) ?? 0;
        }

        Decisions?.History.AddFrame(decision, Frame);
        return decision;
    }

    /// <summary>What the host asked for, the node is told to ask for.</summary>
    private void TakeCommand(in Datagram datagram, NbnsMessageKind kind, NetBiosName name)
    {
        ref readonly var packet = ref datagram.Packet;
        if (IsRepeated(new RequestKey(packet.TransactionId, name, packet.Opcode)))
            return; // the node keeps its own timers
        Watcher?.All.Asks(Watcher.Value.Index, name);
        ushort id = packet.TransactionId;
        var entry = packet.HasEntry ? packet.Record.FirstEntry : default;
        if (packet.HasEntry && entry.Address != Ipv4Address.Any && Host.IndexOf(entry.Address) < 0)
            return; // it speaks of another host's name: a name server's demand (RFC 1001 §15.5.3), or forged
        bool group = entry.Flags.IsGroup;
        bool held = Node.GetNameState(name) is not null;
        switch (kind)
        {
            case NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.MultihomedNameRegistrationRequest or NbnsMessageKind.NameReleaseDemand or NbnsMessageKind.NameReleaseRequest or NbnsMessageKind.NameRefreshRequest
                when Node.RenumberTransaction(name, id, Host.IndexOf(datagram.Source.Address)):
                break; // its next step, another interface's, or a refresh that its own timer has begun
            case NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.MultihomedNameRegistrationRequest when !held:
                if (group)
                    Node.AddGroupName(Now, name, id);
                else if (IsUserName(name))
                    Node.Logon(Now, name, id);
                else
                    Node.AddName(Now, name, id);
                break;
            case NbnsMessageKind.NameRefreshRequest when held:
                Node.RefreshName(Now, name, id);
                break;
            case NbnsMessageKind.NameReleaseDemand or NbnsMessageKind.NameReleaseRequest when held:
                if (!group && IsUserName(name))
                    Node.Logoff(Now, name, id);
                else
                    Node.DeleteName(Now, name, id);
                break;
            case NbnsMessageKind.NameQueryRequest when !Host.IsNameServer || datagram.IsBroadcast: // a name server asks owners too (RFC 1002 §5.1.4.1)
                Node.Query(Now, name, id);
                break;
            case NbnsMessageKind.NodeStatusRequest when !datagram.IsBroadcast:
                Node.NodeStatus(Now, datagram.Destination.Address, name, id);
                break;
            default:
                return; // an overwrite demand, or a claim to what it has already: the node does that by itself
        }

        Commands++;
        if (Keeps())
            Add(new ReplayEntry(ReplayEntryKind.Command, Now, Frame, name, $"the host sent {NbnsDescription.Describe(packet)}"));
        Drain(Frame);
    }

    /// <summary>Whether a request was seen a short time ago. Older ones are forgotten, so that a host costs what it has asked for lately.</summary>
    private bool IsRepeated(in RequestKey request)
    {
        while (_recentRequests.TryPeek(out var oldest) && (_recentRequests.Count > MaxRecentRequests || Now - oldest.Since > RepeatWindow))
        {
            _recentRequests.Dequeue();
            if (_requests.Remove(oldest.Request, out var seen) && Now - seen <= RepeatWindow && _recentRequests.Count < MaxRecentRequests)
            {
                _requests.Add(oldest.Request, seen); // repeated since
                _recentRequests.Enqueue((oldest.Request, seen));
            }
        }

        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_requests, request, out bool isKnown);
        bool isRepeated = isKnown && Now - last <= RepeatWindow;
        last = Now;
        if (!isKnown)
            _recentRequests.Enqueue((request, Now));
        return isRepeated;
    }

    /// <summary>Whether a name is a user's: the Messenger service claims the computer's name with this suffix, and that of whoever is logged on (MS-NBTE appendix A &lt;3&gt;).</summary>
    private bool IsUserName(in NetBiosName name) => name.Suffix == NameSuffix.Messenger && name.WithSuffix(NameSuffix.Workstation) != Node.ComputerName;

    /// <summary>Collects what the node says after a call.</summary>
    private void Drain(long requestFrame)
    {
        while (Node.TryPollTransmit(_buffer, out var transmit))
        {
            var sent = _buffer.AsSpan(0, transmit.Length);
            if (!NbnsPacket.TryParse(sent, out var packet))
                continue;
            if (packet.IsResponse)
                ExpectAnswer(requestFrame, transmit.Destination, packet, transmit.Decision);
            else
                Decisions?.NoteSent(Host.Address, packet, transmit.Decision);
        }

        NoteStates();
        while (Node.TryPollEvent(out var logged))
            Add(new ReplayEntry(ReplayEntryKind.Event, Now, Frame, logged.Name, $"event {logged.Id.ToString(CultureInfo.InvariantCulture)}, sender {logged.Address}: {logged.Reason?.Rule.ToString() ?? logged.Message}", Event: logged));
        while (Node.TryPollResult(out var result))
        {
            if (Keeps())
                Add(new ReplayEntry(ReplayEntryKind.Result, Now, Frame, result.Name, result.ToString(), Result: result));
        }
    }

    /// <summary>Notes every name whose state is not what it was. Both tables are in the same order: what is gone was in between, what is new stands behind.</summary>
    private void NoteStates()
    {
        if (_tableVersion == Node.NameTableVersion)
            return;
        _tableVersion = Node.NameTableVersion;
        for (int i = 0; i < Node.NameCount; i++)
        {
            var row = Node.GetName(i);
            int known = i;
            while (known < _states.Count && _states[known].Name != row.Name)
                known++;
            ForgetNames(i, known - i);
            if (i < _states.Count && _states[i].State == row.State)
                continue;
            if (i < _states.Count)
            {
                _states[i] = (row.Name, row.State);
            }
            else
            {
                _states.Add((row.Name, row.State));
                Watcher?.All.NameAdded(Watcher.Value.Index, row.Name);
            }

            if (Keeps())
                Add(new ReplayEntry(ReplayEntryKind.NameState, Now, Frame, row.Name, $"{row.Name} is {row.State}"));
        }

        ForgetNames(Node.NameCount, _states.Count - Node.NameCount);
    }

    private void ForgetNames(int index, int count)
    {
        foreach (var (name, _) in CollectionsMarshal.AsSpan(_states).Slice(index, count))
        {
            Watcher?.All.NameRemoved(Watcher.Value.Index, name);
            if (Keeps())
                Add(new ReplayEntry(ReplayEntryKind.NameState, Now, Frame, name, $"{name} left the table"));
        }

        _states.RemoveRange(index, count);
    }

    /// <summary>Whether there is room for one more entry: where there is none it is counted, and nothing is made of it.</summary>
    private bool Keeps()
    {
        if (_eventsOnly)
            return false;
        if (_entries.Count < MaxEntries && Watcher?.All.TryKeepEntry() != false)
            return true;
        DroppedEntries++;
        return false;
    }

    private void Add(ReplayEntry entry)
    {
        if (_entries.Count < MaxEntries)
            _entries.Add(entry);
        else
            DroppedEntries++;
    }

    /// <summary>By what a request is known again.</summary>
    private readonly record struct RequestKey(ushort TransactionId, NetBiosName Name, NbnsOpcode Opcode)
    {
        public override int GetHashCode() => Name.GetHashCode() ^ (TransactionId << 8) ^ (int)Opcode;
    }
}
