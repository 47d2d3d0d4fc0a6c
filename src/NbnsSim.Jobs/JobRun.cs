using System.Text.Json;

namespace NbnsSim.Jobs;

/// <summary>Runs a job from its beginning to its end.</summary>
public static class JobRun
{
    /// <summary>Submits a job, tells how it goes on, and waits for its end.</summary>
    /// <param name="engine">What does it.</param>
    /// <param name="spec">The job.</param>
    /// <param name="progress">Is told now and then how far it is; null for nobody.</param>
    /// <param name="every">The least time between two tellings; the end is told always. Null for a second.</param>
    /// <param name="clock">The time; null for the real one.</param>
    /// <param name="stop">Gives up waiting. A <see cref="LocalEngine"/> stops the job when it is disposed of.</param>
    /// <exception cref="JobException">The job cannot be begun or go on.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> says so.</exception>
    public static async Task<JobOutcome> RunAsync(
        IJobEngine engine, JobSpec spec, Action<JobProgress>? progress = null, TimeSpan? every = null, TimeProvider? clock = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(spec);
        clock ??= TimeProvider.System;
        string id = await engine.SubmitAsync(spec, stop).ConfigureAwait(false);
        if (progress is not null)
        {
            long at = 0;
            JobProgress told = default, last = default;
            await foreach (var now in engine.WatchAsync(id, stop).ConfigureAwait(false))
            {
                last = now;
                if (now.WeightTotal == 0 || (told != default && clock.GetElapsedTime(at) < (every ?? TimeSpan.FromSeconds(1))))
                    continue;
                at = clock.GetTimestamp();
                progress(told = now);
            }

            if (last != told)
                progress(last);
        }

        var result = await engine.ResultAsync(id, stop).ConfigureAwait(false);
        using var summary = JsonDocument.Parse(result.Summary);
        return new JobOutcome(result, !result.Failed.IsEmpty || !spec.IsWhole(summary.RootElement) ? JobVerdict.Incomplete : spec.IsAsHoped(summary.RootElement) ? JobVerdict.Done : JobVerdict.No);
    }
}
