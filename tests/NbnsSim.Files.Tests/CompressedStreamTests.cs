using NbnsSim.Captures;
using NbnsSim.Cli.Tests;
using ZstdSharp;

namespace NbnsSim.Files.Tests;

/// <summary>Captures that came compressed by zstd or xz.</summary>
public sealed class CompressedStreamTests
{
    private static readonly byte[] Capture = TestCapture.Of(
        [.. Enumerable.Range(1, 7).Select(i => ("10.0.0.1", 137, "10.0.0.255", 137, new byte[] { (byte)i, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 }))]);

    /// <summary>One query in two VLAN tags, by xz 5.4 -9.</summary>
    private const string Xz = "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ACLAFtdAGow0ch9i/gJm68fzHkIdYpx+0hiydnJ9sHlEhCv2ZfqjEehmmPEocOWDaeNF6NkmKlCgERw+yOd9oIKzLlFdqX0FO8zGwRCvfSvqUu6rG1DCBp1g0RYLjvng78AANX4+5lO5YCyAAF3jAEAAABS09gZscRn+wIAAAAABFla";

    private static byte[] Zstandard(byte[] data)
    {
        using var compressed = new MemoryStream();
        using (var stream = new CompressionStream(compressed, leaveOpen: true))
            stream.Write(data);
        return compressed.ToArray();
    }

    private static byte[] Compressed(bool isXz) => isXz ? Convert.FromBase64String(Xz) : Zstandard(Capture);

    [Test]
    public void EveryCutAndManyDamagesAreToldAndNeverThrow([Values] bool isXz)
    {
        byte[] data = Compressed(isXz);
        for (int length = 1; length < data.Length; length += isXz ? 1 : 1 + (data.Length / 200))
            ReadAll(data[..length]);
        var random = new RandomStream(7);
        for (int round = 0; round < 1_500; round++)
        {
            byte[] damaged = [.. data];
            for (uint left = 1 + random.Next(3); left > 0; left--)
                damaged[6 + random.Next((uint)data.Length - 6)] = (byte)random.NextUInt32();
            ReadAll(damaged);
        }
    }

    [Test]
    public void AStreamThatCannotSeekIsReadFromItsStart()
    {
        using var pipe = new GrowingStream(new MemoryStream(Capture), _ => false);
        using var data = CaptureStreams.Decompress(pipe, leaveOpen: false);
        using var copy = new MemoryStream();
        data.CopyTo(copy);
        Assert.That(copy.ToArray(), Is.EqualTo(Capture));
    }

    [TestCase("plain")]
    [TestCase("zst")]
    [TestCase("xz")]
    public void AFileIsOpenedWhateverItWasCompressedBy(string form)
    {
        string path = Path.Combine(Path.GetTempPath(), $"nbnssim-test-{Environment.ProcessId}-{form}.pcap");
        File.WriteAllBytes(path, form == "plain" ? Capture : Compressed(form == "xz"));
        try
        {
            using var datagrams = new DatagramReader(CaptureStreams.Open(path));
            Assert.That(datagrams.TryRead(out _), Is.True);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void AFileThatIsNoCaptureIsSaidToBeNoneAndLetGoOf()
    {
        string path = Path.Combine(Path.GetTempPath(), $"nbnssim-test-{Environment.ProcessId}-none.txt");
        File.WriteAllText(path, "no capture");
        try
        {
            Assert.That(() => CaptureStreams.Open(path), Throws.InstanceOf<InvalidDataException>().With.Message.Contain("no packet capture"));
            using var exclusive = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            Assert.That(exclusive.Length, Is.EqualTo(10));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void WhatCannotSeekIsReadTwice()
    {
        using var twice = CaptureStreams.Rewindable(new GrowingStream(new MemoryStream(Capture), _ => false));
        for (int pass = 0; pass < 2; pass++)
        {
            twice.Position = 0;
            using var copy = new MemoryStream();
            twice.CopyTo(copy);
            Assert.That(copy.ToArray(), Is.EqualTo(Capture));
        }
    }

    private static void ReadAll(byte[] data)
    {
        if (!CaptureReader.TryOpen(CaptureStreams.Decompress(new MemoryStream(data), leaveOpen: false), out var capture, out string? problem))
        {
            Assert.That(problem, Is.Not.Empty);
            return;
        }

        using var reader = new DatagramReader(capture);
        while (reader.TryRead(out _))
        {
            // what is there
        }
    }
}
