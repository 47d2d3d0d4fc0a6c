using System.ComponentModel;
using System.Diagnostics;
using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>Captures of Microsoft Network Monitor, 1.x and 2.x.</summary>
public sealed class NetworkMonitorReaderTests
{
    private static readonly byte[] Frame = Frames.Ordinary();

    [TestCase(1, 1, "1700000000.507000000")]
    [TestCase(2, 0, "1700000000.500007000")]
    [TestCase(2, 1, "1700000000.500007000")]
    [TestCase(2, 2, "1700000000.500007000")]
    [TestCase(2, 3, "1700000000.500007000")]
    public void EachVersionGivesItsFrames(int major, int minor, string time)
    {
        byte[] capture = new CaptureBytes().NetMonHeader(major, minor).NetMonRecord(7, Frame).NetMonRecord(8, Frame[..50], Frame.Length).ToArray();
        using var reader = CaptureReader.Open(capture);

        Assert.That(reader.Format, Is.EqualTo(CaptureFormat.NetworkMonitor));
        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(packet.Data.ToArray(), Is.EqualTo(Frame));
        Assert.That((packet.FrameNumber, packet.Offset, packet.LinkType, packet.IsTruncated), Is.EqualTo((1L, 128L, LinkType.Ethernet, false)));
        Assert.That(packet.Time.ToString(), Is.EqualTo(time));
        Assert.That(reader.TryRead(out packet), Is.True);
        Assert.That((packet.Data.Length, packet.OriginalLength, packet.IsTruncated), Is.EqualTo((50, Frame.Length, true)));
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.Damage, Is.Null);
    }

    [Test]
    public void Version23GivesEachFrameItsNetworkAndItsTimeInUtc()
    {
        byte[] ip = Frames.Ipv4(Frames.Udp());
        long fileTime = new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc).ToFileTimeUtc() + 4;
        byte[] wireless = [2, 32, 0, .. new byte[29], 8, 0, 0, 0, .. Frame.AsSpan(0, 6), .. Frame.AsSpan(6, 6), .. new byte[6], 0x10, 0, 0xAA, 0xAA, 3, 0, 0, 0, 8, 0, .. ip];
        byte[] capture = new CaptureBytes().NetMonHeader(2, 3)
            .NetMonRecord(7, ip, network: 8, fileTime: fileTime)
            .NetMonRecord(7, ip, network: 0xE000 + 101)
            .NetMonRecord(7, wireless, network: 6)
            .NetMonRecord(7, [1, 2, 3], network: 0xFFFB).ToArray();
        using var reader = new DatagramReader(CaptureReader.Open(capture));

        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That(datagram.Time.ToString(), Is.EqualTo("1709168523.000000400"));
        Assert.That(datagram.LinkType, Is.EqualTo(LinkType.Raw));
        Assert.That(reader.TryRead(out datagram), Is.True);
        Assert.That(datagram.LinkType, Is.EqualTo(LinkType.Raw));
        Assert.That(reader.TryRead(out datagram), Is.True);
        Assert.That((datagram.LinkType, datagram.SourceMac?.ToString()), Is.EqualTo((LinkType.Wireless, "02-00-00-00-00-01")));
        Assert.That(reader.TryRead(out datagram), Is.False);
        Assert.That((reader.Capture.FrameCount, reader.Capture.Damage), Is.EqualTo((4L, (CaptureDamage?)null)));
    }

    [Test]
    public void FramesEndWhereTheTablesBegin()
    {
        int end = 128 + 16 + Frame.Length;
        byte[] capture = new CaptureBytes().NetMonHeader(2, 0, tables: end).NetMonRecord(7, Frame).U32(128).ToArray();
        using var whole = CaptureReader.Open(capture);
        Assert.That(whole.TryRead(out _), Is.True);
        Assert.That(whole.TryRead(out _), Is.False);
        Assert.That(whole.Damage, Is.Null);

        byte[] longer = new CaptureBytes().NetMonHeader(2, 0, tables: end + 1000).NetMonRecord(7, Frame).ToArray();
        using var cut = CaptureReader.Open(longer);
        Assert.That(cut.TryRead(out _), Is.True);
        Assert.That(cut.TryRead(out _), Is.False);
        Assert.That(cut.Damage?.Kind, Is.EqualTo(CaptureDamageKind.CutShort), "the header says that there were more");
    }

    [Test]
    public void OtherVersionsAreSaidToBeThat()
    {
        byte[] capture = new CaptureBytes().NetMonHeader(2, 0).ToArray();
        capture[5] = 3;
        Assert.That(CaptureReader.TryOpen(capture, out _, out string? problem), Is.False);
        Assert.That(problem, Does.Contain("Network Monitor version 3.0"));
    }

    [TestCase("netmon1")]
    [TestCase("netmon2")]
    public void WhatEditcapWritesIsReadAsTheOriginal(string format)
    {
        var original = new CaptureBytes().PcapHeader();
        for (int i = 0; i < 5; i++)
            original.PcapRecord(1_700_000_000 + i, 123_000, Frames.Ordinary(new byte[12 + i]));
        byte[] converted = Convert(original.ToArray(), format);
        using var expected = CaptureReader.Open(original.ToArray());
        using var reader = CaptureReader.Open(converted);

        while (expected.TryRead(out var one))
        {
            Assert.That(reader.TryRead(out var other), Is.True);
            Assert.That(other.Data.ToArray(), Is.EqualTo(one.Data.ToArray()));
            Assert.That((other.FrameNumber, other.Time - Start(other.FrameNumber), other.OriginalLength), Is.EqualTo((one.FrameNumber, TimeSpan.Zero, one.OriginalLength)));
        }

        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.Damage, Is.Null);

        static Instant Start(long frame) => Instant.FromUnixTime(1_699_999_999 + frame) + TimeSpan.FromMilliseconds(123);
    }

    private static byte[] Convert(byte[] capture, string format)
    {
        string path = Path.Combine(Path.GetTempPath(), $"nbnssim-test-{Environment.ProcessId}-{format}");
        File.WriteAllBytes(path, capture);
        try
        {
            // local time is what the format has
            var start = new ProcessStartInfo("editcap", ["-F", format, path, path + ".cap"]) { RedirectStandardError = true, UseShellExecute = false, Environment = { ["TZ"] = "UTC" } };
            using var editcap = Process.Start(start)!;
            editcap.StandardError.ReadToEnd();
            editcap.WaitForExit();
            return File.ReadAllBytes(path + ".cap");
        }
        catch (Win32Exception)
        {
            Assert.Ignore("editcap is not installed.");
            throw;
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + ".cap");
        }
    }
}
