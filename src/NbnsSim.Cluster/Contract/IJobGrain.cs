namespace NbnsSim.Cluster.Contract;

/// <summary>
/// One job: what is asked of it, what is committed, who works on what. Its ledger is written with ETags, so of two activations (a silo that is taken for dead may live on) only
/// one can count anything. Each call says which version of the package makes it; another version is refused in words.
/// </summary>
[Alias("nbnssim.job.v1")]
internal interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Begins the job, or goes on with it.</summary>
    [Alias("submit")]
    Task<Answer> SubmitAsync(Submission submission);

    /// <summary>How the job stands: at once where it is not as the caller knows it, else after its next change or some seconds.</summary>
    [Alias("wait")]
    Task<JobState> WaitAsync(string version, long known);

    /// <summary>A unit is still being worked on.</summary>
    /// <returns>Whether it is still wanted: false where it is counted already.</returns>
    [Alias("heartbeat")]
    Task<bool> HeartbeatAsync(string version, string unit, string grant);

    /// <summary>A unit's files are in their place; its facts are counted unless they are already.</summary>
    [Alias("done")]
    Task<Answer> DoneAsync(UnitOutcome outcome);

    /// <summary>A unit could not be done.</summary>
    [Alias("failed")]
    Task<Answer> FailedAsync(UnitOutcome outcome);

    /// <summary>A page of the ledger, for the worker that puts the results together; none behind the last.</summary>
    [Alias("page")]
    Task<LedgerPage?> PageAsync(string version, int page);
}
