namespace NbnsSim.Scenarios;

/// <summary>Whether an expectation was met.</summary>
public enum ExpectationOutcome : byte
{
    /// <summary>It was.</summary>
    Met,

    /// <summary>It was not.</summary>
    NotMet,

    /// <summary>It is about other dialects than the one that was run.</summary>
    NotApplicable,

    /// <summary>Its time has not come yet.</summary>
    Pending,
}

/// <summary>What became of an expectation.</summary>
/// <param name="Expectation">The expectation.</param>
/// <param name="Outcome">Whether it was met.</param>
/// <param name="Seen">What was seen, in words; empty where nothing was looked at.</param>
public sealed record ExpectationResult(ScenarioExpectation Expectation, ExpectationOutcome Outcome, string Seen)
{
    /// <summary><c>met: ALPHA logs 4320: 1</c>, or <c>NOT MET: … (seen: …)</c>.</summary>
    public override string ToString() => Outcome switch
    {
        ExpectationOutcome.Met => $"met: {Expectation.Description}",
        ExpectationOutcome.NotMet => $"NOT MET (line {Expectation.Line}): {Expectation.Description} (seen: {Seen})",
        ExpectationOutcome.NotApplicable => $"not for this dialect: {Expectation.Description}",
        _ => $"pending: {Expectation.Description}",
    };
}
