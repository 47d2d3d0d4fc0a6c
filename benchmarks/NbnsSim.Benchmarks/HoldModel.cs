using System.Diagnostics;
using System.Globalization;
using NbnsSim.Simulation;

namespace NbnsSim.Benchmarks;

/// <summary>
/// The hold model: take the first event, put one back a random time later, so that the number of pending events stays the same.
/// The usual measure of an event queue (Jones 1986).
/// </summary>
internal static class HoldModel
{
    private const int Rounds = 5;

    internal enum Increments
    {
        /// <summary>Exponential, mean one second.</summary>
        Exponential,

        /// <summary>Nine in ten within a millisecond, the rest within a day: latencies beside refresh timers.</summary>
        Bimodal,

        /// <summary>All the same.</summary>
        Constant,
    }

    public static void Run(ReadOnlySpan<string> args)
    {
        int operations = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3_000_000;
        Console.WriteLine("increments   pending    queue ns   PriorityQueue(time,seq) ns   PriorityQueue(time) ns   ratio   ratio");
        foreach (var kind in Enum.GetValues<Increments>())
        {
            foreach (int pending in new[] { 1_000, 100_000, 1_000_000 })
            {
                var increments = Draw(kind);
                double ours = double.MaxValue, pair = double.MaxValue, single = double.MaxValue;
                for (int round = 0; round < Rounds; round++)
                {
                    ours = Math.Min(ours, Ours(pending, operations, increments));
                    pair = Math.Min(pair, Pair(pending, operations, increments));
                    single = Math.Min(single, Single(pending, operations, increments));
                }

                Console.WriteLine(FormattableString.Invariant(
                    $"{kind,-12} {pending,9:N0} {ours,9:F1} {pair,28:F1} {single,24:F1} {pair / ours,7:F2} {single / ours,7:F2}"));
            }
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

    private static double Ours(int pending, int operations, long[] increments)
    {
        var queue = new EventQueue<Item>(pending);
        for (int i = 0; i < pending; i++)
            queue.Push(increments[i & 0xFFFF] + i, new Item(i, 0, 0));
        for (int i = 0; i < pending; i++)
            Hold(queue, increments[i & 0xFFFF]);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < operations; i++)
            Hold(queue, increments[i & 0xFFFF]);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations;
    }

    private static double Pair(int pending, int operations, long[] increments)
    {
        var queue = MakeReference(pending);
        long sequence = 0;
        for (int i = 0; i < pending; i++)
            queue.Enqueue(new Item(i, 0, 0), (increments[i & 0xFFFF] + i, sequence++));
        for (int i = 0; i < pending; i++)
            Hold(queue, increments[i & 0xFFFF], ref sequence);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < operations; i++)
            Hold(queue, increments[i & 0xFFFF], ref sequence);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations;
    }

    /// <summary>PriorityQueue at its fastest, which does not keep the order of equal times.</summary>
    private static double Single(int pending, int operations, long[] increments)
    {
        var queue = new PriorityQueue<Item, long>(pending);
        for (int i = 0; i < pending; i++)
            queue.Enqueue(new Item(i, 0, 0), increments[i & 0xFFFF] + i);
        for (int i = 0; i < pending; i++)
            Hold(queue, increments[i & 0xFFFF]);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < operations; i++)
            Hold(queue, increments[i & 0xFFFF]);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations;
    }

    private sealed class ByTimeAndSequence : IComparer<(long Time, long Sequence)>
    {
        public int Compare((long Time, long Sequence) x, (long Time, long Sequence) y) =>
            x.Time != y.Time ? x.Time.CompareTo(y.Time) : x.Sequence.CompareTo(y.Sequence);
    }

    internal readonly record struct Item(int A, int B, int C);
}
