using System.Diagnostics;
using System.Globalization;
using NbnsSim.Tests.Messages;
using NbnsSim.Tests.Wire;

namespace NbnsSim.Benchmarks;

/// <summary>Random, mutated and assembled packets through every accessor of the codec: <c>fuzz [COUNT [SEED]]</c>, ten million unless told.</summary>
internal static class Fuzz
{
    public static void Run(ReadOnlySpan<string> arguments)
    {
        long count = arguments.Length > 0 ? long.Parse(arguments[0], CultureInfo.InvariantCulture) : 10_000_000;
        ulong seed = arguments.Length > 1 ? ulong.Parse(arguments[1], CultureInfo.InvariantCulture) : 1;
        var fuzzer = new PacketFuzzer(seed, MessageVectors.All.Select(v => v.Hex).Concat(MessageVectors.Captured.Select(c => c.Hex)).Select(MessageVectors.Octets));
        var watch = Stopwatch.StartNew();
        for (long done = 0; done < count;)
        {
            long part = Math.Min(count - done, 1_000_000);
            fuzzer.Run(part);
            done += part;
            Console.Error.WriteLine($"{done} of {count} packets, {watch.Elapsed.TotalSeconds:F0} s");
        }

        Console.WriteLine($"{count} packets, seed {seed}: {fuzzer.Readable} readable, {fuzzer.Messages} messages, no exception; {watch.Elapsed.TotalSeconds:F1} s");
    }
}
