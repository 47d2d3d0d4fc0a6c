using NbnsSim.Captures;
using ZstdSharp;

namespace NbnsSim.Cli.Tests;

/// <summary>Captures that came compressed by zstd or xz.</summary>
public sealed class CompressedFilesTests
{
    /// <summary>One query in two VLAN tags, by xz 5.4 -9.</summary>
    private const string Xz = "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ACLAFtdAGow0ch9i/gJm68fzHkIdYpx+0hiydnJ9sHlEhCv2ZfqjEehmmPEocOWDaeNF6NkmKlCgERw+yOd9oIKzLlFdqX0FO8zGwRCvfSvqUu6rG1DCBp1g0RYLjvng78AANX4+5lO5YCyAAF3jAEAAABS09gZscRn+wIAAAAABFla";

    private static byte[] Zstandard(byte[] data)
    {
        using var compressed = new MemoryStream();
        using (var stream = new CompressionStream(compressed, leaveOpen: true))
            stream.Write(data);
        return compressed.ToArray();
    }

    private static byte[] Compressed(bool isXz) => isXz ? Convert.FromBase64String(Xz) : Zstandard(ReplayCommandTests.Q131739);

    [Test]
    public void ZstandardIsReadAsThePlainCapture()
    {
        byte[] capture = ReplayCommandTests.Q131739;
        foreach (string command in new[] { "decode", "diagnose", "replay" })
        {
            var run = ToolRun.With(Zstandard(capture), [command, "-"]);
            Assert.That((run.ExitCode, run.Output, run.Error), Is.EqualTo((0, ToolRun.With(capture, [command, "-"]).Output, "")));
        }
    }

    [Test]
    public void XzIsReadAsThePlainCapture()
    {
        var run = ToolRun.With(Convert.FromBase64String(Xz), ["decode", "-"]);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("192.168.1.5").And.Contain("192.168.1.255"));
        Assert.That(ToolRun.With(Convert.FromBase64String(Xz), ["replay", "-"]).Output, Does.Contain("192.168.1.5"), "a file that is read twice");
    }

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
    public void DamageIsSaidToBeOfTheCompressedData()
    {
        byte[] data = Zstandard(new byte[] { 0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0 });
        var run = ToolRun.With([.. data, 1, 2, 3, 4, 5, 6, 7, 8], ["decode", "-"]);

        Assert.That(run.ExitCode, Is.EqualTo(3), run.Error);
        Assert.That(run.Error, Does.Contain("the compressed data cannot be decompressed"));
    }

    [Test]
    public void AStreamThatCannotSeekIsReadFromItsStart()
    {
        using var pipe = new GrowingFile(new MemoryStream(ReplayCommandTests.Q131739), _ => false);
        using var data = CompressedFiles.Open(pipe, leaveOpen: false);
        using var copy = new MemoryStream();
        data.CopyTo(copy);
        Assert.That(copy.ToArray(), Is.EqualTo(ReplayCommandTests.Q131739));
    }

    private static void ReadAll(byte[] data)
    {
        if (!CaptureReader.TryOpen(CompressedFiles.Open(new MemoryStream(data), leaveOpen: false), out var capture, out string? problem))
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
