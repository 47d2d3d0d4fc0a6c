using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>pcap (draft-ietf-opsawg-pcap).</summary>
public sealed class PcapReaderTests
{
    [Test]
    public void BothByteOrdersAndTimeResolutionsAreRead([Values] bool bigEndian, [Values(0xA1B2C3D4u, 0xA1B23C4Du)] uint magic)
    {
        using var reader = new CaptureBytes(bigEndian).PcapHeader(magic, linkType: 101, snapLength: 96).PcapRecord(1_360_546_153, 991_301, [1, 2, 3]).PcapRecord(2, 0, []).Open();

        Assert.That(reader.Format, Is.EqualTo(CaptureFormat.Pcap));
        Assert.That(reader.Interfaces, Is.EqualTo(new[] { new CaptureInterface { LinkType = LinkType.Raw, SnapLength = 96 } }));
        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(packet.FrameNumber, Is.EqualTo(1));
        Assert.That(packet.Offset, Is.EqualTo(24));
        Assert.That(packet.Time.ToString(), Is.EqualTo(magic == 0xA1B2C3D4 ? "1360546153.991301000" : "1360546153.000991301"));
        Assert.That(packet.Data.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(packet.LinkType, Is.EqualTo(LinkType.Raw));
        Assert.That(packet.Comments.IsEmpty, Is.True);
        Assert.That(reader.TryRead(out packet), Is.True);
        Assert.That((packet.FrameNumber, packet.Data.Length), Is.EqualTo((2L, 0)));
        Assert.That(reader.TryRead(out packet), Is.False);
        Assert.That(packet.Data.Length, Is.Zero);
        Assert.That(reader.Damage, Is.Null);
    }

    [Test]
    public void ModifiedRecordsOfAPatchedTcpdumpAreRead()
    {
        using var reader = new CaptureBytes().PcapHeader(0xA1B2CD34)
            .U32(7).U32(8).U32(2).U32(60).U32(1).U16(0x800).Add(0, 0).Add(0xAA, 0xBB)
            .U32(9).U32(0).U32(1).U32(1).U32(1).U16(0x800).Add(0, 0).Add(0xCC).Open();

        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That((packet.Time.ToString(), packet.Data.Length, packet.OriginalLength), Is.EqualTo(("7.000008000", 2, 60)));
        Assert.That(reader.TryRead(out packet), Is.True);
        Assert.That(packet.Data[0], Is.EqualTo(0xCC));
    }

    [Test]
    public void AFrameCutByTheSnapLengthIsKnown()
    {
        using var reader = new CaptureBytes().PcapHeader().PcapRecord(1, 0, [1, 2, 3], originalLength: 92).PcapRecord(1, 0, [1, 2, 3]).Open();

        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That((packet.IsTruncated, packet.OriginalLength), Is.EqualTo((true, 92)));
        Assert.That(reader.TryRead(out packet), Is.True);
        Assert.That(packet.IsTruncated, Is.False);
    }

    [Test]
    public void TheFrameCheckBitsBesideTheLinkTypeAreNotPartOfIt()
    {
        using var reader = new CaptureBytes().PcapHeader(linkType: 0x24000001).Open();

        Assert.That(reader.Interfaces[0].LinkType, Is.EqualTo(LinkType.Ethernet));
    }

    [Test]
    public void TheLatestTimeIsReadAsUnsigned()
    {
        using var reader = new CaptureBytes().PcapHeader().PcapRecord(uint.MaxValue, 999_999, []).Open();

        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(packet.Time.ToString(), Is.EqualTo("4294967295.999999000"));
    }

    [Test]
    public void ALengthThatCannotBeStopsTheReader()
    {
        using var reader = new CaptureBytes().PcapHeader().PcapRecord(1, 0, [1]).U32(1).U32(0).U32(262_145).U32(262_145).Add(new byte[300_000]).Open();

        Assert.That(reader.TryRead(out _), Is.True);
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.Damage, Is.EqualTo(new CaptureDamage(
            CaptureDamageKind.ImpossibleLength, 24 + 17, 2, "a captured length of 262145 octets where 262144 is the most there can be")));
        Assert.That(reader.Damage!.ToString(), Is.EqualTo("Frame 2 at octet 41 is damaged: a captured length of 262145 octets where 262144 is the most there can be."));
        Assert.That(reader.DamageCount, Is.EqualTo(1));
    }

