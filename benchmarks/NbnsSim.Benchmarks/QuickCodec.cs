using System.Diagnostics;
using System.Runtime.CompilerServices;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Benchmarks;

/// <summary>The codec's figures in a minute: lowest twentieths of interleaved rounds, as nanoseconds and as ratios to the bare walk.</summary>
internal static class QuickCodec
{
    private const int Rounds = 401;
    private const int PerRound = 20_000;

    private static uint s_sink;
    private static NbnsMessage? s_message;

    /// <summary>What the tables come to: the extremes over the kinds of packets.</summary>
    internal sealed record Figures(
        double LeastDecode, double MostDecode, double LeastRatio, double MostRatio, double Encode, double EncodeRatio, double Unpack, double UnpackRatio, double Pack, double PackRatio);

    public static Figures Run()
    {
        var decodes = new List<double>();
        var ratios = new List<double>();
        WarmUp();
        Console.WriteLine($"{"ns",-18}{"bare walk",10}{"parse",10}{"decode",10}{"ratio",8}{"octets",8}{"message",10}{"octets",8}");
        foreach (var packet in Enum.GetValues<DecodeBenchmarks.Packet>())
        {
            byte[] octets = DecodeBenchmarks.Octets(packet);
            double[] ns = Measure(
                () => { uint sum = 0; for (int i = 0; i < PerRound; i++) sum += DecodeBenchmarks.BareDecode(octets); return sum; },
                () => { uint sum = 0; for (int i = 0; i < PerRound; i++) sum += Parse(octets); return sum; },
                () => { uint sum = 0; for (int i = 0; i < PerRound; i++) sum += DecodeBenchmarks.FullDecode(octets); return sum; },
                () => { uint sum = 0; for (int i = 0; i < PerRound; i++) sum += DecodeBenchmarks.MessageDecode(octets) is null ? 0u : 1u; return sum; });
            decodes.Add(ns[2]);
            ratios.Add(ns[2] / ns[0]);
            Console.WriteLine($"{packet,-18}{ns[0],10:F1}{ns[1],10:F1}{ns[2],10:F1}{ns[2] / ns[0],8:F2}{Allocated(() => s_sink = DecodeBenchmarks.FullDecode(octets)),8}{ns[3],10:F1}{Allocated(() => s_message = DecodeBenchmarks.MessageDecode(octets)),8}");
        }

        byte[][] mix = Mix();
        double[] mixed = Measure(
            () => { uint sum = 0; for (int i = 0; i < PerRound; i++) sum += DecodeBenchmarks.BareDecode(mix[i & (mix.Length - 1)]); return sum; },
            () => { uint sum = 0; for (int i = 0; i < PerRound; i++) sum += Parse(mix[i & (mix.Length - 1)]); return sum; },
            () => { uint sum = 0; for (int i = 0; i < PerRound; i++) sum += DecodeBenchmarks.FullDecode(mix[i & (mix.Length - 1)]); return sum; });
        Console.WriteLine($"{"mix",-18}{mixed[0],10:F1}{mixed[1],10:F1}{mixed[2],10:F1}{mixed[2] / mixed[0],8:F2}");

        byte[] buffer = new byte[NbnsHeader.MaxDatagramLength];
        var name = NetBiosName.Parse("ALICE<03>");
        var entry = new NbEntry(new NbFlags(0), new Ipv4Address(0x0A000002));
        double[] encode = Measure(
            () => { uint sum = 0; for (int i = 0; i < PerRound; i++) sum += (uint)NbnsEncoder.WriteRequest(buffer, (ushort)i, 0x2910, name, 300_000, entry); return sum; },
            () => { uint sum = 0; for (int i = 0; i < PerRound; i++) sum += (uint)NbnsEncoder.WriteQuery(buffer, (ushort)i, 0x0110, name); return sum; },
            () => { ulong sum = 0; for (int i = 0; i < PerRound; i++) { HalfAscii.TryDecodeScalar(buffer.AsSpan(13), out ulong high, out ulong low); sum += high + low; } return (uint)sum; },
            () => { ulong sum = 0; for (int i = 0; i < PerRound; i++) { HalfAscii.TryDecode(buffer.AsSpan(13), out ulong high, out ulong low); sum += high + low; } return (uint)sum; },
            () => { for (int i = 0; i < PerRound; i++) HalfAscii.EncodeScalar(name.High, name.Low + (ulong)i, buffer.AsSpan(13)); return 0; },
            () => { for (int i = 0; i < PerRound; i++) HalfAscii.Encode(name.High, name.Low + (ulong)i, buffer.AsSpan(13)); return 0; },
            () => { uint sum = 0; for (int i = 0; i < PerRound; i++) sum += DecodeBenchmarks.CopyFinished(buffer, i); return sum; });
        Console.WriteLine($"encode: registration {encode[0]:F1} ns, query {encode[1]:F1} ns; {encode[0] / encode[6]:F1} x the time of copying a finished packet of that length ({encode[6]:F1} ns)");
        Console.WriteLine($"half-ASCII: decode scalar {encode[2]:F1}, vector {encode[3]:F1} ns ({encode[2] / encode[3]:F1}x); encode scalar {encode[4]:F1}, vector {encode[5]:F1} ns ({encode[4] / encode[5]:F1}x)");
        return new Figures(
            decodes.Min(), decodes.Max(), ratios.Min(), ratios.Max(), encode[0], encode[0] / encode[6], encode[3], encode[2] / encode[3], encode[5], encode[4] / encode[5]);
    }

