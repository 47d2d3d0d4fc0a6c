using System.Text.Json;
using NbnsSim.Files;
using NbnsSim.Jobs.Storage;

namespace NbnsSim.Jobs;

/// <summary>A job that a <see cref="LocalEngine"/> does.</summary>
internal sealed class LocalJob : IDisposable
{
    private const int MaxAttempts = 3;
    private const int LongestReason = 500;

    /// <summary>What is said of a shard that processes ended over.</summary>
    internal const string WhyDeadly = "The process ended in the midst of it each time, the last time with nothing else in hand: killed, or for want of memory.";

    private readonly IJobWork _work;
    private readonly JobFolder _folder;
    private readonly int _parallel;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<JobResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly long _begin;
    private TaskCompletionSource _changed = NewSignal();
    private Exception? _fatal;
    private (long Weight, int Count) _done; // committed
    private (long Weight, int Count) _lost; // failed for good
    private (long Weight, int Count) _open; // wanted
    private long _doneBefore;
    private bool _isCombining;
    private bool _isOver;

    private LocalJob(string id, IJobWork work, JobFolder folder, int parallel, TimeProvider clock)
    {
        Id = id;
        _work = work;
        _folder = folder;
        _parallel = parallel;
        _clock = clock;
        _begin = clock.GetTimestamp();
        _ = _result.Task.ContinueWith(ended => ended.Exception, TaskScheduler.Default); // seen, even where nobody asks
    }

    /// <summary>The job's id.</summary>
    public string Id { get; }

    /// <summary>The job's end.</summary>
    public Task<JobResult> Result => _result.Task;

    /// <summary>Opens the folder and begins.</summary>
    public static LocalJob Begin(JobSpec spec, string folder, int parallel, IJobStorage storage, TimeProvider clock)
    {
        var work = spec.CreateWork();
        var job = new LocalJob(spec.Id, work, Writing(folder, () => JobFolder.Open(folder, spec, storage)), parallel, clock);
        var thread = new Thread(job.Run) { IsBackground = true, Name = "job" };
        thread.Start();
        return job;
    }

    /// <summary>Why an attempt failed, in words that nothing is hidden in.</summary>
    public static string ReasonOf(Exception e)
    {
        string reason = e is IOException or InvalidDataException or FormatException or UnauthorizedAccessException or JobException ? e.Message : $"{e.GetType().Name}: {e.Message}";
        return VisibleText.Escape(reason.Length <= LongestReason ? reason : reason[..LongestReason] + "…");
    }

    /// <summary>Has it come to an end.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>For a job that has ended.</summary>
    public void Dispose() => _stop.Dispose();

