using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NbnsSim.Cluster.Contract;
using NbnsSim.Cluster.Workers;
using NbnsSim.Jobs;
using NbnsSim.Jobs.Storage;
using Orleans.Concurrency;
using Orleans.Placement;

namespace NbnsSim.Cluster.Grains;

/// <inheritdoc cref="IShardGrain"/>
/// <remarks>Placed at random unless the order names a silo, which the job's grain does by a hint. Its heartbeats keep it alive.</remarks>
[RandomPlacement, Reentrant]
internal sealed partial class ShardGrain(Worker worker, IOptions<WorkerOptions> options, TimeProvider time, ILogger<ShardGrain> log) : Grain, IShardGrain, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task? _run;

    public Task<Acceptance> StartAsync(UnitOrder order)
    {
        string? refusal = options.Value.Refusal(order.Version, "The job") ?? new SharedFolder(order.Folder).WhyMissing;
        if (refusal == null && _run == null)
        {
            var period = order.Lease / 3;
            this.RegisterGrainTimer(_ => BeatAsync(order), new GrainTimerCreationOptions(period, period) { KeepAlive = true, Interleave = true });
            _run = DoAsync(order);
        }

        if (refusal != null)
            DeactivateOnIdle();
        return Task.FromResult(new Acceptance(refusal, options.Value.Parallel));
    }

    /// <summary>The silo is going down, or the work is done: what still runs is asked to stop, and is given out again by the job's grain.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private IJobGrain JobOf(UnitOrder order) => GrainFactory.GetGrain<IJobGrain>(order.Job);

    private async Task BeatAsync(UnitOrder order)
    {
        try
        {
            if (!await JobOf(order).HeartbeatAsync(options.Value.Version, order.Unit, order.Grant))
                await _stop.CancelAsync();
        }
        catch (Exception e)
        {
            LogUnheard(e, order.Unit); // the job's grain is on its way to another silo; if it stays away, the lease runs out
        }
    }

    private async Task DoAsync(UnitOrder order)
    {
        await Task.Yield(); // the order is answered first
        var job = JobOf(order);
        try
        {
            string text = order.Unit == Worker.CombineUnit
                ? await worker.CombineAsync(order, await LedgerAsync(job), _stop.Token)
                : await worker.ShardAsync(order, _stop.Token);
            ClusterMeter.ShardsDone.Add(1);
            ClusterMeter.WeightDone.Add(order.Weight);
            await ReportAsync(order, job.DoneAsync, Outcome(order, text));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            LogFailed(e, order.Unit);
            ClusterMeter.AttemptsFailed.Add(1);
            await ReportAsync(order, job.FailedAsync, Outcome(order, LocalJob.ReasonOf(e)) with { StopsJob = DiskFull.Is(e) || e is FolderInUseException, IsDiskFull = DiskFull.Is(e), LostWorkers = (e as LostWorkersException)?.Times ?? 0 });
        }

        DeactivateOnIdle();
    }

    private async Task<List<LedgerEntry>> LedgerAsync(IJobGrain job)
    {
        var entries = new List<LedgerEntry>();
        for (int i = 0; await job.PageAsync(options.Value.Version, i) is { } page; i++)
            entries.AddRange(page.Entries);
        return entries;
    }

    private UnitOutcome Outcome(UnitOrder order, string text) => new(options.Value.Version, order.Unit, order.Grant, text, order.Weight, StopsJob: false, LostWorkers: 0);

    // The job's grain may be between two silos just now: the report is repeated until the lease is surely over.
    private async Task ReportAsync(UnitOrder order, Func<UnitOutcome, Task<Answer>> report, UnitOutcome outcome)
    {
        long begin = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(20); !_stop.IsCancellationRequested; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, order.Lease.Ticks / 3)))
        {
            try
            {
                await report(outcome);
                return;
            }
            catch (Exception e) when (time.GetElapsedTime(begin) < order.Lease * 2)
            {
                LogUnheard(e, order.Unit);
                await Task.Delay(pause, time);
            }
            catch (Exception e)
            {
                LogUnheard(e, order.Unit);
                return;
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Unit} could not be reported yet")]
    private partial void LogUnheard(Exception e, string unit);

    [LoggerMessage(LogLevel.Warning, "{Unit} could not be done")]
    private partial void LogFailed(Exception e, string unit);
}
