namespace NbnsSim.Captures;

/// <summary>The file formats of packet captures.</summary>
public enum CaptureFormat
{
    /// <summary>libpcap's format (draft-ietf-opsawg-pcap).</summary>
    Pcap,

    /// <summary>pcapng (draft-ietf-opsawg-pcapng): sections, interfaces, comments.</summary>
    PcapNg,

    /// <summary>Solaris snoop, version 2 (RFC 1761).</summary>
    Snoop,

    /// <summary>Microsoft Network Monitor, versions 1.x and 2.x.</summary>
    NetworkMonitor,

    /// <summary>No file of its own: several captures read as one (<see cref="CaptureReader.Merge"/>).</summary>
    Merged,
}
