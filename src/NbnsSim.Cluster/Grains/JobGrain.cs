using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NbnsSim.Cluster.Contract;
using NbnsSim.Cluster.Workers;
using NbnsSim.Jobs;
using Orleans.Concurrency;
using Orleans.Runtime.Placement;
using Orleans.Storage;

namespace NbnsSim.Cluster.Grains;

/// <inheritdoc cref="IJobGrain"/>
/// <remarks>
/// Calls interleave where one waits, so what a method knew before an await may have changed behind it. Who works on what is in memory alone: an activation that begins anew
/// gives everything out that is not in the ledger, and a worker that had it already finds its files in their place, or is the faster of two.
/// </remarks>
[Reentrant]
internal sealed partial class JobGrain(
    [FromKeyedServices(WorkerOptions.StorageName)] IGrainStorage storage, IOptions<WorkerOptions> options, TimeProvider time, ILogger<JobGrain> log) : Grain, IJobGrain
{
    private Ledger _ledger = null!;
    private Board? _board;
    private IJobWork? _work; // what says which shards there are: it goes on from what it saw, and so is this ledger's alone
    private IGrainTimer? _timer;
    private string? _stopped;
    private bool _isDiskFull; // and that is why
    private bool _broken;
    private bool _pumping;
    private bool _again;
    private long _change = Random.Shared.NextInt64(1L << 40);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string Job => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ledger = new Ledger(storage, this.GetGrainId());
        await _ledger.ReadAsync();
        if (_ledger.Spec != null && _ledger.Summary == null)
            Begin();
        await base.OnActivateAsync(cancellationToken);
    }

    public async Task<Answer> SubmitAsync(Submission submission)
    {
        if (options.Value.Refusal(submission.Version, "The client") is { } refusal)
            return new Answer(refusal);
        var folder = new SharedFolder(submission.Folder);
        if (folder.WhyMissing is { } missing)
            return new Answer(missing);
        if (_ledger.Committed.Select(one => one.Key).FirstOrDefault(id => !Directory.Exists(folder.Shard(id))) is { } gone)
            return new Answer($"{VisibleText.Escape(folder.Shard(gone))} is gone, though it was committed: give the job another folder.");
        try
        {
            Worker.WorkOf(submission.Spec, options.Value);
        }
        catch (JobException e)
        {
            return new Answer(e.Message);
        }

        if (_ledger.Spec != submission.Spec || _ledger.Folder != submission.Folder)
            await WrittenAsync(_ledger.HeadAsync(submission.Spec, submission.Folder));
        // as with one process: what could not be done is tried again when the job is asked for again
        if (_ledger.Summary != null && (_ledger.Failed.Count > 0 || !Directory.Exists(folder.Results)))
        {
            folder.DropResults();
            await WrittenAsync(_ledger.AppendAsync(new LedgerEntry(LedgerKind.Reopened, "", "", 0, 0)));
            _work = null; // what it saw to have failed has not any more
        }

        _stopped = null;
        if (_ledger.Summary == null)
            Begin();
        return Answer.Yes;
    }

    public async Task<JobState> WaitAsync(string version, long known)
    {
        if (options.Value.Refusal(version, "The client") is { } refusal)
            return JobState.Refused(refusal);
        if (_ledger.Spec == null)
            return JobState.Refused("There is no such job.");
        if (known == _change && _ledger.Summary == null && _stopped == null)
            await Task.WhenAny(_changed.Task, Task.Delay(options.Value.Lease / 6, time)); // far less than the time after which Orleans takes a call for lost
        bool ended = _ledger.Summary != null;
        return new JobState(
            null, _change, _ledger.WeightCommitted + _ledger.WeightFailed, _ledger.WeightCommitted + _ledger.WeightFailed + (_board?.WeightOpen ?? 0),
            _ledger.Committed.Count, _ledger.Committed.Count + _ledger.Failed.Count + (_board?.ShardsOpen ?? 0), _ledger.Failed.Count, _ledger.IsSealed && !ended,
            _stopped, _ledger.Summary, ended ? [.. _ledger.Failed.Select(f => new LedgerEntry(LedgerKind.Failed, f.Id, f.Reason, f.Weight, f.Attempts))] : [], _stopped != null && _isDiskFull);
    }

    public Task<bool> HeartbeatAsync(string version, string unit, string grant)
    {
        _board?.Heard(unit, grant, time.GetTimestamp());
        return Task.FromResult(options.Value.Refusal(version, "The worker") == null && _stopped == null && !IsSettled(unit));
    }

    public async Task<Answer> DoneAsync(UnitOutcome outcome)
    {
        if (options.Value.Refusal(outcome.Version, "The worker") is { } refusal)
            return new Answer(refusal);
        await SettleAsync(outcome.Unit == Worker.CombineUnit
            ? new LedgerEntry(LedgerKind.Combined, "", outcome.Text, 0, 0)
            : new LedgerEntry(LedgerKind.Committed, outcome.Unit, outcome.Text, outcome.Weight, 0));
        if (_ledger.Summary != null)
            new SharedFolder(_ledger.Folder).DropUnfinished();
        return Answer.Yes;
    }

    public async Task<Answer> FailedAsync(UnitOutcome outcome)
    {
        if (options.Value.Refusal(outcome.Version, "The worker") is { } refusal)
            return new Answer(refusal);
        // of a unit that is out on another grant by now, the other tells
        if (_board?.Take(outcome.Unit, outcome.Grant) is not { } unit)
            return Answer.Yes;
        if (outcome.StopsJob)
            Stop(outcome.Text, outcome.IsDiskFull);
        else if (outcome.LostWorkers > 0)
            await GiveUpAsync(unit, outcome.Text, outcome.LostWorkers);
        else if (++unit.Attempts >= options.Value.Attempts)
            await GiveUpAsync(unit, outcome.Text, unit.Attempts);
        Pump();
        return Answer.Yes;
    }

    public Task<LedgerPage?> PageAsync(string version, int page) =>
        Task.FromResult(options.Value.Refusal(version, "The worker") == null ? _ledger.Page(page) : null);

    private bool IsSettled(string unit) => unit == Worker.CombineUnit ? _ledger.Summary != null : _ledger.IsCounted(unit);

    // The timer keeps the activation alive as long as there is something to do.
    private void Begin()
    {
        if (_timer == null)
        {
            _board = new Board(options.Value, time);
            var period = options.Value.Lease / 6;
            _timer = this.RegisterGrainTimer(_ => TickAsync(), new GrainTimerCreationOptions(period, period) { KeepAlive = true, Interleave = true });
        }

        Pump();
    }

    private async Task TickAsync()
    {
        try
        {
            _board!.Silos = await ActiveSilosAsync();
            foreach (var unit in _board.Overdue())
            {
                LogLost(unit.Id, unit.Lost);
                ClusterMeter.GrantsLost.Add(1);
            }
        }
        catch (Exception e)
        {
            LogTick(e);
        }

        Pump();
    }

    private async Task<SiloAddress[]> ActiveSilosAsync() => [.. (await GrainFactory.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Keys];

    private async Task GiveUpAsync(Unit unit, string reason, int attempts)
    {
        if (unit.Id == Worker.CombineUnit)
        {
            new SharedFolder(_ledger.Folder).DropUnfinished(); // nothing else is out: asked for again, the job tries anew
            Stop($"The results cannot be put together: {reason}");
            return;
        }

        await SettleAsync(new LedgerEntry(LedgerKind.Failed, unit.Id, reason, unit.Weight, attempts));
    }

    private async Task SettleAsync(LedgerEntry entry)
    {
        await WrittenAsync(_ledger.AppendAsync(entry));
        _board?.Remove(entry.Kind == LedgerKind.Combined ? Worker.CombineUnit : entry.Id);
        if (_ledger.Summary != null)
            Rest();
        Changed();
        Pump();
    }

    // Behind a write that failed this activation does not know any more what is true: it ends, and the next one reads.
    private async Task WrittenAsync(Task write)
    {
        try
        {
            await write;
        }
        catch (Exception e)
        {
            LogUnwritten(e);
            _broken = true;
            Changed(); // whoever waits lets go of this activation
            DeactivateOnIdle();
            throw;
        }
    }

    private void Stop(string reason, bool isDiskFull = false)
    {
        (_stopped, _isDiskFull) = (reason, isDiskFull);
        Rest();
        Changed();
    }

    // Nothing to do any more, until somebody submits the job again.
    private void Rest()
    {
        _timer?.Dispose();
        _timer = null;
    }

    private void Changed()
    {
        _change++;
        var before = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        before.SetResult();
    }

    private void Pump()
    {
        _again = true;
        if (!_pumping)
            _ = PumpAsync();
    }

    // One at a time; whoever calls meanwhile has it go round once more.
    private async Task PumpAsync()
    {
        _pumping = true;
        try
        {
            while (_again && _ledger.Summary == null && _stopped == null && !_broken)
            {
                _again = false;
                if (_board!.IsEmpty)
                    await WantAsync();
                if (_board.Silos.Count == 0)
                    _board.Silos = await ActiveSilosAsync();
                while (_board.Grant() is { } unit)
                    _ = StartAsync(unit, unit.Grant!, unit.Silo!);
                if (_board.Refusal is { } refusal)
                    Stop(refusal);
            }
        }
        catch (JobException e)
        {
            Stop(e.Message);
        }
        catch (Exception e)
        {
            LogTick(e); // the next tick tries again
        }
        finally
        {
            _pumping = false;
        }
    }

    private async Task WantAsync()
    {
        if (!_ledger.IsSealed)
        {
            var work = _work ??= Worker.WorkOf(_ledger.Spec!, options.Value);
            string[] failed = [.. _ledger.Failed.Select(f => f.Id)];
            // reading a large archive's folder takes its time, and this grain has others to answer; what is settled meanwhile may be seen or not
            var next = await Task.Factory.StartNew(() => Next(work, _ledger.Committed, failed), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            foreach (var shard in next.Where(s => !_ledger.IsCounted(s.Id)))
                _board!.Add(new Unit(shard.Id, shard.Data, shard.Weight));
            if (_board!.IsEmpty)
                await WrittenAsync(_ledger.AppendAsync(new LedgerEntry(LedgerKind.Sealed, "", "", 0, 0)));
            Changed();
        }

        if (_ledger.IsSealed && _ledger.Summary == null)
            _board!.Add(new Unit(Worker.CombineUnit, "", 0));
    }

    private static IReadOnlyList<Shard> Next(IJobWork work, IReadOnlyDictionary<string, CommittedShard> committed, string[] failed)
    {
        try
        {
            return work.Next(committed, failed);
        }
        catch (Exception e) when (e is not JobException)
        {
            throw new JobException($"What is to be done cannot be found out: {e.Message}", e);
        }
    }

    private async Task StartAsync(Unit unit, string grant, SiloAddress silo)
    {
        try
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            var acceptance = await GrainFactory.GetGrain<IShardGrain>($"{Job}/{unit.Id}/{grant}").StartAsync(
                new UnitOrder(options.Value.Version, Job, _ledger.Folder, _ledger.Spec!, unit.Id, unit.Data, unit.Weight, grant, options.Value.Lease));
            _board!.Accepted(silo, acceptance);
            if (acceptance.Refusal != null)
            {
                LogRefused(silo, acceptance.Refusal);
                _board.Take(unit.Id, grant);
            }
        }
        catch (Exception e)
        {
            LogTick(e);
            _board!.Take(unit.Id, grant);
            _board.Silos = []; // asked for anew before the next grant
        }

        Pump();
    }

    [LoggerMessage(LogLevel.Warning, "{Unit} is given out again: whoever had it is lost ({Times})")]
    private partial void LogLost(string unit, int times);

    [LoggerMessage(LogLevel.Warning, "Worker {Silo} refuses: {Why}")]
    private partial void LogRefused(SiloAddress silo, string why);

    [LoggerMessage(LogLevel.Warning, "The ledger could not be written; it is read anew")]
    private partial void LogUnwritten(Exception e);

    [LoggerMessage(LogLevel.Information, "To be tried again")]
    private partial void LogTick(Exception e);
}
