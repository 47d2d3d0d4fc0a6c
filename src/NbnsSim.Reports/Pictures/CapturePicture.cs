using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Messages;
using NbnsSim.Replay;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Pictures;

/// <summary>
/// The picture of a capture: of a diagnosis (<see cref="DiagnosisReport.Draw()"/>), or of a replay (<see cref="ReplayReport.Draw"/>). <see cref="Add(in CapturedDatagram)"/> its datagrams once
/// more, then <see cref="Draw"/>.
/// </summary>
public sealed class CapturePicture
{
    private const int MaxFrames = 1_000;
    private const int MaxContext = 200;
    private const int MaxLines = 200;
    private const int MaxDrawnIncidents = 12;
    private const int MaxEvents = 20;
    private const int MaxChains = 6;

    /// <summary>How many frames of an incident are drawn; its filter has all.</summary>
    internal const int MaxDrawnFrames = 64;

    private readonly CaptureContent _content;
    private readonly HashSet<long> _wanted;
    private readonly Dictionary<Ipv4Address, int> _lanes = [];
    private readonly HashSet<Ipv4Address> _servers = [];
    private readonly List<LadderStep> _steps = [];
    private readonly Dictionary<long, FramePlace> _places = [];
    private int _missing;
    private int _context;

    internal CapturePicture(CaptureContent content)
    {
        _content = content;
        _wanted = [.. content.Verdict.Incidents.SelectMany(incident => incident.Frames.Take(MaxDrawnFrames)).Concat(content.Standing?.Frames ?? (IEnumerable<long>)[]).Distinct().Take(MaxFrames)];
        _missing = _wanted.Count;
    }

    /// <summary>Whether it has every frame that it shows, so that the reading can end.</summary>
    public bool IsComplete => _missing == 0 && (_content.Context is null || _context >= MaxContext);

    internal CaptureContent Content => _content;

    /// <summary>Takes a datagram in; only those that are shown are kept.</summary>
    /// <param name="datagram">The datagram.</param>
    public void Add(in CapturedDatagram datagram)
    {
        if (_content.Context is not null || _wanted.Contains(datagram.FrameNumber))
            Add(DatagramFacts.Of(datagram));
    }

    /// <summary>Takes a datagram in by its facts; only those that are shown are kept.</summary>
    /// <param name="datagram">The facts.</param>
    /// <param name="place">Where its frame is, if its number is none of a single capture; null where it is.</param>
    public void Add(in DatagramFacts datagram, FramePlace? place = null)
    {
        bool isEvidence = _wanted.Contains(datagram.FrameNumber);
        if (datagram.IsIpv6 || (!isEvidence && (_context >= MaxContext || _content.Context is null)))
            return;
        var (from, to) = (datagram.Source.Address, datagram.Destination.Address);
        bool isBroadcast = CaptureFile.IsBroadcast(datagram);
        if (!isEvidence && !(_content.Context!(from) || (!isBroadcast && _content.Context(to))))
            return;
        if (isEvidence && _wanted.Remove(datagram.FrameNumber))
            _missing--;
        else if (!isEvidence)
            _context++;
        if (place is { } known)
            _places[datagram.FrameNumber] = known;
        if (!isBroadcast && IsForNameServer(datagram.Payload))
            _servers.Add(to);
        var (role, verb, subject, key) = PacketWords.Describe(datagram.Payload);
        var packet = new LadderPacket(from, to, datagram.Payload.ToArray()) { Frame = datagram.FrameNumber, IsEvidence = isEvidence };
        _steps.Add(new LadderStep(datagram.Time, Lane(from), isBroadcast ? -1 : Lane(to), role, verb, subject, key, Packet: packet));
    }

