using System.Diagnostics;
using System.Globalization;
using NbnsSim.Tests.Fuzz;

namespace NbnsSim.Benchmarks;

/// <summary>
/// Spoilt files of every kind through what reads them: <c>fuzz-inputs CORPUS [COUNT [SEED]]</c>, so many of each kind; the folder has a folder of good ones
/// for each. <c>fuzz-inputs --one KIND FILE</c> reads one, for whoever looks for the fault or drives the readers from outside.
/// </summary>
internal static class FuzzInputs
{
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments is ["--one", var one, var file])
        {
            Console.WriteLine(InputReaders.Read(Enum.Parse<InputKind>(one, ignoreCase: true), File.ReadAllBytes(file)) ? "taken" : "refused");
            return 0;
        }

        string corpus = arguments[0];
        long count = arguments.Length > 1 ? long.Parse(arguments[1], CultureInfo.InvariantCulture) : 100_000;
        ulong seed = arguments.Length > 2 ? ulong.Parse(arguments[2], CultureInfo.InvariantCulture) : 1;
        foreach (var kind in Enum.GetValues<InputKind>())
        {
            var watch = Stopwatch.StartNew();
            var fuzzer = new InputFuzzer(seed, kind, InputFuzzer.Corpus(corpus, kind));
            long some = kind is InputKind.Scenario or InputKind.Traffic ? Math.Max(1, count / 10) : count; // those that can be run are, and what is right of traffic is judged and replayed
            fuzzer.Run(some);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{some} inputs of kind {kind}, seed {seed}: {fuzzer.Accepted} taken, no exception; {watch.Elapsed.TotalSeconds:F1} s"));
        }

        return 0;
    }
}
