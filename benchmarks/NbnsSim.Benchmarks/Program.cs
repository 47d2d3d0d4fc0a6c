using BenchmarkDotNet.Running;
using NbnsSim.Benchmarks;

// "hold" and the like are quick measurements, ratios within one run; everything else is BenchmarkDotNet's.
switch (args.FirstOrDefault())
{
    case "hold":
        HoldModel.Run();
        return;
    case "lan":
        LanBoot.Run(args.AsSpan(1));
        return;
    case "nodes":
        NodeCrowd.Run(args.AsSpan(1));
        return;
    case "capture":
        CaptureWalk.Run(args.AsSpan(1));
        return;
    case "codec":
        QuickCodec.Run();
        return;
    case "fuzz":
        Fuzz.Run(args.AsSpan(1));
        return;
    case "names":
        NameServerLoad.Run(args.AsSpan(1));
        return;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(HoldModel).Assembly).Run(args);
        return;
}
