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

    private const int MaxRecentCommands = 1024;

    /// <summary>So many timers are run between two frames: after a gap of years, whatever the node does every two minutes would take for ever.</summary>
    private const int MaxTimersBetweenFrames = 10_000;

    /// <summary>How long a request may be repeated: three tries of 5 s (RFC 1002 §6), with room to spare. Later it is another under the same id.</summary>
    private static readonly TimeSpan RepeatWindow = TimeSpan.FromSeconds(20);

    private readonly List<ReplayEntry> _entries = [];
    private readonly List<(NetBiosName Name, LocalNameState State)> _states = []; // in the order of the node's own table
    private readonly Dictionary<(ushort TransactionId, NetBiosName Name, NbnsOpcode Opcode), Instant> _commands = [];
    private readonly Queue<(ushort TransactionId, NetBiosName Name, NbnsOpcode Opcode)> _recentCommands = new();
    private readonly byte[] _buffer = new byte[1024];
    private uint _tableVersion;
    private bool _started;

    /// <summary>Prepares a replay.</summary>
    /// <param name="host">The host to stand in for, as <see cref="CaptureHosts"/> found it, or <see cref="ReplayHost.Unknown"/>.</param>
    /// <param name="dialect">Which era or vendor the node behaves like.</param>
    public CaptureReplay(ReplayHost host, NetBtDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(dialect);
        Host = host;
        var type = host.NodeType ?? (host.NameServers.IsEmpty ? OwnerNodeType.B : OwnerNodeType.H); // MS-NBTE §3.1.3
        Node = new EndNode(
            host.ComputerName,
            [.. Enumerable.Range(0, host.AddressCount).Select(host.AddressOf).Select(address => new EndNodeInterface(address, Ipv4Address.Broadcast, MacAddress.FromIpv4(address)))],
            new EndNodeOptions { Dialect = dialect, NodeType = host.NameServers.IsEmpty ? OwnerNodeType.B : type, NameServers = host.NameServers, Scope = host.Scope });
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
        bool isOwn = Host.IndexOf(source.Address) >= 0;
        long decision = isOwn ? OwnDatagram(source.Address, destination, isBroadcast, payload) : 0;
        if (isBroadcast ? (!isOwn || Host.AddressCount > 1) && Host.Hears(destination.Address) : !isOwn && Host.IndexOf(destination.Address) >= 0)
            Deliver(payload, source, destination, isBroadcast, decision);
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
    private static bool IsForTheServer(Ipv4Address source, ReadOnlySpan<byte> payload) =>
        NbnsPacket.TryParse(payload, out var packet) && !packet.IsResponse && packet.HasEntry && packet.Opcode != NbnsOpcode.Query
        && packet.Record.FirstEntry.Address is var owner && (owner == source || owner == Ipv4Address.Any);

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

    /// <summary>Whether nothing but events is kept.</summary>
    internal bool EventsOnly { get; init; }

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

    /// <summary>The host gets a datagram, which a decision of another stand-in sent; 0 where none is known.</summary>
    internal void Deliver(ReadOnlySpan<byte> payload, Ipv4Endpoint source, Ipv4Endpoint destination, bool isBroadcast, long decision)
    {
        int arrival = isBroadcast ? Host.InterfaceFor(source.Address, destination.Address) : Host.IndexOf(destination.Address);
        if (Host.IndexOf(source.Address) < 0) // else another of its adapters hears it
            Delivered++;
        Handled++;
        if (Host.IsNameServer && !isBroadcast && IsForTheServer(source.Address, payload))
            return;
        Decisions?.BeginFrame(Frame);
        Node.HandleDatagram(Now, new Datagram(payload, source, destination, isBroadcast, arrival, decision));
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
    internal long OwnDatagram(Ipv4Address source, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> payload)
    {
        if (!NbnsPacket.TryParseLenient(payload, out var packet, out _) || !packet.Name.TryGetName(out var name))
            return 0;
        var kind = NbnsClassification.Classify(packet);
        long decision;
        if (packet.IsResponse)
        {
            decision = CompareAnswer(packet, kind, name, destination);
        }
        else
        {
            Decisions?.BeginFrame(Frame);
            TakeCommand(packet, kind, name, source, destination, isBroadcast);
            Decisions?.EndFrame();
            decision = Decisions?.SenderOf(Host.Address, packet, name) ?? 0;
        }

        Decisions?.History.AddFrame(decision, Frame);
        return decision;
    }

    /// <summary>What the host asked for, the node is told to ask for.</summary>
    private void TakeCommand(in NbnsPacket packet, NbnsMessageKind kind, NetBiosName name, Ipv4Address source, Ipv4Endpoint destination, bool isBroadcast)
    {
        var key = (packet.TransactionId, name, packet.Opcode);
        bool isKnown = _commands.TryGetValue(key, out var last);
        _commands[key] = Now;
        if (isKnown && Now - last <= RepeatWindow)
            return; // one of its repeats: the node keeps its own timers
        if (!isKnown)
        {
            if (_recentCommands.Count >= MaxRecentCommands)
                _commands.Remove(_recentCommands.Dequeue());
            _recentCommands.Enqueue(key);
        }

        ushort id = packet.TransactionId;
        var entry = packet.HasEntry ? packet.Record.FirstEntry : default;
        if (packet.HasEntry && entry.Address != Ipv4Address.Any && Host.IndexOf(entry.Address) < 0)
            return; // it speaks of another host's name: a name server's demand (RFC 1001 §15.5.3), or forged
        bool group = entry.Flags.IsGroup;
        bool held = Node.GetNameState(name) is not null;
        switch (kind)
        {
            case NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.MultihomedNameRegistrationRequest or NbnsMessageKind.NameReleaseDemand or NbnsMessageKind.NameReleaseRequest or NbnsMessageKind.NameRefreshRequest
                when Node.RenumberTransaction(name, id, Host.IndexOf(source)):
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
            case NbnsMessageKind.NameQueryRequest when !Host.IsNameServer || isBroadcast: // a name server asks owners too (RFC 1002 §5.1.4.1)
                Node.Query(Now, name, id);
                break;
            case NbnsMessageKind.NodeStatusRequest when !isBroadcast:
                Node.NodeStatus(Now, destination.Address, name, id);
                break;
            default:
                return; // an overwrite demand, or a claim to what it has already: the node does that by itself
        }

        Commands++;
        if (Keeps())
            Add(new ReplayEntry(ReplayEntryKind.Command, Now, Frame, name, $"the host sent {NbnsDescription.Describe(packet)}"));
        Drain(Frame);
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
        if (EventsOnly)
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
}
