namespace NbnsSim.Jobs;

/// <summary>Does jobs: distributes their shards, commits each once, and puts the results together.</summary>
public interface IJobEngine
{
    /// <summary>Begins a job, or goes on with it where it was begun before.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="stop">Gives up beginning it.</param>
    /// <returns>The job's id, <see cref="JobSpec.Id"/>.</returns>
    /// <exception cref="JobException">It cannot be begun.</exception>
    Task<string> SubmitAsync(JobSpec spec, CancellationToken stop = default);

    /// <summary>How a job goes on, from now to its end. The last value is that of the end; a job that fails ends without an exception here, <see cref="ResultAsync"/> has it.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="stop">Ends the watching, not the job.</param>
    /// <exception cref="JobException">There is no such job.</exception>
    IAsyncEnumerable<JobProgress> WatchAsync(string id, CancellationToken stop = default);

    /// <summary>Waits for a job's end.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="stop">Ends the waiting, not the job.</param>
    /// <exception cref="JobException">There is no such job, or it cannot go on: the message says why.</exception>
    Task<JobResult> ResultAsync(string id, CancellationToken stop = default);
}
