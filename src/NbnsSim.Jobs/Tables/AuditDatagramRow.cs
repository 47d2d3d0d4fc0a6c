namespace NbnsSim.Jobs.Tables;

/// <summary>A datagram that an audit of an archive goes by: a row of <see cref="JobTables.AuditDatagrams"/>.</summary>
public readonly record struct AuditDatagramRow
{
    /// <summary>Its number, 1 for the first: what the audit's results call a frame.</summary>
    public long Number { get; init; }

    /// <summary>When it was captured, on the clock that counts for all captures.</summary>
    public Instant Time { get; init; }

    /// <summary>The capture's number.</summary>
    public int Capture { get; init; }

    /// <summary>The frame in that capture, from 1.</summary>
    public long Frame { get; init; }

    /// <summary>Who sent it.</summary>
    public Ipv4Endpoint Source { get; init; }

    /// <summary>Whom it was sent to.</summary>
    public Ipv4Endpoint Destination { get; init; }
}
