namespace NbnsSim.Checking;

/// <summary>How a property is held against a run.</summary>
public enum CheckMode : byte
{
    /// <summary>It holds in every state.</summary>
    Always,

    /// <summary>It holds when the scenario is over and the network has been left alone for a while (<see cref="CheckOptions.Quiet"/>).</summary>
    AtEnd,

    /// <summary>There is a state in which it holds; without one, what was proven besides may be empty.</summary>
    Sometimes,
}

/// <summary>Looks at a state.</summary>
/// <param name="moment">The state, and how it came about.</param>
/// <returns>For <see cref="CheckMode.Sometimes"/> what is reached, else what does not hold, in a sentence; <see langword="null"/> where nothing is to be said.</returns>
public delegate string? CheckLook(in CheckMoment moment);

/// <summary>Something that is to hold in every run of a scenario that a check tries.</summary>
/// <remarks>
/// It may look at the state and at what the last step did: states that are alike are looked at once, however they came about. What it has to know of what was before, it has to <see cref="Remember"/>.
/// </remarks>
/// <param name="Name">Its name, as on a command line and in scenario files: <c>one-owner</c>.</param>
/// <param name="Mode">How it is held against a run.</param>
/// <param name="Sentence">What it says.</param>
/// <param name="Source">Where that is from: a clause, an article, or that it is inferred.</param>
/// <param name="Look">Looks at a state.</param>
public sealed record CheckProperty(string Name, CheckMode Mode, string Sentence, string Source, CheckLook Look)
{
    /// <summary>Makes what it remembers of a run from its beginning on, which it finds in <see cref="CheckMoment.History"/>; <see langword="null"/> where the state is enough.</summary>
    public Func<CheckHistory>? Remember { get; init; }
}
