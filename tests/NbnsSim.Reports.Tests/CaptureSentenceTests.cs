using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Tests.Captures;

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
    public void FramesWithoutTime_AreSaidToHaveNone()
    {
        byte[] frame = Frames.Ordinary();
        Assert.That(Said(new CaptureBytes().Section().Interface().Simple(frame)), Is.EqualTo(new[]
        {
            "1 frame has no time in this file (simple packet blocks): what depends on times cannot be told from it, and 1970-01-01 stands in its place.",
        }));
        Assert.That(Said(new CaptureBytes().Section().Interface().Enhanced(1, frame)), Is.Empty);
    }

    [Test]
    public void EncryptedFrames_AreNotSaidToHoldNothing()
    {
        byte[] frame = Frames.Ethernet(Frames.Ipv4(new byte[40], protocol: 50));
        Assert.That(Said(new CaptureBytes().PcapHeader().PcapRecord(1, 0, frame)), Is.EqualTo(new[]
        {
            "1 frame, none of them with name service packets that can be read; 1 of them is encrypted (IPsec, WireGuard, 802.1AE or 802.11).",
        }));
    }

    private static string[] Said(CaptureBytes bytes)
    {
        using var datagrams = new DatagramReader(bytes.Open(), CaptureFile.NameService);
        while (datagrams.TryRead(out _))
        {
        }

        return [.. UnreadFrames.Remarks(datagrams)];
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
        Assert.That(DialectComparison.TryCreate("nt4", "w2k", out var comparison, out string? problem), Is.True, problem);
        Assert.That(Text(comparison!), Does.StartWith("Windows NT 4.0 → Windows 2000\n"));
        Assert.That((DialectComparison.TryCreate("nt4", "os2", out _, out problem), problem?.Split(':')[0]), Is.EqualTo((false, "There is no dialect 'os2'")));
        string server = DialectPreset.All.First(preset => preset.Role != "node" && DialectPreset.Find(preset.Name).Length == 1).Name;
        Assert.That((DialectComparison.TryCreate("w10", server, out _, out problem), problem), Is.EqualTo((false, $"'w10' and '{server}' cannot be compared: one is a node's, the other a name server's.")));
    }

    [Test]
    public void AHost_IsReplayed_UntilThen()
    {
        var passes = new CapturePasses(() => CaptureReader.Open(_q131739));
        var request = new ReplayRequest { Dialect = NetBtDialect.WindowsNt35, Host = Ipv4Address.Parse("10.0.0.1"), IsDrawn = true };
        Assert.That(request.TryRun(passes, "day.pcapng", out var report, out string? problem), Is.True, problem);
        Assert.That(Text(report!), Does.Contain("4320"));
        Assert.That(report!.Draw(passes).Headline, Does.Contain("4320"));

        Assert.That((request with { Until = new ReplayPoint(20, null, default) }).TryRun(passes, "day.pcapng", out var early, out _), Is.True);
        Assert.That((early!.UntilFrame, Text(early).Contains("4320", StringComparison.Ordinal)), Is.EqualTo((20L, false)));
        Assert.That(early.Draw(passes).EvidenceFrames, Is.Empty, "what comes later is not drawn");
    }

    [Test]
    public void AHostThatIsNotThere_IsAnsweredWithThoseThatAre()
    {
        var passes = new CapturePasses(() => CaptureReader.Open(_q131739));
        Assert.That(new ReplayRequest { Host = Ipv4Address.Parse("10.0.0.77") }.TryRun(passes, "day.pcapng", out _, out string? problem), Is.False);
        Assert.That(problem, Does.StartWith("day.pcapng: 10.0.0.77 neither sends nor gets a name service datagram. These send some: "));
        Assert.That(new ReplayRequest { Host = Ipv4Address.Parse("10.0.0.255") }.TryRun(passes, "day.pcapng", out var asked, out _), Is.True, "something goes there");
        Assert.That(Text(asked!), Does.Contain("day.pcapng"));
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
