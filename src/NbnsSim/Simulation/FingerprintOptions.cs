using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <summary>What counts when two simulations are compared by their fingerprints (<see cref="Simulator.Fingerprint(FingerprintOptions?)"/>).</summary>
public sealed record FingerprintOptions
{
    /// <summary>Everything counts that can show in what comes next.</summary>
    public static FingerprintOptions Default { get; } = new();

    /// <summary>
    /// Whether random streams count, and what draws depend on: how many datagrams each host has sent. Without them two simulations are alike that differ only in what will be
    /// drawn: for whoever chooses himself what is lost or late. Transaction ids, which are drawn, then count by the order in which they appear, and not by what they are.
    /// </summary>
    public bool HasDraws { get; init; } = true;

    /// <summary>
    /// Whether the order of what is to happen at one and the same time does not count. Two that are alike then go the same way only where that order makes no difference, which is the caller's to find out.
    /// </summary>
    internal bool IsUnordered { get; init; }

    /// <summary>As what machines count; <see langword="null"/> for what they are. Without draws only, on which names and addresses have a bearing.</summary>
    internal Renaming? Renaming { get; init; }
}
