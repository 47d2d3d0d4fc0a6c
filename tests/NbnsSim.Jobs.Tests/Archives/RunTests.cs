using NbnsSim.Captures;
using NbnsSim.Jobs.Archives;
using NbnsSim.Tests.Captures;

namespace NbnsSim.Jobs.Tests.Archives;

/// <summary>A run is what was written, or it is said to be damaged: nothing else comes of it.</summary>
public sealed class RunTests
{
    private string _folder = null!;

    private string RecordsPath => Path.Combine(_folder, RunFiles.Records);

    private string PayloadsPath => Path.Combine(_folder, RunFiles.Payloads);

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-run-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(511)]
    [TestCase(512)]
    [TestCase(513)]
    [TestCase(3_000)]
    public void WhatWasWrittenIsRead(int count)
    {
        var written = Write(count, number => [0x12, (byte)number, .. new byte[number % 700], (byte)(number % 5)]);
        Assert.That(Read(pages: 4, keepsOpen: true), Is.EqualTo(written));
        Assert.That(Read(pages: 64, keepsOpen: false), Is.EqualTo(written));
    }

    [Test]
    public void TheSameRecordsAreTheSameOctets()
    {
        Write(1_000, number => [(byte)number, 1, 2, (byte)(number % 9)]);
        byte[] records = File.ReadAllBytes(RecordsPath);
        byte[] payloads = File.ReadAllBytes(PayloadsPath);
        Write(1_000, number => [(byte)number, 1, 2, (byte)(number % 9)]);
        Assert.That(File.ReadAllBytes(RecordsPath), Is.EqualTo(records));
        Assert.That(File.ReadAllBytes(PayloadsPath), Is.EqualTo(payloads));
    }

    [Test]
    public void APayloadThatDiffersInItsTransactionIdAloneIsStoredOnce()
    {
        Write(5_000, number => [(byte)(number >> 8), (byte)number, 1, 0x10, .. new byte[46]]);
        Assert.That(new FileInfo(PayloadsPath).Length, Is.EqualTo(48));
    }

    [Test]
    public void MemoryForPayloadsIsBoundedAndNoneIsTakenForAnother()
    {
        // more of them than are remembered, with few different lengths and ends
        byte[] PayloadOf(int number) => [0, 0, .. BitConverter.GetBytes(number % 20_011), .. new byte[120]];
        var written = Write(60_000, PayloadOf);
        Assert.That(Read(pages: 16, keepsOpen: true), Is.EqualTo(written));
    }

    [Test]
    public void FramesAreKeptWhole()
    {
        byte[] frame = [.. Enumerable.Range(0, 262_144).Select(i => (byte)(i / 7))];
        using (var writer = new RunWriter(_folder, isSmall: true))
        {
            using var capture = new CaptureBytes().PcapHeader(linkType: 127).PcapRecord(7, 8, frame, 300_000).PcapRecord(9, 0, [1]).Open();
            while (capture.TryRead(out var packet))
                writer.AddFrame(packet);
            writer.Complete();
        }

        using var run = new RunReader(_folder);
        Assert.That(run.MoveNext(), Is.True);
        Assert.That(run.ReadPayload().ToArray(), Is.EqualTo(frame));
        Assert.That((run.Current.Frame, run.Current.Time, run.Current.LinkType, run.Current.OriginalLength), Is.EqualTo((1L, 7_000_008_000L, LinkType.WirelessRadiotap, 300_000)));
        Assert.That(run.MoveNext(), Is.True);
        Assert.That(run.ReadPayload().ToArray(), Is.EqualTo((byte[])[1]));
        Assert.That(run.MoveNext(), Is.False);
    }

    [Test]
    public void EveryPrefixOfItsFilesIsDamaged()
    {
        Write(600, number => [0, (byte)number, (byte)(number % 200), 3]);
        byte[] records = File.ReadAllBytes(RecordsPath);
        byte[] payloads = File.ReadAllBytes(PayloadsPath);
        for (int length = 0; length < records.Length; length += length is > 300 and < 70_000 ? 61 : 1)
        {
            File.WriteAllBytes(RecordsPath, records[..length]);
            Assert.That(() => Read(), Throws.TypeOf<InvalidDataException>().With.Message.Contains("damaged"), $"{length} octets of records");
        }

        File.WriteAllBytes(RecordsPath, records);
        for (int length = 0; length < payloads.Length; length++)
        {
            File.WriteAllBytes(PayloadsPath, payloads[..length]);
            Assert.That(() => Read(), Throws.TypeOf<InvalidDataException>().With.Message.Contains("damaged"), $"{length} octets of payloads");
        }

        File.Delete(PayloadsPath);
        Assert.That(() => Read(), Throws.TypeOf<InvalidDataException>().With.Message.Contains("not there"));
    }

    [Test]
    public void EveryOctetThatChangedIsFound()
    {
        Write(20, number => [0, (byte)number, (byte)number, 3, 4, 5]);
        foreach (string path in new[] { RecordsPath, PayloadsPath })
        {
            byte[] octets = File.ReadAllBytes(path);
            for (int i = 0; i < octets.Length; i++)
            {
                foreach (byte change in new byte[] { 1, 0x80, 0xFF })
                {
                    octets[i] ^= change;
                    File.WriteAllBytes(path, octets);
                    Assert.That(() => Read(), Throws.TypeOf<InvalidDataException>(), $"octet {i} of {path}");
                    octets[i] ^= change;
                }
            }

            File.WriteAllBytes(path, octets);
        }
    }

    [Test]
    public void ARunOfAnotherVersionIsRefusedAsSuch()
    {
        Write(1, _ => [1]);
        byte[] records = File.ReadAllBytes(RecordsPath);
        records[8]++;
        File.WriteAllBytes(RecordsPath, records);
        Assert.That(() => Read(), Throws.TypeOf<InvalidDataException>().With.Message.Contains("version 2"));
    }

    [Test]
    public void AHashDependsOnEveryOctetAndOnTheLength()
    {
        var seen = new HashSet<ulong>();
        int count = 0;
        for (int length = 0; length < 100; length++)
        {
            var octets = new byte[length];
            Assert.That(seen.Add(RunHash.Of(octets)), Is.True, $"{length} zeros");
            count++;
            for (int i = 0; i < length; i++)
            {
                octets[i] = 1;
                seen.Add(RunHash.Of(octets));
                octets[i] = 0;
                count++;
            }
        }

        Assert.That(seen, Has.Count.EqualTo(count));
    }

    private List<string> Write(int count, Func<int, byte[]> payloadOf)
    {
        var bytes = new CaptureBytes().PcapHeader();
        for (int i = 0; i < count; i++)
            bytes.PcapRecord(i, i % 1_000, Frames.Ethernet(Frames.Ipv4(Frames.Udp(payloadOf(i)), identification: i & 0xFFFF), broadcast: i % 3 == 0));
        using var capture = bytes.Open();
        using var writer = new RunWriter(_folder, isSmall: true);
        var piece = new CapturePieceReader(capture, 137);
        var written = new List<string>();
        while (piece.TryRead(out var datagram, out _))
        {
            writer.Add(datagram);
            written.Add(Text(DatagramFacts.Of(datagram)));
        }

        writer.Complete();
        Assert.That(written, Has.Count.EqualTo(count));
        return written;
    }

    private List<string> Read(int pages = 4, bool keepsOpen = true)
    {
        var read = new List<string>();
        using var run = new RunReader(_folder, pages, keepsOpen);
        while (run.MoveNext())
            read.Add(Text(run.Current.ToFacts(run.Current.Frame, run.ReadPayload())));
        Assert.That(run.Count, Is.EqualTo(read.Count));
        return read;
    }

    private static string Text(in DatagramFacts one) =>
        $"{one.FrameNumber} {one.Time} {one.Source} {one.Destination} {one.Identification} {one.IsBroadcast} {one.HasLink} {one.SourceMac} {one.Domain} {Convert.ToHexString(one.Payload)}";
}