    [Test]
    public void TheLongestFramesAreReadOneAfterTheOther()
    {
        var bytes = new CaptureBytes().PcapHeader();
        for (int i = 0; i < 5; i++)
            bytes.PcapRecord(i, 0, [.. Enumerable.Repeat((byte)i, CaptureReader.MaxPacketLength)]);
        using var reader = bytes.Open();

        for (int i = 0; i < 5; i++)
        {
            Assert.That(reader.TryRead(out var packet), Is.True);
            Assert.That(packet.Data.Length, Is.EqualTo(CaptureReader.MaxPacketLength));
            Assert.That(packet.Data.ContainsAnyExcept((byte)i), Is.False);
        }
    }

    /// <summary>Layouts that patched programs wrote: how many octets each puts between a record's header and the frame.</summary>
    [TestCase(0xA1B2C3D4, 0, 0, TestName = "as everybody")]
    [TestCase(0xA1B2C3D4, 4, 0, TestName = "Nokia's")]
    [TestCase(0xA1B2C3D4, 8, 0, TestName = "Red Hat 6.1's")]
    [TestCase(0xA1B2CD34, 8, 0, TestName = "Kuznetzov's")]
    [TestCase(0xA1B2CD34, 12, 0, TestName = "SuSE 6.3's")]
    [TestCase(0xA1B23C4D, 0, 0, TestName = "nanoseconds")]
    [TestCase(0x1C0001ACu, 0, 4, TestName = "Ixia's hardware")]
    [TestCase(0x1C0001ABu, 0, 4, TestName = "Ixia's software")]
    public void FramesOfEveryLayoutAreRead(uint magic, int behindRecord, int behindFile)
    {
        foreach (bool bigEndian in (bool[])[false, true])
        {
            foreach (int count in (int[])[1, 2, 5])
            {
                byte[][] frames = [.. Enumerable.Range(1, count).Select(i => Frames.Ordinary([.. Frames.Payload, .. new byte[i]]))];
                var bytes = new CaptureBytes(bigEndian).PcapHeader(magic).Add(new byte[behindFile]);
                foreach (byte[] frame in frames)
                    bytes.U32(1_000_000_000).U32(5).U32(frame.Length).U32(frame.Length).Add([.. Enumerable.Repeat((byte)1, behindRecord)]).Add(frame);

                using var reader = bytes.Open();
                foreach (byte[] frame in frames)
                {
                    Assert.That(reader.TryRead(out var packet), Is.True);
                    Assert.That(packet.Data.ToArray(), Is.EqualTo(frame), $"{count} frames, big-endian {bigEndian}");
                }

                Assert.That((reader.TryRead(out _), reader.Damage), Is.EqualTo((false, (CaptureDamage?)null)));
            }
        }
    }

    [TestCase(2, 60, 60)]
    [TestCase(2, 50, 60)]
    [TestCase(3, 50, 60)]
    public void LengthsOfOldFilesMayStandTheOtherWayRound(int minor, int captured, int original)
    {
        byte[] file = new CaptureBytes().PcapHeader().U32(1).U32(0).U32(original).U32(captured).Add(new byte[captured]).U32(2).U32(0).U32(7).U32(3).Add([1, 2, 3]).ToArray();
        file[6] = (byte)minor;
        using var reader = CaptureReader.Open(new MemoryStream(file));
        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That((packet.Data.Length, packet.OriginalLength), Is.EqualTo((captured, original)));
        Assert.That(reader.TryRead(out packet), Is.True);
        Assert.That((packet.Data.Length, packet.OriginalLength, reader.Damage), Is.EqualTo((3, 7, (CaptureDamage?)null)));
    }

    [Test]
    public void AFileCutShortInItsSecondRecord_IsNoOtherLayout()
    {
        byte[] file = new CaptureBytes().PcapHeader().PcapRecord(1, 0, Frames.Ordinary(Frames.Payload)).PcapRecord(2, 0, [1, 2, 3]).ToArray();
        int second = file.Length - 19;
        for (int length = second + 1; length < second + 16; length++)
        {
            using var reader = CaptureReader.Open(new MemoryStream(file[..length]));
            Assert.That(reader.TryRead(out var packet), Is.True);
            Assert.That(packet.Data.ToArray(), Is.EqualTo(Frames.Ordinary(Frames.Payload)), $"cut to {length}");
        }
    }
}
