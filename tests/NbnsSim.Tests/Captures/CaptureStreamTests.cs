using System.IO.Compression;
using System.Text;
using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>Captures come from files, pipes and gzip alike.</summary>
public sealed class CaptureStreamTests
{
    private static readonly byte[] Pcap = new CaptureBytes().PcapHeader().PcapRecord(1, 0, Frames.Ordinary()).PcapRecord(2, 0, Frames.Ordinary([1, 2, 3])).ToArray();
    private static readonly byte[] PcapNg = new CaptureBytes(true).Section().Interface().Enhanced(1_000_000, Frames.Ordinary()).Enhanced(2_000_000, Frames.Ordinary([1, 2, 3])).ToArray();
    private static readonly byte[] Snoop = new CaptureBytes(true).SnoopHeader().SnoopRecord(1, 0, Frames.Ordinary(), padding: 2).SnoopRecord(2, 0, Frames.Ordinary([1, 2, 3])).ToArray();

    private static IEnumerable<TestCaseData> Captures() =>
    [
        new TestCaseData(Pcap).SetArgDisplayNames("pcap"),
        new TestCaseData(PcapNg).SetArgDisplayNames("pcapng"),
        new TestCaseData(Snoop).SetArgDisplayNames("snoop"),
    ];

    [TestCaseSource(nameof(Captures))]
    public void AStreamThatGivesOneOctetAtATimeIsRead(byte[] capture)
    {
        using var reader = CaptureReader.Open(new Trickle(capture, 1));

        Assert.That(Read(reader), Is.EqualTo(new[] { 54, 45 }));
    }

    [TestCaseSource(nameof(Captures))]
    public void GzipIsSeenThrough(byte[] capture)
    {
        byte[] zipped = [.. Zip(capture[..70]), .. Zip(capture[70..])]; // gzip files may be concatenated
        using var reader = CaptureReader.Open(new Trickle(zipped, 1));

        Assert.That(reader.IsCompressed, Is.True);
        Assert.That(Read(reader), Is.EqualTo(new[] { 54, 45 }));
        Assert.That(reader.Damage, Is.Null);
        Assert.That(reader.Position, Is.EqualTo(capture.Length));
    }

    [TestCaseSource(nameof(Captures))]
    public void ACaptureInMemoryIsReadWhereItStands(byte[] capture)
    {
        byte[] around = [1, 2, 3, .. capture, 4, 5, 6];
        byte[] before = [.. around];
        using (var reader = CaptureReader.Open(around.AsMemory(3, capture.Length)))
        {
            Assert.That(reader.TryRead(out var packet), Is.True);
            Assert.That(packet.Data.Overlaps(around), Is.True);
            Assert.That(packet.Offset, Is.EqualTo(capture == Pcap ? 24 : capture == Snoop ? 16 : 48));
            Assert.That(Read(reader), Is.EqualTo(new[] { 45 }));
            Assert.That((reader.Damage, reader.Position), Is.EqualTo(((CaptureDamage?)null, (long)capture.Length)));
        }

        for (int length = 0; length < capture.Length; length++)
        {
            if (!CaptureReader.TryOpen(around.AsMemory(3, length), out var cut, out _))
                continue;
            Read(cut);
            Assert.That(cut.Damage?.Offset ?? length, Is.LessThanOrEqualTo(length));
        }

        Assert.That(around, Is.EqualTo(before));
        using var zipped = CaptureReader.Open(Zip(capture));
        Assert.That(Read(zipped), Is.EqualTo(new[] { 54, 45 }));
        Assert.That(() => CaptureReader.Open(ReadOnlyMemory<byte>.Empty), Throws.TypeOf<InvalidDataException>());
    }

    [TestCaseSource(nameof(Captures))]
    public void AFrameThatHasComeIsGivenWithoutWaitingForMore(byte[] capture)
    {
        int end = capture.Length - (capture == Pcap ? 16 + 45 : capture == PcapNg ? 32 + 48 : 24 + 45);
        var pipe = new Trickle(capture, end);
        using var reader = CaptureReader.Open(pipe);

        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(packet.Data.Length, Is.EqualTo(54));
        Assert.That(pipe.Reads, Is.EqualTo(1));
    }

