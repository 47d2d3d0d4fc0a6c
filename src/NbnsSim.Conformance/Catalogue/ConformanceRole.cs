namespace NbnsSim.Conformance;

/// <summary>As what a peer is tested.</summary>
[Flags]
public enum ConformanceRole
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>An end node that has names: it defends them, answers for them, loses them (RFC 1002 §5.1.1.5, §5.1.2.5, §5.1.3.5).</summary>
    Node = 1,

    /// <summary>A name server (RFC 1002 §5.1.4).</summary>
    Server = 2,

    /// <summary>An end node that asks: the runner plays the segment or the name server and watches it (RFC 1002 §5.1.1.1 to §5.1.3.4).</summary>
    Client = 4,

    /// <summary>A node or a server: what anything that reads packets must stand.</summary>
    Any = Node | Server,
}
