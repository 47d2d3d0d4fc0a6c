using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>Solaris snoop (RFC 1761).</summary>
public sealed class SnoopReaderTests
{
    [Test]
    public void RecordsWithAndWithoutPaddingAreRead()
    {
        using var reader = new CaptureBytes(bigEndian: true).SnoopHeader()
            .SnoopRecord(1_360_546_153, 991_301, [1, 2, 3], originalLength: 60, padding: 1).SnoopRecord(2, 0, [4]).Open();

        Assert.That(reader.Format, Is.EqualTo(CaptureFormat.Snoop));
        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(packet.Time.ToString(), Is.EqualTo("1360546153.991301000"));
        Assert.That(packet.Data.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That((packet.LinkType, packet.OriginalLength, packet.FrameNumber, packet.Offset), Is.EqualTo((LinkType.Ethernet, 60, 1L, 16L)));
        Assert.That(reader.TryRead(out packet), Is.True);
        Assert.That(packet.Data[0], Is.EqualTo(4));
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.Damage, Is.Null);
    }

    [TestCase(0, LinkType.Ethernet)]
    [TestCase(2, LinkType.TokenRing)]
    [TestCase(8, LinkType.Fddi)]
    [TestCase(99, LinkType.Unknown)]
    public void DatalinksAreKnownByTheirOwnNumbers(long datalink, LinkType expected)
    {
        using var reader = new CaptureBytes(bigEndian: true).SnoopHeader(datalink).Open();

        Assert.That(reader.Interfaces[0].LinkType, Is.EqualTo(expected));
    }

    [Test]
    public void OnlyVersion2IsRead()
    {
        var stream = new MemoryStream(new CaptureBytes(bigEndian: true).SnoopHeader(version: 3).ToArray());

        Assert.That(CaptureReader.TryOpen(stream, out _, out string? problem), Is.False);
        Assert.That(problem, Is.EqualTo("This is no readable packet capture: snoop version 3, of which only 2 is known."));
    }

    [TestCase(23L, 0L)]
    [TestCase(24L, 1L)]
    [TestCase(0xFFFFFFFFL, 1L)]
    [TestCase(0xFFFFFFFFL, 0xFFFFFFFFL)]
    public void ALengthThatCannotBeStopsTheReader(long record, long included)
    {
        using var reader = new CaptureBytes(bigEndian: true).SnoopHeader().SnoopRecord(1, 0, [1])
            .U32(included).U32(included).U32(record).U32(0).U32(0).U32(0).Add(new byte[64]).Open();

        Assert.That(reader.TryRead(out _), Is.True);
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That((reader.Damage!.Kind, reader.Damage.Offset), Is.EqualTo((CaptureDamageKind.ImpossibleLength, 16L + 25)));
    }
}
