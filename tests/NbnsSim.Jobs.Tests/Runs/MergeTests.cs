using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Runs;
using NbnsSim.Jobs.Tests.Archives;

namespace NbnsSim.Jobs.Tests.Runs;

/// <summary>Whoever made the runs, in whatever order and pieces: put together they are the archive, octet for octet; what is wanting is said.</summary>
public sealed class MergeTests
{
    private RunFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new RunFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task WholeFilesInAnyOrderAndRepeated()
    {
        _folder.PutAll();
        var archive = await _folder.DoAsync(new ArchiveSpec([_folder.Captures]));
        string[] files = [.. Directory.GetFiles(_folder.Captures, "*", SearchOption.AllDirectories).OrderDescending(StringComparer.Ordinal)];
        foreach (string file in files)
            Assert.That(_folder.Extract(file).Problems, Is.Empty);
        var again = _folder.Extract(_folder.Captures);
        Assert.That((again.Made, again.Found), Is.EqualTo((0, files.Length - 1)), "all but the empty one");
        Assert.That(await _folder.DoAsync(new MergeSpec([_folder.Runs])), Is.EqualTo(archive));
        Assert.That(await _folder.DoAsync(new MergeSpec([_folder.Runs, _folder.Runs]) { Inputs = [.. files, .. files] }), Is.EqualTo(archive), "each counts once");
        Directory.Delete(_folder.Captures, recursive: true);
        Assert.That(await _folder.DoAsync(new MergeSpec([_folder.Runs])), Is.EqualTo(archive), "the captures are needed no more");
    }

    [TestCase(null)]
    [TestCase(1_000)]
    public async Task AnAuditHasRunsOfItsOwn(int? octets)
    {
        _folder.PutAll();
        var spec = new ArchiveSpec([_folder.Captures]) { ShardOctets = octets, Audit = true };
        var archive = await _folder.DoAsync(spec);
        var merge = new MergeSpec([_folder.Runs]) { Audit = true };
        RunExtraction.Extract(spec with { Runs = _folder.Runs, Audit = false });
        Assert.That((await _folder.DoAsync(merge)).Failed, Does.Contain($"There is no run of it for an audit in '{_folder.Runs}' that begins at octet 0 of "));
        Assert.That(RunExtraction.Extract(spec with { Runs = _folder.Runs }).Problems, Is.Empty);
        Assert.That(await _folder.DoAsync(merge), Is.EqualTo(archive));
        Assert.That(RunExtraction.Extract(spec with { Runs = _folder.Runs }).Made, Is.Zero);
        Assert.That(await _folder.DoAsync(spec with { Runs = _folder.Runs }), Is.EqualTo(archive));
        Assert.That(RunExtraction.Extract(spec with { Runs = _folder.Runs }).Made, Is.Zero, "the job found all that it wanted");
    }

    [Test]
    public async Task RunsInSeveralFolders()
    {
        _folder.PutAll();
        var archive = await _folder.DoAsync(new ArchiveSpec([_folder.Captures]));
        string[] files = Directory.GetFiles(_folder.Captures, "*", SearchOption.AllDirectories);
        for (int i = 0; i < files.Length; i++)
            RunExtraction.Extract(new ArchiveSpec([files[i]]) { Runs = _folder.In($"runs-{i % 3}"), ShardOctets = i % 2 == 0 ? 1_000 : null });
        Assert.That(await _folder.DoAsync(new MergeSpec([_folder.In("runs-2"), _folder.In("runs-0"), _folder.In("runs-1")])), Is.EqualTo(archive));
    }

    [TestCase(257)]
    [TestCase(1_000)]
    [TestCase(4_096)]
    public async Task FilesInRanges(int octets)
    {
        _folder.PutAll();
        var archive = await _folder.DoAsync(new ArchiveSpec([_folder.Captures]));
        var spec = new ArchiveSpec([_folder.Captures]) { Runs = _folder.Runs, ShardOctets = octets };
        var made = RunExtraction.Extract(spec);
        Assert.That(made.Problems, Is.Empty);
        Assert.That(made.Made, Is.GreaterThan(20));
        var again = RunExtraction.Extract(spec);
        Assert.That(again.Made, Is.Zero);
        Assert.That(await _folder.DoAsync(new MergeSpec([_folder.Runs])), Is.EqualTo(archive));
    }

