namespace NbnsSim.Cli.Tests;

/// <summary>What is said of a capture in which there is nothing for us.</summary>
public sealed class NothingFoundTests
{
    [TestCase(195, "link type 195 (IEEE 802.15.4), which this program does not read")]
    [TestCase(189, "link type 189 (USB), which this program does not read")]
    [TestCase(999, "link type 999, which this program does not read")]
    public void ALinkThatIsNotReadIsNamed(int link, string expected)
    {
        byte[] capture = TestCapture.Of(("10.0.0.1", 137, "10.0.0.255", 137, [1]));
        (capture[20], capture[21]) = ((byte)link, (byte)(link >> 8));
        foreach (string command in new[] { "decode", "diagnose", "audit" })
        {
            var run = ToolRun.With(capture, [command, "-"]);
            Assert.That(run.Error, Does.Contain("1 frame, of " + expected));
        }
    }

    [Test]
    public void WhatOnlyIcmpQuotesIsSaid()
    {
        byte[] quoted = TestCapture.Of(("10.0.0.1", 137, "10.0.0.9", 137, [1]))[40..];
        byte[] capture = TestCapture.Of(("10.0.0.9", 0x0303, "10.0.0.1", 0, quoted));
        capture[24 + 16 + 9] = 1; // the protocol: ICMP, port unreachable
        var run = ToolRun.With(capture, ["decode", "-"]);

        Assert.That((run.Output, run.Error), Is.EqualTo(("", "nbnssim: standard input: ICMP errors quote 1 name service packet that could not be delivered; they are no traffic.\n"
            + "nbnssim: standard input: 1 frame, none of them with name service packets.\n")));
    }

    [Test]
    public void OrdinaryTrafficIsSaidToHaveNone() => Assert.That(
        ToolRun.With(TestCapture.Of(("10.0.0.1", 53, "10.0.0.9", 53, [1])), ["decode", "-"]).Error,
        Is.EqualTo("nbnssim: standard input: 1 frame, none of them with name service packets.\n"));
}
