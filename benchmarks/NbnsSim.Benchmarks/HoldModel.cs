using System.Diagnostics;
using NbnsSim.Simulation;

namespace NbnsSim.Benchmarks;

/// <summary>
/// The hold model: take the first event, put one back a random time later, so that the number of pending events stays the same.
/// The usual measure of an event queue (Jones 1986).
/// </summary>
internal static class HoldModel
{
    private const int Chunk = 100_000;
    private const int Chunks = 40;

    internal enum Increments
    {
        /// <summary>Exponential, mean one second.</summary>
        Exponential,

        /// <summary>Nine in ten within a millisecond, the rest within a day: latencies beside refresh timers.</summary>
        Bimodal,

        /// <summary>All the same.</summary>
        Constant,
    }

    /// <summary>Prints a line for each kind and size.</summary>
    /// <returns>How many times as fast as PriorityQueue with the same order, by how many events wait.</returns>
    public static Dictionary<int, List<double>> Run()
    {
        WarmUp();
        var ratios = new Dictionary<int, List<double>>();
        Console.WriteLine("increments   pending    queue ns   PriorityQueue(time,seq) ns   PriorityQueue(time) ns   ratio   ratio");
        foreach (var kind in Enum.GetValues<Increments>())
        {
            foreach (int pending in new[] { 1_000, 100_000, 1_000_000 })
            {
                var increments = Draw(kind);
                double ours = Ours(pending, increments), pair = Pair(pending, increments), single = Single(pending, increments);
                Console.WriteLine(FormattableString.Invariant(
                    $"{kind,-12} {pending,9:N0} {ours,9:F1} {pair,28:F1} {single,24:F1} {pair / ours,7:F2} {single / ours,7:F2}"));
                if (!ratios.TryGetValue(pending, out var list))
                    ratios[pending] = list = [];
                list.Add(pair / ours);
            }
        }

        return ratios;
    }

    /// <summary>Until all of it is compiled for good; on one core the compiler's own thread has to be let in.</summary>
    private static void WarmUp()
    {
        var increments = Draw(Increments.Bimodal);
        for (int i = 0; i < 8; i++)
        {
            _ = Ours(1_000, increments) + Pair(1_000, increments) + Single(1_000, increments);
            Thread.Sleep(150);
        }
    }

    internal static long[] Draw(Increments kind)
    {
        var stream = new RandomStream(42);
        var increments = new long[1 << 16];
        for (int i = 0; i < increments.Length; i++)
        {
            increments[i] = kind switch
            {
                Increments.Exponential => (long)(-Math.Log(1 - (stream.NextUInt64() / 18446744073709551616.0)) * 1e9),
                Increments.Bimodal => stream.Next(10) < 9 ? stream.Next(1_000_000) : (long)(stream.NextUInt64() % 86_400_000_000_000),
                _ => 1_000_000,
            };
        }

        return increments;
    }

    internal static PriorityQueue<Item, (long Time, long Sequence)> MakeReference(int pending) => new(pending, new ByTimeAndSequence());

    internal static void Hold(EventQueue<Item> queue, long increment)
    {
        queue.TryPop(long.MaxValue, out long time, out var item);
        queue.Push(time + increment, item);
    }

    internal static void Hold(PriorityQueue<Item, (long Time, long Sequence)> queue, long increment, ref long sequence)
    {
        queue.TryDequeue(out var item, out var key);
        queue.Enqueue(item, (key.Time + increment, sequence++));
    }

    private static void Hold(PriorityQueue<Item, long> queue, long increment)
    {
        queue.TryDequeue(out var item, out long time);
        queue.Enqueue(item, time + increment);
    }

    private static double Ours(int pending, long[] increments)
    {
        var queue = new EventQueue<Item>();
        for (int i = 0; i < pending; i++)
            queue.Push(increments[i & 0xFFFF] + i, new Item(i, 0, 0));
        return Measure(pending, i => Hold(queue, increments[i & 0xFFFF]));
    }

    private static double Pair(int pending, long[] increments)
    {
        var queue = MakeReference(pending);
        long sequence = 0;
        for (int i = 0; i < pending; i++)
            queue.Enqueue(new Item(i, 0, 0), (increments[i & 0xFFFF] + i, sequence++));
        return Measure(pending, i => Hold(queue, increments[i & 0xFFFF], ref sequence));
    }

    /// <summary>PriorityQueue at its fastest, which does not keep the order of equal times.</summary>
    private static double Single(int pending, long[] increments)
    {
        var queue = new PriorityQueue<Item, long>(pending);
        for (int i = 0; i < pending; i++)
            queue.Enqueue(new Item(i, 0, 0), increments[i & 0xFFFF] + i);
        return Measure(pending, i => Hold(queue, increments[i & 0xFFFF]));
    }

    /// <summary>The lower quartile of many short stretches: other work on the machine falls into the upper ones.</summary>
    private static double Measure(int pending, Action<int> hold)
    {
        for (int i = 0; i < pending + Chunk; i++)
            hold(i);
        var chunks = new double[Chunks];
        for (int chunk = 0; chunk < Chunks; chunk++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Chunk; i++)
                hold(i);
            chunks[chunk] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Chunk;
        }

        Array.Sort(chunks);
        return chunks[Chunks / 4];
    }

    private sealed class ByTimeAndSequence : IComparer<(long Time, long Sequence)>
    {
        public int Compare((long Time, long Sequence) x, (long Time, long Sequence) y) =>
            x.Time != y.Time ? x.Time.CompareTo(y.Time) : x.Sequence.CompareTo(y.Sequence);
    }

    internal readonly record struct Item(int A, int B, int C);
}
