using System.Globalization;
using NbnsSim;
using NbnsSim.Captures;
using NbnsSim.Messages;

namespace LiveCapture;

/// <summary>Prints as <c>nbnssim decode</c> does: frame, time, sender, receiver, and the packet in RFC 1002's words.</summary>
internal sealed class PacketPrinter(TextWriter output)
{
    private DateOnly _day = DateOnly.MinValue;

    public void Print(in CapturedDatagram datagram)
    {
        var time = DateTime.UnixEpoch.AddTicks(datagram.Time.Nanoseconds / TimeSpan.NanosecondsPerTick);
        if (_day != DateOnly.FromDateTime(time))
        {
            _day = DateOnly.FromDateTime(time);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_day:yyyy-MM-dd} UTC"));
        }

        string from = datagram.IsIpv6 ? Host(datagram.SourceIpv6.ToString(), datagram.SourcePort) : Host(datagram.Source.Address.ToString(), datagram.SourcePort);
        string to = datagram.IsIpv6 ? Host(datagram.DestinationIpv6.ToString(), datagram.DestinationPort) : Host(datagram.Destination.Address.ToString(), datagram.DestinationPort);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{datagram.FrameNumber,6}  {time:HH:mm:ss.ffffff}  {from,-15} → {to,-15}  {NbnsDescription.Describe(datagram.Payload)}"));
        output.Flush();
    }

    private static string Host(string address, int port) =>
        port == Ipv4Endpoint.NameServicePort ? address : string.Create(CultureInfo.InvariantCulture, $"{address}:{port}");
}
