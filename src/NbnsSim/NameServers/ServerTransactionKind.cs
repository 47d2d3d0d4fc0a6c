namespace NbnsSim.NameServers;

/// <summary>Why a name server asks a node something.</summary>
internal enum ServerTransactionKind : byte
{
    None,

    /// <summary>An owner is asked because somebody claims its name, or says that it has gone.</summary>
    Claim,

    /// <summary>An owner is asked because a partner has another one for its name.</summary>
    Replica,

    /// <summary>An owner is asked because its name's time has run out.</summary>
    Removal,

    /// <summary>A node is told to release a name.</summary>
    ReleaseDemand,
}