    /// <summary>Kinds in random order, registrations and queries most, as on a busy network.</summary>
    private static byte[][] Mix()
    {
        var random = new RandomStream(1);
        var mix = new byte[4096][];
        for (int i = 0; i < mix.Length; i++)
        {
            mix[i] = DecodeBenchmarks.Octets(random.Next(100) switch
            {
                < 40 => DecodeBenchmarks.Packet.Registration,
                < 65 => DecodeBenchmarks.Packet.Query,
                < 80 => DecodeBenchmarks.Packet.PositiveResponse,
                < 88 => DecodeBenchmarks.Packet.Release,
                < 94 => DecodeBenchmarks.Packet.Refusal,
                < 97 => DecodeBenchmarks.Packet.NodeStatus,
                _ => DecodeBenchmarks.Packet.Wack,
            });
        }

        return mix;
    }

    /// <summary>Every kind in turn, so that the compiler's profile favours none.</summary>
    private static void WarmUp()
    {
        byte[][] all = [.. Enum.GetValues<DecodeBenchmarks.Packet>().Select(DecodeBenchmarks.Octets)];
        for (int i = 0; i < 100; i++)
        {
            for (int j = 0; j < 20_000; j++)
            {
                byte[] octets = all[j % all.Length];
                _ = Parse(octets) + DecodeBenchmarks.BareDecode(octets) + DecodeBenchmarks.FullDecode(octets);
                _ = DecodeBenchmarks.MessageDecode(octets);
            }

            Thread.Sleep(5); // lets the compiler's own thread finish
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Parse(ReadOnlySpan<byte> octets) => NbnsPacket.TryParse(octets, out var packet) ? (uint)packet.Length : 0;

    /// <summary>The octets that one call allocates.</summary>
    private static long Allocated(Action body)
    {
        body();
        long before = GC.GetAllocatedBytesForCurrentThread();
        body();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static double[] Measure(params Func<uint>[] bodies)
    {
        double[][] times = [.. bodies.Select(_ => new double[Rounds])];
        uint sink = 0;
        for (int round = -3; round < Rounds; round++)
        {
            for (int i = 0; i < bodies.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                sink += bodies[i]();
                if (round >= 0)
                    times[i][round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / PerRound;
            }
        }

        s_sink += sink;
        return [.. times.Select(t => t.Order().ElementAt(Rounds / 20))]; // other work on the machine only ever adds
    }
}
