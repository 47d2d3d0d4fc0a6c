using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using NbnsSim.Cluster.Contract;
using NbnsSim.Jobs;

namespace NbnsSim.Cluster.Workers;

/// <summary>What a silo's shards have in common: how many run at a time, and what is known about each job. The work itself has threads of its own, so that a silo full of it still answers.</summary>
internal sealed class Worker(IOptions<WorkerOptions> options) : IDisposable
{
    /// <summary>The unit that puts the results together; no shard has such an id.</summary>
    internal const string CombineUnit = "=results";

    private readonly SemaphoreSlim _slots = new(options.Value.Parallel);
    private readonly ConcurrentDictionary<string, IJobWork> _works = new(StringComparer.Ordinal);

    /// <summary>What does the jobs of this specification.</summary>
    internal IJobWork WorkOf(string spec) => _works.GetOrAdd(spec, static (json, kinds) => JobSpec.Parse(json, kinds.AsSpan()).CreateWork(), options.Value.Kinds);

    /// <summary>Does a shard; its facts are those of whoever committed it first.</summary>
    internal Task<string> ShardAsync(UnitOrder order, CancellationToken stop) => RunAsync(() =>
    {
        var shard = new Shard(order.Unit, order.Data, order.Weight);
        return new SharedFolder(order.Folder).CommitShard(shard, order.Grant, tmp =>
        {
            string facts = WorkOf(order.Spec).Run(shard, tmp, stop);
            stop.ThrowIfCancellationRequested();
            return facts;
        });
    }, stop);

    /// <summary>Puts a job's results together from what its ledger says.</summary>
    internal Task<string> CombineAsync(UnitOrder order, IEnumerable<LedgerEntry> ledger, CancellationToken stop) => RunAsync(() =>
    {
        var folder = new SharedFolder(order.Folder);
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
            string summary = WorkOf(order.Spec).Combine(committed, [.. failed.Values], folder.Shard, tmp, stop);
            stop.ThrowIfCancellationRequested();
            return summary;
        });
    }, stop);

    public void Dispose() => _slots.Dispose();

    private async Task<string> RunAsync(Func<string> work, CancellationToken stop)
    {
        await _slots.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await Task.Factory.StartNew(work, stop, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }
}
