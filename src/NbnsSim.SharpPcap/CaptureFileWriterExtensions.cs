using SharpPcap;
using SharpPcap.LibPcap;

namespace NbnsSim.SharpPcap;

/// <summary>SharpPcap's file writer without its two pitfalls.</summary>
public static class CaptureFileWriterExtensions
{
    /// <summary>
    /// Opens the writer for what <paramref name="source"/> captures: its link type, where <c>new DeviceConfiguration()</c> makes a file of link type
    /// Null, and its timestamp resolution, where SharpPcap's own <c>Open</c> takes microseconds.
    /// </summary>
    /// <param name="writer">The writer.</param>
    /// <param name="source">An open device.</param>
    public static void OpenFor(this CaptureFileWriterDevice writer, ICaptureDevice source)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(source);
        writer.Open(new DeviceConfiguration { LinkLayerType = source.LinkType, TimestampResolution = source.TimestampResolution });
    }

    /// <summary>Writes a packet with its whole time and its length on the wire, where <c>Write(RawCapture)</c> cuts the one to microseconds and loses the other.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="packet">The packet.</param>
    public static void WriteExact(this CaptureFileWriterDevice writer, in PacketCapture packet)
    {
        ArgumentNullException.ThrowIfNull(writer);
        uint captured = (uint)packet.Data.Length;
        uint length = packet.Header is PcapHeader header ? Math.Max(header.PacketLength, captured) : captured;
        var exact = new PcapHeader(0, 0, length, captured) { Timeval = packet.Header.Timeval };
        writer.Write(packet.Data, ref exact);
    }
}
