namespace NbnsSim.Jobs;

/// <summary>A job's end, as a command line needs it.</summary>
/// <param name="Result">What it came to.</param>
/// <param name="Verdict">How good that is.</param>
public sealed record JobOutcome(JobResult Result, JobVerdict Verdict);

/// <summary>How good a job's result is.</summary>
public enum JobVerdict : byte
{
    /// <summary>All was done, and is as it should be.</summary>
    Done,

    /// <summary>All was done, and shows that something is not as it should be (<see cref="JobSpec.IsAsHoped"/>).</summary>
    No,

    /// <summary>Part of the input was not analysed.</summary>
    Incomplete,
}
