using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Runs;
using NbnsSim.Jobs.Storage;
using NbnsSim.Jobs.Tests.Archives;
using NbnsSim.Jobs.Tests.Engine;

namespace NbnsSim.Jobs.Tests.Runs;

/// <summary>Jobs that share runs come to what each would alone, and extract nothing twice.</summary>
public sealed class SharedRunsTests
{
    private RunFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new RunFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private static readonly long?[] Sizes = [null, 1_000];

    [TestCaseSource(nameof(Sizes))]
    public async Task ASecondJobExtractsNothingAgain(long? size)
    {
        _folder.PutAll();
        var spec = new ArchiveSpec([_folder.Captures]) { ShardOctets = size };
        var alone = await _folder.DoAsync(spec);
        Assert.That(await _folder.DoAsync(spec with { Runs = _folder.Runs }), Is.EqualTo(alone));
        string before = Stamps();
        Assert.That(before, Is.Not.Empty);
        Assert.That(await _folder.DoAsync(spec with { Runs = _folder.Runs }), Is.EqualTo(alone));
        Assert.That(await _folder.DoAsync(spec with { Runs = _folder.Runs, SumsAll = false }), Is.EqualTo(await _folder.DoAsync(spec with { SumsAll = false })));

        // other paths, other times, fewer files
        string moved = _folder.In("moved");
        Directory.Move(_folder.Captures, moved);
        foreach (string file in Directory.GetFiles(moved))
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        var fewer = new ArchiveSpec([Path.Combine(moved, "*.pcap")]) { ShardOctets = size };
        Assert.That(await _folder.DoAsync(fewer with { Runs = _folder.Runs }), Is.EqualTo(await _folder.DoAsync(fewer)));
        Assert.That(Stamps(), Is.EqualTo(before), "no run was made or made again");
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(_folder.Runs, "tmp")), Is.Empty);

        string Stamps() => string.Join('\n', _folder.All().Select(run => $"{run} {File.GetLastWriteTimeUtc(Path.Combine(run, "run.json")).Ticks}"));
    }

    [Test]
    public void WhatIsDamagedOrHalfWrittenIsMadeAgain()
    {
        var file = FileOf(_folder.Put("a.pcapng", ArchiveCaptures.All().First(one => one.Name == "usual.pcapng").Octets));
        var store = new RunStore(_folder.Runs);
        string run = Extract(store, file).Run!;
        string whole = RunFolder.ContentsOf(_folder.Runs);
        string[] names = [.. Directory.GetFiles(run).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.That(names, Is.EqualTo(new[] { "payloads", "records", "run.json" }));
        int made = 1;
        foreach (string path in names.Select(name => Path.Combine(run, name)))
        {
            byte[] octets = File.ReadAllBytes(path);
            foreach (byte[]? bad in (byte[]?[])[null, [], octets[..(octets.Length / 2)], [.. octets, 0x78], [.. octets[..^2], (byte)(octets[^2] ^ 0x80), octets[^1]]])
            {
                if (bad is null)
                    File.Delete(path);
                else
                    File.WriteAllBytes(path, bad);
                Assert.That(Extract(store, file).Run, Is.EqualTo(run));
                Assert.That(store.Made, Is.EqualTo(++made), $"{path}, {bad?.Length}");
                Assert.That(RunFolder.ContentsOf(_folder.Runs), Is.EqualTo(whole), $"{path}, {bad?.Length}");
            }
        }
    }

    [Test]
    public void AnotherExtractorsRunsAreOthers()
    {
        var file = FileOf(_folder.Put("a.pcap", ArchiveCaptures.All().First().Octets));
        var older = new RunStore(_folder.Runs, new DiskStorage(), "extractor-0-0.1");
        Extract(older, file);
        Extract(older, file);
        var newer = new RunStore(_folder.Runs);
        Extract(newer, file);
        Assert.That((older.Made, older.Found, newer.Made, newer.Found), Is.EqualTo((1, 1, 1, 0)));
        Assert.That(RunKey.Extractor, Does.StartWith($"extractor-{RunFiles.Version}-"));
    }

    [Test]
    public void TwoThatMakeTheSameRunAtOnceDoNoHarm()
    {
        var file = FileOf(_folder.Put("a.pcap", ArchiveCaptures.All().First().Octets));
        var other = new RunStore(_folder.Runs);
        var meanwhile = new Meanwhile(() => Extract(other, file)); // just before the first has it in its place
        var first = new RunStore(_folder.Runs, meanwhile, RunKey.Extractor);
        var facts = Extract(first, file);
        Assert.That((first.Made, first.Found, other.Made), Is.EqualTo((0, 1, 1)));
        Assert.That(facts, Is.EqualTo(Extract(other, file)).Using<PieceFacts>((one, two) => ArchiveJson.Of(one) == ArchiveJson.Of(two)));

        // the same where what is there is damaged, and both see it
        File.AppendAllText(Path.Combine(_folder.All().Single(), RunFiles.Records), "x");
        var third = new RunStore(_folder.Runs, new Meanwhile(() => Extract(other, file)), RunKey.Extractor);
        Extract(third, file);
        Assert.That((third.Made, third.Found, other.Made), Is.EqualTo((0, 1, 2)));
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(_folder.Runs, "tmp")), Is.Empty);
    }

    /// <summary>At whatever operation the process ends or the power goes: what is in the way of the next is nothing, or noticed.</summary>
    [Test]
    public void WhereverTheProcessEndsTheNextMakesTheRun([Values(false, true)] bool isPowerCut)
    {
        var file = FileOf(_folder.Put("a.pcap", ArchiveCaptures.All().First().Octets));
        bool isDone = false;
        for (int fatal = 1; !isDone; fatal++)
        {
            string runs = _folder.In($"runs-{fatal}");
            Directory.CreateDirectory(runs);
            using (var storage = new FaultyStorage(runs, fatal, new RandomStream((ulong)fatal)))
            {
                try
                {
                    Extract(new RunStore(runs, storage, RunKey.Extractor), file);
                    isDone = true;
                }
                catch (ProcessEndedException)
                {
                    if (isPowerCut)
                        storage.CutPower();
                }
            }

            var next = new RunStore(runs);
            var facts = Extract(next, file);
            Assert.That(next.Made + next.Found, Is.EqualTo(1), $"{fatal}");
            Assert.That(new RunReader(facts.Run!).Count, Is.EqualTo(facts.Records), $"{fatal}");
            Assert.That(Extract(next, file).Run, Is.EqualTo(facts.Run));
            Assert.That(fatal, Is.LessThan(50));
        }
    }

    /// <summary>The run of a file that is written to is known by what was read, or not at all.</summary>
    [Test]
    public async Task AFileThatChangesIsNotTakenForWhatItWas()
    {
        byte[] octets = ArchiveCaptures.All().First().Octets;
        string path = _folder.Put("a.pcap", octets);
        var listed = FileOf(path);
        var store = new RunStore(_folder.Runs);
        File.WriteAllBytes(path, octets[..^300]);
        var facts = Extract(store, listed);
        Assert.That((facts.Run, store.Made), Is.EqualTo(((string?)null, 0)), "it is shorter now: the job keeps the run to itself");
        File.WriteAllBytes(path, [.. octets, .. octets[24..]]);
        facts = Extract(store, listed);
        Assert.That(facts.Change, Is.EqualTo("It has grown since it was listed; what it had then was read."));
        File.WriteAllBytes(path, octets);
        Assert.That(Extract(store, FileOf(path)).Run, Is.EqualTo(facts.Run), "what it had then is this content");
        var alone = await _folder.DoAsync(new ArchiveSpec([path]));
        Assert.That(await _folder.DoAsync(new ArchiveSpec([path]) { Runs = _folder.Runs }), Is.EqualTo(alone));
    }

    [Test]
    public async Task AFullDiskOfTheRunsIsSaidAsSuch()
    {
        string path = _folder.Put("a.pcap", ArchiveCaptures.All().First().Octets);
        using var full = new FaultyStorage(_folder.Runs, 3, new RandomStream(1), full: true);
        Assert.That(() => Extract(new RunStore(_folder.Runs, full, RunKey.Extractor), FileOf(path)), Throws.InstanceOf<NbnsSim.Files.OutputFailedException>().With.Message.Contains(_folder.Runs));
        File.WriteAllText(_folder.In("file"), "");
        Assert.That(async () => await _folder.DoAsync(new ArchiveSpec([path]) { Runs = _folder.In("file") }), Throws.InstanceOf<JobException>().With.Message.Contains("expected a folder of runs"));
    }

    [Test]
    public void TheSpecTellsOfTheRuns()
    {
        var spec = new ArchiveSpec(["a"]) { Runs = "b" };
        Assert.That(spec.ToJson(), Is.EqualTo("""{"kind":"archive","inputs":["a"],"runs":"b"}"""));
        Assert.That(JobSpec.Parse(spec.ToJson()), Is.EqualTo(spec));
        var merge = new MergeSpec(["a", "b"]) { Inputs = ["c"] };
        Assert.That(merge.ToJson(), Is.EqualTo("""{"kind":"merge","runs":["a","b"],"inputs":["c"]}"""));
        Assert.That(JobSpec.Parse(merge.ToJson()), Is.EqualTo(merge));
        Assert.That(JobSpec.Parse(new MergeSpec(["a"]).ToJson()), Is.EqualTo(new MergeSpec(["a"])));
        Assert.That(MergeSpec.Of(["a"], ["b/", "http://c/d"]), Is.EqualTo(new MergeSpec([Path.GetFullPath("a")]) { Inputs = [Path.GetFullPath("b"), "http://c/d"] }));
    }

    private ManifestFile FileOf(string path) => ManifestList.Of(new ArchiveSpec([path]), CancellationToken.None).Files[0];

    private PieceFacts Extract(RunStore store, ManifestFile file)
    {
        string own = Directory.CreateDirectory(_folder.In("own")).FullName;
        return store.Extract(new ShardData(ShardKind.Whole, file, 0, file.Octets, IsSummed: true), own, CancellationToken.None);
    }

    /// <summary>A file system on which something happens just before the first folder is put into its place.</summary>
    private sealed class Meanwhile(Action happens) : IJobStorage
    {
        private readonly DiskStorage _disk = new();
        private Action? _happens = happens;

        public void CreateFolder(string folder) => _disk.CreateFolder(folder);

        public void WriteFile(string file, ReadOnlySpan<byte> octets) => _disk.WriteFile(file, octets);

        public void SyncTree(string folder) => _disk.SyncTree(folder);

        public void SyncFolder(string folder) => _disk.SyncFolder(folder);

        public void Move(string from, string to)
        {
            Interlocked.Exchange(ref _happens, null)?.Invoke();
            _disk.Move(from, to);
        }

        public void Delete(string path) => _disk.Delete(path);

        public IDisposable? TryLock(string file) => _disk.TryLock(file);
    }
}
