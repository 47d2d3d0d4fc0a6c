using System.Collections.Concurrent;

namespace NbnsSim.Mutation;

/// <summary>Tries mutants in processes of their own, some at a time.</summary>
/// <param name="surveyPath">The survey of the tests to try them by.</param>
internal sealed class Trial(string surveyPath, string[] namespaces, int mutants)
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(30);
    private readonly Survey _survey = Survey.Read(surveyPath);
    private readonly Lock _console = new();

    /// <summary>Tries each mutant; those that no test comes by are not noticed.</summary>
    /// <param name="chosen">The mutants.</param>
    /// <param name="processes">How many to try at a time.</param>
    /// <param name="tried">Told of each mutant that was tried, one at a time.</param>
    public void Run(IReadOnlyCollection<Mutant> chosen, int processes, Action<Mutant> tried)
    {
        var queue = new ConcurrentQueue<Mutant>(chosen);
        int done = 0;
        var threads = Enumerable.Range(0, processes).Select(_ => new Thread(() =>
        {
            Child? child = null;
            while (queue.TryDequeue(out var mutant))
            {
                try
                {
                    TryOne(mutant, ref child);
                }
                catch (Exception e)
                {
                    mutant.How = $"not tried: {e.GetType().Name}: {e.Message}"; // counts as not noticed
                    child?.Dispose();
                    child = null;
                }

                lock (_console)
                {
                    tried(mutant);
                    if (++done % 100 == 0)
                        Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {done} of {chosen.Count}");
                }
            }

            child?.Dispose();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    private void TryOne(Mutant mutant, ref Child? child)
    {
        bool early = _survey.Early.Contains(mutant.Id);
        mutant.Noticed = false;
        mutant.How = "no test comes by";
        if (_survey.Covers.TryGetValue(mutant.Id, out var covering))
        {
            var limit = Limit(covering);
            child ??= Serve();
            string? answer = child.Ask(mutant.Id, limit);
            if (answer?.StartsWith("spoilt", StringComparison.Ordinal) == true)
            {
                // what this mutant or an earlier one left behind may be why the test failed: once more in a new process
                child.Dispose();
                child = Serve();
                answer = child.Ask(mutant.Id, limit);
            }

            Take(mutant, answer);
            if (answer?.StartsWith("spoilt", StringComparison.Ordinal) == true || !child.IsAlive)
            {
                child.Dispose();
                child = null;
            }
        }

        if (mutant.Noticed == false && early)
        {
            using var alone = new Child(["alone", surveyPath, $"{mutants}", $"{mutant.Id}", .. namespaces]);
            Take(mutant, alone.Ask(null, Start + Limit(Enumerable.Range(0, _survey.Tests.Length))));
        }
    }

    private Child Serve()
    {
        var child = new Child(["serve", surveyPath, $"{mutants}", .. namespaces]);
        if (child.Ask(null, Start) != "ready")
            throw new InvalidOperationException("A process to try mutants in does not start.");
        return child;
    }

    private TimeSpan Limit(IEnumerable<int> tests) => TimeSpan.FromMilliseconds(4000 + (5 * tests.Sum(test => _survey.Tests[test].Milliseconds)));

    private static void Take(Mutant mutant, string? answer)
    {
        mutant.Noticed = answer != "survived";
        mutant.How = answer ?? "no end, or the process died";
    }
}
