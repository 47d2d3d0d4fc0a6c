using NbnsSim.Captures;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Tests.Captures;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Tests;

/// <summary>Sentences about what did not work.</summary>
public sealed class SentenceTests
{
    private static readonly NetBiosName Files = NetBiosName.Parse("FILES<20>");
    private static readonly Ipv4Endpoint Server = Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.9"));
    private static readonly Ipv4Address Own = Ipv4Address.Parse("10.0.0.2");

    [Test]
    public void NotFound_SaysWhoSaysSo()
    {
        Assert.That(ReplyReport.NotFound(Files, []), Is.EqualTo("nobody answered for FILES<20>."));
        Assert.That(ReplyReport.NotFound(Files, [new NbnsReply { Name = Files }]), Is.EqualTo("nobody answered for FILES<20>."));
        Assert.That(
            ReplyReport.NotFound(Files, [new NbnsReply { Name = Files, Outcome = NbnsReplyOutcome.Refused, Responder = Server, Rcode = NbnsRcode.NameError }]),
            Is.EqualTo("10.0.0.9:137 says that there is no FILES<20> (NAM_ERR)."));
    }

    [TestCase(NbnsReplyOutcome.NoAnswer, null, false, "10.0.0.9:137 does not answer.")]
    [TestCase(NbnsReplyOutcome.Refused, "10.0.0.3", false, "10.0.0.9:137 refuses (ACT_ERR: 10.0.0.3 has it).")]
    [TestCase(NbnsReplyOutcome.Refused, "10.0.0.2", false, "10.0.0.9:137 refuses (ACT_ERR).")]
    [TestCase(NbnsReplyOutcome.Refused, null, true, "10.0.0.9:137 refuses (ACT_ERR).")]
    [TestCase(NbnsReplyOutcome.Succeeded, "10.0.0.2", false, "FILES<20> is registered for 10.0.0.2, TTL 600.")]
    [TestCase(NbnsReplyOutcome.Succeeded, "10.0.0.2", true, "FILES<20> of 10.0.0.2 is released.")]
    public void Describe_SaysWhatCameOfIt(NbnsReplyOutcome outcome, string? address, bool isRelease, string expected)
    {
        var reply = new NbnsReply
        {
            Name = Files,
            Outcome = outcome,
            Rcode = outcome == NbnsReplyOutcome.Refused ? NbnsRcode.ActiveError : NbnsRcode.Success,
            Entries = address is null ? [] : [new NbEntry(default, Ipv4Address.Parse(address))],
            TimeToLive = 600,
        };
        Assert.That(ReplyReport.Describe(Server, reply, Own, isRelease), Is.EqualTo(expected));
    }

    [Test]
    public void Damage_IsSaidOnceAndCounted()
    {
        Assert.That(UnreadFrames.Damage(null, 0), Is.Empty);
        using var capture = new CaptureBytes().PcapHeader().PcapRecord(1, 0, Frames.Ordinary()).Add(1, 2, 3).Open();
        while (capture.TryRead(out _))
        {
        }

        Assert.That(capture.Damage, Is.Not.Null);
        Assert.That(UnreadFrames.Damage(capture.Damage, 1), Is.EqualTo(new[] { capture.Damage!.ToString() }));
        Assert.That(UnreadFrames.Damage(capture.Damage, 1_234).Last(), Is.EqualTo("1,234 damaged places in all."));
    }

    [Test]
    public void Remarks_AreOfQuotedPacketsAndOfNothingFound()
    {
        byte[] quoted = Frames.Ethernet(Frames.Ipv4([3, 3, 0, 0, 0, 0, 0, 0, .. Frames.Ipv4(Frames.Udp())], protocol: 1));
        using var datagrams = new DatagramReader(new CaptureBytes().PcapHeader().PcapRecord(1, 0, quoted).Open(), new DatagramReaderOptions { Port = 137 });
        Assert.That(datagrams.TryRead(out _), Is.False);
        Assert.That(UnreadFrames.Remarks(datagrams), Is.EqualTo(new[]
        {
            "ICMP errors quote 1 name service packet that could not be delivered; they are no traffic.",
            "1 frame, none of them with name service packets.",
        }));
    }
}
