using NbnsSim.Captures;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Rules;
using NbnsSim.Wire;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Diagnosis;

/// <summary>
/// Reads a capture as a witness would: who held which name from when to when, and what happened to those names, each statement with
/// the frames that prove it. It knows the wire only; what a host would have made of it is the replay's business.
/// </summary>
/// <remarks>
/// Feed every NBNS datagram in capture order to <see cref="Observe(in CapturedDatagram)"/>, then call <see cref="Complete"/>. Memory is bounded: at most
/// <see cref="MaxHoldings"/> holdings and <see cref="MaxFindings"/> findings are kept; <see cref="IsComplete"/> tells whether that
/// sufficed, and <see cref="IncompleteFrom"/> from where on it did not.
/// </remarks>
/// <example>
/// <code>
/// CaptureDiagnosis diagnosis = CaptureFile.Diagnose(path); // or Observe each datagram as it comes, and Complete
/// foreach (var finding in diagnosis.Findings)
///     Console.WriteLine($"{finding.Kind}, frames {string.Join(", ", finding.Frames)}: {finding.Text}");
/// </code>
/// </example>
public sealed partial class CaptureDiagnosis
{
    /// <summary>The most holdings that are kept, and the most different names.</summary>
    public const int MaxHoldings = 1_000_000;

    /// <summary>The most findings that are kept.</summary>
    public const int MaxFindings = 100_000;

    private const int MaxHosts = 1_000_000;
    private const int MaxPendingClaims = 100_000;

    private const ushort NameServicePort = 137;
    private const int Unknown = -1;

    private readonly List<Finding> _findings = [];
    private readonly VantageWatch _vantage = new();
    private readonly ScopeMemory _scopes = new();
    private Instant _now;
    private uint _ahead; // nobody reads it: what it sums up is read early, so that it is near when it is needed
    private bool _started;
    private Instant _start;

    /// <summary>Every holding that the capture shows, in the order in which they showed.</summary>
    public IReadOnlyList<NameHolding> Holdings => new HoldingList(this);

    /// <summary>What was found, in the order of the capture.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Whether everything was kept: false once a bound was reached.</summary>
    public bool IsComplete => IncompleteFrom == 0;

    /// <summary>The first frame of which something was not kept; 0 where everything was.</summary>
    public long IncompleteFrom { get; private set; }

    /// <summary>How many datagrams could be read as NBNS.</summary>
    public long Datagrams { get; private set; }

    /// <summary>Takes the next datagram of a capture; one over IPv6 is not NetBT's.</summary>
    /// <param name="datagram">The datagram.</param>
    public void Observe(in CapturedDatagram datagram) => Observe(DatagramFacts.Of(datagram));

    /// <summary>Takes the next datagram by its facts; one over IPv6 is not NetBT's.</summary>
    /// <param name="facts">The facts.</param>
    public void Observe(in DatagramFacts facts)
    {
        if (!facts.IsIpv6)
            Observe(
                facts.FrameNumber, facts.Time, facts.Source, facts.Destination, facts.IsBroadcast, facts.HasLink, facts.Payload, facts.SourceMac, facts.IsTruncated,
                facts.Domain);
    }

    /// <summary>Takes the next datagram. Bytes that cannot be read are passed over.</summary>
    /// <param name="frame">The frame's number, 1 for the first.</param>
    /// <param name="time">The frame's time.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">Whom it was sent to.</param>
    /// <param name="isBroadcast">Whether it went to every station.</param>
    /// <param name="payload">The UDP payload.</param>
    /// <param name="sourceMac">The station that put it on the link; null where that is not known. Of broadcasts it tells one machine from another.</param>
    public void Observe(
        long frame, Instant time, Ipv4Endpoint source, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> payload, MacAddress? sourceMac = null) =>
        Observe(frame, time, source, destination, isBroadcast, hasLink: true, payload, sourceMac, isTruncated: false, domain: 0);

