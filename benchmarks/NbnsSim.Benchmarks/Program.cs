using System.Globalization;
using BenchmarkDotNet.Running;
using NbnsSim.Benchmarks;

// "hold" and the like are quick measurements, ratios within one run; everything else is BenchmarkDotNet's.
switch (args.FirstOrDefault())
{
    case "hold":
        HoldModel.Run();
        return 0;
    case "lan":
        return Counted(10_000, 1_000_000, nodes => LanBoot.Run(nodes));
    case "decisions":
        return Counted(1_000, 100_000, DecisionCost.Run);
    case "nodes":
        return Counted(1_000_000, 16_000_000, nodes => NodeCrowd.Run(nodes));
    case "names":
        return Counted(1_000_000, 100_000_000, NameServerLoad.Run);
    case "replay":
        return Counted(1_000_000, 10_000_000, ReplayCost.Run);
    case "growth":
        Growth.Run(args.ElementAtOrDefault(1) ?? "");
        return 0;
    case "capture":
        CaptureWalk.Run(args.AsSpan(1));
        return 0;
    case "capture-file":
        File.WriteAllBytes(args[1], CaptureMix.Make(int.Parse(args[2], CultureInfo.InvariantCulture)));
        return 0;
    case "office-file":
        CaptureOffice.Write(args[1], int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
        return 0;
    case "archive":
        return Counted(1_000_000, 100_000_000, ArchiveSpeed.Run);
    case "archive-file":
        ArchiveLoad.Write(args[1], int.Parse(args[2], CultureInfo.InvariantCulture), ulong.Parse(args[3], CultureInfo.InvariantCulture), args.Length > 4 ? int.Parse(args[4], CultureInfo.InvariantCulture) : 0);
        return 0;
    case "archive-job":
        ArchiveSpeed.DoJob(args[1], args[2]);
        return 0;
    case "codec":
        QuickCodec.Run();
        return 0;
    case "fuzz":
        Fuzz.Run(args.AsSpan(1));
        return 0;
    case "fuzz-inputs":
        return FuzzInputs.Run(args.AsSpan(1));
    case "chart":
        Report.DrawTable(args[1]);
        return 0;
    case "report":
        return Report.Run(args.AsSpan(1));
    default:
        BenchmarkSwitcher.FromAssembly(typeof(HoldModel).Assembly).Run(args);
        return 0;
}

// What is measured may be given a size: '-- names 4000000'.
int Counted(int usual, int most, Action<int> run)
{
    int count = usual;
    if (args.Length > 2 || (args.Length == 2 && (!int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1 || count > most)))
    {
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"'{args[0]}' takes a number from 1 to {most:N0}; {usual:N0} without."));
        return 2;
    }

    run(count);
    return 0;
}
