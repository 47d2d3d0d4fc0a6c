using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>IP fragments (RFC 791 §3.2, RFC 8200 §4.5).</summary>
public sealed class FragmentTests
{
    private static readonly byte[] Payload = [.. Enumerable.Range(0, 67).Select(i => (byte)i)];
    private static readonly byte[] Udp = Frames.Udp(Payload);

    [Test]
    public void FragmentsComeInAnyOrderAndMoreThanOnce()
    {
        byte[][] pieces = [Piece(0, 16), Piece(16, 40), Piece(40, 64), Piece(64, 75)];
        foreach (int[] order in Permutations(4))
        {
            using var reader = Read([.. order[..3].Select(i => pieces[i]), pieces[order[0]], pieces[order[1]], pieces[order[3]], Frames.Ordinary()]);

            Assert.That(reader.TryRead(out var datagram), Is.True);
            Assert.That(datagram.Payload.ToArray(), Is.EqualTo(Payload));
            Assert.That((datagram.FrameNumber, datagram.IsReassembled, datagram.VerifyUdpChecksum()), Is.EqualTo((6L, true, ChecksumStatus.Correct)));
            Assert.That(datagram.Source.ToString(), Is.EqualTo("10.0.0.1:137"));
            Assert.That(reader.TryRead(out datagram), Is.True);
            Assert.That((datagram.FrameNumber, datagram.IsReassembled), Is.EqualTo((7L, false)));
            Assert.That(reader.LostFragmentedDatagrams, Is.Zero);
        }
    }

