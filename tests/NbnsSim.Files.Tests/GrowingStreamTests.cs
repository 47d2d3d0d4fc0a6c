using NbnsSim.Captures;
using NbnsSim.Cli.Tests;

namespace NbnsSim.Files.Tests;

/// <summary>A capture that is read while it is written.</summary>
public sealed class GrowingStreamTests
{
    [Test]
    public void EveryFrameIsGivenAsSoonAsItIsWhole()
    {
        byte[] whole = TestCapture.Of(("10.0.0.1", 137, "10.0.0.255", 137, [1]), ("10.0.0.2", 137, "10.0.0.255", 137, [2, 2]), ("10.0.0.3", 137, "10.0.0.255", 137, [3]));
        using var written = new MemoryStream();
        int given = 0;
        int waits = 0;
        var quiets = new List<int>();
        var file = new GrowingStream(new Reader(written), quiet =>
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
        using var reader = new DatagramReader(CaptureReader.Open(new GrowingStream(new MemoryStream(whole[..^1]), _ => false)));

        Assert.That(reader.TryRead(out _), Is.True);
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.Capture.Damage?.Kind, Is.EqualTo(CaptureDamageKind.CutShort));
    }

    [Test]
    public void FollowingEndsAtOnceWhereItIsToldTo()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var followed = CaptureStreams.Follow(new MemoryStream([1, 2, 3]), idle: null, stop.Token);
        byte[] read = new byte[8];
        Assert.That((followed.Read(read), followed.Read(read)), Is.EqualTo((3, 0)), "what is there comes first");
    }

    [Test]
    public void FollowingEndsWhereNothingComes()
    {
        using var followed = CaptureStreams.Follow(new MemoryStream([1, 2, 3]), TimeSpan.FromMilliseconds(1), CancellationToken.None);
        byte[] read = new byte[8];
        Assert.That((followed.Read(read), followed.Read(read)), Is.EqualTo((3, 0)));
    }

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
