using System.Runtime.CompilerServices;
using NbnsSim.Diagnosis;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Audit;

/// <summary>
/// Reads a capture for one question: may the name server (WINS) be switched off? Who asks it for what and is answered, what broadcasts would find instead, what breaks,
/// and what the capture is too short to tell.
/// </summary>
/// <remarks>
/// Feed every UDP datagram of the capture to <see cref="Observe"/>, in order: those of the name service are what is judged, those of DNS, LLMNR and mDNS show what else
/// a client asks, and broadcasts of any service show which machines share a segment. Then call <see cref="Judge"/>. Memory grows with the pairs of host and name that
/// had to do with one another, and is bounded.
/// </remarks>
/// <example>
/// <code>
/// var audit = new WinsAudit();
/// using (var datagrams = new DatagramReader(CaptureReader.Open(path)))
/// {
///     while (datagrams.TryRead(out var it))
///         audit.Observe(it.FrameNumber, it.Time, it.Source, it.Destination, it.IsBroadcast, it.Payload);
/// }
///
/// var verdict = audit.Judge();
/// Console.WriteLine($"{verdict.Answer}. {verdict.Sentence}");
/// </code>
/// </example>
public sealed class WinsAudit
{
    /// <summary>How long an answer may take: three tries of 5 s (RFC 1002 §6), with room to spare.</summary>
    private static readonly TimeSpan AnswerWindow = TimeSpan.FromSeconds(20);

    /// <summary>How soon a proxy asks its name server for what it heard asked for by broadcast.</summary>
    private static readonly TimeSpan ProxyWindow = TimeSpan.FromMilliseconds(500);

    /// <summary>QUESTION_TYPE and QUESTION_CLASS (RFC 1002 §4.2.1.2).</summary>
    private const int QuestionEnd = 4;

    private readonly AuditTables _tables;
    private readonly SegmentMap _segments;
    private readonly OtherNameServices _others = new();
    private readonly VantageWatch _vantage = new();
    private readonly WinsAuditOptions _options;
    private Instant _since = Instant.MaxValue;
    private Instant _until = Instant.MinValue;
    private long _datagrams;
    private long _incompleteFrom;
    private long _minute = long.MinValue;
    private long _minutePackets;
    private long _busiest;
    private long _busiestPackets;

    /// <summary>Begins an audit.</summary>
    /// <param name="options">What somebody knows that the capture does not tell; null for nothing.</param>
    public WinsAudit(WinsAuditOptions? options = null)
        : this(options, AuditTables.MaxPairs)
    {
    }

    internal WinsAudit(WinsAuditOptions? options, int maxPairs)
    {
        _tables = new AuditTables(maxPairs);
        _options = options ?? WinsAuditOptions.Default;
        _segments = new SegmentMap(_options.Subnets);
    }

    internal long Steps => _tables.Steps;

    /// <summary>
    /// Whether an audit takes anything from a datagram but its time: all of the name service, what asks or answers for a host by DNS, LLMNR or mDNS, and broadcasts to a subnet. What it takes nothing from may
    /// be left out, as long as <see cref="NoteTime"/> is told when it was captured.
    /// </summary>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">Whom it was sent to.</param>
    /// <param name="isBroadcast">Whether it went to every station.</param>
    /// <param name="payload">The UDP payload.</param>
    public static bool IsWanted(Ipv4Endpoint source, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> payload) =>
        source.Port == Ipv4Endpoint.NameServicePort || destination.Port == Ipv4Endpoint.NameServicePort
        || (isBroadcast && SegmentMap.IsTelling(source.Address, destination.Address))
        || ((OtherNameServices.IsPort(source.Port) || OtherNameServices.IsPort(destination.Port)) && OtherNameServices.IsTelling(payload));

    /// <summary>Something was captured, so the capture ran.</summary>
    /// <param name="time">When.</param>
    public void NoteTime(Instant time)
    {
        _since = time < _since ? time : _since;
        _until = time > _until ? time : _until;
    }

    /// <summary>Takes the next UDP datagram, of any port. Octets that cannot be read are passed over.</summary>
    /// <param name="frame">The frame's number, 1 for the first.</param>
    /// <param name="time">The frame's time.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">Whom it was sent to.</param>
    /// <param name="isBroadcast">Whether it went to every station.</param>
    /// <param name="payload">The UDP payload.</param>
    public void Observe(long frame, Instant time, Ipv4Endpoint source, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> payload)
    {
        NoteTime(time);
        if (isBroadcast)
            _segments.Note(source.Address, destination.Address, frame);
        if (source.Port != Ipv4Endpoint.NameServicePort && destination.Port != Ipv4Endpoint.NameServicePort)
        {
            if (OtherNameServices.IsPort(source.Port) || OtherNameServices.IsPort(destination.Port))
                _others.Observe(frame, source, destination, payload);
            return;
        }

        if (!NbnsPacket.TryParseLenient(payload, out var packet, out _))
            return;
        _datagrams++;
        _vantage.Add(source.Address, destination.Address, isBroadcast);
        if (isBroadcast && _tables.HostOf(source.Address) is >= 0 and var sender)
            _tables.Hosts[sender].Broadcasts++;
        if (packet.Name.TryGetName(out var name))
            Take(new Sighting(frame, time, source.Address, destination.Address, isBroadcast, packet.TransactionId), packet, name);
        if (_tables.IsFull && _incompleteFrom == 0)
            _incompleteFrom = frame;
    }

