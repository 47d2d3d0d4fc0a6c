namespace NbnsSim.Audit;

/// <summary>A broadcast area (RFC 1001 §10.1) and the load that is predicted for it when all its clients broadcast as B nodes do.</summary>
public sealed record AuditSegment
{
    /// <summary>Its addresses, as far as they are known; <see langword="null"/> for the machines of which it is not known where they stand.</summary>
    public required Ipv4Subnet? Subnet { get; init; }

    /// <summary>Whether it cannot be larger than <see cref="Subnet"/>: broadcasts show what is in it at least, and at most.</summary>
    public required bool IsExact { get; init; }

    /// <summary>Whether somebody said so, rather than broadcasts that were seen.</summary>
    public required bool IsGiven { get; init; }

    /// <summary>The first broadcast that shows it; 0 where somebody said so.</summary>
    public required long Frame { get; init; }

    /// <summary>How many machines there use the name server.</summary>
    public required int Clients { get; init; }

    /// <summary>Questions that were put to the name server and that a broadcast would find the answer of at once.</summary>
    public required long FoundAtOnce { get; init; }

    /// <summary>Questions that were put to the name server and that a broadcast would not find the answer of, or may not.</summary>
    public required long NotFound { get; init; }

    /// <summary>Registrations at the name server, refreshes not among them.</summary>
    public required long Registrations { get; init; }

    /// <summary>Releases at the name server.</summary>
    public required long Releases { get; init; }

    /// <summary>How many broadcasts that makes over the whole capture.</summary>
    public required long Packets { get; init; }

    /// <summary>How many octets, with Ethernet, IP and UDP headers, without what the link puts around a frame.</summary>
    public required long Octets { get; init; }

    /// <summary>Broadcasts of the name service that are seen from there as it is.</summary>
    public required long SeenNow { get; init; }

    /// <summary>Predicted broadcasts a second, on average; 0 where the capture has no length.</summary>
    public required double PacketsPerSecond { get; init; }

    /// <summary>Predicted octets a second, on average; 0 where the capture has no length.</summary>
    public required double OctetsPerSecond { get; init; }
}
