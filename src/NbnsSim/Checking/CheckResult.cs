using System.Collections.Immutable;

namespace NbnsSim.Checking;

/// <summary>What a check found.</summary>
public sealed record CheckResult
{
    /// <summary>What it came to.</summary>
    public required CheckVerdict Verdict { get; init; }

    /// <summary>How many different states were looked at.</summary>
    public required long States { get; init; }

    /// <summary>How many steps were made: more than states, since several lead to one.</summary>
    public required long Steps { get; init; }

    /// <summary>How many faults at most the runs had of which all were looked at; −1 where not even those without any were.</summary>
    public required int CompleteFaults { get; init; }

    /// <summary>How many steps the run without a fault has; of several orders of commands, the longest.</summary>
    public required int FirstSteps { get; init; }

    /// <summary>The run with the fewest faults, and of those the earliest, in which a property does not hold; <see langword="null"/> where none was found.</summary>
    public Counterexample? Counterexample { get; init; }

    /// <summary>Whether what happened at one time counted as a set.</summary>
    public bool IsPartialOrder { get; init; }

    /// <summary>How many pairs of simultaneous events were tried in both orders, which led to one state each time.</summary>
    public long PairsTried { get; init; }

    /// <summary>The machines that were taken as alike, group by group.</summary>
    public ImmutableArray<ImmutableArray<string>> Alike { get; init; } = [];

    /// <summary>Why less was left out than was asked for, in words that end a sentence; empty where nothing is to be said.</summary>
    public string NotReduced { get; init; } = "";

    /// <summary>The names of those <see cref="CheckMode.Sometimes"/> properties that were reached.</summary>
    public ImmutableArray<string> Reached { get; init; } = [];

    /// <summary>The names of those that were not.</summary>
    public ImmutableArray<string> NotReached { get; init; } = [];
}
