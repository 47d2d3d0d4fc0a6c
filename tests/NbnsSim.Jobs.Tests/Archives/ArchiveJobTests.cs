using NbnsSim.Captures;
using NbnsSim.Jobs.Archives;
using NbnsSim.Replay;
using NbnsSim.Tests;
using NbnsSim.Tests.Captures;

namespace NbnsSim.Jobs.Tests.Archives;

/// <summary>However an archive is cut, and in whatever order its shards are done, it is what one reader of all of it finds.</summary>
public sealed class ArchiveJobTests
{
    private static readonly long?[] Sizes = [257, 1_000, 4_096];

    private ArchiveRuns _runs = null!;

    [SetUp]
    public void MakeFolder() => _runs = new ArchiveRuns();

    [TearDown]
    public void RemoveFolder() => _runs.Dispose();

    private static IEnumerable<string> Built() => ArchiveCaptures.All().Select(one => one.Name);

    [TestCaseSource(nameof(Built))]
    public void OneCaptureIsWhatItsReaderFindsHoweverItIsCut(string name)
    {
        byte[] octets = ArchiveCaptures.All().First(one => one.Name == name).Octets;
        string path = _runs.Put(name, octets);
        var whole = _runs.Do(new ArchiveSpec([path]));

        var (datagrams, frames) = ArchiveRuns.Whole(CaptureReader.Open(octets));
        Assert.That(whole.Datagrams, Is.EqualTo(datagrams));
        Assert.That(whole.Frames, Is.EqualTo(frames));
        Assert.That(datagrams, Is.Not.Empty);
        foreach (long? size in Sizes)
        {
            var cut = _runs.Do(new ArchiveSpec([path]) { ShardOctets = size }, seed: (int)size!);
            Assert.That(cut.Shards, Has.Count.GreaterThan(octets.Length > size ? 2 + (octets.Length / (int)size / 3) : 1), $"{size}");
            Assert.That(cut.Whole, Is.EqualTo(whole.Whole), $"{size}");
        }
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void SoAreRealCaptures(string capture)
    {
        string path = SharedFolder.Require(capture);
        var (datagrams, frames) = ArchiveRuns.Whole(CaptureReader.Open(path));
        var whole = _runs.Do(new ArchiveSpec([path]));
        Assert.That(whole.Datagrams, Is.EqualTo(datagrams));
        Assert.That(whole.Frames, Is.EqualTo(frames));
        foreach (long? size in new long?[] { 777, 16_384 })
            Assert.That(_runs.Do(new ArchiveSpec([path]) { ShardOctets = Math.Max(size!.Value, new FileInfo(path).Length / 25) }).Whole, Is.EqualTo(whole.Whole), $"{size}");
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void TheVerdictIsThatOfTheFileWithNumbersForFrames(string capture)
    {
        string path = SharedFolder.Require(capture);
        var (_, frames) = ArchiveRuns.Whole(CaptureReader.Open(path));
        var ofFile = CaptureFile.Diagnose(path);
        var ofArchive = new NbnsSim.Diagnosis.CaptureDiagnosis();
        using (var reader = new DatagramReader(CaptureReader.Open(path), CaptureFile.NameService))
        {
            for (long number = 1; reader.TryRead(out var datagram); number++)
                ofArchive.Observe(DatagramFacts.Of(datagram) with { FrameNumber = number });
        }

        ofArchive.Complete();
        Assert.That(
            ofArchive.Findings.Select(one => $"{one.Kind} {one.Text} {string.Join(' ', one.Frames.Select(number => frames[(int)number - 1]))}"),
            Is.EqualTo(ofFile.Findings.Select(one => $"{one.Kind} {one.Text} {string.Join(' ', one.Frames)}")));
        Assert.That(
            ofArchive.Holdings.Select(one => $"{one.Name} {one.Host} {frames[(int)one.Since.Frame - 1]}"),
            Is.EqualTo(ofFile.Holdings.Select(one => $"{one.Name} {one.Host} {one.Since.Frame}")));
    }

    [Test]
    public void ACommandLinesInputsAreKnownByTheirFullPaths()
    {
        string here = Directory.GetCurrentDirectory();
        var spec = ArchiveSpec.Of(["a.pcap", "captures/", "../b/*.pcap", "https://example/x.pcap"]);
        Assert.That(spec.Inputs, Is.EqualTo(new[] { Path.Combine(here, "a.pcap"), Path.Combine(here, "captures"), Path.Combine(Path.GetDirectoryName(here)!, "b", "*.pcap"), "https://example/x.pcap" }));
        Assert.That(spec.ShardOctets, Is.EqualTo(ArchiveSpec.StandardShardOctets));
        Assert.That(() => ArchiveSpec.Of(["a"], 255), Throws.TypeOf<JobException>().With.Message.EqualTo("A shard has at least 256 octets, not 255."));
        Assert.That(() => ArchiveSpec.Of([]), Throws.TypeOf<JobException>());
    }

    [Test]
    public void AGuessThatWasWrongIsSeenAndPutRight()
    {
        string path = _runs.Put("liar.pcap", ArchiveCaptures.Liar());
        var cut = _runs.Do(new ArchiveSpec([path]) { ShardOctets = 1_500 });
        Assert.That(cut.Shards.Count(id => id.Split('-').Length > 2), Is.GreaterThan(5), string.Join(' ', cut.Shards));
        Assert.That(cut.Whole, Is.EqualTo(_runs.Do(new ArchiveSpec([path])).Whole));
    }

    [Test]
    public void SeveralCapturesAreReadInTheOrderOfTimeHoweverTheyAreCutAndNamed()
    {
        foreach (var (name, octets) in ArchiveCaptures.All())
            _runs.Put(name, octets);
        var whole = _runs.Do(new ArchiveSpec([_runs.Folder]));
        Assert.That(whole.Datagrams, Has.Count.GreaterThan(300));
        string[] files = Directory.GetFiles(_runs.Folder);
        Array.Sort(files, static (one, other) => string.CompareOrdinal(other, one));
        Assert.That(_runs.Do(new ArchiveSpec(files)).Whole, Is.EqualTo(whole.Whole));
        Assert.That(_runs.Do(new ArchiveSpec([.. files, _runs.Folder, Path.Combine(_runs.Folder, "*.pcap")])).Whole, Is.EqualTo(whole.Whole), "each input counts once");
        foreach (long? size in new long?[] { 1_001, 64 << 10 })
            Assert.That(_runs.Do(new ArchiveSpec([_runs.Folder]) { ShardOctets = size }, seed: 3).Whole, Is.EqualTo(whole.Whole), $"{size}");
    }

    [Test]
    public void TheOrderIsThatOfMergedCapturesWhereTimesDiffer()
    {
        string[] paths = [.. Enumerable.Range(0, 3).Select(i => _runs.Put($"{i}.pcap", Tap(i)))];
        var (datagrams, _) = ArchiveRuns.Whole(CaptureReader.Merge(paths.Select(CaptureReader.Open)));
        var archive = _runs.Do(new ArchiveSpec([_runs.Folder]) { ShardOctets = 999 });
        Assert.That(archive.Datagrams, Is.EqualTo(datagrams));
        Assert.That(archive.Summary, Does.Contain("\"repeatedSightings\":100"));

        // each tap sees the same 50 broadcasts some milliseconds later, and 10 packets of its own
        static byte[] Tap(int tap)
        {
            var bytes = new CaptureBytes().PcapHeader();
            for (int i = 0; i < 60; i++)
            {
                byte[] payload = [.. Frames.Payload, (byte)i, i < 50 ? (byte)0 : (byte)tap];
                bytes.PcapRecord(1_000 + i, 10_000 + (3_000 * tap), Frames.Ordinary(payload));
            }

            return bytes.ToArray();
        }
    }

    [Test]
    public void TheSameContentUnderASecondPathCountsOnce()
    {
        byte[] octets = ArchiveCaptures.All().First().Octets;
        _runs.Put("a.pcap", octets);
        var once = _runs.Do(new ArchiveSpec([_runs.Folder]));
        _runs.Put("b/again.pcap", octets);
        foreach (long? size in new long?[] { null, 1_000 })
        {
            var twice = _runs.Do(new ArchiveSpec([_runs.Folder]) { ShardOctets = size });
            Assert.That(twice.Datagrams, Is.EqualTo(once.Datagrams));
            Assert.That(twice.Summary, Does.Contain("\"captures\":2,\"sameContent\":1"));
            Assert.That(_runs.Do(new ArchiveSpec([_runs.Folder]) { ShardOctets = size, SumsAll = false }).Whole, Is.EqualTo(twice.Whole), "equal lengths are summed up in any case");
        }
    }

    [Test]
    public void WhatCannotBeReadIsSaidAndTheRestIsRead()
    {
        byte[] octets = ArchiveCaptures.All().First().Octets;
        _runs.Put("good.pcap", octets);
        var good = _runs.Do(new ArchiveSpec([_runs.Folder]));
        _runs.Put("empty.pcap", []);
        _runs.Put("letter.txt", "Dear Sir or Madam, this is no capture."u8.ToArray());
        _runs.Put("broken.pcap", octets);
        foreach (long? size in new long?[] { null, 1_000 })
        {
            var all = _runs.Do(
                new ArchiveSpec([_runs.Folder, Path.Combine(_runs.Folder, "missing.pcap")]) { ShardOctets = size }, fails: id => id is "f0" or "f0-0");
            Assert.That(all.Datagrams, Is.EqualTo(good.Datagrams));
            Assert.That(
                all.Captures.Select(capture => $"{Path.GetFileName(capture.State.File.Path)}: {string.Join(' ', capture.Remarks())}"),
                Is.EqualTo((string[])
                [
                    "broken.pcap: Not analysed from octet 0 on: The disk is broken.",
                    "empty.pcap: It is empty.",
                    $"good.pcap: {string.Join(' ', good.Captures[0].Remarks())}",
                    "letter.txt: This is no packet capture but text that begins with \"Dear Sir or Mada\".",
                    $"missing.pcap: There is no file '{Path.Combine(_runs.Folder, "missing.pcap")}'.",
                ]));
            Assert.That(all.Summary, Does.Contain("\"notAnalysedInAll\":2"));
        }
    }

    [Test]
    public void WhereARangeCannotBeReadAllBeforeItCounts()
    {
        byte[] octets = ArchiveCaptures.All().First().Octets;
        string path = _runs.Put("a.pcap", octets);
        var part = _runs.Do(new ArchiveSpec([path]) { ShardOctets = 1_000 }, fails: id => id.StartsWith("f0-3000", StringComparison.Ordinal));
        var (datagrams, frames) = ArchiveRuns.Whole(CaptureReader.Open(octets.AsMemory(0, (int)part.Captures[0].State.AnalysedOctets)));
        Assert.That(part.Datagrams, Is.EqualTo(datagrams));
        Assert.That(part.Frames, Is.EqualTo(frames));
        Assert.That(part.Captures[0].State.AnalysedOctets, Is.InRange(3_000, 3_300));
    }

    [Test]
    public void ACompressedCaptureIsReadAsOneShard()
    {
        byte[] octets = ArchiveCaptures.All().First().Octets;
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
            gzip.Write(octets);
        string path = _runs.Put("a.pcap.gz", packed.ToArray());
        var archive = _runs.Do(new ArchiveSpec([path]) { ShardOctets = 256 });
        Assert.That(archive.Datagrams, Is.EqualTo(ArchiveRuns.Whole(CaptureReader.Open(octets)).Datagrams));
        Assert.That(archive.Shards, Is.EqualTo((string[])["list", "f0"]));
        Assert.That(archive.Captures[0].State.Sum, Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(packed.ToArray()))));
    }

