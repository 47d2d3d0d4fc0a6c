using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Jobs.Archives;
using NbnsSim.Tests.Captures;

namespace NbnsSim.Jobs.Tests.Archives;

/// <summary>Taps whose clocks differ are put on one clock by what both saw, and by nothing else.</summary>
public sealed class ClockTests
{
    private const long Second = 1_000_000_000;
    private const long Begin = 1_700_000_000 * Second;

    private ArchiveRuns _runs = null!;

    [SetUp]
    public void MakeFolder() => _runs = new ArchiveRuns();

    [TearDown]
    public void RemoveFolder() => _runs.Dispose();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(-26_000_000)]
    [TestCase(5 * Second)]
    [TestCase(-3_600 * Second + 7)]
    [TestCase(86_400L * 365 * Second)]
    [TestCase(-1_600_000_000L * Second)]
    public void ATapIsTheSameWhateverItsClockSays(long offset)
    {
        var seen = Traffic(400, 1);
        _runs.Put("a.pcap", Pcap(seen.Where((_, i) => i % 3 != 0)));
        _runs.Put("b.pcap", Pcap(seen.Where((_, i) => i % 5 != 0)));
        var right = _runs.Do(new ArchiveSpec([_runs.Folder]));
        Assert.That(right.Datagrams, Has.Count.EqualTo(seen.Count - (seen.Count / 15) - 1), "what neither has is missing");
        _runs.Put("b.pcap", Pcap(seen.Where((_, i) => i % 5 != 0).Select(one => one with { Time = one.Time + offset })));
        foreach (long? size in new long?[] { null, 999 })
        {
            var moved = _runs.Do(new ArchiveSpec([_runs.Folder]) { ShardOctets = size }, seed: 3);
            Assert.That(moved.Captures.Select(one => one.OffsetAtFirst), Is.EqualTo((long[])[0, Math.Abs(offset) <= 25_000_000 ? 0 : offset]));
            if (Math.Abs(offset) > 25_000_000)
                Assert.That(moved.Datagrams, Is.EqualTo(right.Datagrams));
            else
                Assert.That(moved.Datagrams, Has.Count.EqualTo(right.Datagrams.Count));
        }
    }

    [TestCase(0)]
    [TestCase(45_000)]
    [TestCase(-90_000)]
    public void AClockThatDriftsIsFollowed(long drift)
    {
        var seen = Traffic(3_000, 2, every: 30 * Second); // a day
        _runs.Put("a.pcap", Pcap(seen));
        _runs.Put("b.pcap", Pcap(seen.Select(one => one with { Time = one.Time + (4_000 * Second) + ((one.Time - Begin) / Second * drift) })));
        var both = _runs.Do(new ArchiveSpec([_runs.Folder]));
        Assert.That(both.Datagrams, Has.Count.EqualTo(seen.Count));
        Assert.That(both.Captures[1].Clock.CorrectionAt(Begin + (4_000 * Second)), Is.EqualTo(-4_000 * Second).Within(1_000_000));
        Assert.That(both.Summary, Does.Contain("\"clocksPutRight\":1"));
        Assert.That(_runs.Do(new ArchiveSpec([_runs.Folder]) { Clocks = ArchiveClocks.AsCaptured }).Datagrams, Has.Count.EqualTo(2 * seen.Count));
    }

    [Test]
    public void TheClockOfMostCountsInWhateverOrderTheyAreNamed()
    {
        var seen = Traffic(300, 3);
        long[] offsets = [-500 * Second, 0, 3_000_000, 7_000 * Second, -2_000_000];
        for (int i = 0; i < offsets.Length; i++)
            _runs.Put($"{i}.pcap", Pcap(seen.Where((_, at) => (at + i) % 4 != 0).Select(one => one with { Time = one.Time + offsets[i] })));
        var all = _runs.Do(new ArchiveSpec([_runs.Folder]));
        Assert.That(all.Datagrams, Has.Count.EqualTo(seen.Count));
        Assert.That(all.Captures.Select(one => one.OffsetAtFirst), Is.EqualTo((long[])[-500 * Second, 0, 0, 7_000 * Second, 0]));
        Assert.That(all.Captures.Select(one => one.Group), Is.All.EqualTo(1));
    }

    [Test]
    public void RotatedFilesOfTwoTapsKeepToTheClockOfTheFirst()
    {
        var seen = Traffic(6_000, 4, every: 10 * Second);
        for (int i = 0; i < 12; i++)
        {
            _runs.Put($"a{i:00}.pcap", Pcap(seen.Skip(500 * i).Take(500)));
            _runs.Put($"b{i:00}.pcap", Pcap(seen.Skip((500 * i) - 250).Take(i == 0 ? 250 : 500).Select(one => one with { Time = one.Time - (90 * Second) + ((one.Time - Begin) / Second * 30_000) })));
        }

        var all = _runs.Do(new ArchiveSpec([_runs.Folder]));
        Assert.That(all.Datagrams, Has.Count.EqualTo(seen.Count));
        Assert.That(all.Captures.Take(12).Select(one => one.OffsetAtFirst), Is.All.EqualTo(0));
        Assert.That(all.Captures.Skip(12).Select(one => one.OffsetAtFirst + (90 * Second)), Is.Ordered.And.All.InRange(-1_000_000, 1_800_000_000));
    }

    [Test]
    public void WhatRepeatsItselfOnAnotherDayIsNoSharedDatagram()
    {
        // a machine that boots each morning says the same with the same numbers; what follows is of the day
        var boot = Traffic(20, 5);
        foreach (int day in (int[])[0, 1])
        {
            long shift = 86_400L * day * Second;
            _runs.Put($"{day}.pcap", Pcap([.. boot.Select(one => one with { Time = one.Time + shift }), .. Traffic(200, 6 + day).Select(one => one with { Time = one.Time + shift + (100 * Second) })]));
        }

        var both = _runs.Do(new ArchiveSpec([_runs.Folder]));
        Assert.That(both.Captures.Select(one => one.Group), Is.All.Null);
        Assert.That(both.Datagrams, Has.Count.EqualTo(440));
        Assert.That(both.Summary, Does.Not.Contain("clocksNotCompared"), "they are not of the same time");
    }

    [Test]
    public void AQuestionThatIsAskedAgainWithTheSameNumbersTellsNothing()
    {
        // identification 0, three tries each: RFC 1002 §6, and Linux with DF
        var tries = Traffic(100, 8).Where(one => one.Octets.Length > 0).SelectMany((one, i) => Enumerable.Range(0, 3).Select(again => new Sent(Begin + (i * 9 * Second) + (again * 250_000_000L), Frame(0, i)))).ToList();
        var alone = Traffic(50, 9, every: 17 * Second);
        _runs.Put("a.pcap", Pcap([.. tries, .. alone]));
        _runs.Put("b.pcap", Pcap([.. tries.Skip(1), .. alone.Skip(5)], 60 * Second));
        var both = _runs.Do(new ArchiveSpec([_runs.Folder]));
        Assert.That(both.Captures[1].OffsetAtFirst, Is.EqualTo(60 * Second));
        Assert.That(both.Datagrams, Has.Count.EqualTo(350));
    }

    [Test]
    public void TapsOfTheSameTimeThatShareNothingAreSaid()
    {
        _runs.Put("a.pcap", Pcap(Traffic(100, 10)));
        _runs.Put("b.pcap", Pcap(Traffic(100, 11)));
        _runs.Put("c.pcap", Pcap(Traffic(100, 12), 864_000 * Second));
        var all = _runs.Do(new ArchiveSpec([_runs.Folder]));
        Assert.That(all.Summary, Does.Contain("\"clocksNotCompared\":2").And.Not.Contain("clocksPutRight"));
        Assert.That(_runs.Do(new ArchiveSpec([_runs.Folder]) { Clocks = ArchiveClocks.AsCaptured }).Summary, Does.Not.Contain("clocksNotCompared"));
    }

    [Test]
    public void ASampleOfWhatWasSeenTellsTheSame()
    {
        var seen = Traffic(2_000, 13);
        var sample = new ClockSample(100);
        var all = new ClockSample(int.MaxValue);
        foreach (var one in seen)
        {
            var record = new RunRecord { Time = one.Time, PayloadHash = (ulong)one.Time };
            sample.Add(0, record);
            all.Add(0, record);
        }

        var kept = sample.Sorted();
        Assert.That(kept, Has.Count.InRange(25, 100));
        Assert.That(all.Sorted(), Has.Count.EqualTo(2_000));
        Assert.That(all.Sorted().Take(kept.Count), Is.EqualTo(kept), "those whose hash is least");
    }

    [Test]
    public void TapsAreOneWhateverTheirClocksSay()
    {
        var cases = Gen.Choose(60, 400).SelectMany(count => Gen.Choose(2, 3).SelectMany(taps => Gen.Choose(0, 1).SelectMany(drifts => Gen.Choose(1, 100_000).Select(seed => (count, taps, drifts == 1, seed)))));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(20_261_130, 12_345),
            Prop.ForAll(cases.ToArbitrary(), one =>
            {
                var (count, taps, drifts, seed) = one;
                File.Delete(Path.Combine(_runs.Folder, "2.pcap")); // of a case with three
                var random = new Random(seed);
                var seen = Traffic(count, seed, every: random.Next(1, 20) * Second);
                List<Sent>[] parts = [.. Enumerable.Range(0, taps).Select(_ => seen.Where(_ => random.Next(5) > 0).ToList())]; // so that any two share most
                // so far apart that no two agree: the clock of the first counts
                var clocks = Enumerable.Range(0, taps).Select(tap => tap == 0 ? default : (
                    Shift: ((tap * 1_000) + random.NextInt64(900)) * Second * (random.Next(2) == 0 ? 1 : -1),
                    Drift: drifts ? random.NextInt64(-80_000, 80_000) : 0)).ToList();
                for (int tap = 0; tap < taps; tap++)
                    _runs.Put($"{tap}.pcap", Pcap(parts[tap]));
                var right = _runs.Do(new ArchiveSpec([_runs.Folder]));
                Assert.That(right.Datagrams, Has.Count.EqualTo(parts.SelectMany(part => part).Distinct().Count()), "each counts once");
                for (int tap = 0; tap < taps; tap++)
                    _runs.Put($"{tap}.pcap", Pcap(parts[tap].Select(sent => sent with { Time = sent.Time + Ahead(tap, sent.Time) })));
                var moved = _runs.Do(new ArchiveSpec([_runs.Folder]) { ShardOctets = seed % 2 == 0 ? null : 2_000 }, seed);
                for (int tap = 0; tap < taps; tap++)
                    Assert.That(moved.Captures[tap].OffsetAtFirst, Is.EqualTo(Ahead(tap, parts[tap][0].Time)).Within(drifts ? ClockFit.Tolerance : 0), $"tap {tap}");
                if (drifts)
                    Assert.That(moved.Datagrams, Has.Count.EqualTo(right.Datagrams.Count), "each counts once");
                else
                    Assert.That(moved.Datagrams, Is.EqualTo(right.Datagrams), "as if no clock had been wrong");

                long Ahead(int tap, long time) => clocks[tap].Shift + ((time - Begin) / Second * clocks[tap].Drift);
            }));
    }

    /// <summary>A frame and when it was sent, in nanoseconds.</summary>
    private sealed record Sent(long Time, byte[] Octets);

    /// <summary>Frames that are told apart, about one in <paramref name="every"/> nanoseconds.</summary>
    private static List<Sent> Traffic(int count, int seed, long every = Second)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => new Sent(Begin + (i * every) + random.NextInt64(every / 2), Frame(i + 1, (seed * 100_000) + i)))];
    }

    private static byte[] Frame(int identification, int number)
    {
        byte[] payload = [.. Frames.Payload, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(Frames.Payload.Length), number);
        return Frames.Ethernet(Frames.Ipv4(Frames.Udp(payload), identification & 0xFFFF));
    }

    private static byte[] Pcap(IEnumerable<Sent> sent, long offset = 0)
    {
        var bytes = new CaptureBytes().PcapHeader(magic: 0xA1B23C4D);
        foreach (var one in sent.OrderBy(one => one.Time))
            bytes.PcapRecord((one.Time + offset) / Second, (int)((one.Time + offset) % Second), one.Octets);
        return bytes.ToArray();
    }
}
