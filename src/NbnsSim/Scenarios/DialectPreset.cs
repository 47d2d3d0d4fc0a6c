using System.Collections.Immutable;
using NbnsSim.NameServers;
using NbnsSim.Protocol;

namespace NbnsSim.Scenarios;

/// <summary>A dialect of nodes or of name servers, with all that it does.</summary>
/// <param name="Role"><c>node</c> or <c>nameServer</c>.</param>
/// <param name="Name">What it is called in files: <c>nt3.5</c>.</param>
/// <param name="Title">What people call it: <c>Windows NT 3.5</c>.</param>
/// <param name="Behaviours">Every switch, choice, count and time, in the same order for all of a role.</param>
public sealed record DialectPreset(string Role, string Name, string Title, ImmutableArray<DialectBehaviour> Behaviours)
{
    /// <summary>All there are, those of nodes first.</summary>
    public static ImmutableArray<DialectPreset> All { get; } =
    [
        .. NetBtDialect.All.Select(dialect => new DialectPreset("node", dialect.Name, dialect.Title, DialectBehaviour.Of(dialect))),
        .. NameServerDialect.All.Select(dialect => new DialectPreset("nameServer", dialect.Name, dialect.Title, DialectBehaviour.Of(dialect))),
    ];

    /// <summary>Those of a name, whatever its case: of nodes, of name servers, or of both.</summary>
    /// <param name="name">The name.</param>
    public static ImmutableArray<DialectPreset> Find(string name) => [.. All.Where(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))];
}
