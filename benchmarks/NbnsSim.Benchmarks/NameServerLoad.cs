using System.Diagnostics;
using System.Runtime.CompilerServices;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Benchmarks;

/// <summary>
/// A name server with a million names in it, one core: registrations, refreshes, queries and releases through <see cref="NameServer.HandleDatagram"/> and
/// <see cref="NameServer.TryPollTransmit"/>, each beside a bare parse, dictionary look-up and answer over the same packets in the same run.
/// </summary>
internal static class NameServerLoad
{
    private const int Requests = 1 << 20;
    private const int Rounds = 5;

    /// <summary>What a run of queries gave.</summary>
    internal sealed record Figures(double Nanoseconds, double Ratio, double OctetsPerName);

    public static void Run(int names)
    {
        foreach (bool journal in new[] { false, true })
            Run(names, journal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Figures Run(int names, bool journal)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var server = Fill(names, journal, out double fill);
        long memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        before = GC.GetTotalMemory(forceFullCollection: true);
        var bare = new Bare(names);
        long bareMemory = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(FormattableString.Invariant(
            $"{names:N0} names{(journal ? ", changes journalled" : "")}: {(double)memory / names:F1} B a name (bare dictionary {(double)bareMemory / names:F1}), filled at {names / fill / 1e6:F2} M/s"));
        Console.WriteLine("  request      ns     M/s   bare ns   ratio   B/request   (processor time)");
        var (ns, ratio) = Measure(server, bare, names, "query", 0x0100, miss: false);
        foreach (var (kind, flags) in new[] { ("refresh", 0x4000), ("register", 0x2900), ("miss", 0x0100) })
            Measure(server, bare, names, kind, (ushort)flags, miss: kind == "miss");
        GC.KeepAlive(server);
        GC.KeepAlive(bare);
        return new Figures(ns, ratio, (double)memory / names);
    }

    /// <summary>A server with so many names.</summary>
    internal static NameServer Fill(int names, bool journal, out double seconds)
    {
        var server = new NameServer(new NameServerOptions { Address = new Ipv4Address(0x0A000001), Dialect = NameServerDialect.Windows2000, JournalsChanges = journal, MaxNames = Math.Max(names, 1) });
        var buffer = new byte[576];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < names; i++)
            Ask(server, Instant.Epoch, Write(buffer, 0x2900, i), AddressOf(i), buffer);
        seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (server.Count != names)
            throw new InvalidOperationException($"{server.Count} names instead of {names}");
        return server;
    }

    /// <summary>Packets about names in no order.</summary>
    internal static (byte[] Octets, int[] Numbers) Packets(int names, ushort flags, bool miss)
    {
        var random = new RandomStream(5);
        var octets = new byte[Requests * 68];
        var numbers = new int[Requests];
        for (int i = 0; i < Requests; i++)
        {
            numbers[i] = (int)random.Next((uint)names);
            Write(octets.AsSpan(i * 68), flags, miss ? numbers[i] + names : numbers[i]);
        }

        return (octets, numbers);
    }

    internal static int Ask(NameServer server, Instant now, ReadOnlySpan<byte> packet, Ipv4Address source, Span<byte> buffer)
    {
        server.HandleDatagram(now, new Datagram(packet, Ipv4Endpoint.NameService(source), default, isBroadcast: false));
        int sent = 0;
        while (server.TryPollTransmit(buffer, out var transmit))
            sent += transmit.Length;
        return sent;
    }

    internal static Ipv4Address AddressOf(int number) => new(0x0B000000 + (uint)number);

    private static (double Nanoseconds, double Ratio) Measure(NameServer server, Bare bare, int names, string kind, ushort flags, bool miss)
    {
        var (octets, numbers) = Packets(names, flags, miss);
        int length = flags == 0x0100 ? 50 : 68;
        var buffer = new byte[576];
        double best = double.MaxValue, bareBest = double.MaxValue;
        long allocated = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            var start = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < Requests; i++)
                Ask(server, Instant.FromUnixTime(round), octets.AsSpan(i * 68, length), AddressOf(numbers[i]), buffer);
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - start).TotalNanoseconds / Requests);
            allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
            while (server.TryPollChange(out _))
            {
            }

            start = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < Requests; i++)
                bare.Ask(octets.AsSpan(i * 68, length), buffer);
            bareBest = Math.Min(bareBest, (Environment.CpuUsage.TotalTime - start).TotalNanoseconds / Requests);
        }

        Console.WriteLine(FormattableString.Invariant(
            $"  {kind,-9} {best,6:F0} {1e3 / best,7:F2} {bareBest,9:F0} {best / bareBest,7:F2} {(double)allocated / Requests,11:F2}"));
        return (best, best / bareBest);
    }

    private static ReadOnlySpan<byte> Write(Span<byte> buffer, ushort flags, int number)
    {
        Span<byte> octets = stackalloc byte[NetBiosName.Size];
        octets.Fill((byte)' ');
        "PC"u8.CopyTo(octets);
        number.TryFormat(octets[2..], out _, "D8");
        var name = new NetBiosName(octets);
        return buffer[..(flags == 0x0100
            ? NbnsEncoder.WriteQuery(buffer, 1, flags, name)
            : NbnsEncoder.WriteRequest(buffer, 1, flags, name, 300_000, new NbEntry(default, AddressOf(number))))];
    }

    /// <summary>The least that a name server does: parse, look up by sixteen octets, answer.</summary>
    internal sealed class Bare
    {
        private readonly Dictionary<(ulong, ulong), uint> _names;

        public Bare(int names)
        {
            _names = new Dictionary<(ulong, ulong), uint>(names);
            var buffer = new byte[576];
            for (int i = 0; i < names; i++)
            {
                if (NbnsPacket.TryParse(Write(buffer, 0x2900, i), out var packet) && packet.Name.TryGetOctets(out ulong high, out ulong low))
                    _names[(high, low)] = packet.Record.FirstEntry.Address.Value;
            }
        }

        public int Ask(ReadOnlySpan<byte> octets, Span<byte> buffer)
        {
            if (!NbnsPacket.TryParse(octets, out var packet) || !packet.Name.TryGetOctets(out ulong high, out ulong low))
                return 0;
            ref uint address = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_names, (high, low));
            bool isQuery = packet.Opcode == NbnsOpcode.Query;
            if (Unsafe.IsNullRef(in address))
                return NbnsEncoder.WriteNegativeQueryResponse(buffer, packet.TransactionId, 0x8583, new NetBiosName(high, low));
            if (!isQuery)
                address = packet.Record.FirstEntry.Address.Value;
            return NbnsEncoder.WriteResponse(
                buffer, packet.TransactionId, isQuery ? (ushort)0x8580 : (ushort)0xAD80, new NetBiosName(high, low), 300_000, new NbEntry(default, new Ipv4Address(address)));
        }
    }
}