    /// <summary>Where the link layer was not captured, the packet's own B bit is all there is (RFC 1002 §4.2.1.1): a subnet's broadcast address looks like any other.</summary>
    internal static bool IsBroadcast(in CapturedDatagram datagram) =>
        datagram.IsBroadcast || (datagram.DestinationMac is null && NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _) && packet.Flags.IsBroadcast);

    private void Observe(
        long frame, Instant time, Ipv4Endpoint source, Ipv4Endpoint destination, bool isBroadcast, bool hasLink, ReadOnlySpan<byte> payload, MacAddress? sourceMac, bool isTruncated, uint domain)
    {
        _now = time > _now || !_started ? time : _now;
        if (!_started)
            (_started, _start) = (true, time);
        SettleClaims(time);
        if (_early.Count > 0 && time - _earliest > Overtaking)
            SettleEarly(time);
        bool isWhole = NbnsPacket.TryParseLenient(payload, out var packet, out var problem);
        isBroadcast |= !hasLink && isWhole && packet.Flags.IsBroadcast;
        _vantage.Add(source.Address, destination.Address, isBroadcast);
        NetBiosName name = default;
        bool hasName = isWhole && _scopes.TryGetName(packet.Name, out name);
        uint named = (uint)name.GetHashCode();
        _ahead += _names.Approach(named) + _machines.Approach(source.Address) + _machines.Approach(destination.Address);
        var at = new Sighting
        {
            Frame = frame,
            Time = time,
            From = source,
            To = destination,
            IsBroadcast = isBroadcast,
            Domain = domain,
            TransactionId = packet.TransactionId,
            Sender = _machines.NoteSender(source.Address, time),
            Name = Unknown,
        };
        if (!isWhole)
        {
            if (!isTruncated && (source.Port == NameServicePort || destination.Port == NameServicePort)) // what was not captured is not missing
                Unreadable(at, problem);
            return;
        }

        Datagrams++;
        var kind = NbnsClassification.Classify(packet);
        if (isBroadcast)
            _machines.NoteBroadcast(at.Sender, destination.Address, sourceMac, domain);
        else if (sourceMac is { } station)
            _machines.NoteStation(at.Sender, station);
        if (!hasName)
        {
            if (!isTruncated)
                Misnamed(at);
            return;
        }

        at.Receiver = isBroadcast && !packet.IsResponse ? new Party(destination.Address, Unknown) : _machines.Find(destination.Address); // nothing is asked of who has a broadcast address
        at.Name = _names.Find(name, named);
        switch (kind)
        {
            case Kind.NameQueryRequest:
                Asked(at, packet, name);
                return;
            case Kind.NodeStatusRequest:
                AskedStatus(at);
                return;
            case Kind.Unknown:
                if (!isTruncated && packet is { IsResponse: false, HasEntry: false, Opcode: NbnsOpcode.Registration or NbnsOpcode.Release or NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate or NbnsOpcode.MultihomedRegistration })
                    Unreadable(at, null);
                return;
        }

        if (!packet.HasEntry && (kind is Kind.NameOverwriteRequest or Kind.NameOverwriteDemand or Kind.NameReleaseDemand or Kind.NameReleaseRequest || IsClaim(kind)))
        {
            if (!isTruncated)
                Unreadable(at, null);
            return;
        }

        var entry = packet.HasEntry ? packet.Record.FirstEntry : default;
        switch (kind)
        {
            case Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest or Kind.NameRefreshRequest:
            case Kind.NameOverwriteRequest:
            case Kind.NameOverwriteDemand when !isBroadcast: // sent to one host it is a claim that waits for its answer
                Claim(at, kind, name, entry);
                break;
            case Kind.NameOverwriteDemand:
                _machines.NoteNodeType(at.Sender, entry.Flags.OwnerNodeType);
                NoteOddName(at, name);
                Hold(at, name, HolderOf(entry, at), entry.Flags.IsGroup, NodeRules.DemandName, TakeClaim(at, at.Source));
                break;
            case Kind.PositiveNameRegistrationResponse:
                Granted(at, name, entry);
                break;
            case Kind.NegativeNameRegistrationResponse:
                Refused(at, name, entry, packet.Rcode);
                break;
            case Kind.WaitForAcknowledgementResponse:
                Wait(at, name, packet.Record);
                break;
            case Kind.NameConflictDemand when FindClaim(at) is not null: // under the claim's own id, CFT_ERR is a refusal (RFC 1002 §4.2.6)
                Refused(at, name, entry, packet.Rcode);
                break;
            case Kind.NameConflictDemand:
                ConflictDemanded(at, name);
                break;
            case Kind.NameReleaseDemand or Kind.NameReleaseRequest:
                Release(at, name, entry, sourceMac);
                break;
            case Kind.PositiveNameReleaseResponse when !isBroadcast:
                ReleaseConfirmed(at);
                break;
            case Kind.PositiveNameQueryResponse:
                Answered(at, name, packet.Record);
                break;
            case Kind.NegativeNameQueryResponse:
                Denied(at, name, packet.Flags.RecursionAvailable);
                break;
            case Kind.NodeStatusResponse:
                if (NodeStatistics.TryRead(packet.Record.StatisticsData, out var statistics))
                    _machines.NoteUnitId(at.Sender, statistics.UnitId);
                Status(at, packet.Record, name.Scope);
                break;
        }
    }

    /// <summary>Ends the capture: claims whose course is complete are settled. What still waits for its answer then is no silence.</summary>
    public void Complete()
    {
        SettleEarly(Instant.MaxValue);
        SettleClaims(_now, atEnd: true);
    }

    /// <summary>What is behind what the capture shows. Call it after <see cref="Complete"/>.</summary>
    public Verdict Judge() =>
        new VerdictBuilder([.. Enumerable.Range(0, _names.Count).Select(index => _names[index].Name)], name => _names.Find(name), _machines, _queries, _vantage.Vantage, IsSomebodys, FirstRuleOf, IsOwn, HasClaimed).Build(_findings, Datagrams);

    private static bool IsClaim(Kind kind) => kind is Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest or Kind.NameRefreshRequest;

    private Party HolderOf(NbEntry entry, in Sighting at) => entry.Address == Ipv4Address.Any || entry.Address == at.Source ? at.Sender : _machines.Find(entry.Address);

    private void NotKept(long frame) => IncompleteFrom = IncompleteFrom == 0 ? frame : IncompleteFrom;

    /// <summary>A datagram: when, from whom and to whom, and the numbers of what it is about, each looked up once.</summary>
    private struct Sighting
    {
        public long Frame;
        public Instant Time;
        public Ipv4Endpoint From;
        public Ipv4Endpoint To;
        public Party Sender;
        public Party Receiver;
        public int Name; // −1 for one that had no number when the datagram came
        public uint Domain;
        public ushort TransactionId;
        public bool IsBroadcast;

        public readonly Ipv4Address Source => From.Address;

        public readonly Ipv4Address Destination => To.Address;
    }
}
