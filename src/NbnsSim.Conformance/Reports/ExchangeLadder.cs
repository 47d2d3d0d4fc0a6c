using NbnsSim.Reports;

namespace NbnsSim.Conformance.Reports;

/// <summary>The datagrams of a case as a ladder: the stations that take part, everybody, the peer.</summary>
internal sealed class ExchangeLadder
{
    /// <summary>As many lines as are drawn in text.</summary>
    public const int MaxRows = 40;

    private readonly Dictionary<string, int> _lanes = new(StringComparer.Ordinal);
    private readonly ConformanceReport _report;
    private readonly ConformanceResult _result;

    public ExchangeLadder(ConformanceReport report, ConformanceResult result)
    {
        (_report, _result) = (report, result);
        Lanes = [.. result.Exchange.SelectMany(packet => new[] { From(packet), To(packet) }).DistinctBy(lane => lane.Name, StringComparer.Ordinal).OrderBy(Order)];
        for (int i = 0; i < Lanes.Count; i++)
            _lanes.Add(Lanes[i].Name, i);
        bool isEvidence = result.Verdict is ConformanceVerdict.Fail or ConformanceVerdict.Dialect;
        Steps = [.. result.Exchange.Select(packet => Step(packet, result.Started, isEvidence))];
    }

    /// <summary>The lanes from left to right, the peer last.</summary>
    public IReadOnlyList<LadderLane> Lanes { get; }

    /// <summary>The steps, by time since the case began.</summary>
    public IReadOnlyList<LadderStep> Steps { get; }

    /// <summary>Draws it.</summary>
    public void Write(ReportWriter writer)
    {
        if (Steps.Count > 0)
            Ladder.Write(writer, Lanes, Steps, MaxRows);
        else
            writer.WriteLine("  no datagram was seen");
    }

    private LadderStep Step(ExchangePacket packet, Instant began, bool isEvidence)
    {
        byte[] octets = [.. packet.Octets];
        var (role, verb, subject, key) = PacketWords.Describe(octets);
        return new LadderStep(Instant.Epoch + (packet.Time - began), _lanes[From(packet).Name], _lanes[To(packet).Name], role, verb, subject, key is null ? null : $"{packet.Source} {packet.Destination} {key}")
        {
            Packet = new LadderPacket(packet.Source.Address, packet.Destination.Address, octets) { IsEvidence = isEvidence && packet.IsSubjects },
        };
    }

    private LadderLane From(ExchangePacket packet) => packet.IsSubjects ? Peer : Lane(packet.Source.Address);

    private LadderLane To(ExchangePacket packet) => packet.IsBroadcast ? new LadderLane("all", packet.Destination.Address.ToString(), IsSegment: true) : Lane(packet.Destination.Address);

    private LadderLane Lane(Ipv4Address address) => _result.Stations.IndexOf(address) is >= 0 and int station
        ? new LadderLane(((char)('A' + station)).ToString(), address.ToString())
        : address == _report.Subject.Address ? Peer : new LadderLane(address.ToString(), "");

    private LadderLane Peer => new("peer", _report.Subject.Address.ToString());

    private static int Order(LadderLane lane) => lane.Name == "peer" ? 1_000 : lane.IsSegment ? 999 : lane.Name.Length == 1 ? lane.Name[0] : 500;
}
