using System.Text.Json;
using NUnit.Framework.Interfaces;

namespace NbnsSim.Mutation;

/// <summary>Which tests come by which mutants, and how long they take: one run of the tests without a mutant.</summary>
/// <param name="Tests">The tests that pass without a mutant.</param>
/// <param name="Covers">The indices of the tests that come by a mutant, for each mutant.</param>
/// <param name="Early">The mutants that the code comes by before a test starts, or while a type is initialized: once in a process only.</param>
/// <param name="Left">The tests that are left out: they take too long, or do not pass in the mutated core without a mutant.</param>
internal sealed record Survey(SurveyedTest[] Tests, Dictionary<int, int[]> Covers, HashSet<int> Early, string[] Left)
{
    /// <summary>Runs the tests and watches.</summary>
    /// <param name="namespaces">What the names of the tests begin with.</param>
    /// <param name="mutants">One more than the highest number of a mutant.</param>
    /// <param name="longest">The processor time of a test, in milliseconds, from which on it is left out.</param>
    public static Survey Make(IReadOnlyCollection<string> namespaces, int mutants, double longest)
    {
        var control = new MutantSwitch(System.Reflection.Assembly.Load("NbnsSim"), mutants);
        control.Watch(true);
        var host = new TestHost(namespaces);
        var early = control.Take().Select(seen => seen.Mutant).ToHashSet();
        var seenBy = new List<(string Test, string? Class, double Milliseconds, List<(int Mutant, bool InStatic)> Seen)>();
        var setUp = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        var left = new List<string>();
        var start = TimeSpan.Zero;
        HashSet<int>? again = null; // in the second run
        host.Started += test =>
        {
            if (again is not null)
                return;
            // what the code came by between two tests belongs to the set-up of the class
            foreach (var (mutant, _) in control.Take())
                (setUp.TryGetValue(test.ClassName ?? "", out var seen) ? seen : setUp[test.ClassName ?? ""] = []).Add(mutant);
            start = Environment.CpuUsage.TotalTime;
        };
        host.Finished += result =>
        {
            var seen = control.Take();
            if (again is not null)
            {
                again.UnionWith(seen.Select(each => each.Mutant));
                return;
            }

            early.UnionWith(seen.Where(each => each.InStatic).Select(each => each.Mutant));
            double milliseconds = (Environment.CpuUsage.TotalTime - start).TotalMilliseconds;
            if (result.ResultState.Status == TestStatus.Failed || milliseconds > longest)
                left.Add($"{result.Test.FullName} {result.ResultState.Status} {milliseconds:F0} ms");
            else if (result.ResultState.Status == TestStatus.Passed)
                seenBy.Add((result.Test.FullName, result.Test.ClassName, milliseconds, seen));
        };
        host.Run(host.Tests, stopsAtFailure: false);

        var covers = new Dictionary<int, HashSet<int>>();
        for (int test = 0; test < seenBy.Count; test++)
        {
            foreach (int mutant in seenBy[test].Seen.Select(each => each.Mutant).Concat(setUp.GetValueOrDefault(seenBy[test].Class ?? "") ?? []))
                (covers.TryGetValue(mutant, out var tests) ? tests : covers[mutant] = []).Add(test);
        }

        // what one test came by and does not come by again runs once in a process, though Stryker does not know it
        var single = covers.Where(pair => pair.Value.Count == 1).ToDictionary(pair => pair.Key, pair => seenBy[pair.Value.Single()].Test);
        var names = single.Values.ToHashSet(StringComparer.Ordinal);
        control.Take();
        again = [];
        host.Run(host.Tests.Where(test => names.Contains(test.FullName)), stopsAtFailure: false);
        early.UnionWith(single.Keys.Except(again));

        return new Survey(
            [.. seenBy.Select(each => new SurveyedTest(each.Test, each.Milliseconds))],
            covers.ToDictionary(pair => pair.Key, pair => pair.Value.Order().ToArray()),
            early,
            [.. left]);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static Survey Read(string path) => JsonSerializer.Deserialize<Survey>(File.ReadAllBytes(path))!;

    /// <summary>Writes the survey as JSON.</summary>
    public void Write(string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this));
}