    /// <summary>Ranges that any scheduler hands out, the last one first; where a guess was wrong the merge says which range is wanting, until there is none.</summary>
    [TestCase("usual.pcap")]
    [TestCase("big.pcapng")]
    [TestCase("sections.pcapng")]
    [TestCase("liar.pcap")]
    [TestCase("damaged.pcapng")]
    [TestCase("cut.pcap")]
    public async Task RangesOfOneFileByThemselves(string name)
    {
        byte[] octets = ArchiveCaptures.All().First(one => one.Name == name).Octets;
        string path = _folder.Put(name, octets);
        var archive = await _folder.DoAsync(new ArchiveSpec([path]));
        const int Step = 1_500;
        for (int from = octets.Length / Step * Step; from >= 0; from -= Step)
            Assert.That(_folder.ExtractRange(path, from, from + Step).Problems, Is.Empty);
        (string Results, string Failed) merged;
        int wanting = 0;
        string job = _folder.In("merged");
        while ((merged = await _folder.DoAsync(new MergeSpec([_folder.Runs]), job)).Failed.Length > 0)
        {
            Assert.That(merged.Failed, Does.Contain(" begins at octet "));
            Assert.That(++wanting, Is.LessThan(2));
            string told = merged.Failed[(merged.Failed.IndexOf(" begins at octet ", StringComparison.Ordinal) + " begins at octet ".Length)..];
            long from = long.Parse(told[..told.IndexOf(' ', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
            Assert.That(_folder.ExtractRange(path, from, null).Problems, Is.Empty);
        }

        Assert.That(merged, Is.EqualTo(archive));
        Assert.That(name != "liar.pcap" || wanting > 0);
    }

    [Test]
    public async Task WhatIsWantingIsSaid_AndTheSameMergeTakesItWhenItIsThere()
    {
        string[] paths = [.. ArchiveCaptures.All().Take(3).Select(one => _folder.Put(one.Name, one.Octets))];
        var archive = await _folder.DoAsync(new ArchiveSpec(paths));
        var spec = new MergeSpec([_folder.Runs]) { Inputs = paths };
        string job = _folder.In("merged");
        _folder.Extract(paths[0]);
        _folder.ExtractRange(paths[1], 0, 2_000);
        var first = await _folder.DoAsync(spec, job);
        Assert.That(first.Failed, Does.Contain($"There is no run of it in '{_folder.Runs}' that begins at octet ").And.Contains($"It was not extracted into '{_folder.Runs}'."));
        Assert.That(await _folder.DoAsync(spec, job), Is.EqualTo(first));
        _folder.Extract(paths);
        Assert.That(await _folder.DoAsync(spec, job), Is.EqualTo(archive));
    }

    [Test]
    public async Task ADamagedRunIsWantingAndMadeAgain()
    {
        string path = _folder.Put("a.pcap", ArchiveCaptures.All().First().Octets);
        var archive = await _folder.DoAsync(new ArchiveSpec([path]));
        foreach (string name in (string[])["records", "payloads", "run.json"])
        {
            _folder.Extract(path);
            string file = Path.Combine(_folder.All().Single(), name);
            byte[] octets = File.ReadAllBytes(file);
            octets[octets.Length / 2] ^= 1;
            File.WriteAllBytes(file, octets);
            var merged = await _folder.DoAsync(new MergeSpec([_folder.Runs]));
            Assert.That(merged.Failed, Does.StartWith($"f0-all: There is no run of it in '{_folder.Runs}' that begins at octet 0 of "), name);
            var again = _folder.Extract(path);
            Assert.That((again.Made, again.Found), Is.EqualTo((1, 0)), name);
            Assert.That(await _folder.DoAsync(new MergeSpec([_folder.Runs])), Is.EqualTo(archive), name);
        }
    }

    [Test]
    public void FoldersThatAreNoneAreRefused()
    {
        Assert.That(async () => await _folder.DoAsync(new MergeSpec([_folder.Runs])), Throws.InstanceOf<JobException>().With.Message.EqualTo($"There is no folder '{_folder.Runs}' of runs."));
        string file = _folder.Put("a.pcap", [1]);
        Assert.That(async () => await _folder.DoAsync(new MergeSpec([file])), Throws.InstanceOf<JobException>().With.Message.EqualTo($"'{file}' is a file: expected a folder of runs."));
        Assert.That(() => RunExtraction.Extract(new ArchiveSpec([file]) { Runs = file }), Throws.InstanceOf<JobException>());
        Directory.CreateDirectory(_folder.Runs);
        Assert.That(async () => await _folder.DoAsync(new MergeSpec([_folder.Runs])), Throws.InstanceOf<JobException>().With.Message.Contains("Nothing was extracted into"));
    }

    [Test]
    public async Task OnePathWithTwoContentsIsNotGuessedAt()
    {
        string path = _folder.Put("a.pcap", ArchiveCaptures.All().First().Octets);
        _folder.Extract(path);
        _folder.Put("a.pcap", ArchiveCaptures.All().Last().Octets);
        RunExtraction.Extract(new ArchiveSpec([path]) { Runs = _folder.In("other") });
        var merged = await _folder.DoAsync(new MergeSpec([_folder.Runs, _folder.In("other")]));
        Assert.That(merged.Failed, Does.Contain("It is known with different contents in"));
    }

    [Test]
    public void WhatCannotBeExtractedIsSaid()
    {
        string path = _folder.Put("a.pcap", ArchiveCaptures.All().First().Octets);
        var result = _folder.Extract(path, _folder.In("none"));
        Assert.That(result.Made, Is.EqualTo(1));
        Assert.That(result.Problems, Is.EqualTo(new[] { $"{_folder.In("none")}: There is no file '{_folder.In("none")}'." }));
        string letter = _folder.Put("letter.txt", new byte[5_000]);
        Assert.That(_folder.ExtractRange(letter, 1_000, 2_000).Problems, Has.One.EndsWith("It can only be read from its beginning: extract it as a whole."));
        Assert.That(_folder.ExtractRange(path, 1 << 20, null).Problems, Has.One.Contains("none from 1048576 on."));
    }
}
