namespace NbnsSim.Captures;

/// <summary>What verifying a checksum found.</summary>
public enum ChecksumStatus
{
    /// <summary>It is right.</summary>
    Correct,

    /// <summary>It is wrong; in frames that the capturing host itself sent, mostly because its network card fills it in later.</summary>
    Wrong,

    /// <summary>The sender left it out (UDP over IPv4, RFC 768).</summary>
    Absent,

    /// <summary>There is no telling: the frame was cut by the snap length.</summary>
    Unverifiable,
}
