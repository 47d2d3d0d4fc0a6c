namespace NbnsSim.Rules;

/// <summary>
/// On what a behaviour of a dialect rests: for one of its values, for some presets, or for whatever the others of the same behaviour do not speak of. Where two texts
/// disagree each reading has its own.
/// </summary>
/// <param name="basis">How well it is known.</param>
/// <param name="source">The text, with the clause; for an inference, what it explains.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class ReadingAttribute(RuleBasis basis, string source) : Attribute
{
    /// <summary>How well it is known.</summary>
    public RuleBasis Basis => basis;

    /// <summary>The text, with the clause; for an inference, what it explains.</summary>
    public string Source => source;

    /// <summary>The value that it is of, as in a scenario file; <see langword="null"/> for any.</summary>
    public string? Value { get; init; }

    /// <summary>The names of the presets that it is of, with blanks between; <see langword="null"/> for any.</summary>
    public string? In { get; init; }
}
