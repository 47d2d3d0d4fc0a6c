namespace NbnsSim.Captures;

/// <summary>What a <see cref="CaptureWriter"/> writes.</summary>
public sealed record CaptureWriterOptions
{
    /// <summary>pcapng, which keeps comments and interfaces, or pcap, which every tool reads.</summary>
    public CaptureFormat Format
    {
        get;
        init => field = value is CaptureFormat.Pcap or CaptureFormat.PcapNg
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Captures are written as pcap or pcapng.");
    } = CaptureFormat.PcapNg;

    /// <summary>Whether times are cut to microseconds, for readers that know no nanoseconds.</summary>
    public bool Microseconds { get; init; }

    /// <summary>Whether numbers are written most significant octet first; readers take either order.</summary>
    public bool BigEndian { get; init; }

    /// <summary>The program named as the writer (pcapng's shb_userappl); null for none.</summary>
    public string? Application { get; init; } = "NbnsSim";

    /// <summary>A comment on the whole capture (pcapng's opt_comment of the section); null for none.</summary>
    public string? Comment { get; init; }
}
