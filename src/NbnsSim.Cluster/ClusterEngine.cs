using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using NbnsSim.Cluster.Contract;
using NbnsSim.Cluster.Workers;
using NbnsSim.Files;
using NbnsSim.Jobs;

namespace NbnsSim.Cluster;

/// <summary>
/// Does jobs on the workers of an Orleans cluster. This end only asks: a job goes on when its client is gone, and a client that submits the same job for the same folder
/// again watches the one that runs. The folder has to be seen under the same path by all workers and by the client; inputs by all workers.
/// </summary>
public sealed class ClusterEngine : IJobEngine
{
    // between two tries while the job's grain, or the gateway to it, moves to another silo
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly IGrainFactory _grains;
    private readonly SharedFolder _folder;
    private readonly WorkerOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Creates the client's end.</summary>
    /// <param name="grains">A connected Orleans client (<c>IClusterClient</c>).</param>
    /// <param name="folder">The folder of the job: shards, results.</param>
    /// <param name="time">The clock; the system's where it is null.</param>
    public ClusterEngine(IGrainFactory grains, string folder, TimeProvider? time = null)
        : this(grains, folder, new WorkerOptions(), time)
    {
    }

    internal ClusterEngine(IGrainFactory grains, string folder, WorkerOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _grains = grains;
        _folder = new SharedFolder(Path.GetFullPath(folder));
        _options = options;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>How long the cluster may be out of reach before the client gives up: time enough for silos that died to be noticed and replaced.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public async Task<string> SubmitAsync(JobSpec spec, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        string id = spec.Id;
        var job = JobOf(id, _folder.Open(spec));
        var submission = new Submission(_options.Version, _folder.Path, spec.ToJson());
        var answer = await AskAsync(() => job.SubmitAsync(submission), stop).ConfigureAwait(false);
        return answer.Refusal == null ? id : throw new JobException(answer.Refusal);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JobProgress> WatchAsync(string id, [EnumeratorCancellation] CancellationToken stop = default)
    {
        long begin = _time.GetTimestamp();
        long? first = null;
        await foreach (var state in StatesAsync(id, stop).ConfigureAwait(false))
        {
            first ??= state.WeightDone;
            double seconds = _time.GetElapsedTime(begin).TotalSeconds;
            double rate = seconds > 0 ? (state.WeightDone - first.Value) / seconds : 0;
            TimeSpan? remaining = rate > 0 && (state.WeightTotal - state.WeightDone) / rate is var left && left < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(left) : null;
            yield return new JobProgress(state.WeightDone, state.WeightTotal, state.ShardsDone, state.ShardsTotal, state.ShardsFailed, rate, remaining, state.IsCombining);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OutputFailedException">The disk of a worker is full. What is committed stays; submitted again, the job goes on.</exception>
    public async Task<JobResult> ResultAsync(string id, CancellationToken stop = default)
    {
        JobState? last = null;
        await foreach (var state in StatesAsync(id, stop).ConfigureAwait(false))
            last = state;
        if (last!.IsDiskFull)
            throw new OutputFailedException($"A worker's disk is full, and the job waits until there is room and somebody asks for it again: {last.Stopped}");
        return last.Stopped == null
            ? new JobResult(_folder.Results, last.Summary!, last.Failed.Select(f => new FailedShard(f.Id, f.Text, f.Attempts, f.Weight)).ToImmutableArray())
            : throw new JobException(last.Stopped);
    }

    private IJobGrain JobOf(string id, string folder) => _grains.GetGrain<IJobGrain>($"{id}-{folder}");

    private async IAsyncEnumerable<JobState> StatesAsync(string id, [EnumeratorCancellation] CancellationToken stop)
    {
        var job = JobOf(id, _folder.Identify(id));
        JobState state;
        long known = -1;
        do
        {
            state = await AskAsync(() => job.WaitAsync(_options.Version, known), stop).ConfigureAwait(false);
            if (state.Refusal != null)
                throw new JobException(state.Refusal);
            if (state.Change != known)
                yield return state;
            known = state.Change;
        }
        while (state.Summary == null && state.Stopped == null);
    }

    // A silo that dies takes the job's grain or the client's gateway with it for a while.
    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken stop)
    {
        for (long begin = _time.GetTimestamp(); ;)
        {
            try
            {
                return await ask().WaitAsync(stop).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                if (_time.GetElapsedTime(begin) > Patience)
                    throw new JobException($"No worker of the cluster answers: {VisibleText.Escape(e.Message)}", e);
                await Task.Delay(Pause, _time, stop).ConfigureAwait(false);
            }
        }
    }
}
