using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Protocol;
using NbnsSim.Replay;

namespace NbnsSim.Benchmarks;

/// <summary>
/// What a replay costs a packet, beside a walk that decodes the same capture in the same run: the first pass, the second one for one host in full, and the second one for every host.
/// Of an office in which hosts ask each other, by how many there are.
/// </summary>
/// <remarks>
/// Where few hosts send very much, each has many transactions under way, which it looks through for each answer: at most 256.
/// </remarks>
internal static class ReplayCost
{
    private const int Rounds = 7;

    public static void Run(int frames)
    {
        Console.WriteLine($"{"hosts",8}{"decode, ns",12}{"hosts found",24}{"one host",24}{"every host",24}{"octets each",24}");
        foreach (int hosts in (ReadOnlySpan<int>)[10, 100, 1_000, 10_000])
        {
            if (hosts > frames / 10)
                break;
            byte[] capture = CaptureOffice.Make(frames, hosts);
            var passes = new CapturePasses(() => CaptureReader.Open(capture));
            var found = passes.FindHosts(null, out _);
            var decode = Best(frames, () => CaptureWalk.InMemory(capture, CaptureWalk.Decode));
            var first = Best(frames, () => passes.FindHosts(null, out _));
            var one = Best(frames, () => passes.Replay([new CaptureReplays([found.Hosts[0]], NetBtDialect.Windows2000, keepsDecisions: true)]));
            var every = Best(frames, () => passes.Replay([new CaptureReplays(found.Hosts, NetBtDialect.Windows2000, eventsOnly: true)]));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{hosts,8:N0}{decode.Time,12:F1}{Beside(first),24}{Beside(one),24}{Beside(every),24}{$"{first.Octets:F0} / {one.Octets:F0} / {every.Octets:F0}",24}"));

            string Beside((double Time, double Octets) pass) => string.Create(CultureInfo.InvariantCulture, $"{pass.Time:F0} ns, × {pass.Time / decode.Time:F1}");
        }
    }

    /// <summary>Processor time of a packet in nanoseconds and octets allocated for one, the best of a few rounds.</summary>
    private static (double Time, double Octets) Best(int frames, Action pass)
    {
        var best = (Time: double.MaxValue, Octets: double.MaxValue);
        for (int round = 0; round < Rounds; round++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            var start = Environment.CpuUsage.TotalTime;
            pass();
            best.Time = Math.Min(best.Time, (Environment.CpuUsage.TotalTime - start).TotalNanoseconds / frames);
            best.Octets = Math.Min(best.Octets, (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / frames);
        }

        return best;
    }
}
