using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NbnsSim.Captures;
using NbnsSim.Testing.Traffic;

namespace NbnsSim.Testing.Tests.Traffic;

/// <summary>The files of generated traffic: the same octets every time, and labels that say what is so.</summary>
public sealed class TrafficFileTests
{
    private static IEnumerable<TestCaseData> Classes() => TrafficClasses.All.Select(one => new TestCaseData(one).SetArgDisplayNames(one.Id));

    /// <summary>Two runs write the same files with the same octets, and another seed others.</summary>
    [Test]
    public void TheSameIsTheSame()
    {
        var request = new TrafficRequest { Classes = TrafficClasses.Select("forged-demand,spoofed-wack,registration-flood,two-segments,datagrams-twice"), Seeds = new SeedRange(7, 2), HasIdsCases = true };
        var (first, second) = (Files(request), Files(request));
        Assert.That(first.Keys, Is.EqualTo(second.Keys));
        foreach (var (name, octets) in first)
            Assert.That(second[name].AsSpan().SequenceEqual(octets), Is.True, name);
        Assert.That(first["spoofed-wack-7.pcapng"], Is.Not.EqualTo(first["spoofed-wack-8.pcapng"]));
        Assert.That(first.Keys, Is.SupersetOf(new[] { "INDEX.tsv", "spoofed-wack-8.ndjson", "suricata/spoofed-wack-7/test.yaml", "suricata/spoofed-wack-7/test.rules", "suricata/spoofed-wack-7/input.pcap", "zeek/btest.cfg", "zeek/nbns/spoofed-wack-7.zeek" }));
    }

    /// <summary>Each label is about a frame that is there, and says of it what the simulation knows: time, addresses, sender, and its part in the truth.</summary>
    [TestCaseSource(nameof(Classes))]
    public void EveryLabelIsAboutItsFrame(object of)
    {
        var run = ((TrafficClass)of).Play(3, backgroundHosts: 12);
        var lines = Labels(run);
        var truth = lines[0];
        var frames = Frames(run);
        Assert.That(lines, Has.Count.EqualTo(frames.Count + 1));
        Assert.That((int)truth["frames"]!, Is.EqualTo(frames.Count).And.EqualTo(run.Mirror.Count));
        var traces = run.Truth.Traces.Where(trace => !trace.IsOptional).ToArray();
        var strangers = run.Background.Select(host => host.Id).ToHashSet();
        var evidence = new List<int>();
        for (int i = 0; i < frames.Count; i++)
        {
            var (label, frame, sighting) = (lines[i + 1], frames[i], run.Mirror[i]);
            string comment = frame.Comment;
            Assert.That((int)label["frame"]!, Is.EqualTo(i + 1));
            Assert.That((string)label["time"]!, Is.EqualTo(frame.Time.ToString()));
            Assert.That($"{label["source"]}:{label["sourcePort"]} {label["destination"]}:{label["destinationPort"]}", Is.EqualTo($"{frame.Source.Address}:{frame.Source.Port} {frame.Destination.Address}:{frame.Destination.Port}"));
            Assert.That(frame.Payload.AsSpan().SequenceEqual(sighting.Payload.Span), Is.True);
            foreach (string property in (string[])["class", "label", "role", "by", "host"])
                Assert.That(comment, Does.Match($@"\b{property}={Regex.Escape((string)label[property]!)}( |$)"), comment);
            Assert.That(comment, Does.Contain($"malicious={((bool)label["malicious"]! ? "yes" : "no")}"));
            Assert.That((bool)label["malicious"]!, Is.EqualTo(run.Truth.Attacker?.Id == sighting.Packet.Sender), "an attacker sent it");
            if (!strangers.Contains(sighting.Packet.Sender) && traces.Any(trace => trace.Shows(sighting.Packet)))
                evidence.Add(i + 1);
            Assert.That((string)label["role"]! == "evidence", Is.EqualTo(evidence.Contains(i + 1)));
            Assert.That((string)label["role"]! == "background", Is.EqualTo(strangers.Contains(sighting.Packet.Sender)));
        }

        Assert.That(truth["evidence"]!.AsArray().Select(frame => (int)frame!), Is.EqualTo(evidence));
        Assert.That(evidence, run.Truth.Traces.IsEmpty ? Is.Empty : Is.Not.Empty);
        Assert.That(run.Truth.Attacker is not null, Is.EqualTo(run.Class.Kind == TrafficKind.Attack));
    }

    /// <summary>What the truth says must be seen is there in every seed: nothing is lost.</summary>
    [TestCaseSource(nameof(Classes))]
    public void WhatHappens_ComesAbout(object of)
    {
        for (ulong seed = 0; seed < 6; seed++)
        {
            var run = ((TrafficClass)of).Play(seed, backgroundHosts: 3);
            foreach (var trace in run.Truth.Traces.Where(trace => trace.IsKey))
                Assert.That(run.Packets.Count(trace.Shows), Is.GreaterThanOrEqualTo(trace.Least), TrafficFile.NameOf(run));
        }
    }

