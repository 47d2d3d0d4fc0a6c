using BenchmarkDotNet.Running;
using NbnsSim.SharpPcap.Benchmarks;

// "readers" is a quick measurement, all readers in turn, the best of several rounds; everything else is BenchmarkDotNet's.
if (args.FirstOrDefault() == "readers")
    Rounds.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 10);
else
    BenchmarkSwitcher.FromAssembly(typeof(ReaderBenchmarks).Assembly).Run(args);
