using System.Collections.Immutable;

namespace NbnsSim.Twins;

/// <summary>
/// A capture's packets beside those of its twin's run: a packet is reproduced where a machine of the twin sends one of the same kind, about the same name, from and to the same machines,
/// within the retry interval, and in the same order with others about that name. Transaction ids, times to live and flags are not compared.
/// </summary>
public sealed class TwinComparison
{
    internal TwinComparison(int captured, int complete, int reproduced, int sent, ImmutableArray<TwinDifference> differences) =>
        (Captured, Complete, Reproduced, Sent, Differences) = (captured, complete, reproduced, sent, differences);

    /// <summary>How many name service packets the capture has.</summary>
    public int Captured { get; }

    /// <summary>How many of them belong to exchanges that are whole in it.</summary>
    public int Complete { get; }

    /// <summary>How many of these the twin's machines send too.</summary>
    public int Reproduced { get; }

    /// <summary>How many packets the twin's machines sent.</summary>
    public int Sent { get; }

    /// <summary>How many captured packets were sent by hand.</summary>
    public int ByHand => Differences.Count(difference => difference.Kind == TwinDifferenceKind.ByHand);

    /// <summary>How many packets the twin sends and the capture has not.</summary>
    public int Extra => Differences.Count(difference => difference.Kind == TwinDifferenceKind.Extra);

    /// <summary>The share of whole exchanges' packets that are reproduced, in per cent; 100 where there are none.</summary>
    public double Agreement => Complete == 0 ? 100 : 100.0 * Reproduced / Complete;

    /// <summary>What differs, in order of time.</summary>
    public ImmutableArray<TwinDifference> Differences { get; }

    /// <summary>The first difference that counts; null where all whole exchanges are reproduced and nothing is sent besides.</summary>
    public TwinDifference? First => Differences.FirstOrDefault(difference => difference.Kind != TwinDifferenceKind.Incomplete);
}
