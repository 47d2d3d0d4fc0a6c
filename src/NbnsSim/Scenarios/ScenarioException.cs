using System.Collections.Immutable;

namespace NbnsSim.Scenarios;

/// <summary>A scenario file cannot be used: it has mistakes.</summary>
public sealed class ScenarioException : FormatException
{
    /// <summary>Reports mistakes.</summary>
    /// <param name="mistakes">At least one.</param>
    public ScenarioException(ImmutableArray<ScenarioMistake> mistakes)
        : base(string.Join('\n', mistakes)) => Mistakes = mistakes;

    /// <summary>The mistakes, in the order of the file.</summary>
    public ImmutableArray<ScenarioMistake> Mistakes { get; }
}