    [Test]
    public void ACaptureLargerThanTheBufferIsReadThroughAnySizeOfPieces([Values(1_000, 65_537, 10_000_000)] int piece)
    {
        var bytes = new CaptureBytes().PcapHeader();
        var lengths = new List<int>();
        var random = new RandomStream(4);
        while (bytes.Length < 2_000_000)
        {
            byte[] frame = new byte[random.Next(9_000)];
            frame.AsSpan().Fill((byte)lengths.Count);
            bytes.PcapRecord(lengths.Count, 0, frame);
            lengths.Add(frame.Length);
        }

        using var reader = CaptureReader.Open(new Trickle(bytes.ToArray(), piece));
        for (int i = 0; i < lengths.Count; i++)
        {
            Assert.That(reader.TryRead(out var packet), Is.True);
            Assert.That((packet.Data.Length, packet.Time.Seconds), Is.EqualTo((lengths[i], (long)i)));
            Assert.That(packet.Data.ContainsAnyExcept((byte)i), Is.False);
        }

        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.Position, Is.EqualTo(bytes.Length));
    }

    [TestCaseSource(nameof(Captures))]
    public void ReadingAllocatesNothingPerFrame(byte[] capture)
    {
        byte[] header = capture == Pcap ? capture[..24] : capture == PcapNg ? capture[..48] : capture[..16];
        var many = new List<byte>(header);
        for (int i = 0; i < 2_000; i++)
            many.AddRange(capture.AsSpan(header.Length));
        Count(many.ToArray());

        var (frames, allocated) = Count(many.ToArray());
        Assert.That(frames, Is.EqualTo(4_000));
        Assert.That(allocated, Is.LessThan(frames * 4), "the smallest object takes 24 octets; a collection meanwhile blurs the count by some thousand");

        static (int Frames, long Allocated) Count(byte[] capture)
        {
            using var reader = new DatagramReader(CaptureReader.Open(new MemoryStream(capture)), new DatagramReaderOptions { Port = 137 });
            reader.TryRead(out _);
            int frames = 1;
            long before = GC.GetAllocatedBytesForCurrentThread();
            while (reader.TryRead(out var datagram))
            {
                _ = datagram.VerifyUdpChecksum();
                _ = datagram.IsBroadcast;
                frames++;
            }

            return (frames, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [TestCase("", "This is no packet capture but an empty file.")]
    [TestCase("hello, world", "This is no packet capture but text that begins with \"hello, world\".")]
    [TestCase("<html>\r\n<head><title>", "This is no packet capture but text that begins with \"<html>  <head><t\".")]
    [TestCase("7F454C460201", "This is no packet capture but a program (ELF).")]
    [TestCase("504B03041400", "This is no packet capture but a zip archive: unpack it first.")]
    [TestCase("28B52FFD0458", "This is no packet capture but Zstandard data: decompress it first (zstd -dc).")]
    [TestCase("58435000303032", "This is no packet capture but a NetXRay or Sniffer capture: convert it first (editcap -F pcapng IN OUT).")]
    [TestCase("4F62736572766572506B74", "This is no packet capture but an Observer capture: convert it first (editcap -F pcapng IN OUT).")]
    [TestCase("FD377A585A00", "This is no packet capture but xz data: decompress it first (xz -dc).")]
    [TestCase("6274736E6F6F7000", "This is no packet capture but a Bluetooth capture (btsnoop), which has no name service packets.")]
    [TestCase("6970747261636520322E30", "This is no packet capture but an AIX iptrace: convert it first (editcap -F pcapng IN OUT).")]
    [TestCase("01104C00", "This is no packet capture but a LANalyzer trace: convert it first (editcap -F pcapng IN OUT).")]
    [TestCase("0000000000F153650204006E00000060", "This is no packet capture but an Endace ERF recording, as it seems: convert it first (editcap -F pcapng IN OUT).")]
    [TestCase("425A6839", "This is no packet capture but bzip2 data: decompress it first (bzip2 -dc).")]
    [TestCase("00000000FFEE", "This is no packet capture but data that begins with 00 00 00 00 FF EE.")]
    [TestCase("01", "This is no packet capture but data that begins with 01.")]
    [TestCase("D4C3B2A10200", "This is no readable packet capture: the pcap file header of 24 octets is cut short after 6.")]
    [TestCase("0A0D0D0A1C000000", "This is no readable packet capture: the section header block of 28 octets is cut short after 8.")]
    [TestCase("0A0D0D0A1C000000FFFFFFFF0100000000000000000000001C000000", "This is no readable packet capture: a section header block with byte-order magic FFFFFFFF.")]
    public void WhatIsNoCaptureIsSaidToBeWhatItIs(string data, string expected)
    {
        byte[] octets = data.Length % 2 == 0 && data.All(char.IsAsciiHexDigitUpper) ? Convert.FromHexString(data) : Encoding.ASCII.GetBytes(data);

        Assert.That(CaptureReader.TryOpen(new Trickle(octets, 1), out var reader, out string? problem), Is.False);
        Assert.That((reader, problem), Is.EqualTo(((CaptureReader?)null, expected)));
        Assert.That(() => CaptureReader.Open(new MemoryStream(octets)), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(expected));
    }

    [Test]
    public void WhatIsNoCaptureInGzipIsSaidToBeWhatItIs()
    {
        CaptureReader.TryOpen(new MemoryStream(Zip("some text"u8.ToArray())), out _, out string? problem);
        Assert.That(problem, Is.EqualTo("This is no packet capture but gzip data that holds text that begins with \"some text\"."));

        CaptureReader.TryOpen(new MemoryStream([0x1F, 0x8B, 0, 0, 0]), out _, out problem);
        Assert.That(problem, Does.StartWith("This is no readable packet capture: the gzip data cannot be decompressed ("));
    }

    [Test]
    public void TheStreamIsLeftOpenOnRequest()
    {
        var kept = new MemoryStream(Pcap);
        CaptureReader.Open(kept, leaveOpen: true).Dispose();
        Assert.That(kept.CanRead, Is.True);

        var given = new MemoryStream(Zip(Pcap));
        var reader = CaptureReader.Open(given);
        reader.Dispose();
        Assert.That(given.CanRead, Is.False);
        Assert.That(reader.TryRead(out _), Is.False);
    }

    private static List<int> Read(CaptureReader reader)
    {
        var lengths = new List<int>();
        while (reader.TryRead(out var packet))
            lengths.Add(packet.Data.Length);
        return lengths;
    }

    private static byte[] Zip(byte[] data)
    {
        var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(data);
        return zipped.ToArray();
    }

    /// <summary>A pipe: not seekable, a few octets at a time.</summary>
    private sealed class Trickle(byte[] data, int piece) : Stream
    {
        private int _at;

        public int Reads { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Reads++;
            int taken = Math.Min(Math.Min(piece, count), data.Length - _at);
            data.AsSpan(_at, taken).CopyTo(buffer.AsSpan(offset));
            _at += taken;
            return taken;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
