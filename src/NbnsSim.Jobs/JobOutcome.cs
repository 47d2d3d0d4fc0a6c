namespace NbnsSim.Jobs;

/// <summary>A job's end, as a command line needs it.</summary>
/// <param name="Result">What it came to.</param>
/// <param name="Verdict">How good that is.</param>
public sealed record JobOutcome(JobResult Result, JobVerdict Verdict)
{
    /// <summary>What a tool ends with: 0 for <see cref="JobVerdict.Done"/>, 1 for <see cref="JobVerdict.No"/>, and 3, as for any input that cannot be read, for <see cref="JobVerdict.Incomplete"/>.</summary>
    public int ExitCode => Verdict switch { JobVerdict.Done => 0, JobVerdict.No => 1, _ => 3 };
}

/// <summary>How good a job's result is.</summary>
public enum JobVerdict : byte
{
    /// <summary>All was done, and is as it should be.</summary>
    Done,

    /// <summary>All was done, and shows that something is not as it should be (<see cref="JobSpec.IsAsHoped"/>).</summary>
    No,

    /// <summary>Part of the input was not analysed: a shard could not be done, or an input not be read (<see cref="JobSpec.IsWhole"/>).</summary>
    Incomplete,
}
