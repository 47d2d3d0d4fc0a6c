using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>The status column of <c>nbtstat -n</c> and <c>nbtstat -A</c>.</summary>
public enum NbtStatStatus : byte
{
    /// <summary><c>Registering</c>: the claim is on its way. The word is inferred from the NetBIOS name states.</summary>
    Registering,

    /// <summary><c>Registered</c> (Q139608).</summary>
    Registered,

    /// <summary><c>Conflict</c> (Q120752, Q139608).</summary>
    Conflict,

    /// <summary><c>Released</c> (Q120752).</summary>
    Released,

    /// <summary><c>Deregistered</c>: being deleted. The word is inferred from the NetBIOS name states.</summary>
    Deregistered,
}

/// <summary>A line of the local or a remote machine's name table.</summary>
/// <param name="Name">The name; its scope is not shown.</param>
/// <param name="IsGroup">Whether the type column says <c>GROUP</c> rather than <c>UNIQUE</c>.</param>
/// <param name="Status">The status column.</param>
public readonly record struct NbtStatNameRow(NetBiosName Name, bool IsGroup, NbtStatStatus Status)
{
    /// <summary>The line for a name in a node status response. A remote name's conflict shows by its CNF bit (RFC 1002 §4.2.18).</summary>
    /// <param name="name">The name.</param>
    /// <param name="flags">NAME_FLAGS.</param>
    public static NbtStatNameRow FromNodeStatus(NetBiosName name, NameFlags flags) => new(
        name,
        flags.IsGroup,
        flags.IsInConflict ? NbtStatStatus.Conflict : flags.IsDeregistering ? NbtStatStatus.Deregistered : NbtStatStatus.Registered);
}
