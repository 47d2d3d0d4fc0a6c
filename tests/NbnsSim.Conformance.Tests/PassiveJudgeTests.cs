using NbnsSim.Captures;
using NbnsSim.Conformance.Benches;
using NbnsSim.Conformance.Passive;
using NbnsSim.Conformance.Reports;
using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Tests;

/// <summary>A capture of a run judges the host as the run did: what the runner asked is found again among the datagrams.</summary>
public sealed class PassiveJudgeTests
{
    private static readonly Ipv4Address Host = Ipv4Address.Parse("10.0.0.7");

    /// <summary>Cases of one step, whose stimulus stands in the capture as it was sent, each after one that shows whose the name is.</summary>
    private static readonly string[] Asked = ["s5.1.1.5/13", "s5.1.1.5/1", "s5.1.1.5/14"];

    [Test]
    public void WhatWasAsked_IsJudgedAsTheRunnerDid([ValueSource(typeof(NetBtDialect), nameof(NetBtDialect.All))] NetBtDialect dialect)
    {
        var (active, capture) = Captured(dialect, Asked, ConformanceRole.Node);
        var passive = PassiveJudge.Judge(CaptureReader.Open(capture), Host, new ConformanceOptions());
        foreach (string id in Asked[1..])
        {
            var found = passive.Where(one => one.Result.Case.Id == id).ToList();
            Assert.That(found, Is.Not.Empty, id);
            Assert.That(found.Select(one => one.Result.Verdict), Is.All.EqualTo(active.Single(result => result.Case.Id == id).Verdict), id);
        }
    }

    [Test]
    public void ABoot_IsJudgedAsAClients()
    {
        var (_, capture) = Captured(NetBtDialect.Windows2000, ["s5.1.1.1/1", "s5.1.1.1/13"], ConformanceRole.Client);
        var passive = PassiveJudge.Judge(CaptureReader.Open(capture), Host, new ConformanceOptions());
        Assert.That(passive.Where(one => one.Result.Case.Id == "s5.1.1.1/1").Select(one => one.Result.Verdict), Is.Not.Empty.And.All.EqualTo(ConformanceVerdict.Pass));
        Assert.That(passive.Where(one => one.Result.Case.Id == "s5.1.1.1/3").Select(one => one.Result.Words), Is.Not.Empty.And.All.EqualTo("repeated them after 750 ms"));
        Assert.That(PassiveJudge.ByCase(passive).Select(one => one.Case.Id), Is.Unique);
    }

