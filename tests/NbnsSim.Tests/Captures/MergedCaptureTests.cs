using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Replay;
using NbnsSim.Tests.House;

namespace NbnsSim.Tests.Captures;

/// <summary>Several captures read as one.</summary>
public sealed class MergedCaptureTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Fixtures", "diagnosis");

    private static IEnumerable<TestCaseData> Cut() => Directory.EnumerateFiles(s_folder, "*.pcap").Order(StringComparer.Ordinal).Where(IsInOrder).Select(file => new TestCaseData(Path.GetFileNameWithoutExtension(file)));

    /// <summary>Cut into pieces and put together again, in whatever order, a capture comes to the same verdict with the same frames.</summary>
    [TestCaseSource(nameof(Cut))]
    public void PiecesOfACaptureAreTheCapture(string title)
    {
        byte[][] pieces = Deal(Path.Combine(s_folder, title + ".pcap"), 3);
        string whole = Told(CaptureFile.Diagnose(Path.Combine(s_folder, title + ".pcap")));
        Assert.Multiple(() =>
        {
            Assert.That(Told(Diagnose(pieces)), Is.EqualTo(whole));
            Assert.That(Told(Diagnose([pieces[2], pieces[0], pieces[1]])), Is.EqualTo(whole));
        });
    }

    [Test]
    public void WhatTwoSawCountsOnce()
    {
        byte[] octets = File.ReadAllBytes(Path.Combine(s_folder, "r6-wins-refused.pcap"));
        using var datagrams = new DatagramReader(CaptureReader.Merge(CaptureReader.Open(octets), CaptureReader.Open(octets)), CaptureFile.NameService);
        while (datagrams.TryRead(out _))
        {
        }

        Assert.That((datagrams.DatagramCount, datagrams.RepeatedSightings, datagrams.Capture.FrameCount), Is.EqualTo((7, 7, 14)));
    }

    [Test]
    public void WhatIsMissingIsSaidOfEachFile_AndTheOthersAreReadToTheirEnd()
    {
        byte[] octets = File.ReadAllBytes(Path.Combine(s_folder, "r6-wins-refused.pcap"));
        using var capture = CaptureReader.Merge(CaptureReader.Open(octets.AsMemory(0, octets.Length - 10)), CaptureReader.Open(octets));
        long frames = 0;
        while (capture.TryRead(out _))
            frames++;
        Assert.Multiple(() =>
        {
            Assert.That(frames, Is.EqualTo(13));
            Assert.That(capture.Sources.Select(source => source.Capture.Damage?.Kind), Is.EqualTo(new CaptureDamageKind?[] { CaptureDamageKind.CutShort, null }));
            Assert.That((capture.Damage?.Kind, capture.DamageCount), Is.EqualTo((CaptureDamageKind.CutShort, 1L)));
        });
    }

    [Test]
    public void FramesThatAreEarlierThanTheOneBeforeAreCounted()
    {
        var back = new MemoryStream();
        using (var writer = new CaptureWriter(back, leaveOpen: true))
        {
            foreach (int second in (int[])[3, 1, 2])
                writer.Write(Instant.Epoch + TimeSpan.FromSeconds(second), [1, 2, 3, 4]);
        }

        var forth = new MemoryStream();
        using (var writer = new CaptureWriter(forth, leaveOpen: true))
            writer.Write(Instant.Epoch + TimeSpan.FromSeconds(4), [1, 2, 3, 4]);
        using var capture = CaptureReader.Merge(CaptureReader.Open(forth.ToArray()), CaptureReader.Open(back.ToArray()));
        var seconds = new List<long>();
        while (capture.TryRead(out var packet))
            seconds.Add(packet.Time.Seconds);
        Assert.Multiple(() =>
        {
            Assert.That(seconds, Is.EqualTo(new[] { 3, 1, 2, 4 }));
            Assert.That(capture.Sources.Select(source => source.FramesOutOfOrder), Is.EqualTo(new[] { 0, 1 }));
        });
    }

    [Test]
    public void NothingMergedIsNothing()
    {
        using var capture = CaptureReader.Merge();
        Assert.That((capture.TryRead(out _), capture.FrameCount, capture.Damage), Is.EqualTo((false, 0L, (CaptureDamage?)null)));
    }

    private static bool IsInOrder(string file)
    {
        using var capture = CaptureReader.Merge(CaptureReader.Open(file));
        while (capture.TryRead(out _))
        {
        }

        return capture.Sources[0].FramesOutOfOrder == 0;
    }

    /// <summary>Every so many-th frame into a capture of its own.</summary>
    private static byte[][] Deal(string file, int count)
    {
        using var capture = CaptureReader.Open(file);
        MemoryStream[] streams = [.. Enumerable.Range(0, count).Select(_ => new MemoryStream())];
        CaptureWriter[] writers = [.. streams.Select(stream => new CaptureWriter(stream, leaveOpen: true))];
        int[] interfaces = [.. writers.Select(writer => writer.AddInterface(capture.Interfaces[0]))];
        for (int i = 0; capture.TryRead(out var packet); i++)
            writers[i % count].Write(packet, interfaces[i % count]);
        foreach (var writer in writers)
            writer.Dispose();
        return [.. streams.Select(stream => stream.ToArray())];
    }

    private static CaptureDiagnosis Diagnose(IEnumerable<byte[]> pieces) => CaptureFile.Diagnose(CaptureReader.Merge(pieces.Select(piece => CaptureReader.Open(piece))));

    private static string Told(CaptureDiagnosis diagnosis)
    {
        var verdict = diagnosis.Judge();
        return $"{verdict.Conclusion} {verdict.Vantage} {string.Join("; ", verdict.Incidents.Select(incident => $"{incident.Cause.Id} {incident.Certainty} {string.Join(' ', incident.Names)} [{string.Join(' ', incident.Frames)}] {string.Join(". ", incident.Grounds)}"))}";
    }
}
