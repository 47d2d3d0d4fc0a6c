using System.Diagnostics;
using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Jobs;
using NbnsSim.Jobs.Archives;

namespace NbnsSim.Benchmarks;

/// <summary>
/// <c>archive [DATAGRAMS]</c>: what an archive of captures takes, step by step and from end to end, in one run over inputs that it makes: a plain read of the same file beside the extraction, the bare
/// diagnosis beside that of the merged stream, one core beside two.
/// </summary>
internal static class ArchiveSpeed
{
    private const int Captures = 4;
    private const int OfficeHosts = 5_000;
    private const int Fillers = 64; // then the name service is a thousandth of the octets
    private const int MostRounds = 3;
    private const int FewDatagrams = 50_000; // of which one round will do
    private const double Mebi = 1 << 20;

    private static int s_rounds = MostRounds;

    public static void Run(int datagrams)
    {
        s_rounds = datagrams <= FewDatagrams ? 1 : MostRounds;
        string folder = Directory.CreateTempSubdirectory("nbnssim-speed-").FullName;
        try
        {
            string mixed = Path.Combine(folder, "mixed"), calm = Path.Combine(folder, "calm"), sparse = Path.Combine(folder, "sparse.pcap");
            ArchiveLoad.Write(sparse, Math.Max(1, datagrams / Fillers / 4), 9, Fillers);
            for (int capture = 0; capture < Captures; capture++)
            {
                ArchiveLoad.Write(In(mixed, capture), Math.Max(1, datagrams / Captures), (ulong)capture + 1);
                CaptureOffice.Write(In(calm, capture), Math.Max(1, datagrams / Captures), OfficeHosts);
            }

            for (int round = 0; round < s_rounds; round++)
                _ = new Extracted(In(mixed, 0), Path.Combine(folder, "run"), isSummed: true).Frames(); // what is measured first is compiled then
            Console.WriteLine("extraction, on one core");
            Extract("all name service", In(mixed, 0), folder);
            Extract($"one frame in {Fillers + 1}", sparse, folder);
            foreach (var (name, input) in new[] { ("much is wrong, 5,000 hosts", mixed), ("names are repeated, nothing is wrong", calm) })
            {
                Console.WriteLine($"{Captures} captures, {datagrams:N0} datagrams: {name}");
                Combine(input, folder);
                EndToEnd(input, folder);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary><c>archive-job IN OUT</c>: does the job in a process of its own, and prints seconds, processor seconds and the most memory that it took.</summary>
    public static void DoJob(string input, string output)
    {
        var clock = Stopwatch.StartNew();
        Done(input, output).GetAwaiter().GetResult();
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds} {self.TotalProcessorTime.TotalSeconds} {self.PeakWorkingSet64}"));

        static async Task Done(string input, string output)
        {
            await using var engine = new LocalEngine(output);
            await JobRun.RunAsync(engine, new ArchiveSpec([input]));
        }
    }

    private static string In(string folder, int capture) => Path.Combine(Directory.CreateDirectory(folder).FullName, $"{capture}.pcap");

    private static void Extract(string name, string path, string folder)
    {
        long octets = new FileInfo(path).Length;
        double read = Best(() => ReadPlainly(path));
        foreach (bool isSummed in new[] { false, true })
        {
            long frames = 0;
            double seconds = Best(() => frames = new Extracted(path, Path.Combine(folder, "run"), isSummed).Frames());
            Line($"{name}, {(isSummed ? "with" : "without")} SHA-256", $"{frames / seconds / 1e6:F2} M frames/s", $"{octets / seconds / 1e9:F2} GB/s", $"{read / seconds:F2} of a plain read");
        }
    }

    private static void Combine(string input, string folder)
    {
        var run = new Extracted(input, Path.Combine(folder, "run"), isSummed: false);
        long count = 0;
        double merge = Best(() => count = run.Merge());
        Line("merge of all", Rate(count, merge), "", "");
        double merged = Best(run.Diagnose);
        Line("diagnosis of the merged stream", Rate(count, merged - merge), $"{Rate(count, merged)} with the merge", "");
        string first = Directory.GetFiles(input).Order(StringComparer.Ordinal).First();
        long bareCount = 0;
        double bare = Best(() => bareCount = CaptureWalk.InFile(first, CaptureWalk.Datagrams));
        double alone = Best(() => CaptureWalk.InFile(first, DiagnoseAlone));
        Line("diagnosis of one capture, alone", Rate(bareCount, alone - bare), "", "");
        double table = Best(() => run.Tabulate(folder));
        Line("table of datagrams", Rate(count, table - merge), "", "");
    }

    private static void EndToEnd(string input, string folder)
    {
        double one = 0;
        for (int cores = 1; cores <= Math.Min(2, Environment.ProcessorCount); cores++)
        {
            var (seconds, processor, memory) = Enumerable.Range(0, s_rounds).Select(_ => InProcess(cores, input, Path.Combine(folder, "job"))).MinBy(run => run.Seconds);
            one = cores == 1 ? seconds : one;
            Line($"from end to end, {cores} core{(cores == 1 ? "" : "s")}", $"{seconds:F2} s", $"{processor:F2} s of processors", string.Create(CultureInfo.InvariantCulture, $"{memory / Mebi:F0} MiB at most; {one / seconds:F2} x one core"));
        }
    }

    private static (double Seconds, double Processor, double Memory) InProcess(int cores, string input, string output)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(ArchiveSpeed).Assembly.Location);
        foreach (string argument in new[] { "archive-job", input, output })
            start.ArgumentList.Add(argument);
        using var self = Process.GetCurrentProcess();
        nint before = OperatingSystem.IsLinux() || OperatingSystem.IsWindows() ? self.ProcessorAffinity : 0;
        try
        {
            if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
                self.ProcessorAffinity = First(before, cores); // a process that is started now has the same
            using var child = Process.Start(start)!;
            double[] figures = [.. child.StandardOutput.ReadToEnd().Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
            child.WaitForExit();
            return (figures[0], figures[1], figures[2]);
        }
        finally
        {
            if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
                self.ProcessorAffinity = before;
            if (Directory.Exists(output))
                Directory.Delete(output, recursive: true);
        }
    }

    /// <summary>The first so many of a set of processors.</summary>
    private static nint First(nint all, int count)
    {
        nint first = 0;
        for (; count > 0 && all != 0; count--, all &= all - 1)
            first |= all & -all;
        return first;
    }

    private static long DiagnoseAlone(CaptureReader capture)
    {
        using var reader = new DatagramReader(capture, new DatagramReaderOptions { Port = Ipv4Endpoint.NameServicePort });
        var diagnosis = new CaptureDiagnosis();
        while (reader.TryRead(out var datagram))
            diagnosis.Observe(datagram);
        diagnosis.Complete();
        return diagnosis.Datagrams;
    }

    private static void ReadPlainly(string path)
    {
        using var file = File.OpenHandle(path);
        byte[] buffer = new byte[1 << 20];
        for (long at = 0; RandomAccess.Read(file, buffer, at) is > 0 and var read;)
            at += read;
    }

    /// <summary>The shortest of several rounds, in seconds.</summary>
    private static double Best(Action body)
    {
        double best = double.MaxValue;
        for (int round = 0; round < s_rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            body();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static string Rate(long count, double seconds) => string.Create(CultureInfo.InvariantCulture, $"{count / Math.Max(seconds, 1e-9) / 1e6:F2} M/s");

    private static void Line(string what, FormattableString first, FormattableString second, FormattableString third) =>
        Line(what, FormattableString.Invariant(first), FormattableString.Invariant(second), FormattableString.Invariant(third));

    private static void Line(string what, string first, string second, string third) => Console.WriteLine($"  {what,-44}{first,18}{second,26}  {third}".TrimEnd());
}
