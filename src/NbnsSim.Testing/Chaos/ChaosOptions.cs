using System.Collections.Immutable;
using NbnsSim.Protocol;

namespace NbnsSim.Testing.Chaos;

/// <summary>What networks chaos is made of.</summary>
public sealed record ChaosOptions
{
    /// <summary>The most hosts that a network can have.</summary>
    public const int MostHosts = 1_000;

    /// <summary>Networks have from two to so many hosts, name servers included: 8 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 2 to <see cref="MostHosts"/>.</exception>
    public int MaxHosts
    {
        get;
        init => field = value is >= 2 and <= MostHosts ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A network of chaos has 2 to 1,000 hosts.");
    } = 8;

    /// <summary>What may go wrong; everything unless set.</summary>
    public ChaosFaults Faults { get; init; } = ChaosFaults.All;

    /// <summary>The dialects that nodes are given, one each by chance; all of them unless set.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public ImmutableArray<NetBtDialect> Dialects
    {
        get;
        init => field = value.IsDefaultOrEmpty ? throw new ArgumentException("Nodes need a dialect.", nameof(value)) : value;
    } = NetBtDialect.All;
}
