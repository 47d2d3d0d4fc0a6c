namespace NbnsSim.Wire;

/// <summary>RCODE, the result in the header's low four bits (RFC 1002 §4.2.6, §4.2.11, §4.2.14).</summary>
public enum NbnsRcode : byte
{
    /// <summary>0: done.</summary>
    Success = 0,

    /// <summary>FMT_ERR 1: the request was malformed.</summary>
    FormatError = 1,

    /// <summary>SRV_ERR 2: the name server has a problem.</summary>
    ServerFailure = 2,

    /// <summary>NAM_ERR 3: there is no such name.</summary>
    NameError = 3,

    /// <summary>IMP_ERR 4: a request that only a challenging name server takes.</summary>
    NotImplemented = 4,

    /// <summary>RFS_ERR 5: refused by policy.</summary>
    Refused = 5,

    /// <summary>ACT_ERR 6: another node owns the name.</summary>
    ActiveError = 6,

    /// <summary>CFT_ERR 7: a unique name with several owners; marks a name conflict demand.</summary>
    ConflictError = 7,
}

/// <summary>The RFC's symbols for <see cref="NbnsRcode"/>.</summary>
public static class NbnsRcodes
{
    /// <summary>The symbol that RFC 1002 prints, such as <c>ACT_ERR</c>; <c>RCODE 9</c> where it has none.</summary>
    /// <param name="rcode">The result.</param>
    public static string Symbol(this NbnsRcode rcode) => rcode switch
    {
        NbnsRcode.Success => "OK",
        NbnsRcode.FormatError => "FMT_ERR",
        NbnsRcode.ServerFailure => "SRV_ERR",
        NbnsRcode.NameError => "NAM_ERR",
        NbnsRcode.NotImplemented => "IMP_ERR",
        NbnsRcode.Refused => "RFS_ERR",
        NbnsRcode.ActiveError => "ACT_ERR",
        NbnsRcode.ConflictError => "CFT_ERR",
        _ => $"RCODE {(int)rcode}",
    };
}