    /// <summary>What a case has sent is by no machine's rule; what machines decide is by one.</summary>
    [Test]
    public void ARuleIsThatOfAMachine()
    {
        var lines = Labels(TrafficClasses.Find("forged-release-broadcast")!.Play(3, backgroundHosts: 12)).Skip(1).ToArray();
        Assert.That(lines.Where(line => (string)line["by"]! == "attacker").Select(line => line["rule"]), Is.Not.Empty.And.All.Null);
        Assert.That(lines.Where(line => (string)line["by"]! == "background").Select(line => (string?)line["rule"]), Is.Not.Empty.And.All.Not.Null);
    }

    /// <summary>Ended after so many files, it has whole captures only, and the index lists them.</summary>
    [Test]
    public void WhatIsEnded_EndsBehindACapture()
    {
        using var stop = new CancellationTokenSource();
        var streams = new SortedDictionary<string, MemoryStream>(StringComparer.Ordinal);
        int count = new TrafficRequest { Classes = TrafficClasses.Select("sweep"), Seeds = new SeedRange(1, 5) }.Write(
            name =>
            {
                if (name == "sweep-2.pcapng")
                    stop.Cancel();
                return streams[name] = new MemoryStream();
            },
            stop.Token);
        Assert.That(count, Is.EqualTo(2));
        Assert.That(streams.Keys, Is.EqualTo(new[] { "INDEX.tsv", "sweep-1.ndjson", "sweep-1.pcapng", "sweep-2.ndjson", "sweep-2.pcapng" }));
        Assert.That(Encoding.UTF8.GetString(streams["INDEX.tsv"].ToArray()).Split('\n')[1..^1].Select(line => line.Split('\t')[0]), Is.EqualTo(new[] { "sweep-1.pcapng", "sweep-2.pcapng" }));
    }

