namespace NbnsSim.Diagnosis;

/// <summary>Something that a capture shows, shows not to be so, or does not show.</summary>
/// <typeparam name="TCase">What is looked at.</typeparam>
/// <param name="Yes">How it reads where it is so.</param>
/// <param name="No">How it reads where it is not.</param>
/// <param name="Question">What is not known where the capture does not show it.</param>
/// <param name="Holds">Whether it is so; <see langword="null"/> where the capture does not show it.</param>
internal sealed record Clue<TCase>(string Yes, string No, string Question, Func<TCase, bool?> Holds);

/// <summary>A cause with what speaks for and against it.</summary>
/// <typeparam name="TCase">What is looked at.</typeparam>
/// <param name="Cause">The cause.</param>
internal sealed record CauseRule<TCase>(Cause Cause)
{
    /// <summary>All of these must hold; where one is not known the cause stays possible or likely, where one does not hold it is ruled out.</summary>
    public Clue<TCase>[] Necessary { get; init; } = [];

    /// <summary>With all that is necessary, one of these proves it.</summary>
    public Clue<TCase>[] Sufficient { get; init; } = [];

    /// <summary>Any of these rules it out.</summary>
    public Clue<TCase>[] Excluding { get; init; } = [];

    /// <summary>Weighs the clues.</summary>
    public Judgement Judge(TCase it)
    {
        var grounds = new List<string>();
        var unknown = new List<string>();
        foreach (var clue in Excluding)
        {
            if (clue.Holds(it) == true)
                return new Judgement(Cause, null, grounds, unknown, clue.Yes) { IsNear = Necessary.Length > 0 && Necessary[0].Holds(it) != false };
        }

        foreach (var clue in Necessary)
        {
            switch (clue.Holds(it))
            {
                case false:
                    return new Judgement(Cause, null, grounds, unknown, clue.No) { IsNear = grounds.Count + unknown.Count > 0 };
                case true:
                    grounds.Add(clue.Yes);
                    break;
                default:
                    unknown.Add(clue.Question);
                    break;
            }
        }

        bool isProven = Sufficient.Length == 0;
        foreach (var clue in Sufficient)
        {
            switch (clue.Holds(it))
            {
                case true:
                    grounds.Add(clue.Yes);
                    isProven = true;
                    break;
                case null:
                    unknown.Add(clue.Question);
                    break;
            }
        }

        return new Judgement(Cause, isProven && unknown.Count == 0 ? Certainty.Proven : isProven || unknown.Count == 0 ? Certainty.Likely : Certainty.Possible, grounds, unknown, null);
    }
}

/// <summary>What came of weighing a cause.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Certainty">How sure it is; <see langword="null"/> where it is ruled out.</param>
/// <param name="Grounds">What speaks for it.</param>
/// <param name="Unknown">What would settle it.</param>
/// <param name="Against">Why it is ruled out.</param>
internal sealed record Judgement(Cause Cause, Certainty? Certainty, List<string> Grounds, List<string> Unknown, string? Against)
{
    /// <summary>Whether something speaks for it all the same, so that it is worth saying that it was ruled out.</summary>
    public bool IsNear { get; init; }
}
