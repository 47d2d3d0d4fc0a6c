using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>pcapng (draft-ietf-opsawg-pcapng).</summary>
public sealed class PcapNgReaderTests
{
    [Test]
    public void BothByteOrdersAreRead([Values] bool bigEndian)
    {
        using var reader = new CaptureBytes(bigEndian).Section()
            .Interface(LinkType.LinuxCooked, 96, options => options.Option(2, "eth0"u8).Option(3, "the lab's wire"u8).Option(9, 9))
            .Enhanced(1_360_546_153_991_301_123, [1, 2, 3], originalLength: 60).Open();

        Assert.That(reader.Format, Is.EqualTo(CaptureFormat.PcapNg));
        Assert.That(reader.Interfaces, Is.Empty, "nothing is read ahead of the first packet");
        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(reader.Interfaces, Is.EqualTo(new[]
        {
            new CaptureInterface { LinkType = LinkType.LinuxCooked, SnapLength = 96, Name = "eth0", Description = "the lab's wire" },
        }));
        Assert.That(packet.Time.ToString(), Is.EqualTo("1360546153.991301123"));
        Assert.That(packet.Data.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That((packet.FrameNumber, packet.OriginalLength, packet.IsTruncated, packet.LinkType), Is.EqualTo((1L, 60, true, LinkType.LinuxCooked)));
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.Damage, Is.Null);
    }

    [TestCase(6, 5_000_001UL, "5.000001000")]
    [TestCase(9, 5_000_000_001UL, "5.000000001")]
    [TestCase(0, 5UL, "5.000000000")]
    [TestCase(3, 5_001UL, "5.001000000")]
    [TestCase(12, 5_000_000_001_999UL, "5.000000001")]
    [TestCase(19, 50_000_000_000_000_000_00UL, "0.500000000")]
    [TestCase(127, ulong.MaxValue, "0.000000000")]
    [TestCase(0x80, 5UL, "5.000000000")]
    [TestCase(0x80 | 10, 5UL * 1024 + 512, "5.500000000")]
    [TestCase(0x80 | 32, (5UL << 32) + (1UL << 31), "5.500000000")]
    [TestCase(0x80 | 63, 1UL << 62, "0.500000000")]
    [TestCase(0x80 | 127, ulong.MaxValue, "0.000000000")]
    [TestCase(9, ulong.MaxValue, "9223372036.854775807", TestName = "A time beyond the range of Instant is its end")]
    public void EveryTimeResolutionIsKnown(byte resolution, ulong time, string expected)
    {
        using var reader = new CaptureBytes().Section().Interface(options: options => options.Option(9, resolution)).Enhanced(time, []).Open();

        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(packet.Time.ToString(), Is.EqualTo(expected));
    }