    /// <summary>What the capture comes to, as far as it has been read.</summary>
    public WinsAuditVerdict Judge() => new AuditJudge(_tables, _segments, _others, _options, _vantage.Vantage)
    {
        Since = _since > _until ? default : _since,
        Until = _since > _until ? default : _until,
        Datagrams = _datagrams,
        IncompleteFrom = _incompleteFrom,
        BusiestMinute = Instant.FromUnixTime((_minutePackets > _busiestPackets ? _minute : _busiest) is var minute && minute == long.MinValue ? 0 : minute * 60),
        BusiestMinutePackets = Math.Max(_minutePackets, _busiestPackets),
    }.Build();

    private void Take(in Sighting at, in NbnsPacket packet, in NetBiosName name)
    {
        switch (NbnsClassification.Classify(packet))
        {
            case Kind.NameQueryRequest when at.IsBroadcast:
                AskedAll(at, name);
                break;
            case Kind.NameQueryRequest:
                Asked(at, name, packet.Length);
                break;
            case Kind.PositiveNameQueryResponse:
                Answered(at, name, packet);
                break;
            case Kind.NegativeNameQueryResponse:
                Denied(at, name); // RA in it tells nothing: Samba's end nodes set it too
                break;
            case Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest or Kind.NameOverwriteRequest or Kind.NameRefreshRequest:
                Claimed(at, name, packet, isRefresh: packet.Opcode is NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate);
                break;
            case Kind.NameOverwriteDemand: // the end of a claim that nobody objected to (RFC 1002 §5.1.1.1)
                NoteType(at.Source, packet.Record.FirstEntry.Flags.OwnerNodeType, at.Frame);
                Holds(at, name, packet.Record.FirstEntry.Flags.IsGroup);
                break;
            case Kind.PositiveNameRegistrationResponse:
                Granted(at, name, packet);
                break;
            case Kind.NegativeNameRegistrationResponse:
                Refused(at, name);
                break;
            case Kind.NameReleaseRequest or Kind.NameReleaseDemand:
                Released(at, name, packet);
                break;
            case Kind.WaitForAcknowledgementResponse or Kind.RedirectNameQueryResponse:
                _tables.NoteServer(at.Source, at.Frame, answers: true); // RFC 1002 §4.2.15, §4.2.16: name servers send them
                break;
            case Kind.NodeStatusResponse:
                Status(at, packet.Record);
                break;
        }
    }

    private void Asked(in Sighting at, in NetBiosName name, int length)
    {
        ref var pair = ref _tables.Of(at.Source, name);
        if (IsNull(ref pair))
            return;
        bool isRepeat = pair.Asked != 0 && pair.LastId == at.TransactionId && at.Time - pair.LastAt <= AnswerWindow;
        (pair.LastId, pair.LastAt, pair.LastAsked, pair.Server) = (at.TransactionId, at.Time, at.Frame, at.Destination);
        if (pair.Asked == 0)
            pair.Asked = at.Frame;
        if (isRepeat)
            return;
        pair.Questions++;
        pair.Octets += length;
        ref readonly var known = ref _tables.Names[pair.Name];
        if (known.LastAll != 0 && known.LastAll != pair.Host + 1 && at.Time - known.LastAllAt <= ProxyWindow)
            pair.AskedForOthers++;
        CountForMinute(at.Time, AuditLoad.Tries);
    }

    private void AskedAll(in Sighting at, in NetBiosName name)
    {
        ref var pair = ref _tables.Of(at.Source, name);
        if (IsNull(ref pair))
            return;
        (pair.LastAllId, pair.LastAllAt) = (at.TransactionId, at.Time);
        if (pair.AskedAll == 0)
            pair.AskedAll = at.Frame;
        ref var host = ref _tables.Hosts[pair.Host];
        if (host.AskedAll == 0)
            host.AskedAll = at.Frame;
        ref var known = ref _tables.Names[pair.Name];
        (known.LastAll, known.LastAllAt) = (pair.Host + 1, at.Time);
    }