    [Test]
    public void TsharkPutsTheSameFragmentsTogether()
    {
        byte[][] frames = [Piece(40, 75), Piece(0, 16), Ipv6Piece(0, 16), Piece(16, 40), Ipv6Piece(16, 75)];
        using var reader = Read(frames);
        var ours = new List<string>();
        while (reader.TryRead(out var datagram))
            ours.Add($"{datagram.FrameNumber}\t{Convert.ToHexStringLower(datagram.Payload)}\t{(datagram.VerifyUdpChecksum() == ChecksumStatus.Correct ? "Good" : "?")}");

        string printed = Tshark.Run(DatagramReaderTests.Capture(frames).ToArray(), "-Y", "udp", "-T", "fields", "-e", "frame.number", "-e", "udp.payload", "-e", "udp.checksum.status");

        Assert.That(ours, Is.EqualTo(printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Replace("\t1", "\tGood", StringComparison.Ordinal))));
        Assert.That(ours, Has.Count.EqualTo(2));
    }

    [Test]
    public void FragmentsOfIpv6ArePutTogether()
    {
        byte[] whole = [17, 0, 1, 4, 0, 0, 0, 0, .. Frames.Udp(Payload, ipv6: true)]; // destination options are part of what is cut up
        using var reader = Read(Ipv6Piece(32, whole.Length, whole, next: 60), Ipv6Piece(0, 32, whole, next: 60));

        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That(datagram.Payload.ToArray(), Is.EqualTo(Payload));
        Assert.That((datagram.IsIpv6, datagram.IsReassembled, datagram.VerifyUdpChecksum()), Is.EqualTo((true, true, ChecksumStatus.Correct)));
    }

    [Test]
    public void OverlapsThatAgreeAreHarmless()
    {
        using var reader = Read(Piece(0, 24), Piece(16, 48), Piece(8, 16), Piece(40, 75));

        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That(datagram.Payload.ToArray(), Is.EqualTo(Payload));
    }

    [Test]
    public void OverlapsThatDisagreeGiveUpTheDatagram()
    {
        byte[] other = [.. Udp];
        other[20] ^= 1;
        using var reader = Read(Piece(0, 24), Piece(16, 48, from: other), Piece(48, 75));

        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.LostFragmentedDatagrams, Is.EqualTo(1));
    }

    [Test]
    public void LengthsThatDisagreeGiveUpTheDatagram()
    {
        using var twoEnds = Read(Piece(64, 75), Piece(64, 70), Piece(0, 64));
        Assert.That(twoEnds.TryRead(out _), Is.False);
        using var beyondTheEnd = Read(Piece(24, 30), Piece(24, 48), Piece(0, 24));
        Assert.That(beyondTheEnd.TryRead(out _), Is.False);
        using var endBefore = Read(Piece(24, 48), Piece(24, 30), Piece(0, 24));
        Assert.That(endBefore.TryRead(out _), Is.False);
    }

    [Test]
    public void FragmentsThatCannotBeAreIgnored()
    {
        byte[] beyond = Frames.Ethernet(Frames.Ipv4(new byte[24], offset: 65_528)); // the ping of death
        byte[] odd = Frames.Ethernet(Frames.Ipv4(Udp[..12], more: true));
        byte[] empty = Frames.Ethernet(Frames.Ipv4([], more: true));
        using var reader = Read(beyond, odd, empty, Piece(0, 40), Piece(40, 75));

        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That((datagram.FrameNumber, reader.LostFragmentedDatagrams), Is.EqualTo((5L, 0L)));
    }

    [Test]
    public void TheLongestDatagramIsPutTogether()
    {
        byte[] payload = [.. Enumerable.Range(0, UdpFrame.MaxPayloadLength).Select(i => (byte)(i / 7))];
        byte[] udp = Frames.Udp(payload);
        var pieces = udp.Chunk(1_480).Select((piece, i) => Frames.Ethernet(Frames.Ipv4(piece, offset: i * 1_480, more: (i + 1) * 1_480 < udp.Length)));
        using var reader = Read([.. pieces.Reverse()]);

        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That(datagram.Payload.SequenceEqual(payload), Is.True);
        Assert.That(datagram.VerifyUdpChecksum(), Is.EqualTo(ChecksumStatus.Correct));
    }

    [Test]
    public void DatagramsAreToldApartByIdentificationAndAddresses()
    {
        byte[] elsewhere = Frames.Ipv4(Udp[40..], offset: 40);
        elsewhere[15] ^= 4; // another source
        using var reader = Read(Piece(0, 40, identification: 1), Piece(0, 40, identification: 2), Frames.Ethernet(elsewhere), Piece(40, 75, identification: 2), Piece(40, 75, identification: 1));

        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That(datagram.FrameNumber, Is.EqualTo(4));
        Assert.That(reader.TryRead(out datagram), Is.True);
        Assert.That(datagram.FrameNumber, Is.EqualTo(5));
        Assert.That(reader.TryRead(out _), Is.False);
    }

    [Test]
    public void FragmentsAreWaitedForByTheCapturesOwnClock()
    {
        var late = new CaptureBytes().PcapHeader().PcapRecord(100, 0, Piece(0, 40)).PcapRecord(160, 1, Piece(40, 75));
        using var reader = new DatagramReader(late.Open());
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.LostFragmentedDatagrams, Is.EqualTo(1));

        var inTime = new CaptureBytes().PcapHeader().PcapRecord(100, 0, Piece(0, 40)).PcapRecord(90, 0, Piece(0, 40, identification: 9)).PcapRecord(160, 0, Piece(40, 75));
        using var patient = new DatagramReader(inTime.Open());
        Assert.That(patient.TryRead(out _), Is.True);
    }

    [Test]
    public void TheOldestGivesWayWhenThereAreTooMany()
    {
        var options = new DatagramReaderOptions { MaxFragmentedDatagrams = 2 };
        using var reader = new DatagramReader(
            DatagramReaderTests.Capture(Piece(0, 40), Piece(0, 40, identification: 2), Piece(0, 40, identification: 3), Piece(40, 75), Piece(40, 75, identification: 3)).Open(), options);

        Assert.That(reader.TryRead(out var datagram), Is.True, "2 gave way to the rest of 1, which had given way to 3");
        Assert.That(datagram.FrameNumber, Is.EqualTo(5));
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.LostFragmentedDatagrams, Is.EqualTo(2));

        using var none = new DatagramReader(DatagramReaderTests.Capture(Piece(0, 40), Piece(40, 75)).Open(), new DatagramReaderOptions { MaxFragmentedDatagrams = 0 });
        Assert.That(none.TryRead(out _), Is.False);
    }

    [Test]
    public void AFloodOfFragmentsTakesBoundedMemory()
    {
        var bytes = new CaptureBytes().PcapHeader();
        for (int i = 0; i < 2_000; i++)
            bytes.PcapRecord(i / 100, 0, Piece(0, 40, identification: i));
        byte[] capture = bytes.ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var reader = new DatagramReader(CaptureReader.Open(new MemoryStream(capture)), new DatagramReaderOptions { MaxFragmentedDatagrams = 8 });

        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(600_000 + (8 * 70_000)));
        Assert.That(reader.LostFragmentedDatagrams, Is.EqualTo(1_992));
    }

    [Test]
    public void AFirstFragmentCutByTheSnapLengthShowsItsStart()
    {
        byte[] first = Piece(0, 64);
        using var reader = new DatagramReader(new CaptureBytes().PcapHeader().PcapRecord(1, 0, first[..60], first.Length).PcapRecord(1, 0, Piece(64, 75)[..36], 45).Open());

        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That((datagram.FrameNumber, datagram.Payload.Length, datagram.IsTruncated), Is.EqualTo((1L, 60 - 42, true)));
        Assert.That(reader.TryRead(out _), Is.False);
    }

    private static byte[] Piece(int start, int end, int identification = 1, byte[]? from = null) =>
        Frames.Ethernet(Frames.Ipv4((from ?? Udp)[start..end], identification, start, more: end % 8 == 0 && end < Udp.Length));

    private static byte[] Ipv6Piece(int start, int end, byte[]? from = null, byte next = 17)
    {
        from ??= Frames.Udp(Payload, ipv6: true);
        byte[] header = [next, 0, .. Frames.Big16(start | (end < from.Length ? 1 : 0)), .. Frames.Big32(7)];
        return Frames.Ethernet(Frames.Ipv6([.. header, .. from[start..end]], 44), 0x86DD);
    }

    private static DatagramReader Read(params byte[][] frames) => new(DatagramReaderTests.Capture(frames).Open());

    private static IEnumerable<int[]> Permutations(int count) => count == 0
        ? [[]]
        : Permutations(count - 1).SelectMany(rest => Enumerable.Range(0, count).Select(at => rest[..at].Append(count - 1).Concat(rest[at..]).ToArray()));
}
