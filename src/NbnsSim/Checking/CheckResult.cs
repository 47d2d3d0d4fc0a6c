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

    /// <summary>The names of those <see cref="CheckMode.Sometimes"/> properties that were reached.</summary>
    public ImmutableArray<string> Reached { get; init; } = [];

    /// <summary>The names of those that were not.</summary>
    public ImmutableArray<string> NotReached { get; init; } = [];
}