    /// <summary>Draws it.</summary>
    public Picture Draw()
    {
        var clock = new PictureClock(_content.Clock);
        var names = _content.Verdict.Incidents.SelectMany(incident => incident.Names).Concat(_content.Standing?.Roots.Select(root => root.Decision.Name) ?? []).ToHashSet();
        var (lanes, steps) = Ladder();
        Func<LadderPacket, IEnumerable<LadderGround>> grounds = _content.History is { } history ? new Grounds(history).Of : new WitnessGrounds(_content.Verdict, _content.Holdings).Of;
        return new Picture(new PictureContent
        {
            Title = _content.Title,
            Headline = _content.Headline,
            Summary = _content.Summary,
            EvidenceFrames = [.. _steps.Select(step => step.Packet!).Where(packet => packet.IsEvidence).Select(packet => packet.Frame).Order()],
            Clock = clock,
            Places = _places.Count > 0 ? _places : null,
            Dialect = _content.Dialect,
            Incidents = _content.Verdict.Incidents,
            Ladder = LadderDrawing.Of(lanes, steps, MaxLines, grounds),
            IncidentLadders = _content.History is null ? [.. _content.Verdict.Incidents.Take(MaxDrawnIncidents).Select(incident => Only(incident, lanes, steps, grounds))] : [],
            Names = NameTables.Of(_content.Holdings, _content.History, _content.Since, _content.Until, names.Contains),
            Events = _content.Standing?.Events(clock, "would have logged", MaxEvents) ?? PredictedEvents.Of(_content.Verdict, _content.Dialect, clock, _content.NameOf),
            Chains = _content.Standing?.Chains(MaxChains) ?? [],
            Notes = _content.Verdict.Incidents.Length > MaxDrawnIncidents && _content.History is null
                ? [.. _content.Notes, string.Create(CultureInfo.InvariantCulture, $"The frames of the first {MaxDrawnIncidents} of {_content.Verdict.Incidents.Length:N0} incidents are drawn.")]
                : _content.Notes,
        });
    }

    /// <summary>A name is claimed, refreshed or released to one machine alone where that is its name server (RFC 1002 §4.2.2, §5.1.2).</summary>
    private static bool IsForNameServer(ReadOnlySpan<byte> payload) => NbnsPacket.TryParseLenient(payload, out var packet, out _)
        && NbnsClassification.Classify(packet) is NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.MultihomedNameRegistrationRequest
            or NbnsMessageKind.NameRefreshRequest or NbnsMessageKind.NameReleaseRequest;

    private static LadderDrawing Only(Incident incident, List<LadderLane> lanes, List<LadderStep> steps, Func<LadderPacket, IEnumerable<LadderGround>> grounds)
    {
        var frames = incident.Frames.ToHashSet();
        var own = steps.Where(step => frames.Contains(step.Packet!.Frame)).ToList();
        var used = own.SelectMany(step => new[] { step.From, step.To }).Distinct().Order().ToList();
        return LadderDrawing.Of([.. used.Select(lane => lanes[lane])], [.. own.Select(step => step with { From = used.IndexOf(step.From), To = used.IndexOf(step.To) })], MaxLines, grounds);
    }

    private int Lane(Ipv4Address address)
    {
        if (!_lanes.TryGetValue(address, out int lane))
            _lanes[address] = lane = _lanes.Count;
        return lane;
    }

    /// <summary>Lanes in the order in which the machines come, everybody amid them, so that arrows are short.</summary>
    private (List<LadderLane> Lanes, List<LadderStep> Steps) Ladder()
    {
        var lanes = _lanes.Keys.Select(LaneOf).ToList();
        int middle = (lanes.Count + 1) / 2;
        bool broadcasts = _steps.Exists(step => step.To < 0);
        if (broadcasts)
            lanes.Insert(middle, new LadderLane("everybody", "", IsSegment: true));
        return (lanes, [.. _steps.Select(step => step with { From = Moved(step.From), To = Moved(step.To) })]);

        LadderLane LaneOf(Ipv4Address address)
        {
            string own = address.ToString();
            string name = _content.NameOf(address) ?? own;
            return new LadderLane(name, name == own ? "" : own, IsNameServer: _servers.Contains(address));
        }

        int Moved(int lane) => lane < 0 ? middle : broadcasts && lane >= middle ? lane + 1 : lane;
    }
}