    /// <summary>Where a file cannot be written, the message names it and says what is whole, and the index lists that.</summary>
    [Test]
    public void AFileThatCannotBeWritten_IsSaidWithWhatIsWhole()
    {
        string folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;
        try
        {
            string obstacle = Path.Combine(folder, "sweep-3.ndjson");
            Directory.CreateDirectory(obstacle);
            var request = new TrafficRequest { Classes = TrafficClasses.Select("sweep"), Seeds = new SeedRange(1, 5) };
            Assert.That(() => request.WriteTo(folder), Throws.InstanceOf<IOException>().With.Message.StartsWith($"'{obstacle}' cannot be written: ").And.Message.EndsWith(". Captures that are whole: 2; INDEX.tsv lists them."));
            Assert.That(File.ReadAllLines(Path.Combine(folder, "INDEX.tsv")), Has.Length.EqualTo(3));
            Assert.That(Directory.Exists(obstacle), Is.True);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What was written of a file is deleted where the rest finds no room: a device that is always full.</summary>
    [Test]
    [Platform("Linux")]
    public void AFullDisk_LeavesNoHalfFile()
    {
        string folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;
        try
        {
            string full = Path.Combine(folder, "sweep-1.ndjson");
            File.CreateSymbolicLink(full, "/dev/full");
            var request = new TrafficRequest { Classes = TrafficClasses.Select("sweep") };
            Assert.That(() => request.WriteTo(folder), Throws.InstanceOf<IOException>().With.Message.StartsWith($"'{full}' cannot be written: ").And.Message.Not.Contains("whole"));
            Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "INDEX.tsv", "sweep-1.pcapng" }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A pcap for programs that read nothing else has the same datagrams.</summary>
    [Test]
    public void PcapHasTheSameDatagrams()
    {
        var run = TrafficClasses.Find("two-segments")!.Play(2, backgroundHosts: 5);
        using var file = new MemoryStream();
        TrafficFile.WriteCapture(run, file, CaptureFormat.Pcap);
        Assert.That(Frames(file).Select(frame => Convert.ToHexString(frame.Payload)), Is.EqualTo(Frames(run).Select(frame => Convert.ToHexString(frame.Payload))));
    }

    /// <summary>In each case each rule has its count, and near misses show where rules cannot tell.</summary>
    [Test]
    public void SuricatasCases_HaveACountForEachRule()
    {
        var files = Files(new TrafficRequest { Classes = TrafficClasses.Select("forged-release-unicast,forged-conflict-demand,guessed-refusals,poisoned-answers,sweep,malformed-packets,user-moves"), HasIdsCases = true });
        int[] Counts(string name) => Numbers(files[$"suricata/{name}/test.yaml"], "count: ");
        int[] Rules(string name) => [.. Numbers(files[$"suricata/{name}/test.rules"], "sid:").Select(id => id - 9137001)];
        int[] ids = Rules("sweep-1");
        Assert.That(ids, Is.EqualTo(Enumerable.Range(0, ids.Length)));
        Assert.That(Counts("sweep-1"), Has.Length.EqualTo(ids.Length));
        foreach (var (name, rule) in (ReadOnlySpan<(string, int)>)[("forged-release-unicast-1", 2), ("forged-conflict-demand-1", 3), ("guessed-refusals-1", 4), ("poisoned-answers-1", 5), ("sweep-1", 6), ("malformed-packets-1", 13), ("malformed-packets-1", 14)])
            Assert.That(Counts(name)[rule - 1], Is.Positive, name);
        Assert.That(Counts("user-moves-1")[0], Is.Positive, "who logs off releases by broadcast, and no rule can tell");
        Assert.That(Counts("user-moves-1")[1..3], Is.All.Zero);
    }

    [TestCase("5", 1UL, 5)]
    [TestCase("10..19", 10UL, 10)]
    [TestCase("0..0", 0UL, 1)]
    [TestCase("18446744073709551615..18446744073709551615", ulong.MaxValue, 1)]
    [TestCase("1..100000", 1UL, 100_000)]
    public void SeedsAreRead(string text, ulong first, int count) => Assert.That(SeedRange.Parse(text), Is.EqualTo(new SeedRange(first, count)));

    [TestCase("")]
    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("x")]
    [TestCase("..")]
    [TestCase("1..")]
    [TestCase("..5")]
    [TestCase("5..1")]
    [TestCase("1..2..3")]
    [TestCase("1 .. 2")]
    [TestCase("0..100000")]
    [TestCase("0..18446744073709551615")]
    [TestCase("18446744073709551616")]
    [TestCase("1e3")]
    public void WhatIsNoSeeds_IsRefused(string text) => Assert.That(() => SeedRange.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains("seeds"));

    [TestCase("0", "'0' are no seeds: at least one is needed.")]
    [TestCase("5..1", "'5..1' are no seeds: the last is before the first.")]
    [TestCase("1000000000", "'1000000000' are too many seeds: 100000 at once are the most.")]
    public void AMistakeInSeedsIsNamed(string text, string message) => Assert.That(() => SeedRange.Parse(text), Throws.TypeOf<FormatException>().With.Message.EqualTo(message));

    [Test]
    public void ClassesAreChosen()
    {
        Assert.That(TrafficClasses.Select("all"), Is.EqualTo(TrafficClasses.All));
        Assert.That(TrafficClasses.Select("sweep, sweep,forged-demand").Select(one => one.Id), Is.EqualTo(new[] { "forged-release-broadcast", "forged-release-false-source", "forged-release-unicast", "forged-conflict-demand", "guessed-refusals", "sweep" }));
        Assert.That(TrafficClasses.Select("attacks").Length + TrafficClasses.Select("faults").Length + TrafficClasses.Select("near-misses").Length, Is.EqualTo(TrafficClasses.All.Length));
        Assert.That(TrafficClasses.All.Select(one => one.Id), Is.Unique);
        Assert.That(TrafficClasses.All.Select(one => one.Id), Has.All.Match("^[a-z][a-z0-9-]*[a-z0-9]$"), "they are names of files");
        Assert.That(TrafficClasses.All.Select(one => one.ToString()), Is.Unique, "randomness follows from it");
        foreach (string text in (string[])["", ",", "sweep,", "swep", "../x", "SWEEP", "nothing wrong"])
            Assert.That(() => TrafficClasses.Select(text), Throws.TypeOf<FormatException>().With.Message.Contains("There is no class"), text);
        Assert.That(() => TrafficClasses.Select("swep"), Throws.TypeOf<FormatException>().With.Message.Contains("'sweep'"));
    }

    private static SortedDictionary<string, byte[]> Files(TrafficRequest request)
    {
        var streams = new SortedDictionary<string, MemoryStream>(StringComparer.Ordinal);
        request.Write(name => streams[name] = new MemoryStream());
        return new(streams.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static List<JsonNode> Labels(TrafficRun run)
    {
        using var file = new MemoryStream();
        TrafficFile.WriteLabels(run, file);
        return [.. Encoding.UTF8.GetString(file.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static List<(Instant Time, Ipv4Endpoint Source, Ipv4Endpoint Destination, byte[] Payload, string Comment)> Frames(TrafficRun run)
    {
        using var file = new MemoryStream();
        TrafficFile.WriteCapture(run, file);
        return Frames(file);
    }

    private static List<(Instant Time, Ipv4Endpoint Source, Ipv4Endpoint Destination, byte[] Payload, string Comment)> Frames(MemoryStream file)
    {
        using var datagrams = new DatagramReader(CaptureReader.Open(file.ToArray()), new DatagramReaderOptions());
        var frames = new List<(Instant, Ipv4Endpoint, Ipv4Endpoint, byte[], string)>();
        while (datagrams.TryRead(out var datagram))
        {
            Assert.That(datagram.FrameNumber, Is.EqualTo(frames.Count + 1), "each frame is a datagram");
            frames.Add((datagram.Time, datagram.Source, datagram.Destination, datagram.Payload.ToArray(), datagram.Packet.Comments.ToString()));
        }

        return frames;
    }

    /// <summary>The numbers that follow a word, in order.</summary>
    private static int[] Numbers(byte[] text, string word) =>
        [.. Encoding.UTF8.GetString(text).Split(word).Skip(1).Select(rest => int.Parse(string.Concat(rest.TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture))];
}