    [TestCase(1_000_000_000L, "1000000005.000001000")]
    [TestCase(-5L, "0.000001000")]
    [TestCase(long.MaxValue, "9223372036.854775807")]
    public void ATimeOffsetIsAdded(long offset, string expected)
    {
        using var reader = new CaptureBytes().Section()
            .Interface(options: options => options.U16(14).U16(8).I64(offset)).Enhanced(5_000_001, []).Open();

        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(packet.Time.ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void InterfacesMixLinkTypesAndClocks()
    {
        using var reader = new CaptureBytes().Section()
            .Interface(LinkType.Ethernet).Enhanced(1_000_000, [1])
            .Interface(LinkType.Raw, options: options => options.Option(9, 9)).Enhanced(2_000_000_000, [2], number: 1).Enhanced(3_000_000, [3]).Open();

        Assert.That(Read(reader), Is.EqualTo(new[] { "1 1.000000000 Ethernet 01", "2 2.000000000 Raw 02", "3 3.000000000 Ethernet 03" }));
    }

    [Test]
    public void ASectionHasItsOwnByteOrderAndInterfaces()
    {
        byte[] capture =
        [
            .. new CaptureBytes().Section().Interface(LinkType.Raw).Interface().Enhanced(1_000_000, [1], number: 1).ToArray(),
            .. new CaptureBytes(bigEndian: true).Section().Interface(LinkType.Null).Enhanced(2_000_000, [2]).ToArray(),
            .. new CaptureBytes().Section().Interface(LinkType.Loop).Enhanced(3_000_000, [3]).Enhanced(4_000_000, [4], number: 1).ToArray(),
        ];
        using var reader = CaptureReader.Open(new MemoryStream(capture));

        Assert.That(Read(reader), Is.EqualTo(new[] { "1 1.000000000 Ethernet 01", "2 2.000000000 Null 02", "3 3.000000000 Loop 03" }));
        Assert.That(reader.Damage!.Kind, Is.EqualTo(CaptureDamageKind.UnknownInterface), "the first section's second interface is forgotten");
    }

    [Test]
    public void SimpleAndObsoletePacketBlocksAreRead([Values] bool bigEndian)
    {
        using var reader = new CaptureBytes(bigEndian).Section().Interface(snapLength: 4)
            .Simple([1, 2, 3]).Simple([1, 2, 3, 4], originalLength: 60).Obsolete(5_000_000, [6]).Open();

        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That((packet.Data.Length, packet.IsTruncated, packet.Time), Is.EqualTo((3, false, Instant.Epoch)));
        Assert.That(reader.TryRead(out packet), Is.True);
        Assert.That((packet.Data.Length, packet.OriginalLength, packet.IsTruncated), Is.EqualTo((4, 60, true)));
        Assert.That(Read(reader), Is.EqualTo(new[] { "3 5.000000000 Ethernet 06" }));
    }

    [Test]
    public void UnknownBlocksArePassedOver()
    {
        using var reader = new CaptureBytes().Section()
            .Block(4, body => body.U32(0)) // name resolution
            .Interface()
            .Block(0x80000001, body => body.Add(new byte[3_000_000]))
            .Enhanced(1_000_000, [1])
            .Block(5, body => body.U32(0).U32(0).U32(0)) // statistics
            .Block(0x1234, _ => { })
            .Enhanced(2_000_000, [2]).Open();

        Assert.That(Read(reader), Is.EqualTo(new[] { "1 1.000000000 Ethernet 01", "2 2.000000000 Ethernet 02" }));
        Assert.That(reader.Damage, Is.Null);
    }

    [Test]
    public void FramesAreNumberedAsWiresharkNumbersThem()
    {
        var bytes = new CaptureBytes().Section().Interface(options: options => options.Option(9, 6));
        uint[] blocks = [0xBAD, 0x40000BAD, 0x204, 0x216, 0x221, 4, 5, 7, 8, 10, 0x201, 0x208, 0x80000001, 0x1234];
        foreach (uint block in blocks)
        {
            bytes.Block(block, body => body.U32(block == 4 ? 0 : 32473).Add(new byte[60]));
            bytes.Enhanced(1_000_000, Frames.Ordinary());
        }

        using var reader = bytes.Open();
        var ours = new List<long>();
        while (reader.TryRead(out var packet))
            ours.Add(packet.FrameNumber);
        var theirs = Tshark.Run(bytes.ToArray(), "-Y", "nbns", "-T", "fields", "-e", "frame.number")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse);
        Assert.That(ours, Is.EqualTo(theirs));
    }

    [Test]
    public void CommentsAreKept([Values] bool bigEndian)
    {
        using var reader = new CaptureBytes(bigEndian).Section().Interface()
            .Enhanced(1, [1], options: options => options.Option(1, "first"u8).Option(2, 0, 0, 0, 1).Option(1, "zweiter: ü"u8).Option(0).Option(1, "behind the end"u8))
            .Enhanced(2, [2], options: options => options.U16(1).U16(200).Add("too long for its block"u8))
            .Enhanced(3, [3], options: options => options.Option(1, 0xFF)).Open();

        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(packet.Comments.ToString(), Is.EqualTo("first\nzweiter: ü"));
        Assert.That(packet.Comments.IsEmpty, Is.False);
        Assert.That(reader.TryRead(out packet), Is.True);
        Assert.That(packet.Comments.ToString(), Is.Empty);
        Assert.That(reader.TryRead(out packet), Is.True);
        Assert.That(packet.Comments.ToString(), Is.EqualTo("\uFFFD"));
    }

    [Test]
    public void APacketOfAnUnknownInterfaceIsLostAlone()
    {
        using var reader = new CaptureBytes().Section().Interface().Enhanced(1_000_000, [1]).Enhanced(2_000_000, [2], number: 1).Enhanced(3_000_000, [3]).Open();

        Assert.That(Read(reader), Is.EqualTo(new[] { "1 1.000000000 Ethernet 01", "3 3.000000000 Ethernet 03" }));
        Assert.That(reader.Damage, Is.EqualTo(new CaptureDamage(
            CaptureDamageKind.UnknownInterface, 28 + 20 + 36, 2, "it names interface 1 where 1 are described")));
    }

    [Test]
    public void ACapturedLengthThatItsBlockCannotHoldLosesThatPacketAlone()
    {
        using var reader = new CaptureBytes().Section().Interface()
            .Block(6, body => body.U32(0).U32(0).U32(0).U32(5).U32(5).Add(1, 2, 3, 4))
            .Block(6, body => body.U32(0).U32(0).U32(0).U32(uint.MaxValue).U32(5).Add(1, 2, 3, 4))
            .Block(6, body => body.U32(0))
            .Block(3, _ => { })
            .Enhanced(3_000_000, [3]).Open();

        Assert.That(Read(reader), Is.EqualTo(new[] { "5 3.000000000 Ethernet 03" }));
        Assert.That((reader.Damage!.Kind, reader.Damage.FrameNumber, reader.DamageCount), Is.EqualTo((CaptureDamageKind.ImpossibleLength, 1L, 4L)));
    }

    [Test]
    public void APacketTooLongToReadIsLostAlone()
    {
        using var reader = new CaptureBytes().Section().Interface()
            .Enhanced(1_000_000, new byte[CaptureReader.MaxPacketLength + 1])
            .Enhanced(1_000_000, new byte[1_000_000])
            .Simple(new byte[CaptureReader.MaxPacketLength + 1])
            .Enhanced(2_000_000, new byte[CaptureReader.MaxPacketLength], options: options => options.Option(1, new byte[60_000]))
            .Enhanced(3_000_000, [3]).Open();

        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That((packet.FrameNumber, packet.Data.Length), Is.EqualTo((4L, CaptureReader.MaxPacketLength)));
        Assert.That(Read(reader), Is.EqualTo(new[] { "5 3.000000000 Ethernet 03" }));
        Assert.That((reader.Damage!.Kind, reader.Damage.FrameNumber, reader.DamageCount), Is.EqualTo((CaptureDamageKind.PacketTooLong, 1L, 3L)));
    }

    [TestCase(0u)]
    [TestCase(11u)]
    [TestCase(37u)]
    [TestCase(0xFFFFFFFFu)]
    public void ABlockLengthThatCannotBeStopsTheReader(uint length)
    {
        using var reader = new CaptureBytes().Section().Interface().Enhanced(1_000_000, [1]).U32(0x77).U32(length).Add(new byte[100]).Open();

        Assert.That(Read(reader), Has.Count.EqualTo(1));
        Assert.That((reader.Damage!.Kind, reader.Damage.Offset, reader.Damage.FrameNumber), Is.EqualTo((CaptureDamageKind.ImpossibleLength, 84L, 2L)));
    }

    [TestCase(6u)]
    [TestCase(0x77u)]
    public void ABlockWhoseLengthsDisagreeStopsTheReader(uint type)
    {
        byte[] capture = new CaptureBytes().Section().Interface().Enhanced(1_000_000, [1]).Block(type, body => body.Add(new byte[32])).Enhanced(2_000_000, [2]).ToArray();
        capture[84 + 40]++;
        using var reader = CaptureReader.Open(new MemoryStream(capture));

        Assert.That(Read(reader), Has.Count.EqualTo(1));
        Assert.That((reader.Damage!.Kind, reader.Damage.Offset, reader.Damage.FrameNumber), Is.EqualTo((CaptureDamageKind.LengthsDisagree, 84L, 2L)));
    }

    [Test]
    public void ASectionOfAnUnknownVersionStopsTheReader()
    {
        using var reader = new CaptureBytes().Section().Interface().Enhanced(1_000_000, [1])
            .Block(0x0A0D0D0A, body => body.U32(0x1A2B3C4D).U16(2).U16(0).I64(-1)).Open();

        Assert.That(Read(reader), Has.Count.EqualTo(1));
        Assert.That(reader.Damage!.Detail, Is.EqualTo("a section header block of version 2.0 and 28 octets"));
    }

    [Test]
    public void ASectionDescribesABoundedNumberOfInterfaces()
    {
        var bytes = new CaptureBytes().Section();
        for (int i = 0; i <= CaptureReader.MaxInterfaces; i++)
            bytes.Interface();
        using var reader = bytes.Enhanced(1_000_000, [1], number: CaptureReader.MaxInterfaces - 1).Open();

        Assert.That(Read(reader), Has.Count.EqualTo(1));
        Assert.That(reader.Interfaces, Has.Count.EqualTo(CaptureReader.MaxInterfaces));
        Assert.That(reader.Damage!.Kind, Is.EqualTo(CaptureDamageKind.TooManyInterfaces));
    }

    [Test]
    public void LongNamesOfInterfacesAreCut()
    {
        using var reader = new CaptureBytes().Section().Interface(options: options => options.Option(2, new byte[60_000])).Enhanced(1, []).Open();

        Assert.That(reader.TryRead(out _), Is.True);
        Assert.That(reader.Interfaces[0].Name, Has.Length.EqualTo(256));
    }

    private static List<string> Read(CaptureReader reader)
    {
        var frames = new List<string>();
        while (reader.TryRead(out var packet))
            frames.Add($"{packet.FrameNumber} {packet.Time} {packet.LinkType} {Convert.ToHexString(packet.Data)}");
        return frames;
    }
}