    [Test]
    public void OfAFileThatGrowsWhatItHadWhenItWasListedIsRead()
    {
        byte[] octets = ArchiveCaptures.All().First().Octets;
        foreach (long? size in new long?[] { null, 1_000 })
        {
            string path = _runs.Put("a.pcap", octets[..3_000]);
            var grown = _runs.Do(new ArchiveSpec([path]) { ShardOctets = size }, listed: () => File.WriteAllBytes(path, octets));
            Assert.That(grown.Datagrams, Is.EqualTo(ArchiveRuns.Whole(CaptureReader.Open(octets.AsMemory(0, 3_000))).Datagrams));
            Assert.That(grown.Captures[0].Remarks(), Has.Some.Contains("grown"));
            Assert.That(grown.Captures[0].State.Sum, Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(octets.AsSpan(0, 3_000)))));
        }
    }

    [Test]
    public void OfAFileThatBecameShorterWhatIsThereIsRead()
    {
        byte[] octets = ArchiveCaptures.All().First().Octets;
        foreach (long? size in new long?[] { null, 1_000 })
        {
            string path = _runs.Put("a.pcap", octets);
            var shrunk = _runs.Do(new ArchiveSpec([path]) { ShardOctets = size }, listed: () => File.WriteAllBytes(path, octets[..3_000]));
            Assert.That(shrunk.Datagrams, Is.EqualTo(ArchiveRuns.Whole(CaptureReader.Open(octets.AsMemory(0, 3_000))).Datagrams));
            Assert.That(shrunk.Captures[0].Remarks(), Has.Some.Contains("shorter"));
        }
    }

    [Test]
    public void ARunThatIsDamagedIsSaid()
    {
        string path = _runs.Put("a.pcap", ArchiveCaptures.All().First().Octets);
        void Damage(string work)
        {
            string records = Path.Combine(work, "f0", RunFiles.Records);
            byte[] octets = File.ReadAllBytes(records);
            octets[200]++;
            File.WriteAllBytes(records, octets);
        }

        Assert.That(() => _runs.Do(new ArchiveSpec([path]), extracted: Damage), Throws.TypeOf<JobException>().With.Message.Contains("damaged").And.Message.Contains("f0"));
        Assert.That(() => _runs.Do(new ArchiveSpec([path]), extracted: work => File.Delete(Path.Combine(work, "f0", RunFiles.Payloads))), Throws.TypeOf<JobException>());
    }

    [Test]
    public void AnyNumberOfCapturesAtATimeIsReadAsOne()
    {
        // more than files are kept open of, each from the first minute to the last
        for (int i = 0; i < 300; i++)
        {
            var bytes = new CaptureBytes().PcapHeader();
            for (int minute = 0; minute < 3; minute++)
                bytes.PcapRecord(60 * minute, 1_000 * i, Frames.Ordinary([.. Frames.Payload, (byte)i, (byte)(i >> 8), (byte)minute]));
            _runs.Put($"{i:000}.pcap", bytes.ToArray());
        }

        var (datagrams, _) = ArchiveRuns.Whole(CaptureReader.Merge(Directory.GetFiles(_runs.Folder).Order(StringComparer.Ordinal).Select(CaptureReader.Open)));
        Assert.That(datagrams, Has.Count.EqualTo(900));
        Assert.That(_runs.Do(new ArchiveSpec([_runs.Folder])).Datagrams, Is.EqualTo(datagrams));
    }

    [Test]
    public void SumsThatNobodyNeedsAreLeftOut()
    {
        byte[] octets = ArchiveCaptures.All().First().Octets;
        _runs.Put("a.pcap", octets);
        _runs.Put("b.pcap", [.. octets, 0]);
        _runs.Put("damaged.pcapng", ArchiveCaptures.All().First(one => one.Name == "damaged.pcapng").Octets);
        string? first = null;
        var all = _runs.Do(new ArchiveSpec([_runs.Folder]));
        foreach (long? size in new long?[] { null, 1_000 })
        {
            var some = _runs.Do(new ArchiveSpec([_runs.Folder]) { ShardOctets = size, SumsAll = false });
            Assert.That(some.Datagrams, Is.EqualTo(all.Datagrams));
            Assert.That(some.Summary, Is.EqualTo(all.Summary));
            Assert.That(some.Captures.Select(capture => capture.State.Sum), Is.All.Null);
            Assert.That(some.Shards, Has.None.Contains("sum"));
            Assert.That(some.Whole, Is.EqualTo(first ??= some.Whole));
        }
    }

    [Test]
    public void ASpecIsItsJson()
    {
        var spec = new ArchiveSpec(["a", "b*"]) { ShardOctets = 4_096 };
        Assert.That(spec.ToJson(), Is.EqualTo("""{"kind":"archive","inputs":["a","b*"],"shardOctets":4096}"""));
        Assert.That(JobSpec.Parse(spec.ToJson()), Is.EqualTo(spec));
        Assert.That(JobSpec.Parse((spec with { SumsAll = false }).ToJson()), Is.EqualTo(spec with { SumsAll = false }).And.Not.EqualTo(spec));
        foreach (var other in (ArchiveSpec[])[spec with { Clocks = ArchiveClocks.AsCaptured }, spec with { Audit = true }, spec with { Audit = true, Subnets = [Ipv4Subnet.Parse("10.1.0.0/24"), Ipv4Subnet.Parse("10.0.0.0/8")] }])
        {
            Assert.That(JobSpec.Parse(other.ToJson()), Is.EqualTo(other).And.Not.EqualTo(spec));
            Assert.That(((ArchiveSpec)JobSpec.Parse(other.ToJson())).Subnets, Is.EqualTo(other.Subnets));
        }

        Assert.That(() => JobSpec.Parse("""{"kind":"archive","inputs":["a"],"clocks":"mine"}"""), Throws.TypeOf<JobException>());
        Assert.That(() => JobSpec.Parse("""{"kind":"archive","inputs":["a"],"subnets":["mine"]}"""), Throws.TypeOf<JobException>());
        Assert.That(() => JobSpec.Parse("""{"kind":"archive","inputs":[]}"""), Throws.TypeOf<JobException>());
        Assert.That(() => JobSpec.Parse("""{"kind":"archive","inputs":["a"],"shardOctets":1}"""), Throws.TypeOf<JobException>());
    }
}
