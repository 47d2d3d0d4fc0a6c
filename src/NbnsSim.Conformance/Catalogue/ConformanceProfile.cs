namespace NbnsSim.Conformance;

/// <summary>By whose documents a peer is held. What else a document or a widespread implementation is known to do is a dialect, and told as one.</summary>
public enum ConformanceProfile
{
    /// <summary>RFC 1001 and RFC 1002.</summary>
    Rfc,

    /// <summary>Windows, where it is documented to differ.</summary>
    Windows,

    /// <summary>Samba, where it is known to differ.</summary>
    Samba,
}
