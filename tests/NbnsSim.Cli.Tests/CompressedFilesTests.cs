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

    [Test]
    public void ZstandardIsReadAsThePlainCapture()
    {
        byte[] capture = ReplayCommandTests.Q131739;
        foreach (string command in new[] { "decode", "diagnose", "audit", "replay" })
        {
            var run = ToolRun.With(Zstandard(capture), [command, "-"]);
            Assert.That(run, Is.EqualTo(ToolRun.With(capture, [command, "-"])));
            Assert.That((run.Output.Length, run.Error), Is.Not.EqualTo((0, "")));
            Assert.That(run.Error, Is.Empty);
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
    public void DamageIsSaidToBeOfTheCompressedData()
    {
        byte[] data = Zstandard(new byte[] { 0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0 });
        var run = ToolRun.With([.. data, 1, 2, 3, 4, 5, 6, 7, 8], ["decode", "-"]);

        Assert.That(run.ExitCode, Is.EqualTo(3), run.Error);
        Assert.That(run.Error, Does.Contain("the compressed data cannot be decompressed"));
    }
}
