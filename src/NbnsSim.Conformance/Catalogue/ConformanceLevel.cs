namespace NbnsSim.Conformance;

/// <summary>How strongly a document asks for something (RFC 2119; RFC 1001 and 1002 are older and say "must", "should" and "may" in plain text or by pseudo code).</summary>
public enum ConformanceLevel
{
    /// <summary>It is demanded.</summary>
    Must,

    /// <summary>It is recommended: who does otherwise needs a reason.</summary>
    Should,

    /// <summary>It is allowed; the case shows which way a peer went.</summary>
    May,
}
