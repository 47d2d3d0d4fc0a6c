using Microsoft.Extensions.Options;
using NbnsSim.Cluster.Contract;
using NbnsSim.Jobs;

namespace NbnsSim.Cluster.Workers;

/// <summary>What a silo's shards have in common: how many run at a time, and what is known about each job. The work itself has threads of its own, so that a silo full of it still answers.</summary>
internal sealed class Worker(IOptions<WorkerOptions> options) : IDisposable
{
    /// <summary>The unit that puts the results together; no shard has such an id.</summary>
    internal const string CombineUnit = "=results";

    private const int KeptWorks = 16;

    private readonly SemaphoreSlim _slots = new(options.Value.Parallel);
    private readonly SemaphoreSlim _alone = new(1);
    private readonly WorkCache _works = new(KeptWorks, spec => WorkOf(spec, options.Value));

    /// <summary>Makes what does the jobs of a specification.</summary>
    /// <exception cref="JobException">It is none.</exception>
    internal static IJobWork WorkOf(string spec, WorkerOptions options) => JobSpec.Parse(spec, options.Kinds.AsSpan()).CreateWork();

    /// <summary>Does a shard; its facts are those of whoever committed it first.</summary>
    internal Task<string> ShardAsync(UnitOrder order, CancellationToken stop) => RunAsync(order, folder =>
    {
        var shard = new Shard(order.Unit, order.Data, order.Weight);
        return folder.CommitShard(shard, order.Grant, tmp =>
        {
            string facts = _works[order.Spec].Run(shard, tmp, stop);
            stop.ThrowIfCancellationRequested();
            return facts;
        });
    }, stop);

    /// <summary>Puts a job's results together from what its ledger says.</summary>
    internal Task<string> CombineAsync(UnitOrder order, IEnumerable<LedgerEntry> ledger, CancellationToken stop) => RunAsync(order, folder =>
    {
        var committed = new Dictionary<string, CommittedShard>(StringComparer.Ordinal);
        var failed = new SortedDictionary<string, FailedShard>(StringComparer.Ordinal);
        foreach (var entry in ledger)
        {
            if (entry.Kind == LedgerKind.Committed)
                committed.Add(entry.Id, new CommittedShard(entry.Id, entry.Text, entry.Weight));
            else if (entry.Kind == LedgerKind.Failed)
                failed.Add(entry.Id, new FailedShard(entry.Id, entry.Text, entry.Attempts, entry.Weight));
            else if (entry.Kind == LedgerKind.Reopened)
                failed.Clear();
        }

        return folder.CommitResults(failed.Values, order.Grant, tmp =>
        {
            string summary = _works[order.Spec].Combine(committed, [.. failed.Values], folder.Shard, tmp, stop);
            stop.ThrowIfCancellationRequested();
            return summary;
        });
    }, stop);

    public void Dispose()
    {
        _slots.Dispose();
        _alone.Dispose();
    }

    /// <summary>Does a unit when there is room. One that workers were lost over has this one for itself, so that no other is taken for the cause.</summary>
    private async Task<string> RunAsync(UnitOrder order, Func<SharedFolder, string> work, CancellationToken stop)
    {
        var folder = new SharedFolder(order.Folder);
        int lost = folder.Unended(order.Unit);
        if (lost >= options.Value.LostWorkers)
            throw new LostWorkersException(lost);
        bool isSuspect = lost > 0 && lost >= options.Value.LostWorkers - 1;
        int taken = 0;
        if (isSuspect)
            await _alone.WaitAsync(stop).ConfigureAwait(false); // two of them would wait for each other's slots
        try
        {
            for (; taken < (isSuspect ? options.Value.Parallel : 1); taken++)
                await _slots.WaitAsync(stop).ConfigureAwait(false);
            return await Task.Factory.StartNew(
                () =>
                {
                    using (folder.Share())
                        return work(folder);
                }, stop, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            if (taken > 0)
                _slots.Release(taken);
            if (isSuspect)
                _alone.Release();
        }
    }
}