    private void Answered(in Sighting at, in NetBiosName name, in NbnsPacket packet)
    {
        var record = packet.Record;
        bool isOwn = false;
        for (int i = 0; i < record.EntryCount; i++)
            isOwn |= record.GetEntry(i).Address == at.Source;
        if (isOwn && !_tables.IsServer(at.Source))
            NoteType(at.Source, record.FirstEntry.Flags.OwnerNodeType, at.Frame);
        ref var pair = ref _tables.Of(at.Destination, name);
        if (IsNull(ref pair))
            return;
        if (pair.AskedAll != 0 && pair.LastAllId == at.TransactionId && pair.LastId != at.TransactionId && at.Time - pair.LastAllAt <= AnswerWindow)
        {
            AnsweredAll(at, ref pair, record, isOwn);
            return;
        }

        if (packet.Flags.RecursionAvailable && !isOwn)
            _tables.NoteServer(at.Source, at.Frame, answers: true); // RFC 1002 §4.2.1.1: RA is a name server's
        bool isAnswer = pair.Asked != 0 && pair.LastId == at.TransactionId && pair.Server == at.Source && at.Time - pair.LastAt <= AnswerWindow;
        if (!isAnswer && !(packet.Flags.RecursionAvailable && !isOwn))
            return; // of a name server's answer the question may be missing
        if (pair.Questions == 0)
            (pair.Questions, pair.Octets) = (1, NbnsHeader.Size + NbnsEncoder.EncodedLength(name) + QuestionEnd);
        (pair.Answered, pair.Answerer, pair.IsGroup, pair.Given) = (at.Frame, at.Source, record.FirstEntry.Flags.IsGroup, Given(pair.Name, record));
    }

    /// <summary>Somebody answers a broadcast: for itself, or for another as a proxy does (Q121004).</summary>
    private void AnsweredAll(in Sighting at, ref AuditTables.Pair pair, NbnsResourceRecord record, bool isOwn)
    {
        int answerer = _tables.HostOf(at.Source);
        if (answerer < 0)
            return;
        if (isOwn)
        {
            ref var host = ref _tables.Hosts[answerer];
            if (host.AnsweredAll == 0)
                host.AnsweredAll = at.Frame;
            if (record.FirstEntry.Flags.OwnerNodeType == OwnerNodeType.M)
                (pair.Mixed, pair.MixedAnswered) = (answerer + 1, at.Frame);
            else
                pair.IsAnsweredByOther = true;
            Holds(at, _tables.Names[pair.Name].Octets, record.FirstEntry.Flags.IsGroup);
            return;
        }

        if (pair.AnsweredAll == 0)
            pair.AnsweredAll = at.Frame;
        (pair.Proxy, pair.IsGroup, pair.ProxyGiven) = (answerer + 1, record.FirstEntry.Flags.IsGroup, Given(pair.Name, record));
        var name = _tables.Names[pair.Name].Octets;
        ref var own = ref _tables.Of(at.Source, name);
        if (IsNull(ref own) || own.Asked == 0)
            return;
        own.AnswersForOthers = true;
        _tables.Hosts[answerer].IsProxy = true;
    }

    /// <summary>A machine shows by broadcast that it holds a name.</summary>
    private void Holds(in Sighting at, in NetBiosName name, bool isGroup)
    {
        ref var pair = ref _tables.Of(at.Source, name);
        if (IsNull(ref pair))
            return;
        _tables.NoteHolder(ref pair, isGroup);
        if (pair.HeldAll == 0)
            pair.HeldAll = at.Frame;
    }

    private uint Given(int name, NbnsResourceRecord record)
    {
        uint given = 0;
        for (int i = 0; i < record.EntryCount; i++)
            given |= _tables.BitOf(name, record.GetEntry(i).Address);
        return given;
    }

    private void Denied(in Sighting at, in NetBiosName name)
    {
        ref var pair = ref _tables.Of(at.Destination, name);
        if (IsNull(ref pair) || !(_tables.IsServer(at.Source) || (pair.LastId == at.TransactionId && pair.Server == at.Source)))
            return;
        pair.Denied = at.Frame;
        if (pair.Server == default)
            pair.Server = at.Source;
    }

