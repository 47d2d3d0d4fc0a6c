namespace NbnsSim.Jobs.Tables;

/// <summary>A capture of an archive: a row of <see cref="JobTables.Captures"/>.</summary>
public sealed record CaptureRow
{
    /// <summary>Its number, 1 for the first in the order of their paths.</summary>
    public required int Capture { get; init; }

    /// <summary>Where it lies.</summary>
    public required string Path { get; init; }

    /// <summary>The SHA-256 of what was read of it, in hexadecimal; <see langword="null"/> where nothing could be read.</summary>
    public string? Sha256 { get; init; }

    /// <summary>How many octets were read, before they were decompressed.</summary>
    public long Octets { get; init; }

    /// <summary>How many frames it has.</summary>
    public long Frames { get; init; }

    /// <summary>How many datagrams of the name service it has.</summary>
    public long Datagrams { get; init; }

    /// <summary>The earliest time of its datagrams; <see langword="null"/> where it has none.</summary>
    public Instant? FirstTime { get; init; }

    /// <summary>The latest time of its datagrams; <see langword="null"/> where it has none.</summary>
    public Instant? LastTime { get; init; }

    /// <summary>
    /// By how many nanoseconds its clock was ahead of the one that counts, at its first datagram: what was taken off its times; 0 for a capture whose clock counts or is within 25 ms of it. <see langword="null"/>
    /// where it shares too few datagrams with others to tell, so that its own clock counts, and where clocks are not looked at.
    /// </summary>
    public long? ClockOffset { get; init; }

    /// <summary>The same at its last frame: clocks drift.</summary>
    public long? ClockOffsetAtEnd { get; init; }

    /// <summary>How many datagrams that another capture saw agree about it; <see langword="null"/> where too few do.</summary>
    public int? ClockShared { get; init; }

    /// <summary>The capture with the same content, whose datagrams stand for its own; <see langword="null"/> where there is none before it.</summary>
    public int? SameAs { get; init; }

    /// <summary>What could not be read and why, for people; <see langword="null"/> where all was read.</summary>
    public string? Damage { get; init; }
}
