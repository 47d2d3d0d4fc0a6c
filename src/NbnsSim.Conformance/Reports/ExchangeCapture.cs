using NbnsSim.Captures;
using NbnsSim.Messages;

namespace NbnsSim.Conformance.Reports;

/// <summary>All datagrams of a report as pcapng. Ethernet and IP headers are made for it; the case and its verdict are a comment on its first datagram, what each is on all.</summary>
internal static class ExchangeCapture
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1); // cases that each had a clock of their own, in the simulator, come one after the other

    public static void Write(Stream output, ConformanceReport report)
    {
        using var writer = new CaptureWriter(output, new CaptureWriterOptions { Comment = VisibleText.Escape($"conformance of {report.Title}") }, leaveOpen: true);
        writer.AddInterface(new CaptureInterface { LinkType = LinkType.Ethernet, Name = "conform", Description = $"stations around {report.Subject}" });
        if (!report.IsVirtual)
        {
            // cases that ran at once stand as they ran: beside the peer's log, or somebody else's capture
            foreach (var (result, i) in report.Results.SelectMany(result => result.Exchange.Select((_, i) => (result, i))).OrderBy(one => one.result.Exchange[one.i].Time))
                Write(writer, report, result, result.Exchange[i], TimeSpan.Zero, isFirst: i == 0);
            return;
        }

        Instant? end = null;
        foreach (var result in report.Results.Where(result => !result.Exchange.IsEmpty))
        {
            var shift = end is { } last && result.Started < last ? last + Between - result.Started : TimeSpan.Zero;
            for (int i = 0; i < result.Exchange.Length; i++)
                Write(writer, report, result, result.Exchange[i], shift, isFirst: i == 0);
            end = result.Exchange[^1].Time + shift;
        }
    }

    private static void Write(CaptureWriter writer, ConformanceReport report, ConformanceResult result, ExchangePacket packet, TimeSpan shift, bool isFirst)
    {
        byte[] frame = new byte[UdpFrame.HeaderLength + packet.Octets.Length];
        UdpFrame.Write(
            frame, MacAddress.FromIpv4(packet.Source.Address), packet.IsBroadcast ? MacAddress.Broadcast : MacAddress.FromIpv4(packet.Destination.Address),
            Source(result, packet), packet.Destination, packet.Octets.AsSpan());
        string comment = VisibleText.Escape($"{result.Case.Id}: {From(result, packet)} to {To(report, result, packet)}: {NbnsDescription.Describe(packet.Octets.AsSpan())}");
        if (isFirst)
            comment = VisibleText.Escape($"{result.Case.Id} {result.Case.Level.Word()} ({result.Case.Sources()}): {result.Case.Says} {result.Verdict.Counted()}: {result.Seen()}") + $"\n{comment}";
        writer.Write(packet.Time + shift, frame, comment: comment);
    }

    private static string From(ConformanceResult result, ExchangePacket packet) => packet.IsSubjects ? "the peer" : Station(result, packet.Source.Address);

    private static string To(ConformanceReport report, ConformanceResult result, ExchangePacket packet) =>
        packet.IsBroadcast ? "all" : packet.Destination.Address == report.Subject.Address ? "the peer" : Station(result, packet.Destination.Address);

    private static string Station(ConformanceResult result, Ipv4Address address) => result.Stations.IndexOf(address) is >= 0 and int station ? ((char)('A' + station)).ToString() : address.ToString();

    /// <summary>A station's own port is known by the answer that came to it, where one did; else it is 0, which says that none is known (RFC 768).</summary>
    private static Ipv4Endpoint Source(ConformanceResult result, ExchangePacket packet)
    {
        if (packet.Source.Port != 0)
            return packet.Source;
        var known = result.Exchange.Where(other => other.Source.Address == packet.Source.Address).Select(other => other.Source.Port).Append(packet.Destination.Port).ToHashSet();
        ushort port = result.Exchange.Where(other => other.IsSubjects && other.Destination.Address == packet.Source.Address).Select(other => other.Destination.Port).FirstOrDefault(port => !known.Contains(port));
        return new Ipv4Endpoint(packet.Source.Address, port);
    }
}
