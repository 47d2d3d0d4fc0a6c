using System.Collections.Immutable;
using NbnsSim.Names;

namespace NbnsSim.Reports.Pasted;

/// <summary>What a piece of a pasted text means.</summary>
/// <param name="Subject">The piece, as people say it: <c>JSMITH&lt;03&gt; unique, Conflict</c>.</param>
/// <param name="Meaning">What it means.</param>
public sealed record Explanation(string Subject, string Meaning)
{
    /// <summary>The line of the text that it is about, from 1.</summary>
    public int Line { get; init; }

    /// <summary>The name; null where it is about none.</summary>
    public NetBiosName? Name { get; init; }

    /// <summary>The address; null where it is about none.</summary>
    public Ipv4Address? Address { get; init; }

    /// <summary>Whether something is wrong.</summary>
    public bool IsTrouble { get; init; }

    /// <summary>What to do, a sentence each.</summary>
    public ImmutableArray<string> Advice { get; init; } = [];
}
