using System.Diagnostics;

namespace NbnsSim.SharpPcap.Benchmarks;

/// <summary>
/// The readers one after the other, round after round, and the best time of each: on a machine that others use too, ratios of such times hold
/// where means do not.
/// </summary>
internal static class Rounds
{
    public static void Run(int rounds)
    {
        var benchmarks = new ReaderBenchmarks();
        benchmarks.FindFile();
        (string Name, Func<long> Read)[] readers =
        [
            ("our reader, to the UDP payload", benchmarks.Ours),
            ("our reader, decoded", benchmarks.OursDecoding),
            ("SharpPcap GetNextPacketPointers, nothing looked at", benchmarks.SharpPcapPointers),
            ("SharpPcap GetNextPacket, nothing looked at", benchmarks.SharpPcapAlone),
            ("SharpPcap through CaptureDeviceStream, to the UDP payload", benchmarks.SharpPcapThroughOurs),
            ("SharpPcap + PacketDotNet, to the UDP payload", benchmarks.SharpPcapAndPacketDotNet),
            ("SharpPcap + PacketDotNet + NameServicePacket, decoded", () => WithDecoder(benchmarks.SharpPcapAndOurPacket)),
        ];
        var best = Enumerable.Repeat(TimeSpan.MaxValue, readers.Length).ToArray();
        var allocated = new long[readers.Length];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < readers.Length; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                long start = Stopwatch.GetTimestamp();
                readers[i].Read();
                var elapsed = Stopwatch.GetElapsedTime(start);
                allocated[i] = GC.GetAllocatedBytesForCurrentThread() - before;
                best[i] = elapsed < best[i] ? elapsed : best[i];
            }
        }

        Console.WriteLine("   ns/packet  M packets/s    ratio  B/packet");
        for (int i = 0; i < readers.Length; i++)
        {
            double nanoseconds = best[i].TotalNanoseconds / ReaderBenchmarks.Frames;
            Console.WriteLine(
                $"{nanoseconds,12:F1} {1000 / nanoseconds,12:F2} {best[i] / best[0],8:F2} {(double)allocated[i] / ReaderBenchmarks.Frames,9:F0}  {readers[i].Name}");
        }

        benchmarks.DeleteFile();
    }

    private static long WithDecoder(Func<long> read)
    {
        using var registration = NameServiceDecoder.Register();
        return read();
    }
}
