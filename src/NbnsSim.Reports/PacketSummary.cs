using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Reports;

/// <summary>How many name service packets of each kind a capture has, and how long a time they span.</summary>
public sealed class PacketSummary : IPacketReport
{
    private readonly long[] _counts = new long[Enum.GetValues<NbnsMessageKind>().Length];
    private long _unreadable;
    private Instant _first = Instant.MaxValue;
    private Instant _last = Instant.MinValue;

    /// <summary>How many packets were counted.</summary>
    public long Count { get; private set; }

    /// <summary>Counts a packet.</summary>
    /// <param name="datagram">The datagram that carries it.</param>
    public void Write(in CapturedDatagram datagram)
    {
        if (NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _))
            _counts[(int)NbnsClassification.Classify(packet)]++;
        else
            _unreadable++;
        Count++;
        var time = datagram.Time;
        _first = time < _first ? time : _first;
        _last = time > _last ? time : _last;
    }

    /// <summary>Does nothing: the counts are written at the end.</summary>
    public void Flush()
    {
    }

    /// <summary>Writes the counts.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="title">What the capture is called.</param>
    /// <param name="frames">How many frames it has.</param>
    /// <param name="clock">How times are printed.</param>
    public void Write(ReportWriter writer, string title, long frames, WallClock clock)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(clock);
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {frames:N0} frames, {Count:N0} of them name service packets"));
        if (Count == 0)
            return;
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"from {clock.At(_first):yyyy-MM-dd HH:mm:ss.ffffff} to {clock.At(_last):yyyy-MM-dd HH:mm:ss.ffffff} {clock.Zone(_last)}"));
        WriteKinds(writer, _counts);
        if (_unreadable > 0)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_unreadable,14:N0}  UNREADABLE PACKET"));
    }

    /// <summary>A line for each kind of which there are any.</summary>
    internal static void WriteKinds(ReportWriter writer, ReadOnlySpan<long> counts)
    {
        for (int kind = 0; kind < counts.Length; kind++)
        {
            if (counts[kind] > 0)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{counts[kind],14:N0}  {((NbnsMessageKind)kind).Title()}"));
        }
    }
}
