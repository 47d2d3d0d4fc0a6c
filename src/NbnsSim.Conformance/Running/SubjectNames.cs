using System.Collections.Immutable;
using NbnsSim.Names;

namespace NbnsSim.Conformance;

/// <summary>The names that a peer has, as far as it is known.</summary>
/// <param name="Unique">Unique names, the one to be tested with first.</param>
/// <param name="Groups">Groups that it is a member of.</param>
/// <param name="Server">A unique name of the machine on which a name server runs; null where none is known.</param>
public sealed record SubjectNames(ImmutableArray<NetBiosName> Unique, ImmutableArray<NetBiosName> Groups, NetBiosName? Server = null)
{
    /// <summary>None is known.</summary>
    public static SubjectNames None { get; } = new([], []);
}
