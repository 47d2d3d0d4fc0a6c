using System.Text;
using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Reports;
using NbnsSim.Reports.Pictures;
using NbnsSim.Scenarios;
using NbnsSim.Tests.House;

namespace NbnsSim.Browser.Tests;

/// <summary>The pages that are looked at: of runs, of captures from the field, and of a capture with hostile names.</summary>
internal static class PicturePages
{
    /// <summary>Text that would like to be something else; the escape and the change of direction are written with C#'s escapes.</summary>
    public static readonly string[] HostileNames = ["<img src=x>", "\"><script>", "\u001b[31mRED", "A\u202Egpj", "`a`|b|*c*", "@admin #1", "x\r\n- y", "javascript:x"];

    /// <summary>All pages by their names.</summary>
    public static IEnumerable<string> Names =>
        ["q131739", "wins-partition", "power-cut-burst", "r4-real-duplicate", "r6-wins-refused", "q5-100-clones-100-subnets", "replay-q1b-answer-then-release", "replay-r6-wins-refused", "hostile", "archive"];

    /// <summary>A page's HTML.</summary>
    public static string Html(string name)
    {
        using var text = new StringWriter { NewLine = "\n" };
        Picture(name).WriteHtml(text);
        return text.ToString();
    }

    /// <summary>A page's picture.</summary>
    public static Picture Picture(string name)
    {
        if (name == "hostile")
            return Diagnosed("hostile <b>.pcap", HostileCapture());
        if (name == "archive")
            return OfSeveral();
        if (BuiltInScenarios.Find(name) is { } scenario)
        {
            var run = new ScenarioRun(scenario);
            var picture = RunPicture.Attach(run);
            return picture.Draw(run.Run());
        }

        bool isReplay = name.StartsWith("replay-", StringComparison.Ordinal);
        string file = (isReplay ? name["replay-".Length..] : name) + ".pcap";
        byte[] capture = File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Fixtures", "diagnosis", file));
        return isReplay ? Replayed(file, capture) : Diagnosed(file, capture);
    }

    private static Picture Diagnosed(string title, byte[] capture)
    {
        var report = new DiagnosisReport(title);
        using (var datagrams = Open(capture))
        {
            while (datagrams.TryRead(out var datagram))
                report.Add(datagram);
        }

        report.Complete();
        var picture = report.Draw();
        using var again = Open(capture);
        while (!picture.IsComplete && again.TryRead(out var datagram))
            picture.Add(datagram);
        return picture.Draw();
    }

    /// <summary>Of several captures as one, with a table of them.</summary>
    private static Picture OfSeveral()
    {
        var report = new DiagnosisReport("the archive") { Files = 2 };
        using (var datagrams = Open(HostileCapture()))
        {
            while (datagrams.TryRead(out var datagram))
                report.Add(datagram);
        }

        report.Complete();
        var picture = report.Draw();
        using var again = Open(HostileCapture());
        for (long frame = 1; !picture.IsComplete && again.TryRead(out var datagram); frame++)
            picture.Add(DatagramFacts.Of(datagram), new FramePlace(frame % 2 == 0 ? HostileNames[0] : "captures/monday.pcapng", frame));
        var rows = Enumerable.Range(1, 40).Select(i => (string[])[$"{i}. captures/{HostileNames[i % HostileNames.Length]}/a-rather-long-name-of-a-file-that-somebody-gave-to-it.pcapng", "1,234,567", "8,901", HostileNames[i % HostileNames.Length]]);
        return picture.Draw().With(new PictureTable("Captures", ["Capture", "Octets", "Frames", "What could not be read"], [.. rows], "40 of 1,000 captures are shown."));
    }

    private static Picture Replayed(string title, byte[] capture)
    {
        var passes = new NbnsSim.Replay.CapturePasses(() => CaptureReader.Open(new MemoryStream(capture)));
        var dialect = Protocol.NetBtDialect.Windows2000;
        var replays = new NbnsSim.Replay.CaptureReplays(passes.FindHosts(null, out _).Hosts, dialect, keepsDecisions: true);
        passes.Replay([replays]);
        return new ReplayReport(title, dialect, replays).Draw(passes);
    }

    private static DatagramReader Open(byte[] capture) => new(CaptureReader.Open(new MemoryStream(capture)), NbnsSim.Replay.CaptureFile.NameService);

    /// <summary>Two machines that claim the same names, each of which would like to be something else; the names begin with their number, so that they differ.</summary>
    private static byte[] HostileCapture()
    {
        using var stream = new MemoryStream();
        using (var writer = new CaptureWriter(stream, leaveOpen: true))
        {
            byte[] frame = new byte[1024];
            byte[] payload = new byte[512];
            var (holder, claimant, everybody) = (Ipv4Address.Parse("10.0.0.1"), Ipv4Address.Parse("10.0.0.2"), Ipv4Address.Parse("10.0.0.255"));
            long at = 0;
            foreach (string hostile in HostileNames)
            {
                byte[] octets = new byte[15];
                octets.AsSpan().Fill((byte)' ');
                Encoding.UTF8.GetBytes(hostile).AsSpan(0, Math.Min(15, Encoding.UTF8.GetByteCount(hostile))).CopyTo(octets);
                var name = new NetBiosName([.. octets, (byte)NameSuffix.Server]);
                ushort id = (ushort)(++at * 10);
                Send(holder, everybody, Wire.NbnsEncoder.WriteRequest(payload, id, (ushort)(Wire.NbnsFlagWords.Overwrite | Wire.NbnsFlags.BroadcastBit), name, 0, new Wire.NbEntry(default, holder)));
                id++;
                Send(claimant, everybody, Wire.NbnsEncoder.WriteRequest(payload, id, (ushort)(Wire.NbnsFlagWords.RegistrationRequest | Wire.NbnsFlags.BroadcastBit), name, 0, new Wire.NbEntry(default, claimant)));
                Send(holder, claimant, Wire.NbnsEncoder.WriteResponse(payload, id, (ushort)(Wire.NbnsFlagWords.RegistrationResponse | (ushort)Wire.NbnsRcode.ActiveError), name, 0, new Wire.NbEntry(default, holder)));
            }

            void Send(Ipv4Address from, Ipv4Address to, int length)
            {
                var mac = to == everybody ? MacAddress.Broadcast : MacAddress.FromIpv4(to);
                int octets = UdpFrame.Write(frame, MacAddress.FromIpv4(from), mac, Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(to), payload.AsSpan(0, length));
                writer.Write(Instant.FromMilliseconds(1000 * ++at), frame.AsSpan(0, octets));
            }
        }

        return stream.ToArray();
    }
}
