using System.Runtime.CompilerServices;
using NbnsSim.Files;
using NbnsSim.Jobs.Storage;

namespace NbnsSim.Jobs;

/// <summary>
/// Does a job in this process, on as many cores as it is given. Everything lies in one folder: what is done is committed there shard by shard, so that a process that ends at
/// any moment, by <c>kill -9</c> or with the power, loses only what it had in hand. The same job in the same folder goes on from there; nothing is counted twice.
/// </summary>
/// <remarks>
/// <para>A shard that throws is tried three times, the second and third time after all others; then it is listed as not analysed. A finished job is not done again; where shards of it
/// were not analysed, these are tried again.</para>
/// <para>Memory: what the shards in hand take, one a core, and the facts of all shards.</para>
/// </remarks>
public sealed class LocalEngine : IJobEngine, IAsyncDisposable
{
    private readonly string _folder;
    private readonly int _parallel;
    private readonly IJobStorage _storage;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private LocalJob? _job;

    /// <summary>Makes one; nothing is written yet.</summary>
    /// <param name="folder">The job's folder; it is made where there is none.</param>
    /// <param name="parallel">How many shards are done at a time; null for one a core.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="parallel"/> is not 1 to 1,024.</exception>
    public LocalEngine(string folder, int? parallel = null)
        : this(folder, parallel, new DiskStorage(), TimeProvider.System)
    {
    }

    internal LocalEngine(string folder, int? parallel, IJobStorage storage, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _parallel = parallel ?? Environment.ProcessorCount;
        if (_parallel is < 1 or > 1_024)
            throw new ArgumentOutOfRangeException(nameof(parallel), parallel, "Expected 1 to 1,024.");
        _folder = folder;
        _storage = storage;
        _clock = clock;
    }

    /// <inheritdoc/>
    /// <exception cref="JobException">The folder is another job's, in use by another process, or no job's folder.</exception>
    /// <exception cref="OutputFailedException">The folder cannot be written.</exception>
    public Task<string> SubmitAsync(JobSpec spec, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Task.Run(() => Submit(spec), stop);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JobProgress> WatchAsync(string id, [EnumeratorCancellation] CancellationToken stop = default)
    {
        var job = Find(id);
        while (true)
        {
            var (progress, isOver, changed) = job.Look();
            yield return progress;
            if (isOver)
                yield break;
            await changed.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OutputFailedException">The disk is full, or the folder cannot be written. What is committed stays; submitted again, the job goes on.</exception>
    /// <exception cref="OperationCanceledException">The engine was disposed of before the job's end, or <paramref name="stop"/> says so.</exception>
    public Task<JobResult> ResultAsync(string id, CancellationToken stop = default) => Find(id).Result.WaitAsync(stop);

    /// <summary>Stops a job that is not at its end. What is committed stays. A second time it does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _job, null) is not { } job)
            return;
        job.Stop();
        await ((Task)job.Result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        job.Dispose();
    }

    private string Submit(JobSpec spec)
    {
        string id = spec.Id;
        lock (_gate)
        {
            if (_job is { } job && (job.Id == id ? !job.Result.IsCompleted || job.Result.IsCompletedSuccessfully : !job.Result.IsCompleted))
                return job.Id == id ? id : throw new JobException($"'{VisibleText.Escape(_folder)}' holds another job.");
            _job?.Dispose();
            _job = LocalJob.Begin(spec, _folder, _parallel, _storage, _clock);
        }

        return id;
    }

    private LocalJob Find(string id) => _job is { } job && job.Id == id ? job : throw new JobException($"There is no job '{VisibleText.Escape(id)}' here.");
}
