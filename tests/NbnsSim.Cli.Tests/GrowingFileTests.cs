using NbnsSim.Captures;

namespace NbnsSim.Cli.Tests;

/// <summary>A capture that is read while it is written.</summary>
public sealed class GrowingFileTests
{
    [Test]
    public void EveryFrameIsGivenAsSoonAsItIsWhole()
    {
        byte[] whole = TestCapture.Of(("10.0.0.1", 137, "10.0.0.255", 137, [1]), ("10.0.0.2", 137, "10.0.0.255", 137, [2, 2]), ("10.0.0.3", 137, "10.0.0.255", 137, [3]));
        using var written = new MemoryStream();
        int given = 0;
        int waits = 0;
        var quiets = new List<int>();
        var file = new GrowingFile(new Reader(written), quiet =>
        {
            quiets.Add(quiet);
            if (++waits % 2 != 0)
                return true; // nothing came in the meantime
            if (written.Length == whole.Length)
                return false;
            written.Position = written.Length;
            written.WriteByte(whole[written.Length]);
            return true;
        });

        using var reader = new DatagramReader(CaptureReader.Open(file));
        long[] ends = [24 + 16 + 29, 24 + 32 + 29 + 30, whole.Length];
        while (reader.TryRead(out var datagram))
        {
            Assert.That(datagram.Source.Address.ToString(), Is.EqualTo($"10.0.0.{given + 1}"));
            Assert.That(written.Length, Is.EqualTo(ends[given]), "no later than its last octet");
            given++;
        }

        Assert.That((given, reader.Capture.Damage), Is.EqualTo((3, (CaptureDamage?)null)));
        Assert.That(quiets.Distinct(), Is.EqualTo(new[] { 0, 1 }), "counted anew after each octet");
    }

    [Test]
    public void WhatIsHalfWrittenAtTheEndIsDamage()
    {
        byte[] whole = TestCapture.Of(("10.0.0.1", 137, "10.0.0.255", 137, [1]), ("10.0.0.2", 137, "10.0.0.255", 137, [2]));
        using var reader = new DatagramReader(CaptureReader.Open(new GrowingFile(new MemoryStream(whole[..^1]), _ => false)));

        Assert.That(reader.TryRead(out _), Is.True);
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.Capture.Damage?.Kind, Is.EqualTo(CaptureDamageKind.CutShort));
    }

    [TestCase("decode")]
    [TestCase("diagnose")]
    [TestCase("replay")]
    public void FollowingAFileThatNoLongerGrowsGivesWhatItHolds(string command)
    {
        string path = Path.Combine(Path.GetTempPath(), $"nbnssim-test-{Environment.ProcessId}-{command}.pcapng");
        File.WriteAllBytes(path, ReplayCommandTests.Q131739);
        try
        {
            var followed = ToolRun.Of(command, path, "--follow", "--idle", "0.001");
            var plain = ToolRun.Of(command, path);
            Assert.That((followed.ExitCode, followed.Output, followed.Error), Is.EqualTo((plain.ExitCode, plain.Output, plain.Error)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestCase("--idle", "5")]
    [TestCase("--follow", "--idle", "0")]
    [TestCase("--follow", "--idle", "x")]
    public void WrongWaitsAreRefused(params string[] options) => Assert.That(ToolRun.Of(["decode", "-", .. options]).ExitCode, Is.EqualTo(2));

    /// <summary>Reads what another writes into the same memory, from the start on.</summary>
    private sealed class Reader(MemoryStream written) : ReadOnlyStream
    {
        private int _position;

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(buffer.Length, (int)written.Length - _position);
            written.GetBuffer().AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }
    }
}
