namespace NbnsSim.Wire;

/// <summary>QUESTION_TYPE and RR_TYPE (RFC 1002 §4.2.1.2, §4.2.1.3).</summary>
public enum NbnsType : ushort
{
    /// <summary>A 0x0001: the name server's address in a redirect.</summary>
    A = 0x0001,

    /// <summary>NS 0x0002: the name server's name in a redirect.</summary>
    NS = 0x0002,

    /// <summary>NULL 0x000A: no data.</summary>
    Null = 0x000A,

    /// <summary>NB 0x0020: name service.</summary>
    NB = 0x0020,

    /// <summary>NBSTAT 0x0021: node status.</summary>
    NBStat = 0x0021,
}
