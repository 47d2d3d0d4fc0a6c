using System.Diagnostics;
using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Simulation;

namespace NbnsSim.Benchmarks;

/// <summary>
/// How the cost of each path grows: it is measured at N, 4 N and 16 N, and the exponent of N that fits is printed. 1 is cost in proportion to
/// the input; 2 would be every item beside every other.
/// </summary>
internal static class Growth
{
    private const int Rounds = 5;
    private const int WarmUps = 8;

    /// <summary>A path: what N counts, the smallest N, and what makes the input and gives back the work.</summary>
    private sealed record Path(string Name, string Unit, int Least, Func<int, Action> Prepare);

    private static readonly Path[] Paths =
    [
        new("decode a capture", "packets", 50_000, frames => Over(CaptureMix.Make(frames), CaptureWalk.Decode)),
        new("diagnose a capture", "packets", 5_000, frames => Over(CaptureMix.Make(frames), Diagnose)),
        new("diagnose: different names", "names", 10_000, CaptureGrowth.DiagnoseNames),
        new("diagnose: addresses of one machine", "addresses", 5_000, CaptureGrowth.DiagnoseAddresses),
        new("replay every host: datagrams", "datagrams", 10_000, CaptureGrowth.ReplayFrames),
        new("replay every host: hosts and as many datagrams", "hosts", 1_000, CaptureGrowth.ReplayHosts),
        new("replay every host: who ask each other", "hosts", 500, CaptureGrowth.ReplayAsking),
        new("replay every host: as many broadcast responses", "hosts", 500, CaptureGrowth.ReplayResponses),
        new("replay a host: its names, 100 datagrams each", "names", 15, CaptureGrowth.ReplayNames),
        new("name server: names registered", "names", 20_000, names => () => NameServerLoad.Fill(names, journal: false, out _)),
        new("names made to collide, in a dictionary", "names", 20_000, CollidingNames),
        new("addresses made to collide, in a dictionary", "addresses", 4_000, CollidingAddresses),
        new("a B node boots among others", "nodes", 2_000, BootOneAmong),
        new("event queue: queue and take out", "events", 50_000, QueueAndTake),
        new("Simulator.Fork", "hosts", 10, ForkMany),
    ];

    /// <summary>Prints the table.</summary>
    /// <param name="part">What a path's name has to hold; empty for all.</param>
    public static void Run(string part = "")
    {
        Console.WriteLine($"{"path",-46}{"N",26}{"ns each",28}{"exponent",10}{"octets each",24}");
        foreach (var path in Paths.Where(path => path.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))
        {
            var small = path.Prepare(path.Least);
            for (int i = 0; i < WarmUps; i++)
            {
                small();
                Thread.Sleep(20); // lets the compiler's own thread finish
            }

            int[] sizes = [path.Least, path.Least * 4, path.Least * 16];
            var each = sizes.Select(size => Best(path.Prepare(size), size)).ToArray();
            double exponent = 1 + (Math.Log(each[2].Time / each[0].Time) / Math.Log(16));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{path.Name,-46}{$"{sizes[0]:N0}, × 4, × 16 {path.Unit}",26}{$"{each[0].Time:N0} / {each[1].Time:N0} / {each[2].Time:N0}",28}{exponent,10:F2}{$"{each[0].Octets:N0} / {each[1].Octets:N0} / {each[2].Octets:N0}",24}"));
        }
    }

    /// <summary>Processor time and octets allocated for each of N, the best of a few rounds.</summary>
    private static (double Time, double Octets) Best(Action work, int count)
    {
        double best = double.MaxValue;
        long octets = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            var start = Environment.CpuUsage.TotalTime;
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long ticks = Stopwatch.GetTimestamp();
            work();
            var spent = Environment.CpuUsage.TotalTime - start;
            best = Math.Min(best, Math.Min(spent.TotalNanoseconds, Stopwatch.GetElapsedTime(ticks).TotalNanoseconds) / count);
            octets = Math.Min(octets, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        return (best, (double)octets / count);
    }

    private static Action Over(byte[] capture, Func<CaptureReader, long> walk) => () => CaptureWalk.InMemory(capture, walk);

    private static long Diagnose(CaptureReader capture)
    {
        using var reader = new DatagramReader(capture, new DatagramReaderOptions { Port = Ipv4Endpoint.NameServicePort });
        var diagnosis = new CaptureDiagnosis();
        while (reader.TryRead(out var datagram))
            diagnosis.Observe(datagram.FrameNumber, datagram.Time, datagram.Source, datagram.Destination, datagram.IsBroadcast, datagram.Payload);
        diagnosis.Complete();
        return reader.Capture.FrameCount;
    }

    private static Action CollidingNames(int count)
    {
        var names = new NetBiosName[count];
        for (int i = 0; i < count; i++)
        {
            ulong low = ((ulong)(i + 1) << 8) | 0x20;
            names[i] = new NetBiosName(0x1234_5678_90AB_CDEF ^ (low * 0x9E37_79B9_7F4A_7C15), low);
        }

        return () => Enter(names);
    }

    /// <summary>Multiples of a size that the dictionary takes, for the largest N.</summary>
    private static Action CollidingAddresses(int count)
    {
        var addresses = new Ipv4Address[count];
        for (int i = 0; i < count; i++)
            addresses[i] = new Ipv4Address((uint)i * 65_537u);
        return () => Enter(addresses);
    }

    private static void Enter<T>(T[] keys)
        where T : notnull
    {
        var known = new Dictionary<T, int>();
        for (int i = 0; i < keys.Length; i++)
            known[keys[i]] = i;
    }

    /// <summary>A node's broadcasts reach all the others.</summary>
    private static Action BootOneAmong(int nodes)
    {
        var simulator = LanBoot.Build(nodes);
        int next = 0;
        return () =>
        {
            simulator.Command<EndNode>(new HostId(next++), "boot", static (node, now) => node.Boot(now));
            simulator.RunFor(TimeSpan.FromSeconds(30));
        };
    }

    private static Action QueueAndTake(int count)
    {
        long[] increments = HoldModel.Draw(HoldModel.Increments.Bimodal);
        return () =>
        {
            var queue = new EventQueue<HoldModel.Item>();
            for (int i = 0; i < count; i++)
                queue.Push(increments[i & 0xFFFF] + i, new HoldModel.Item(i, 0, 0));
            while (queue.TryPop(long.MaxValue, out _, out _))
            {
            }
        };
    }

    private static Action ForkMany(int hosts)
    {
        var simulator = LanBoot.Build(hosts);
        LanBoot.Boot(simulator);
        return () => GC.KeepAlive(simulator.Fork());
    }
}
