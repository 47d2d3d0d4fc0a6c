using BenchmarkDotNet.Running;
using NbnsSim.SharpPcap.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(ReaderBenchmarks).Assembly).Run(args);
