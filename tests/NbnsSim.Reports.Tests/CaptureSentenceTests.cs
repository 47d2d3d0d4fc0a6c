using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Replay;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Reports.Tests;

/// <summary>What is said of captures: what could not be read, what became of a name, and the picture of a diagnosis.</summary>
public sealed class CaptureSentenceTests
{
    private readonly byte[] _q131739 = Capture();

    [Test]
    public void DamageOfOneFile_IsSaidBehindItsName()
    {
        using var capture = ReadToEnd(CaptureReader.Open(_q131739.AsMemory(0, _q131739.Length - 5)));
        Assert.That(UnreadFrames.Complaints(capture, ["a.pcapng"]), Has.One.Items.And.All.StartsWith("a.pcapng: "));
    }

    [Test]
    public void DamageOfSeveralFiles_IsSaidOfEach()
    {
        using var whole = ReadToEnd(CaptureReader.Open(_q131739));
        Assert.That(UnreadFrames.Complaints(whole, ["whole"]), Is.Empty);
        using var capture = ReadToEnd(CaptureReader.Merge(CaptureReader.Open(_q131739), CaptureReader.Open(_q131739.AsMemory(0, _q131739.Length - 5)), CaptureReader.Open(Backwards())));
        string[] said = [.. UnreadFrames.Complaints(capture, ["whole", "cut", "backwards"])];
        Assert.That(said, Has.Length.EqualTo(2));
        Assert.That((said[0].Split(':')[0], said[1]), Is.EqualTo(("cut", "backwards: 1 frames are earlier than the one before; they are read in the order of the file.")));
    }

    [Test]
    public void WhatACopyLacks_IsSaid()
    {
        var copy = new AnnotatedCapture(Frames: 3, Annotated: 1, WithoutRoom: 2, new CaptureDamage(CaptureDamageKind.CutShort, 7, 3, "x"), DamageCount: 1);
        Assert.That(UnreadFrames.Remarks(copy, "a.pcapng"), Is.EqualTo(new[]
        {
            "2 frames have no comment, since simple packet blocks have no room for one.",
            "what cannot be read of a.pcapng behind its last whole packet is not in it.",
        }));
        Assert.That(UnreadFrames.Remarks(copy with { WithoutRoom = 0, Damage = null }, "a.pcapng"), Is.Empty);
    }

    [Test]
    public void WhatBecameOfAName_IsTold_AndThatNothingDid()
    {
        var passes = new CapturePasses(() => CaptureReader.Open(_q131739));
        var hosts = passes.FindHosts(asked: null, out _);
        var why = new CaptureWhy(passes, hosts, hosts.Find(Ipv4Address.Parse("10.0.0.1"))!, dialect: null, default, WallClock.Utc);
        var told = why.Tell(NetBiosName.Parse("JSMITH<03>"), dialect => $": --dialect {dialect.Name}");
        Assert.That(Text(told), Does.Contain("00:00:").And.Contain("→ Windows NT 3.5").And.Contain(": --dialect nt3.5"));
        var none = why.Tell(NetBiosName.Parse("NOBODY<00>"));
        Assert.That((told.IsEmpty, none.IsEmpty, Text(none)), Is.EqualTo((false, true, $"{why.Host} decides nothing about NOBODY<00>.\n")));
    }

    [Test]
    public void ADiagnosis_IsDrawnFromASecondReading()
    {
        var report = new DiagnosisReport("day.pcapng");
        using (var datagrams = new DatagramReader(CaptureReader.Open(_q131739), CaptureFile.NameService))
        {
            while (datagrams.TryRead(out var datagram))
                report.Add(datagram);
        }

        report.Complete();
        using var capture = CaptureReader.Open(_q131739);
        Assert.That(report.Draw(capture).EvidenceFrames, Is.Not.Empty.And.EqualTo(report.Verdict.Incidents.SelectMany(incident => incident.Frames).Distinct().Order()));
    }

    [Test]
    public void DialectsOfOneRole_AreCompared()
    {
        Assert.That(DialectReport.TryFind("nt4", out var one, out _) & DialectReport.TryFind("w2k", out var other, out _), Is.True);
        var comparison = new DialectComparison(one, other);
        Assert.That((comparison.IsEmpty, Text(comparison).Split('\n')[0]), Is.EqualTo((false, $"{one[0].Title} → {other[0].Title}")));
        var node = DialectPreset.All.Where(preset => preset.Role == "node").ToArray();
        Assert.That(new DialectComparison(node, [.. DialectPreset.All.Except(node)]).IsEmpty, Is.True);
        Assert.That(DialectReport.TryFind("os2", out _, out string? problem), Is.False);
        Assert.That(problem, Does.StartWith("There is no dialect 'os2': expected one of rfc1002, "));
    }

    private static string Text(IReport report)
    {
        using var text = new StringWriter { NewLine = "\n" };
        report.Write(new ReportWriter(text));
        return text.ToString();
    }

    private static CaptureReader ReadToEnd(CaptureReader capture)
    {
        while (capture.TryRead(out _))
        {
            // to the last one
        }

        return capture;
    }

    private static byte[] Capture()
    {
        using var octets = new MemoryStream();
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
        using (var writer = new CaptureWriter(octets, leaveOpen: true))
        {
            run.Simulator.AddObserver(new CaptureTap(writer).AddSegments(run.Simulator));
            run.Run();
        }

        return octets.ToArray();
    }

    private static byte[] Backwards()
    {
        using var octets = new MemoryStream();
        using (var writer = new CaptureWriter(octets, leaveOpen: true))
        {
            int lan = writer.AddInterface(new CaptureInterface { LinkType = LinkType.Raw });
            writer.Write(Instant.Epoch + TimeSpan.FromSeconds(2), [0x45], lan);
            writer.Write(Instant.Epoch + TimeSpan.FromSeconds(1), [0x45], lan);
        }

        return octets.ToArray();
    }
}
