namespace NbnsSim.Nodes;

/// <summary>Where the answer to a query came from.</summary>
public enum AnswerSource : byte
{
    /// <summary>There was none, or it is no query.</summary>
    None,

    /// <summary>The name is the node's own.</summary>
    OwnName,

    /// <summary>The cache.</summary>
    Cache,

    /// <summary>A broadcast query.</summary>
    Broadcast,

    /// <summary>The name server.</summary>
    NameServer,

    /// <summary>The LMHOSTS file.</summary>
    LmHosts,
}
