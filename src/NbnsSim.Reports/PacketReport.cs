using System.Globalization;
using System.Runtime.CompilerServices;
using NbnsSim.Captures;
using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Reports;

/// <summary>The name service packets of a capture as text: a line for each, with the VLAN and the tunnels that it was in, and one for each day.</summary>
/// <param name="writer">Where the lines go.</param>
/// <param name="clock">How times are printed.</param>
public sealed class PacketReport(ReportWriter writer, WallClock clock) : IPacketReport
{
    private const int MaxLineLength = 4096; // more than the longest names with scopes take
    private const int TimeLength = 15;
    private const int MaxHostLength = 64;

    private readonly char[] _line = new char[MaxLineLength];
    private readonly char[] _words = new char[MaxLineLength];
    private long _day = long.MinValue;
    private TimeSpan _offset;

    /// <inheritdoc/>
    public void Flush() => writer.Flush();

    /// <summary>Prints a packet.</summary>
    /// <param name="datagram">The datagram that carries it.</param>
    public void Write(in CapturedDatagram datagram)
    {
        long microseconds = WriteDay(datagram.Time);
        bool whole = NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out var error);
        Span<char> time = stackalloc char[TimeLength];
        FormatTime(microseconds, time);
        Span<char> from = stackalloc char[MaxHostLength], to = stackalloc char[MaxHostLength];
        from = datagram.IsIpv6 ? Host(datagram.SourceIpv6.ToString(), datagram.SourcePort, from) : Host(datagram.Source, from);
        to = datagram.IsIpv6 ? Host(datagram.DestinationIpv6.ToString(), datagram.DestinationPort, to) : Host(datagram.Destination, to);

        var line = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, _line);
        line.AppendFormatted(datagram.FrameNumber, 6);
        line.AppendLiteral("  ");
        line.AppendFormatted(time);
        line.AppendLiteral("  ");
        line.AppendFormatted(from, -15);
        line.AppendLiteral(" → ");
        line.AppendFormatted(to, -15);
        line.AppendLiteral("  ");
        if (whole && !writer.IsPainted && NbnsDescription.TryDescribe(packet, _words, out int length))
        {
            line.AppendFormatted(_words.AsSpan(0, length));
        }
        else
        {
            writer.Write(line.Text.ToString());
            writer.Write(whole ? NbnsDescription.Describe(packet) : $"UNREADABLE PACKET: {error}", Role(whole, packet));
            line.Clear();
            line = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, _line);
        }

        CarrierText.Append(ref line, datagram.Carriers);
        writer.WriteLine(line.Text);

        line.Clear();

        if (packet.Anomalies is not (NbnsAnomalies.None or NbnsAnomalies.UncompressedName))
            writer.WriteLine($"        odd: {Words(packet.Anomalies)}");
        if (datagram.Packet.Comments.IsEmpty)
            return;
        foreach (string comment in datagram.Packet.Comments.ToString().Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries))
            writer.WriteLine($"        # {comment}", ReportRole.Aside);
    }

    /// <summary>Prints the day and the zone where they are others than before.</summary>
    /// <returns>The microseconds since midnight.</returns>
    private long WriteDay(Instant time)
    {
        var offset = clock.OffsetAt(time);
        long microseconds = (time.Seconds * 1_000_000) + (time.NanosecondOfSecond / 1_000) + (offset.Ticks / TimeSpan.TicksPerMicrosecond);
        (long day, microseconds) = Math.DivRem(microseconds, 86_400_000_000);
        if (microseconds < 0)
            (day, microseconds) = (day - 1, microseconds + 86_400_000_000);
        if (day != _day || offset != _offset)
        {
            (_day, _offset) = (day, offset);
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UnixEpoch.AddDays(day):yyyy-MM-dd} {clock.Zone(time)}"), ReportRole.Title);
        }

        return microseconds;
    }

    /// <summary><c>HH:mm:ss.ffffff</c>.</summary>
    private static void FormatTime(long microseconds, Span<char> text)
    {
        "00:00:00.000000".CopyTo(text);
        (int seconds, int rest) = ((int)(microseconds / 1_000_000), (int)(microseconds % 1_000_000));
        for (int i = text.Length; rest > 0; rest /= 10)
            text[--i] = (char)('0' + (rest % 10));
        for (int i = 7; i > 0; i -= 3, seconds /= 60)
        {
            int part = i == 1 ? seconds : seconds % 60;
            (text[i - 1], text[i]) = ((char)('0' + (part / 10)), (char)('0' + (part % 10)));
        }
    }

    private static Span<char> Host(Ipv4Endpoint endpoint, Span<char> text)
    {
        endpoint.Address.TryFormat(text, out int length);
        return WithPort(text, length, endpoint.Port);
    }

    private static Span<char> Host(string address, ushort port, Span<char> text)
    {
        address.CopyTo(text);
        return WithPort(text, address.Length, port);
    }

    private static Span<char> WithPort(Span<char> text, int length, ushort port)
    {
        if (port == Ipv4Endpoint.NameServicePort)
            return text[..length];
        text[length++] = ':';
        port.TryFormat(text[length..], out int digits, default, CultureInfo.InvariantCulture);
        return text[..(length + digits)];
    }

    private static ReportRole Role(bool whole, in NbnsPacket packet) =>
        !whole ? ReportRole.Unreadable : !packet.IsResponse ? ReportRole.Plain : packet.Rcode == NbnsRcode.Success ? ReportRole.Positive : ReportRole.Negative;

    /// <summary>The flags' names as words: <c>trailing octets, illegal name</c>.</summary>
    private static string Words(NbnsAnomalies anomalies) => string.Join(", ", Enum.GetValues<NbnsAnomalies>()
        .Where(anomaly => anomaly is not (NbnsAnomalies.None or NbnsAnomalies.UncompressedName) && anomalies.HasFlag(anomaly))
        .Select(anomaly => string.Concat(anomaly.ToString().Select((letter, i) => i > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()))));
}
