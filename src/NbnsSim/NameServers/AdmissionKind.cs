namespace NbnsSim.NameServers;

/// <summary>What a request asks of a name server's database.</summary>
internal enum AdmissionKind : byte
{
    /// <summary>NAME REGISTRATION REQUEST, the multi-homed one too.</summary>
    Registration,

    /// <summary>NAME OVERWRITE REQUEST (NAME UPDATE REQUEST).</summary>
    Update,

    /// <summary>NAME REFRESH REQUEST.</summary>
    Refresh,

    /// <summary>NAME RELEASE REQUEST.</summary>
    Release,
}
