namespace NbnsSim.Nodes;

/// <summary>The kinds of commands.</summary>
public enum OperationKind : byte
{
    /// <summary><see cref="EndNode.Boot"/>; each name of the boot also has a <see cref="Registration"/> result.</summary>
    Boot,

    /// <summary>A name was to be added.</summary>
    Registration,

    /// <summary>A name was to be deleted.</summary>
    Release,

    /// <summary>A name was to be found.</summary>
    Query,

    /// <summary>Another node's names were asked for.</summary>
    NodeStatus,

    /// <summary>The names were to be registered anew (<c>nbtstat -RR</c>).</summary>
    Refresh,

    /// <summary><see cref="EndNode.Shutdown"/>; each name also has a <see cref="Release"/> result.</summary>
    Shutdown,
}