    [Test]
    public void TheSameCapture_GivesTheSameReport()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Captured(NetBtDialect.Windows2000, Asked, ConformanceRole.Node).Capture);
            string first = Report();
            Assert.That(Report(), Is.EqualTo(first));
        }
        finally
        {
            File.Delete(path);
        }

        string Report()
        {
            using var output = new StringWriter();
            Assert.That(new ConformanceRequest { Words = [Host.ToString()], From = path }.TryRun(new NbnsSim.Reports.ReportWriter(output), out _, out string? problem), Is.True, problem);
            return output.ToString();
        }
    }

    [Test]
    public void ADamagedCapture_IsSaid_AndOneThatShowsNothing()
    {
        byte[] whole = Captured(NetBtDialect.Windows2000, Asked, ConformanceRole.Node).Capture;
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, whole[..^5]);
            var request = new ConformanceRequest { Words = [Host.ToString()], From = path };
            Assert.That(request.TryRun(null, out var report, out _), Is.True);
            Assert.That(report!.Complaints.Single(), Does.StartWith($"{path}: Frame "));
            Assert.That(report.IsInconclusive, Is.False);
            Assert.That((request with { Words = ["10.0.0.99"] }).TryRun(null, out report, out _), Is.True);
            Assert.That(report!.IsInconclusive, Is.True);
            using var text = new StringWriter();
            report.Write(new NbnsSim.Reports.ReportWriter(text));
            Assert.That(text.ToString(), Does.Contain("No case could be judged: nothing is known of it."));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void SomebodyElse_IsNotJudged()
    {
        var (_, capture) = Captured(NetBtDialect.Windows2000, Asked, ConformanceRole.Node);
        Assert.That(PassiveJudge.Judge(CaptureReader.Open(capture), Ipv4Address.Parse("10.0.0.99"), new ConformanceOptions()), Is.Empty);
    }

    [Test]
    public void SilenceThatTheCaptureCannotShow_IsNotJudged()
    {
        var (_, capture) = Captured(NetBtDialect.Windows2000, Asked, ConformanceRole.Node);
        byte[] cut = Without(capture, datagram => datagram.Source.Address == Host); // as a station on a switch would have it, that hears broadcasts only
        Assert.That(PassiveJudge.Judge(CaptureReader.Open(cut), Host, new ConformanceOptions()), Is.Empty);
    }

    [Test]
    public void ASearchThatEndedEarly_IsNotJudged()
    {
        var (_, capture) = Captured(NetBtDialect.Windows2000, ["s5.1.1.1/13", "s5.1.1.3/1", "s5.1.1.1/13"], ConformanceRole.Client);
        int queries = 0;
        byte[] cut = Without(capture, datagram => NbnsPacket.TryParse(datagram.Payload, out var packet, out _) && NbnsClassification.Classify(packet) == NbnsMessageKind.NameQueryRequest && datagram.Source.Address == Host && ++queries == 3);
        Assert.Multiple(() =>
        {
            Assert.That(Searches(capture), Is.Not.Empty.And.All.EqualTo(ConformanceVerdict.Pass));
            Assert.That(Searches(cut), Is.Empty, "DNS may have had an answer, or the host was shut down: nothing on this port shows it");
        });

        static IEnumerable<ConformanceVerdict> Searches(byte[] capture) => PassiveJudge.Judge(CaptureReader.Open(capture), Host, new ConformanceOptions())
            .Where(one => one.Result.Case.Id == "s5.1.1.3/1").Select(one => one.Result.Verdict);
    }

    [Test]
    public void AFileThatIsNone_IsSaidInASentence()
    {
        var request = new ConformanceRequest { Words = ["10.0.0.7"], From = Path.Combine(TestContext.CurrentContext.WorkDirectory, "no such capture") };
        Assert.That(request.Mistakes, Is.Empty);
        Assert.That(request.TryRun(null, out _, out string? problem), Is.False);
        Assert.That(problem, Does.Contain("no such capture"));
    }

    /// <summary>A capture without some of its datagrams.</summary>
    private static byte[] Without(byte[] capture, Func<CapturedDatagram, bool> isLeftOut)
    {
        using var reader = CaptureReader.Open(capture);
        using var cut = new MemoryStream();
        using (var writer = new CaptureWriter(cut, leaveOpen: true))
        {
            var datagrams = new DatagramReader(reader, Replay.CaptureFile.NameService);
            int ethernet = writer.AddInterface(new CaptureInterface { LinkType = LinkType.Ethernet });
            while (datagrams.TryRead(out var datagram))
            {
                if (!isLeftOut(datagram))
                    writer.Write(datagram.Time, datagram.Packet.Data, ethernet);
            }
        }

        return cut.ToArray();
    }

    private static (List<ConformanceResult> Results, byte[] Capture) Captured(NetBtDialect dialect, string[] ids, ConformanceRole role)
    {
        using var bench = new SimulatedBench(new SimulatedSubject { Dialect = dialect });
        var runner = new ConformanceRunner(bench, new ConformanceOptions { NodeType = role == ConformanceRole.Node ? OwnerNodeType.B : null });
        var report = new ConformanceReport(bench, runner.Options);
        foreach (string id in ids)
            report.Add(runner.Run(ConformanceCatalogue.Find(id)!));
        using var capture = new MemoryStream();
        report.WriteCapture(capture);
        return ([.. report.Results], capture.ToArray());
    }
}