    private void Claimed(in Sighting at, in NetBiosName name, in NbnsPacket packet, bool isRefresh)
    {
        var entry = packet.Record.FirstEntry;
        var holder = HolderOf(entry, at.Source);
        NoteType(at.Source, entry.Flags.OwnerNodeType, at.Frame);
        NoteType(holder, entry.Flags.OwnerNodeType, at.Frame); // another address of the same machine
        NoteComputer(holder, name, entry.Flags.IsGroup);
        if (at.IsBroadcast)
            return;
        _tables.NoteServer(at.Destination, at.Frame, answers: false); // RFC 1002 §5.1.2.1: a claim that is sent to one host is sent to the name server
        ref var pair = ref _tables.Of(holder, name);
        if (IsNull(ref pair))
            return;
        if (pair.Registered == 0)
            pair.Registered = at.Frame;
        _tables.Hosts[pair.Host].HasRegistered = true;
        pair.RegisteredAt = at.Destination;
        bool isRepeat = pair.LastClaimAt != default && pair.LastClaimId == at.TransactionId && at.Time - pair.LastClaimAt <= AnswerWindow;
        (pair.LastClaimId, pair.LastClaimAt) = (at.TransactionId, at.Time);
        _tables.NoteHolder(ref pair, entry.Flags.IsGroup);
        if (isRefresh)
            pair.Refreshed = at.Frame;
        if (isRefresh || isRepeat)
            return;
        pair.Claims++;
        pair.ClaimOctets += packet.Length;
        CountForMinute(at.Time, AuditLoad.ClaimPackets);
    }

    private void Granted(in Sighting at, in NetBiosName name, in NbnsPacket packet)
    {
        _tables.NoteServer(at.Source, at.Frame, answers: true); // RFC 1002 §4.2.5: a name server alone says yes
        uint seconds = packet.Record.TimeToLive.Seconds;
        _tables.NoteLifetime(at.Source, seconds, at.Frame);
        var entry = packet.Record.FirstEntry;
        ref var pair = ref _tables.Of(HolderOf(entry, at.Destination), name);
        if (IsNull(ref pair))
            return;
        _tables.NoteHolder(ref pair, pair.Registered == 0 ? entry.Flags.IsGroup : _tables.Names[pair.Name].IsGroup);
        _tables.Hosts[pair.Host].HasRegistered = true;
        pair.Granted = at.Frame;
        if (pair.RegisteredAt == default)
            pair.RegisteredAt = at.Source;
    }

    private void Refused(in Sighting at, in NetBiosName name)
    {
        ref var pair = ref _tables.Of(at.Destination, name);
        if (!IsNull(ref pair) && pair.Registered != 0 && pair.RegisteredAt == at.Source)
            pair.Refused = at.Frame;
    }

    private void Released(in Sighting at, in NetBiosName name, in NbnsPacket packet)
    {
        var entry = packet.Record.FirstEntry;
        if (HolderOf(entry, at.Source) == at.Source)
            NoteType(at.Source, entry.Flags.OwnerNodeType, at.Frame);
        if (at.IsBroadcast || !_tables.IsServer(at.Destination))
            return;
        ref var pair = ref _tables.Of(at.Source, name);
        if (IsNull(ref pair) || (pair.Releases > 0 && pair.LastReleaseId == at.TransactionId))
            return;
        pair.LastReleaseId = at.TransactionId;
        pair.Releases++;
        pair.ReleaseOctets += packet.Length;
        CountForMinute(at.Time, AuditLoad.Tries);
    }

    private void Status(in Sighting at, NbnsResourceRecord record)
    {
        for (int i = 0; i < record.NodeNameCount; i++)
        {
            var listed = record.GetNodeName(i);
            if (i == 0)
                NoteType(at.Source, listed.Flags.OwnerNodeType, at.Frame);
            NoteComputer(at.Source, listed.Name, listed.Flags.IsGroup);
        }
    }

    private void NoteType(Ipv4Address address, OwnerNodeType type, long frame)
    {
        if (_tables.HostOf(address) is >= 0 and var index)
            (_tables.Hosts[index].Type, _tables.Hosts[index].TypeFrame) = (type, frame);
    }

    private void NoteComputer(Ipv4Address address, in NetBiosName name, bool isGroup)
    {
        if (isGroup || name.Suffix is not (NameSuffix.Workstation or NameSuffix.Server) || _tables.HostOf(address) is not (>= 0 and var index))
            return;
        ref var known = ref _tables.Hosts[index].Computer;
        if (known == default || (known.Suffix == NameSuffix.Server && name.Suffix == NameSuffix.Workstation))
            known = name;
    }

    private void CountForMinute(Instant time, int packets)
    {
        long minute = time.Seconds / 60;
        if (minute != _minute)
        {
            if (_minutePackets > _busiestPackets)
                (_busiest, _busiestPackets) = (_minute, _minutePackets);
            (_minute, _minutePackets) = (minute, 0);
        }

        _minutePackets += packets;
    }

    private static Ipv4Address HolderOf(NbEntry entry, Ipv4Address source) => entry.Address.IsUnicast ? entry.Address : source;

    private static bool IsNull(ref AuditTables.Pair pair) => Unsafe.IsNullRef(ref pair);

    private readonly record struct Sighting(long Frame, Instant Time, Ipv4Address Source, Ipv4Address Destination, bool IsBroadcast, ushort TransactionId);
}
