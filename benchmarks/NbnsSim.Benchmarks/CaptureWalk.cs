using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using NbnsSim.Captures;
using NbnsSim.Wire;

namespace NbnsSim.Benchmarks;

/// <summary>Walks over a capture, each deeper than the one before, and the loops that they are held against.</summary>
internal static class CaptureWalk
{
    private static readonly DatagramReaderOptions NameService = new() { Port = Ipv4Endpoint.NameServicePort };

    /// <summary>
    /// <c>capture [FILE] [ROUNDS]</c>: packets a second by the best and the middle of interleaved rounds, and the ratio to libpcap's loop
    /// on the same file in the same run. With one round it is a process that decodes one file, for <c>time</c>.
    /// </summary>
    /// <returns>Packets a second of each walk, by the middle round; 0 for libpcap where it is not installed.</returns>
    public static double[] Run(ReadOnlySpan<string> arguments)
    {
        string? made = null;
        if (arguments.IsEmpty)
            File.WriteAllBytes(made = Path.GetTempFileName(), CaptureMix.Make(1_000_000));
        string path = made ?? arguments[0];
        int rounds = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 15;
        try
        {
            if (rounds == 1)
            {
                Console.WriteLine(InFile(path, Decode));
                return [];
            }

            byte[] memory = File.ReadAllBytes(path);
            (string Name, Func<long> Walk)[] walks =
            [
                ("libpcap, pcap_next_ex loop (file)", () => Libpcap(path)),
                ("frames (file)", () => InFile(path, Frames)),
                ("UDP datagrams (file)", () => InFile(path, Datagrams)),
                ("decoded packets (file)", () => InFile(path, Decode)),
                ("hand-written walk (memory)", () => BareWalk(memory)),
                ("frames (memory)", () => InMemory(memory, Frames)),
                ("UDP datagrams (memory)", () => InMemory(memory, Datagrams)),
                ("checksums (memory)", () => InMemory(memory, Checksums)),
                ("decoded packets (memory)", () => InMemory(memory, Decode)),
            ];
            return Measure(walks, rounds);
        }
        finally
        {
            if (made is not null)
                File.Delete(made);
        }
    }

    public static long InFile(string path, Func<CaptureReader, long> walk)
    {
        using var reader = CaptureReader.Open(path);
        return walk(reader);
    }

    public static long InMemory(byte[] capture, Func<CaptureReader, long> walk)
    {
        using var reader = CaptureReader.Open(capture);
        return walk(reader);
    }

    /// <summary>pcap records and nothing else: the least that any reader has to do.</summary>
    public static unsafe long BareWalk(byte[] capture)
    {
        long frames = 0;
        ulong sum = 0;
        fixed (byte* start = capture)
        {
            byte* end = start + capture.Length;
            for (byte* at = start + 24; at + 16 <= end; frames++)
            {
                uint length = *(uint*)(at + 8);
                sum += length + *(uint*)at;
                at += 16 + length;
            }
        }

        return sum == 0 ? 0 : frames;
    }

    public static long Frames(CaptureReader reader)
    {
        long frames = 0;
        ulong sum = 0;
        while (reader.TryRead(out var packet))
        {
            sum += (ulong)packet.Data.Length + (ulong)packet.Time.Nanoseconds;
            frames++;
        }

        return sum == 0 ? 0 : frames;
    }

    public static long Datagrams(CaptureReader capture)
    {
        using var reader = new DatagramReader(capture, NameService);
        long datagrams = 0;
        ulong sum = 0;
        while (reader.TryRead(out var datagram))
        {
            sum += (ulong)datagram.Payload.Length + datagram.Source.Address.Value;
            datagrams++;
        }

        return sum == 0 ? 0 : datagrams;
    }

    public static long Checksums(CaptureReader capture)
    {
        using var reader = new DatagramReader(capture, NameService);
        long right = 0;
        while (reader.TryRead(out var datagram))
        {
            if (datagram.VerifyIpChecksum() == ChecksumStatus.Correct && datagram.VerifyUdpChecksum() == ChecksumStatus.Correct)
                right++;
        }

        return right;
    }

    /// <summary>Everything a decoder shows: time, addresses, the name, every address and every name of a node.</summary>
    public static long Decode(CaptureReader capture)
    {
        using var reader = new DatagramReader(capture, NameService);
        long packets = 0;
        ulong sum = 0;
        while (reader.TryRead(out var datagram))
        {
            sum += (ulong)datagram.Time.Nanoseconds + datagram.Source.Address.Value + datagram.Destination.Address.Value;
            if (!NbnsPacket.TryParse(datagram.Payload, out var packet))
                continue;
            packets++;
            sum += packet.Flags.Value;
            if (packet.Name.TryGetOctets(out ulong high, out ulong low))
                sum += high ^ low;
            foreach (var record in packet.Records)
            {
                for (int i = record.EntryCount - 1; i >= 0; i--)
                    sum += record.GetEntry(i).Address.Value;
                for (int i = record.NodeNameCount - 1; i >= 0; i--)
                    sum += record.GetNodeName(i).Name.High;
            }
        }

        return sum == 0 ? 0 : packets;
    }

    /// <summary>libpcap's own loop, called from here; 0 where libpcap is not installed.</summary>
    private static unsafe long Libpcap(string path)
    {
        if (!NativeLibrary.TryLoad("libpcap.so.0.8", out nint library) && !NativeLibrary.TryLoad("libpcap.so.1", out library))
            return 0;
        var open = (delegate* unmanaged<byte*, byte*, nint>)NativeLibrary.GetExport(library, "pcap_open_offline");
        var next = (delegate* unmanaged[SuppressGCTransition]<nint, byte**, byte**, int>)NativeLibrary.GetExport(library, "pcap_next_ex");
        var close = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "pcap_close");

        byte* error = stackalloc byte[256];
        nint name = Marshal.StringToCoTaskMemUTF8(path);
        nint pcap = open((byte*)name, error);
        Marshal.FreeCoTaskMem(name);
        if (pcap == 0)
            return 0;
        byte* header;
        byte* data;
        long frames = 0;
        ulong sum = 0;
        while (next(pcap, &header, &data) == 1)
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(header + 16, 4)) + data[0];
            frames++;
        }

        close(pcap);
        return sum == 0 ? 0 : frames;
    }

    private static double[] Measure((string Name, Func<long> Walk)[] walks, int rounds)
    {
        var seconds = walks.Select(_ => new List<double>()).ToArray();
        long[] packets = new long[walks.Length];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < walks.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                packets[i] = walks[i].Walk();
                seconds[i].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        Console.WriteLine($"{"",-36}{"best M/s",10}{"middle M/s",12}{"ns each",10}{"to libpcap",12}");
        for (int i = 0; i < walks.Length; i++)
        {
            seconds[i].Sort();
            double best = seconds[i][0];
            double middle = seconds[i][rounds / 2];
            string ratio = packets[0] == 0 ? "-" : $"{seconds[0][rounds / 2] / middle:F2}";
            Console.WriteLine($"{walks[i].Name,-36}{packets[i] / best / 1e6,10:F1}{packets[i] / middle / 1e6,12:F1}{middle / Math.Max(packets[i], 1) * 1e9,10:F1}{ratio,12}");
        }

        return [.. walks.Select((_, i) => packets[i] / seconds[i][rounds / 2])];
    }
}
