using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Reports.Wireshark;

namespace NbnsSim.Reports.Tests.Wireshark;

public sealed class VerdictCommentsTests
{
    [Test]
    public void EachFrameThatProvesSomethingHasAComment()
    {
        var verdict = Judge(NetBiosName.Parse("JSMITH<03>"));
        var comments = VerdictComments.Of(verdict);
        var incident = verdict.Incidents.Single();
        Assert.That(comments.Keys.Order(), Is.EqualTo(incident.Frames));
        string[] lines = comments[7].Single().Split('\n');
        Assert.Multiple(() =>
        {
            Assert.That(lines[0], Does.StartWith("nbnssim same-user: one user is logged on at two machines ("));
            Assert.That(lines[1], Is.EqualTo("Incident: 1 of 1, frames 4, 5, 6, 7"));
            Assert.That(lines[2], Is.EqualTo("Names: JSMITH<03> (Messenger service)"));
            Assert.That(lines, Does.Contain($"What: {incident.Cause.Meaning}"));
            Assert.That(lines, Does.Contain($"To do: {incident.Cause.Advice}"));
            Assert.That(lines[^1], Is.EqualTo($"Source: {incident.Cause.Source}"));
        });
    }

    /// <summary>An event is said on the frames that show why it is logged, with its rule, and by those systems that are asked about.</summary>
    [Test]
    public void AnEventIsOnTheFramesOfItsFinding()
    {
        var verdict = Judge(NetBiosName.Parse("JSMITH<03>"));
        var refusal = verdict.Incidents.Single().Events.First(one => one.Finding.Event!.Id == 4321);
        var all = VerdictComments.Of(verdict);
        foreach (var (frame, texts) in all)
        {
            Assert.That(texts.Single().Contains("\nEvent: 4321 for JSMITH<03> on 10.0.0.2 if it is ", StringComparison.Ordinal), Is.EqualTo(refusal.Finding.Frames.Contains(frame)), $"frame {frame}");
            Assert.That(texts.Single().Contains($"\nRule: {refusal.Finding.Event!.Rule}\n", StringComparison.Ordinal), Is.EqualTo(refusal.Finding.Frames.Contains(frame)), $"frame {frame}");
        }

        var old = VerdictComments.Of(verdict, NetBtDialect.WindowsNt35);
        Assert.That(old.Values.SelectMany(texts => texts).Any(text => text.Contains("Event: 4321", StringComparison.Ordinal)), Is.False);
        Assert.That(old[7].Single(), Does.Contain("\nEvent: 4320 for JSMITH<03> on 10.0.0.1 as Windows NT 3.5\n"));
    }

    [Test]
    public void NoNameBeginsALineOrMovesACursor()
    {
        var name = new NetBiosName("a\nEvent: 9\u001b[2J", NameSuffix.Messenger);
        var comments = VerdictComments.Of(Judge(name));
        Assert.That(comments, Is.Not.Empty);
        foreach (string text in comments.Values.SelectMany(texts => texts))
        {
            Assert.That(text.Where(c => c != '\n'), Is.All.InRange(' ', '~'));
            Assert.That(text.Split('\n'), Is.All.Not.StartsWith("Event: 9"));
        }
    }

    [Test]
    public void AFrameOfManyIncidents_SaysHowManyMore()
    {
        var incident = Judge(NetBiosName.Parse("JSMITH<03>")).Incidents.Single();
        var many = new Verdict { Conclusion = Conclusion.Found, Incidents = [.. Enumerable.Repeat(incident, 20)], Vantage = default, Hosts = 2, Names = 1 };
        var comments = VerdictComments.Of(many)[4];
        Assert.That(comments, Has.Length.EqualTo(9));
        Assert.That(comments[^1], Is.EqualTo("nbnssim: 12 more incidents rest on this frame."));
    }

    private static Verdict Judge(NetBiosName name) => CaptureFile.Diagnose(CaptureReader.Open(PictureTests.Capture(name))).Judge();
}
