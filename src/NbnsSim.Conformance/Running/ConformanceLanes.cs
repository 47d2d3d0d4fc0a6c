using NbnsSim.Conformance.Benches;

namespace NbnsSim.Conformance;

/// <summary>
/// Runs cases on several benches at once, all around the same peer. That is right for a name server: each case has names, ids and stations of its own, and most of its time is spent waiting for owners that are
/// silent. An end node has the same names for all cases, and is tested by one after the other.
/// </summary>
internal static class ConformanceLanes
{
    /// <summary>Runs cases, each on the bench that is free next.</summary>
    /// <param name="benches">The benches, at least one; each is used by one case at a time.</param>
    /// <param name="options">How cases are run and judged.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="stop">No further case is begun then.</param>
    /// <returns>The results, in the order of the cases; fewer where it was stopped.</returns>
    public static IEnumerable<ConformanceResult> Run(IReadOnlyList<IConformanceBench> benches, ConformanceOptions options, IEnumerable<ConformanceCase> cases, CancellationToken stop)
    {
        var ordered = cases.OrderBy(test => test.IsDestructive).ToList();
        var results = ordered.ConvertAll(_ => new TaskCompletionSource<ConformanceResult?>(TaskCreationOptions.RunContinuationsAsynchronously));
        int next = -1;
        var life = new PeerLife();
        var lanes = benches.Select(bench => Task.Factory.StartNew(() => RunLane(bench), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        try
        {
            foreach (var result in results)
            {
                if (result.Task.GetAwaiter().GetResult() is not { } done)
                    yield break;
                yield return done;
            }
        }
        finally
        {
            Interlocked.Exchange(ref next, ordered.Count); // whoever stops reading wants no further case
            Task.WaitAll(lanes, CancellationToken.None);
        }

        void RunLane(IConformanceBench bench)
        {
            var runner = new ConformanceRunner(bench, options, life);
            for (int i; (i = Interlocked.Increment(ref next)) < ordered.Count;)
            {
                try
                {
                    results[i].SetResult(stop.IsCancellationRequested ? null : runner.Run(ordered[i]));
                }
                catch (Exception exception)
                {
                    results[i].SetException(exception); // whoever reads the results gets it
                }
            }
        }
    }
}
