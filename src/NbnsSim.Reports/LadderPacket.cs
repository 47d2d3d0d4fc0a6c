namespace NbnsSim.Reports;

/// <summary>A packet behind a step of a ladder, with what is said of it where it is looked at more closely.</summary>
/// <param name="Source">Who sent it.</param>
/// <param name="Destination">Whom it was sent to.</param>
/// <param name="Octets">Its UDP payload.</param>
internal sealed record LadderPacket(Ipv4Address Source, Ipv4Address Destination, byte[] Octets)
{
    /// <summary>Its frame in a capture; 0 where there is none.</summary>
    public long Frame { get; set; }

    /// <summary>The decision that sent it; 0 where none is known.</summary>
    public long Decision { get; init; }

    /// <summary>Whether it proves something.</summary>
    public bool IsEvidence { get; set; }
}
