using System.IO.Compression;
using NbnsSim.Reports;
using NbnsSim.Tests.House;
using NbnsSim.Web.Diagnosing;

namespace NbnsSim.Web.Tests;

/// <summary>What the worker does with files, without a browser around it.</summary>
public sealed class CaptureDeskTests
{
    private const string Duplicate = "r4-real-duplicate.pcap";

    [Test]
    public void AFileIsReadPieceByPiece_FromWhereverItIsWanted()
    {
        byte[] octets = new byte[(5 << 20) + 3];
        new Random(1).NextBytes(octets);
        int most = 0;
        using var stream = new BlobStream(octets.Length, (from, piece) =>
        {
            most = Math.Max(most, piece.Length);
            octets.AsSpan((int)from, piece.Length).CopyTo(piece);
            return piece.Length;
        });
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        Assert.That(copy.ToArray().AsSpan().SequenceEqual(octets));
        Assert.That(most, Is.EqualTo(1 << 20));
        stream.Position = (3 << 20) + 1;
        Assert.That((byte)stream.ReadByte(), Is.EqualTo(octets[(3 << 20) + 1]));
        stream.Seek(-1, SeekOrigin.End);
        Assert.That((byte)stream.ReadByte(), Is.EqualTo(octets[^1]));
        Assert.That(stream.ReadByte(), Is.EqualTo(-1));
    }

    [Test]
    public void AFileThatIsTakenAwayIsTold()
    {
        using var stream = new BlobStream(100, static (_, _) => 0);
        Assert.That(() => stream.ReadByte(), Throws.InstanceOf<IOException>().With.Message.Contains("changed or taken away"));
    }

    [Test]
    public void WhatIsNarrowedAndShownInFullAgainIsTheSame()
    {
        using var desk = Desk(File(Duplicate));
        string all = Told(desk, DiagnosisScope.All);
        string less = Told(desk, new DiagnosisScope { Host = Ipv4Address.Parse("192.0.2.1") });
        Assert.That(less, Is.Not.EqualTo(all));
        Assert.That(Told(desk, DiagnosisScope.All), Is.EqualTo(all));
    }

    [Test]
    public void ACompressedCaptureIsReadAsAPlainOne()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Octets(Duplicate));
        using var plain = Desk(File(Duplicate));
        using var other = Desk(new BrowserFile(Duplicate, () => new MemoryStream(compressed.ToArray())));
        Assert.That(Told(other, DiagnosisScope.All), Is.EqualTo(Told(plain, DiagnosisScope.All)));
    }

    [Test]
    public void TwoFilesOfOneNameAreTold_AndAnEventsFramesAreFoundInThem()
    {
        using var desk = Desk(File(Duplicate), File(Duplicate), new BrowserFile("event.txt", () => new MemoryStream("Event ID: 4320\nSource: NetBT\n"u8.ToArray())));
        Assert.That(desk.Draw(DiagnosisScope.All).Title, Is.EqualTo($"{Duplicate} and {Duplicate} (2)"));
        Assert.That(desk.Explanation, Does.StartWith("event.txt\n").And.Contains("4320"));
    }

    private static CaptureDesk Desk(params BrowserFile[] files)
    {
        var desk = new CaptureDesk(files);
        desk.Read();
        return desk;
    }

    private static string Told(CaptureDesk desk, DiagnosisScope scope)
    {
        desk.Draw(scope);
        using var lines = new MemoryStream();
        desk.WriteNdjson(lines);
        return System.Text.Encoding.UTF8.GetString(lines.ToArray());
    }

    private static BrowserFile File(string name) => new(name, () => new MemoryStream(Octets(name)));

    private static byte[] Octets(string name) => System.IO.File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Fixtures", "diagnosis", name));
}