    /// <summary>How far it is, whether it is over, and what ends when that has changed.</summary>
    public (JobProgress Progress, bool IsOver, Task Changed) Look()
    {
        lock (_gate)
        {
            long done = _done.Weight + _lost.Weight;
            double seconds = _clock.GetElapsedTime(_begin).TotalSeconds;
            double rate = seconds > 0 ? (done - _doneBefore) / seconds : 0;
            TimeSpan? remaining = _open.Weight == 0 ? TimeSpan.Zero : rate > 0 ? TimeSpan.FromSeconds(Math.Min(_open.Weight / rate, TimeSpan.MaxValue.TotalSeconds / 2)) : null;
            return (
                new JobProgress(done, done + _open.Weight, _done.Count, _done.Count + _lost.Count + _open.Count, _lost.Count, rate, remaining, _isCombining), _isOver, _changed.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Run()
    {
        JobResult? result = null;
        try
        {
            using (_folder)
            {
                result = Writing(_folder.Folder, Do);
            }
        }
        catch (Exception e)
        {
            _fatal = e;
        }

        Change(() => _isOver = true);
        if (result is not null)
            _result.SetResult(result);
        else if (_fatal is OperationCanceledException)
            _result.SetCanceled(_stop.Token);
        else
            _result.SetException(_fatal!);
    }

    private JobResult Do()
    {
        try
        {
            if (_folder.Summary is not null && _folder.Failed.Count > 0)
                _folder.Reopen();
            Change(() =>
            {
                _done = (_folder.Committed.Values.Sum(shard => shard.Weight), _folder.Committed.Count);
                _lost = (_folder.Failed.Values.Sum(shard => shard.Weight), _folder.Failed.Count);
                _doneBefore = _done.Weight + _lost.Weight;
            });
            if (_folder.Summary is null)
            {
                DoShards();
                Combine();
            }

            return new JobResult(_folder.ResultFolder, _folder.Summary!, [.. _folder.Failed.Values]);
        }
        finally
        {
            _folder.Clean(); // gives a full disk its room back
        }
    }

    private void DoShards()
    {
        while (true)
        {
            _stop.Token.ThrowIfCancellationRequested();
            List<Shard> wanted = [.. Next()
                .Where(shard => !_folder.Committed.ContainsKey(shard.Id) && !_folder.Failed.ContainsKey(shard.Id)).DistinctBy(shard => shard.Id, StringComparer.Ordinal)];
            if (wanted.Count == 0)
                return;
            Change(() => _open = (wanted.Sum(shard => shard.Weight), wanted.Count));
            // what processes ended over comes last and each by itself, so that no other is taken for the cause
            List<Shard> others = [.. wanted.Where(shard => _folder.DeathsAt(shard.Id) < JobFolder.MostDeaths - 1)];
            TryUntilDone(others);
            foreach (var suspect in wanted.Except(others))
            {
                if (_folder.DeathsAt(suspect.Id) is >= JobFolder.MostDeaths and var deaths)
                    Lose(suspect, WhyDeadly, deaths);
                else
                    TryUntilDone([suspect]);
            }
        }
    }

    private void TryUntilDone(List<Shard> shards)
    {
        for (int attempt = 1; shards.Count > 0; attempt++)
            shards = TryAll(shards, attempt);
    }

    private IReadOnlyList<Shard> Next()
    {
        try
        {
            return _work.Next(_folder.Committed, [.. _folder.Failed.Keys]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobException($"The job's inputs cannot be read: {VisibleText.Escape(e.Message)}", e);
        }
    }

    /// <summary>Tries each shard once; returns those to be tried again.</summary>
    private List<Shard> TryAll(List<Shard> shards, int attempt)
    {
        var again = new List<Shard>();
        int next = -1;
        var workers = Enumerable.Range(0, Math.Min(_parallel, shards.Count)).Select(worker => new Thread(() =>
        {
            try
            {
                while (!_stop.IsCancellationRequested && Interlocked.Increment(ref next) is var mine && mine < shards.Count)
                {
                    if (!Try(shards[mine], attempt))
                    {
                        lock (again)
                            again.Add(shards[mine]);
                    }
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _fatal, e, null);
                _stop.Cancel();
            }
        })
        { IsBackground = true, Name = $"job worker {worker + 1}" }).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        if (_fatal is { } fatal)
            throw fatal;
        _stop.Token.ThrowIfCancellationRequested();
        return again;
    }

    /// <summary>Tries a shard once.</summary>
    /// <returns>False where it is to be tried again.</returns>
    private bool Try(Shard shard, int attempt)
    {
        string folder = _folder.Begin(shard.Id);
        string facts;
        try
        {
            facts = _work.Run(shard, folder, _stop.Token);
            using var _ = JsonDocument.Parse(facts);
        }
        catch (Exception e) when (!DiskFull.Is(e)) // that is not the shard's fault
        {
            _stop.Token.ThrowIfCancellationRequested(); // nor is that it was to stop
            _folder.GiveUp(shard.Id);
            if (attempt < MaxAttempts)
                return false;
            Lose(shard, ReasonOf(e), attempt);
            return true;
        }

        _folder.Commit(shard, facts);
        Change(() => (_done, _open) = ((_done.Weight + shard.Weight, _done.Count + 1), (_open.Weight - shard.Weight, _open.Count - 1)));
        return true;
    }

    private void Lose(Shard shard, string reason, int attempts)
    {
        _folder.Fail(new FailedShard(shard.Id, reason, attempts, shard.Weight));
        Change(() => (_lost, _open) = ((_lost.Weight + shard.Weight, _lost.Count + 1), (_open.Weight - shard.Weight, _open.Count - 1)));
    }

    private void Combine()
    {
        Change(() => _isCombining = true);
        try
        {
            _folder.CommitResults(folder => _work.Combine(_folder.Committed, [.. _folder.Failed.Values], _folder.FolderOf, folder, _stop.Token));
        }
        finally
        {
            Change(() => _isCombining = false);
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    /// <summary>Does what writes into the folder; that it cannot is said as such.</summary>
    private static T Writing<T>(string folder, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is not OutputFailedException && DiskFull.Is(e))
        {
            throw new OutputFailedException($"The disk of '{VisibleText.Escape(folder)}' is full. What is done is kept: make room and give the same command again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputFailedException($"'{VisibleText.Escape(folder)}' fails: {VisibleText.Escape(e.Message)} What is done is kept.", e);
        }
    }
}
